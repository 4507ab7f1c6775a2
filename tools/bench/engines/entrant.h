/* An engine in a run of the benchmark: it takes the city's history once, then its news piece by
 * piece, a repetition after another, and is asked at the end what it holds. Threads: one. Errors:
 * fail(), also where it did not do all of the work. */
#pragma once

#include "engines/engine.h"

struct entrant {
    const struct engine *engine;
    const struct workload *workload; /* set when it first takes part */
    struct server server;
    void *self;
    size_t next;                   /* event of the workload */
    struct engine_answers answers; /* of all it was sent */
    struct engine_totals totals;   /* set at the end */
    bool was_asked;
};

/* NULL, or why it cannot take part, as a person reads it. */
const char *entrant_excuse(const struct entrant *entrant, char ret_text[static 128]);
/* Starts it in the folder `work` with the first `n_history` events behind it. */
void entrant_begin(struct entrant *entrant, const char *work, const struct workload *workload,
                   size_t n_history);
/* The next events, so many in a message and messages in flight; stored events per second. */
double entrant_publish(struct entrant *entrant, size_t n_events, size_t per_message,
                       unsigned in_flight);
/* Takes its totals, holds them against each other, and removes it; where it took part. */
void entrant_end(struct entrant *entrant);
