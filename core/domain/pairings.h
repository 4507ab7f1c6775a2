/* Pairings (结对包抓): which unit looks after which community, or one estate of it. A unit may have
 * several, and a community may have several units; the same pair twice at one time is refused.
 *
 * agreed -> ended. Of a unit that is dissolved they become the successor's (domain/successions.h),
 * and end where it has the same one. Threads: the view's owner. Errors: as things.h. */
#pragma once

#include "domain/things.h"

/* Numbers stand in rows and are for ever. */
enum pairing_state { PAIRING_AGREED, PAIRING_ENDED, PAIRING_STATES };

struct pairing_row {
    uint32_t organisation;
    uint32_t region;
    uint32_t campaign; /* 0: of none */
    int32_t agreed_on;
    int32_t ended_on; /* 0: not */
};

int pairing_get(struct view *view, uint32_t pairing, struct pairing_row *ret_row);
/* How many a unit ever had; and the n-th of them, from 1. */
int pairings_of(struct view *view, uint32_t organisation, uint32_t *ret_n);
int pairing_of(struct view *view, uint32_t organisation, uint32_t n, uint32_t *ret_pairing);
/* Whether the unit looks after that region, or one around it. */
int pairing_covers(struct view *view, uint32_t organisation, uint32_t region, bool *ret_covers);

/* For apply functions: its organisation was dissolved; see above. */
int pairing_pass_on(struct context *context, uint32_t pairing, uint32_t from, uint32_t to);
