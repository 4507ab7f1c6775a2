/* Requests to the platform: the token in their headers, the answers read, and what is wrong said as
 * a sentence that helps.
 *
 * Threads: one. Memory: the reply is lent to the callback. Errors: in the reply. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct recruitment;

struct reply {
    int status;             /* 0: there was no answer */
    json_t *body;           /* of 2xx; NULL: none, or no JSON */
    int64_t retry_after_ms; /* what the platform asks for; 0: nothing */
    bool good;              /* 2xx */
    char error[300];        /* "" where good */
};

typedef void platform_replied(struct recruitment *recruitment, void *context,
                              const struct reply *reply);

/* `path` begins with /. 0, or -EAGAIN where too many wait. */
int platform_get(struct recruitment *recruitment, const char *path, platform_replied *replied,
                 void *context);
/* `headers`: beside token and type; ends with NULL. `url` is whole. */
int platform_post(struct recruitment *recruitment, const char *url, bool with_token,
                  const char *const *headers, const char *body, platform_replied *replied,
                  void *context);
