/* From the questions an event raised to decisions applied: asks the policy, shapes the answer into
 * a decision event, applies it, until nothing more is asked. A failing policy never stops ingest:
 * what each kind does then stands in one table here (CONTRACT section 5). Threads: the engine's. */
#pragma once

#include "domain/points.h"
#include "engine/step.h"
#include "policy/evaluate.h"

struct decider {
    struct stepper *stepper;
    struct policy_host *host;
    uint64_t n_calls;
    uint64_t n_failures;
};

/* Of one event, or of one question of a run. */
#define DECISIONS_LIMIT 256
/* Of what rules may add as they like: it lies in one frame with all else. */
#define DECISIONS_BYTES_LIMIT (512u << 10)

struct decisions {
    size_t n;
    struct event *list; /* DECISIONS_LIMIT at most, in the context's arena; moves as it grows */
    size_t capacity;
    size_t bytes;                 /* of the postings, about */
    struct list refused_findings; /* registration refused: why */
};

/* Why is asked, and what the decisions are given. */
struct asking {
    uint64_t cause; /* sequence of the event they follow from */
    enum question_cause why;
    struct str event_type;
    uint64_t sequence; /* of the first decision in the list */
    int64_t recorded_us;
    bool anew;  /* a run or a rating asks about records once more: what changes is made up for, no
                   more */
    bool keeps; /* and what earlier revisions granted is not taken below what is there */
};

/* `event` was just applied. Decisions get the sequences after it. 0; > 0 where registration refuses
 * it (problem filled); < 0. */
int decide_all(struct decider *decider, const struct event *event, struct decisions *ret_decisions);
/* One question: adds its decisions, each applied; none where nothing changes. A decision may raise
 * questions of its own (context->questions), which decide_all and runs ask in turn. */
int decide_one(struct decider *decider, const struct question *question,
               const struct asking *asking, struct decisions *decisions);
/* What the points rule of that name says about a record or a person now. Of a record, what stands
 * otherwise is made up for; what stands by rules that do not apply to it any more is taken back. */
int decide_points_by(struct decider *decider, const struct question *question, struct str policy,
                     const struct asking *asking, struct decisions *decisions);
/* A points rule's answer that is missing, asked for again of that rule alone; nothing where the
 * record was decided by an event since, because all rules were asked then. */
int decide_withheld(struct decider *decider, const struct withheld *withheld,
                    const struct asking *asking, struct decisions *decisions);
/* How a region or an organisation (question->noun) stands: a decision for each indicator whose
 * state has changed. `at`: the past day at whose end facts are to be as they were known, or
 * COUNTER_NOW. *ret_steady: every answer was (see struct answer). */
int decide_assessment(struct decider *decider, const struct question *question, int32_t at,
                      const struct asking *asking, struct decisions *decisions, bool *ret_steady);
/* It is not assessed any more: what was raised about it is over. */
int decide_not_assessed(struct decider *decider, const struct question *question,
                        const struct asking *asking, struct decisions *decisions);
/* A public notice's last day is over, and nobody objected. */
int decide_ended(struct decider *decider, uint32_t notice, const struct asking *asking,
                 struct decisions *decisions);
/* The questions that what was applied has raised, from the n-th on, until none is left. */
int decide_raised(struct decider *decider, const struct asking *asking,
                  struct decisions *decisions);
