/* The run about posts with duty on a day that is over. */
#include "domain/duties.h"
#include "engine/decision.h"
#include "engine/run.h"

/* No rule is asked, the calendar says it. */
static int shape_overdue(const struct asked *asked, uint32_t post, int32_t on) {
    struct context *context = asked_context(asked);
    struct thing thing;
    int r = thing_get(context->view, NOUN_POST, post, context->arena, &thing);
    if (r != 0)
        return r;
    const struct post_defined *defined = thing.attributes;
    struct post_overdue *data = decision_shape(asked, EVENT_post_overdue);
    data->post = defined->post;
    data->on = on;
    GIVE(data, post_overdue, post);
    GIVE(data, post_overdue, on);
    if (HAS(defined, post_defined, responsible)) {
        data->responsible = defined->responsible;
        GIVE(data, post_overdue, responsible);
    }
    return decision_apply(asked);
}

/* Each day of duty that is over by now and on which nobody came: more than one where the daemon
 * stood still. */
int run_step_duty(struct chunk *chunk, uint32_t n) {
    struct context *context = &chunk->engine->stepper.context;
    int32_t date = 0, until = zone_date(context->zone, chunk->recorded_us) - 1;
    struct decisions decisions = {0};
    struct asking asking = chunk_asking(chunk, CAUSE_SCHEDULE, STR_NONE);
    const struct asked asked = {
        .decider = &chunk->engine->decider, .asking = &asking, .decisions = &decisions};
    uint32_t post;
    int r = duty_due_get(chunk_view(chunk), chunk->run.as_of, n, &post);
    while (r == 0) {
        r = duty_missed_after(chunk_view(chunk), post, date, until, context->arena, &date);
        if (r == 0)
            r = shape_overdue(&asked, post, date);
    }
    return chunk_finish(chunk, &asking, decisions, r == THING_NOT_FOUND ? 0 : r);
}
