/* Runs about who comes to one activity: moving up those who wait, and noting who did not come. */
#include "domain/attendance.h"
#include "engine/decision.h"
#include "engine/run.h"

/* As the event would have asked that began the run. */
static struct asking asking_of_event(struct chunk *chunk) {
    const struct event_type *type = catalogue_by_number((enum event_number)chunk->run.event);
    return chunk_asking(chunk, CAUSE_EVENT, type ? str_from(type->name) : STR_NONE);
}

/* Once the places are taken the rest need not be walked. */
int run_step_waiting(struct chunk *chunk, uint32_t n) {
    struct decisions decisions = {0};
    const struct waiting_question waiting = {
        .list = chunk->run.subject, .n = n, .date = chunk->run.as_of};
    struct asking asking = asking_of_event(chunk);
    bool full = false;
    int r = decide_move_up(&chunk->engine->decider, &waiting, &asking, &decisions, &full);
    r = chunk_finish(chunk, &asking, decisions, r);
    if (r == 0 && full)
        chunk->cursor = chunk->run.last;
    return r;
}

/* Whoever was there, checked in or by a record of service, was not absent. */
int run_step_absence(struct chunk *chunk, uint32_t n) {
    struct decisions decisions = {0};
    struct question question = {.kind = POLICY_KIND_STANDING};
    struct asking asking = asking_of_event(chunk);
    struct asked asked = {.decider = &chunk->engine->decider,
                          .question = &question,
                          .asking = &asking,
                          .decisions = &decisions};
    struct enrolment enrolment;
    bool missed = false;
    int r =
        enrolment_nth(chunk_view(chunk), NOUN_ACTIVITY, chunk->run.subject, n, &question.number);
    if (r == 0)
        r = enrolment_get(chunk_view(chunk), question.number, &enrolment);
    if (r == 0)
        r = attendance_is_missing(chunk_view(chunk), &chunk->engine->stepper.city.zone, &enrolment,
                                  chunk->recorded_us / MICROSECONDS, &missed);
    if (r == 0 && missed)
        r = shape_missed(&asked, &enrolment);
    return chunk_finish(chunk, &asking, decisions, r);
}
