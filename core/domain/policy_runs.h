/* What the rules set going by themselves: an activation that looks back, a schedule that falls on a
 * day, a day from which a revision or one of its parameter sets holds. One table says for each kind
 * which run that is; the runs are the engine's (engine/run.c).
 *
 * - from_now: everyone is asked when something happens to them next. Every kind may be activated
 * so.
 * - from_date, all_history: those concerned are asked anew, at once where the revision is effective
 *   by today, else at the midnight with which its day begins. People are rated anew whatever the
 *   date; of records from_date takes those served on `effective` and later, all_history all of
 *   them, and the revision then answers for service before `effective` as well (as far back as it
 *   has parameters).
 * - A later day of a parameter set asks people and the assessed anew when it comes, unless the
 *   revision was activated from_now; records go by the day of service, for which nothing changes.
 * - A schedule asks everyone in the scope about the day before the midnight it falls on.
 *
 * Threads: the engine's; for apply functions alone, but for the first two. */
#pragma once

#include "domain/policies.h"

/* Whether from_date and all_history make sense for a kind: what it decided is decided anew. */
bool policy_kind_may_be_retroactive(enum POLICY_KIND_choice kind);
/* Whether a policy of that kind may have a schedule. */
bool policy_kind_may_be_scheduled(enum POLICY_KIND_choice kind);

/* The revision was activated just now. */
int policy_runs_begin(struct context *context, struct policy_revision *revision);
/* A day has begun (clock.ticked). */
int policy_runs_of_day(struct context *context, int32_t date);
