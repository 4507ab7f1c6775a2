/* Runs over everyone: stars, standing and points of people anew. */
#include "domain/merges.h"
#include "domain/records.h"
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

/* ---- a merge ---- */

/* Nothing is decided: applying the progress moves it (domain/merges.c). */
int run_step_merge(struct chunk *chunk, uint32_t n) {
    uint32_t rows;
    int r = merge_weight(chunk_view(chunk), chunk->run.subject, n, &rows);
    if (r == 0)
        chunk->weight += rows;
    return r;
}

/* First the records that overlap one of the survivor's, then the survivor. */
int run_step_merged(struct chunk *chunk, uint32_t n) {
    struct question question = {.kind = POLICY_KIND_ACCEPTANCE, .noun = NOUN_RECORD};
    struct decisions decisions = {0};
    struct record record;
    uint32_t survivor = chunk->run.subject;
    int r = 0;
    if (n < chunk->run.last) {
        r = merged_overlap(chunk_view(chunk), chunk->run.subject, n, &question.number);
        if (r == 0)
            r = record_get(chunk_view(chunk), question.number, &record);
        if (r != 0 || record.row.state == RECORD_REVOKED)
            return r < 0 ? r : 0;
        question.date = record_date(&chunk->engine->stepper.city.zone, &record.row);
    } else {
        r = volunteer_survivor(chunk_view(chunk), &survivor);
        question = (struct question){.kind = POLICY_KIND_STAR_RATING,
                                     .number = survivor,
                                     .date = chunk->run.as_of,
                                     .noun = NOUN_VOLUNTEER};
    }
    if (r != 0)
        return r;
    struct asking asking = chunk_asking(chunk, CAUSE_EVENT, STR("volunteer.merged"));
    r = decide_one(&chunk->engine->decider, &question, &asking, &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}
