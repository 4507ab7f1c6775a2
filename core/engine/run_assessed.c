/* Runs over those who are assessed: for a day that ended, out of turn, by a new rule. */
#include "domain/assessments.h"
#include "domain/organisations.h"
#include "engine/run.h"

/* > 0 where it is not assessed any more. */
static int check_assessed(struct chunk *chunk, const struct assessed *assessed) {
    struct organisation_row organisation;
    if (assessed->noun == NOUN_REGION)
        return 0;
    int r = organisation_get(chunk_view(chunk), assessed->number, &organisation);
    return r == 0 ? organisation.state != ORGANISATION_ACTIVE : r;
}

static int assess(struct chunk *chunk, const struct assessed *assessed, int32_t as_of, int32_t at,
                  struct asking asking, bool *ret_steady) {
    struct decisions decisions = {0};
    struct question question = {.kind = POLICY_KIND_ASSESSMENT,
                                .noun = assessed->noun,
                                .number = assessed->number,
                                .date = as_of};
    int r = check_assessed(chunk, assessed);
    if (r > 0)
        r = decide_not_assessed(&chunk->engine->decider, &question, &asking, &decisions);
    else if (r == 0)
        r = decide_assessment(&chunk->engine->decider, &question, at, &asking, &decisions,
                              ret_steady);
    return chunk_finish(chunk, &asking, decisions, r);
}

/* For the day that ended, as things were known at its end. */
int run_step_day_ended(struct chunk *chunk, uint32_t n) {
    struct engine *engine = chunk->engine;
    int32_t day = chunk->run.as_of;
    struct assessed assessed;
    bool steady = false;
    int r = assessed_get(chunk_view(chunk), n, &assessed);
    if (r == 0)
        r = seen_is_same(&engine->seen, engine->host, chunk_view(chunk), n, assessed.noun,
                         assessed.number, day);
    if (r != 0)
        return r;
    r = assess(chunk, &assessed, day, day, chunk_asking(chunk, CAUSE_SCHEDULE, STR_NONE), &steady);
    if (r == 0)
        seen_note(&engine->seen, n, day, steady);
    return r;
}

/* As things stand: the run may have waited over midnight. */
static int assess_now(struct chunk *chunk, const struct assessed *assessed, uint32_t place,
                      struct str event_type) {
    int32_t today = zone_date(&chunk->engine->stepper.city.zone, chunk->recorded_us);
    bool steady;
    seen_disturb(&chunk->engine->seen, place, today);
    return assess(chunk, assessed, today, COUNTER_NOW, chunk_asking(chunk, CAUSE_EVENT, event_type),
                  &steady);
}

int run_step_due(struct chunk *chunk, uint32_t n) {
    struct assessed assessed;
    uint32_t place;
    int r = assessed_due_get(chunk_view(chunk), chunk->number, n, &assessed);
    if (r == 0)
        r = assessed_find(chunk_view(chunk), assessed.noun, assessed.number, &place);
    return r == 0 ? assess_now(chunk, &assessed, place,
                               str_from(catalogue_by_number(assessed.event)->name))
                  : r;
}

int run_step_assessed(struct chunk *chunk, uint32_t n) {
    struct assessed assessed;
    int r = assessed_get(chunk_view(chunk), n, &assessed);
    return r == 0 ? assess_now(chunk, &assessed, n, STR("policy.activated")) : r;
}
