/* From the questions an event raised to decisions applied: asks the policy, shapes the answer into
 * a decision event, applies it, until nothing more is asked. A failing policy never stops ingest:
 * what each kind does then stands in one table here (CONTRACT section 5). Threads: the engine's. */
#pragma once

#include "engine/step.h"
#include "policy/evaluate.h"

struct decider {
    struct stepper *stepper;
    struct policy_host *host;
    uint64_t n_calls;
    uint64_t n_failures;
};

struct decisions {
    size_t n;
    struct event *list;           /* QUESTION_LIMIT at most, in the arena */
    struct list refused_findings; /* registration refused: why */
};

/* `event` was just applied. Decisions get the sequences after it. 0; > 0 where registration refuses
 * it (problem filled); < 0. */
int decide_all(struct decider *decider, const struct event *event, struct decisions *ret_decisions);
/* One question of a run: a decision with `cause`, or none (ret_decision->type NULL) where nothing
 * changes. */
int decide_one(struct decider *decider, const struct question *question, uint64_t cause,
               enum question_cause why, struct str event_type, uint64_t sequence,
               int64_t recorded_us, struct event *ret_decision, struct list *ret_refused_findings);
