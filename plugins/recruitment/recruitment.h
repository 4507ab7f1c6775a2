/* The plugin's state: one of it, made in start, handed to every callback. */
#pragma once

#include <jansson.h>
#include <volunteerd/volunteer_plugin.h>

#include "common/outbox.h"
#include "common/signature.h"
#include "database.h"
#include "mapping.h"
#include "pull.h"
#include "push.h"
#include "statements.h"

enum counter {
    COUNTER_PULLED,
    COUNTER_PUBLISHED,
    COUNTER_CONFLICTS,
    COUNTER_WAITING,
    COUNTER_PUSHED,
    COUNTER_PUSH_FAILURES,
    COUNTER_WEBHOOKS_IN,
    COUNTER_WEBHOOKS_REFUSED,
    COUNTER_OUTBOX_WAITING,
    COUNTER_LAST_CONTACT
};

struct hook_server;

struct recruitment {
    struct vol_core *core;
    struct sql sql;
    struct outbox outbox;
    struct mapping *mapping;

    char *url, *ca, *mapping_path, *prefix, *system, *notify_url; /* options, copied */
    char *authorization;                                          /* header */
    bool has_keys;
    struct signature_keys keys;
    int64_t poll_ms, retry_ms, page_limit, keep_ms;
    uint32_t timeout_ms;
    uint8_t digest_key[DIGEST_KEY_BYTES];

    int64_t last_contact_s;
    char last_error[300]; /* "": the last request was answered well */

    struct pull pull;
    struct push push;
    struct hook_server *hooks;   /* NULL: nothing is listened to */
    struct reconcile *reconcile; /* one at a time */
};

int64_t now_ms(void);
/* RFC 3339 in UTC. */
#define TIME_BYTES 32
void time_text(int64_t ms, char ret_text[static TIME_BYTES]);
void log_line(struct recruitment *recruitment, enum vol_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* mapping_ours: our id of what the platform calls so. */
void ours_find(void *context, const char *resource, const char *external,
               char ret_ours[static MAPPING_ID_BYTES]);
/* What waits, and when the platform was heard last. */
void count_now(struct recruitment *recruitment);
