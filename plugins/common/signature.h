/* Standard Webhooks: who sends a webhook signs "ID.TIMESTAMP.BODY" with HMAC-SHA256; the header has
 * "v1,BASE64", several of them with spaces between while a secret is changed.
 *
 * Threads: values. Memory: callers'. Errors: as told. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGNATURE_SECRETS 4
#define SIGNATURE_SECRET_MOST 64 /* bytes, decoded */
#define SIGNATURE_SECRET_LEAST 24
#define SIGNATURE_TEXT 48 /* "v1,", 44 characters, NUL */
#define SIGNATURE_TOLERANCE_S 300

struct signature_keys {
    size_t n;
    struct {
        size_t size;
        uint8_t bytes[SIGNATURE_SECRET_MOST];
    } key[SIGNATURE_SECRETS];
};

/* One or several secrets "whsec_BASE64" with spaces or newlines between, the newest first. False
 * where one is not so. */
bool signature_keys_read(struct signature_keys *ret_keys, const char *text);
/* The header: one signature for each key. ret_header holds n * SIGNATURE_TEXT bytes. */
void signature_make(const struct signature_keys *keys, const char *id, const char *timestamp,
                    const char *body, size_t size, char *ret_header);

enum {
    SIGNATURE_MISSING = 1, /* a header is missing, or not as it should be */
    SIGNATURE_STALE,       /* signed more than the tolerance before or after now */
    SIGNATURE_WRONG
};
/* 0, or one of those. Takes the same time whatever is wrong with a signature. */
int signature_check(const struct signature_keys *keys, const char *id, const char *timestamp,
                    const char *header, const char *body, size_t size, int64_t now_s);
