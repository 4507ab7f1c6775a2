/* What is said of a record beside itself: complaints, how it was rated, what its volunteer
 * disputes, and whose it is where it was transferred. Few records have a row. Threads: the view's
 * owner. */
#pragma once

#include "domain/things.h"

struct record_note {
    uint16_t n_open; /* complaints */
    uint16_t n_upheld;
    uint8_t rating[RATED_BY_COUNT]; /* 0: not rated */
    uint8_t n_disputes;             /* times it was disputed; no more than it can hold */
    uint8_t outcome;                /* of the last dispute: COMPLAINT_OUTCOME_choice + 1; 0: none */
    int32_t disputed_on;            /* of the last dispute; 0: never */
    int32_t settled_on;             /* 0: not, or not yet */
    uint64_t disputed;              /* sequence of the last service.disputed */
    uint64_t settled;               /* and service.settled */
    uint64_t transferred;           /* sequence of the last service.transferred; 0: none */
    uint32_t holder; /* organisation that it was transferred to; 0: who recorded it */
    int32_t transferred_on;
};
/* All zero where nothing is said. 0 or < 0. */
int record_note_get(struct view *view, uint32_t record, struct record_note *ret_note);

/* ---- for apply functions ---- */

void record_note_put(struct context *context, uint32_t record, const struct record_note *note);
