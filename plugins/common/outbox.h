/* What is to be sent to somebody else's service: an item each, in the plugin's own database, kept
 * until it has arrived. Knows nothing of who it is sent to, nor how.
 *
 * An item goes to a lane (one address) and is about a thing; those of one lane and thing are sent
 * in the order in which they were put, one at a time. Its key is its idempotency key: put again, it
 * is not another item; sent again after a kill, whoever gets it can tell.
 *
 *   waiting -> sending -> sent
 *                      -> failed (to be tried again) -> sending ...
 *                      -> given_up (refused for good; outbox_resend makes it waiting again)
 *
 * Threads: one. Memory: items are lent until the next call. Errors: those of the database, which
 * its transaction keeps (sql.h); every function runs within one, or is one statement. */
#pragma once

#include "sql.h"

#define OUTBOX_HOUR_MS INT64_C(3600000)
#define OUTBOX_REFUSALS_MOST 20 /* retryable ones of one item, before it is given up */

struct outbox {
    struct sql *sql;
    int64_t first_ms;                  /* the first pause; doubles, to at most an hour */
    uint32_t (*random)(void *context); /* for the jitter */
    void *context;
};

struct outbox_item {
    int64_t item;
    const char *lane, *key, *kind, *thing, *body;
    int64_t attempts; /* this one included */
};

/* Makes the table. What was being sent when the process was killed is waiting again. */
int outbox_open(struct outbox *outbox);

enum { OUTBOX_LAST_COUNTS = 1 }; /* older ones of that thing and kind that wait are dropped */
void outbox_put(struct outbox *outbox, const char *lane, const char *kind, const char *thing,
                const char *key, const char *body, int flags, int64_t now_ms);
/* Up to `limit` items of that lane that are due become `sending`; `each` gets them, the oldest
 * first. Returns how many. */
size_t outbox_take(struct outbox *outbox, const char *lane, int64_t now_ms, size_t limit,
                   void (*each)(void *context, const struct outbox_item *item), void *context);
void outbox_sent(struct outbox *outbox, int64_t item, int64_t now_ms);
/* It may be sent again: after the pause, or after `retry_after_ms` where that is longer. */
void outbox_failed(struct outbox *outbox, int64_t item, int64_t now_ms, int64_t retry_after_ms,
                   const char *error);
/* The other side looked at it and will not have it; `later`: perhaps another time. */
void outbox_refused(struct outbox *outbox, int64_t item, bool later, int64_t now_ms,
                    const char *error);
/* One that was given up or has failed, or, item 0, all that were given up. How many. */
int64_t outbox_resend(struct outbox *outbox, int64_t item, int64_t now_ms);
/* The lane's address answers again: what failed for want of an answer is due now. */
void outbox_release(struct outbox *outbox, const char *lane, int64_t now_ms);
/* When the next one of the lane is due; INT64_MAX: none waits. */
int64_t outbox_due(struct outbox *outbox, const char *lane);
int64_t outbox_count(struct outbox *outbox, const char *state);
/* Forgets what was sent before then. */
void outbox_prune(struct outbox *outbox, int64_t before_ms);
/* How long to wait after that many failures. */
int64_t outbox_pause(const struct outbox *outbox, int64_t failures);
