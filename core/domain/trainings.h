/* Training (courses, who completed them) and qualifications (certificates of others). A training
 * holds for as long as its course said on the day it was completed. Threads: the view's owner. */
#pragma once

#include "domain/person_lists.h"

#define QUALIFICATIONS_LIMIT 100 /* of one person */

struct qualification {
    struct str qualification;
    struct str number;   /* none: not said */
    int32_t valid_until; /* date; INT32_MIN: no end */
    int32_t recorded_on;
    uint64_t sequence;
};

/* A row's next: 0, THING_NOT_FOUND at its end, THING_DAMAGED. */
int qualification_next(struct cursor *in, struct qualification *ret_qualification);
/* All that a person holds, in the order in which they came. `each` returns 0 to go on; what ends
 * the walk is returned. Texts borrow from the row. */
int qualifications_each(struct view *view, uint32_t volunteer,
                        int (*each)(void *context, const struct qualification *qualification),
                        void *context);
/* Whether a training, or a qualification, holds on a day. */
bool training_holds(const struct person_entry *entry, int32_t on);
bool qualification_holds(const struct qualification *qualification, int32_t on);

/* ---- what ends when ---- */

/* A training passed, or qualifications of a person, that held until a day. */
struct validity {
    int32_t until;
    uint32_t volunteer;
    uint32_t training; /* 0: a qualification of the volunteer */
};
/* What ends on these days (first and last included), by day: for readers alone (it scans). One that
 * was renewed since stands there, too: see validity_course. `each` returns 0 to go on. */
int validity_each(struct view *view, int32_t from, int32_t to,
                  int (*each)(void *context, const struct validity *validity), void *context);
/* A row's key, for those who scan: 0, or > 0. */
int validity_decode(struct str key, struct validity *ret_validity);
/* The course of a training that no later training of the same person outlasts; 0: it was renewed,
 * or is gone. */
int validity_course(struct view *view, const struct validity *validity, uint32_t *ret_course);
/* For apply functions: what the one completed the other did. */
int trainings_move(struct context *context, uint32_t from, uint32_t into);
/* For apply functions: what the one holds the other holds, too, unless it is there already. */
int qualifications_move(struct context *context, uint32_t from, uint32_t into);
