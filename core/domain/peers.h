/* Peers (兄弟市州): other cities, and how they stand by an indicator. Part and whole are kept,
 * never a rate that somebody rounded: rates are compared by whole numbers. One row holds all that
 * was reported of one indicator of one city, with the day it is of and the day it was recorded on,
 * so that what was known at the end of any past day can be said again. Threads: the view's owner.
 */
#pragma once

#include "domain/things.h"

struct peer {
    int64_t value;
    int64_t whole;
    int32_t as_of;
    int32_t recorded_on;
    uint64_t sequence;
    struct str origin; /* borrowed from the row */
    struct str by;     /* none: not said */
};

/* The newest report of a day not after `as_of` that was known at the end of `at`. 0,
 * THING_NOT_FOUND, < 0. */
int peer_get(struct view *view, uint32_t peer, struct str indicator, int32_t as_of, int32_t at,
             struct peer *ret_peer);

/* ---- for those who scan: key peer u32, indicator ---- */

#define PEER_KEY_BYTES 4 /* before the indicator */
/* The next report of a row's bytes, oldest first: 0, or > 0 at the end or where damaged. */
int peer_next(struct cursor *in, struct peer *ret_peer);
