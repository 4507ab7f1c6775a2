/* Runs about points that are over, notices that ended, honours. */
#include "domain/star_applications.h"
#include "engine/decide_honour.h"
#include "engine/run.h"

/* Nothing is decided about a lot that is over, or what passes to a successor: applying the progress
 * moves it. */
int run_step_applied(struct chunk *chunk, uint32_t n) {
    (void)chunk;
    (void)n;
    return 0;
}

/* Whose notice ended with that day, unless somebody objected. */
int run_step_notice(struct chunk *chunk, uint32_t n) {
    struct decisions decisions = {0};
    struct application_row row;
    uint32_t application;
    int r = notice_get(chunk_view(chunk), chunk->run.as_of, n, &application);
    if (r == 0)
        r = application_get(chunk_view(chunk), application, &row);
    if (r != 0 || row.state != APPLICATION_NOTICED)
        return r;
    struct question question = {.kind = POLICY_KIND_STAR_RATING,
                                .number = application,
                                .date = chunk->run.as_of,
                                .noun = NOUN_APPLICATION};
    struct asking asking = chunk_asking(chunk, CAUSE_SCHEDULE, STR_NONE);
    r = decide_one(&chunk->engine->decider, &question, &asking, &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}

int run_step_candidate(struct chunk *chunk, uint32_t volunteer) {
    struct engine *engine = chunk->engine;
    const struct policy_revision *by = policy_host_revision(engine->host, chunk->run.revision);
    struct decisions decisions = {0};
    struct question question = {.kind = POLICY_KIND_HONOUR,
                                .number = volunteer,
                                .date = chunk->run.as_of,
                                .noun = NOUN_VOLUNTEER};
    int r = chunk_find_person(chunk, volunteer);
    if (r != 0)
        return r;
    struct asking asking = chunk_asking_by_rule(chunk);
    r = decide_candidate(&engine->decider, &question, chunk->number, by->data.policy, &asking,
                         &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}

int run_step_proposal(struct chunk *chunk, uint32_t n) {
    struct decisions decisions = {0};
    struct asking asking = chunk_asking(chunk, CAUSE_SCHEDULE, STR_NONE);
    int r = decide_proposal(&chunk->engine->decider, chunk->number, n, chunk->run.as_of, &asking,
                            &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}
