/* Who is proposed for an honour. A run of a rule of kind honour walks everyone and asks about each
 * (decide_candidate); who is good enough becomes honour.considered. Applying the run's last
 * progress calls honours_run_ended (domain/honours.h), which begins a run of kind RUN_PROPOSALS; it
 * turns the best into honour.proposed, in order (decide_proposal). Threads: the engine's. */
#pragma once

#include "engine/decide.h"

/* One candidate: question->number is the volunteer's, question->date the day as of which; asked of
 * the policy of that name, for every honour there is. Nothing where the person is not registered,
 * or is not among the best so far. */
int decide_candidate(struct decider *decider, const struct question *question, uint32_t run,
                     struct str policy, const struct asking *asking, struct decisions *decisions);
/* The n-th that run proposes, of the year of `as_of`. */
int decide_proposal(struct decider *decider, uint32_t run, uint32_t n, int32_t as_of,
                    const struct asking *asking, struct decisions *decisions);
