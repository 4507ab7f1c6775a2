/* How far a plan is, and how far it would be at an even pace from its beginning to its day: what
 * plan.get, plan.list and report.plans say of one. Threads: that of the query. Errors: 0 or < 0. */
#pragma once

#include "domain/plans.h"

enum plan_state { PLAN_MET, PLAN_ON_TIME, PLAN_BEHIND, PLAN_OVERDUE, PLAN_STATES };
extern const char *const plan_states[PLAN_STATES]; /* "met", "on_time", "behind", "overdue" */

struct plan_progress {
    int64_t value;    /* what its measure stands at */
    int64_t base;     /* what it stood at when the plan began */
    int64_t expected; /* by the day asked about, at an even pace */
    int32_t start;    /* the plan's `from`; else the day it was first set */
    enum plan_state state;
};

/* As known at the end of `at` (COUNTER_NOW: as things stand), which is the day `as_of`. What is
 * done in months (minutes, activities, trainings) counts from the month of `from` on; trainings
 * without it in the year in which the plan is due. Everything else is what there is. */
int plan_progress_read(struct view *view, enum noun noun, uint32_t number, const struct plan *plan,
                       int32_t as_of, int32_t at, struct plan_progress *ret_progress);
