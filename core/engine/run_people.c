/* Runs over everyone: stars, standing and points of people anew. */
#include "domain/volunteers.h"
#include "engine/run.h"

int chunk_find_person(struct chunk *chunk, uint32_t volunteer) {
    struct volunteer_row row;
    int r = volunteer_get(chunk_view(chunk), volunteer, &row);
    if (r != 0)
        return r;
    if (volunteer_has_left(&row) || row.state == VOLUNTEER_HELD)
        return 1;
    return !chunk_concerns(chunk, row.region, chunk->run.as_of);
}

static int ask_person(struct chunk *chunk, enum POLICY_KIND_choice kind, uint32_t volunteer) {
    struct question question = {
        .kind = kind, .number = volunteer, .date = chunk->run.as_of, .noun = NOUN_VOLUNTEER};
    struct decisions decisions = {0};
    int r = chunk_find_person(chunk, volunteer);
    if (r != 0)
        return r;
    struct asking asking = chunk_asking_by_rule(chunk);
    r = decide_one(&chunk->engine->decider, &question, &asking, &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}

int run_step_star_rating(struct chunk *chunk, uint32_t volunteer) {
    return ask_person(chunk, POLICY_KIND_STAR_RATING, volunteer);
}

int run_step_standing(struct chunk *chunk, uint32_t volunteer) {
    return ask_person(chunk, POLICY_KIND_STANDING, volunteer);
}

int run_step_person_points(struct chunk *chunk, uint32_t volunteer) {
    struct engine *engine = chunk->engine;
    const struct policy_revision *by = policy_host_revision(engine->host, chunk->run.revision);
    struct question question = {.kind = POLICY_KIND_POINTS,
                                .number = volunteer,
                                .date = chunk->run.as_of,
                                .noun = NOUN_VOLUNTEER,
                                .event = EVENT_clock_ticked};
    struct decisions decisions = {0};
    int r = chunk_find_person(chunk, volunteer);
    if (r != 0)
        return r;
    struct asking asking = chunk_asking_by_rule(chunk);
    r = decide_points_by(&engine->decider, &question, by->data.policy, &asking, &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}
