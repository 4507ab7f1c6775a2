/* Plans: what a region or an organisation is to reach, by when. A plan's attributes are a thing; a
 * row of its subject keeps every version with the day it was recorded on, so that the targets in
 * force at the end of any past day can be said again. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

#define PLAN_NO_FROM INT32_MIN

struct plan {
    uint32_t plan; /* its number */
    enum MEASURE_choice measure;
    int64_t target;
    int32_t due;
    int32_t from;   /* what counts and the pace begin here; PLAN_NO_FROM: not said */
    int32_t set_on; /* the day of the event */
    int32_t recorded_on;
    uint64_t sequence; /* of plan.set */
};

/* The plans of a subject in force at the end of `at` (COUNTER_NOW: as things stand), in the order
 * in which they were set. `each` returns 0 to go on; what ends the walk is returned. */
int plan_each(struct view *view, enum noun noun, uint32_t number, int32_t at,
              int (*each)(void *context, const struct plan *plan), void *context);
/* Of those for a measure the one with the latest due (of two for that day, the one set last).
 * 0, THING_NOT_FOUND, < 0. */
int plan_target(struct view *view, enum noun noun, uint32_t number, enum MEASURE_choice measure,
                int32_t at, struct plan *ret_plan);

/* ---- for those who scan: key noun u8, number u32 ---- */

#define PLAN_KEY_BYTES 5
/* The next version of a row's bytes: 0, or > 0 at the end or where damaged. A plan that went to
 * another subject leaves one that says so. */
int plan_next(struct cursor *in, struct plan *ret_plan, bool *ret_left);
