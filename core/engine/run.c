#include <assert.h>

#include "domain/assessments.h"
#include "domain/organisations.h"
#include "domain/policies.h"
#include "domain/runs.h"
#include "domain/star_applications.h"
#include "domain/volunteers.h"
#include "engine/decide_honour.h"
#include "engine/internal.h"
#include "util/error.h"

#define CHUNK_MOST 500
#define CHUNK_US 5000

struct chunk {
    struct engine *engine;
    uint32_t number;
    struct run_row run;
    uint32_t n; /* how many there are to walk */
    uint32_t cursor;
    uint64_t sequence; /* of the last record of this chunk */
    int64_t recorded_us;
    size_t n_decisions;
};

static struct asking asking_of(struct chunk *chunk, enum question_cause why,
                               struct str event_type) {
    chunk->engine->stepper.context.n_questions = 0;
    return (struct asking){chunk->run.cause, why, event_type, chunk->sequence + 1,
                           chunk->recorded_us};
}

/* What was decided (`r` is what came of it) and whatever that raises, written into the frame. A
 * question that finds nothing (> 0) is passed over; but a decision that was applied cannot be taken
 * back alone, and one that is not in the frame would be lost in a replay: so none is refused. */
static int finish(struct chunk *chunk, const struct asking *asking, struct decisions decisions,
                  int r) {
    struct engine *engine = chunk->engine;
    if (r == 0)
        r = decide_raised(&engine->decider, asking, &decisions);
    if (r > 0 && decisions.n)
        return error_note(-EPROTO, "a decision of a run was refused");
    for (size_t i = 0; r == 0 && i < decisions.n; i++)
        r = engine_frame_add(engine, &decisions.list[i], NULL, 0);
    chunk->sequence += decisions.n;
    chunk->n_decisions += decisions.n;
    return r;
}

static int ask(struct chunk *chunk, const struct question *question, enum question_cause why,
               struct str event_type) {
    struct decisions decisions = {0};
    struct asking asking = asking_of(chunk, why, event_type);
    int r = decide_one(&chunk->engine->decider, question, &asking, &decisions);
    return finish(chunk, &asking, decisions, r);
}

static int count_volunteers(struct chunk *chunk, uint32_t *ret_n) {
    return thing_count(chunk->engine->stepper.context.view, NOUN_VOLUNTEER, ret_n);
}

static int rate_volunteer(struct chunk *chunk, uint32_t volunteer) {
    struct volunteer_row row;
    struct question question = {
        .kind = POLICY_KIND_STAR_RATING, .number = volunteer, .date = chunk->run.as_of};
    int r = volunteer_get(chunk->engine->stepper.context.view, volunteer, &row);
    if (r != 0 || row.state != VOLUNTEER_REGISTERED)
        return r;
    return ask(chunk, &question, CAUSE_EVENT, STR("policy.activated"));
}

/* Of a run whose end was fixed when it began. */
static int count_fixed(struct chunk *chunk, uint32_t *ret_n) {
    *ret_n = chunk->run.last;
    return 0;
}

/* Those that another run was quicker with are gone from the list. */
static int ask_withheld(struct chunk *chunk, uint32_t n) {
    struct withheld withheld;
    struct decisions decisions = {0};
    struct asking asking = asking_of(chunk, CAUSE_EVENT, STR("policy.activated"));
    int r = withheld_get(chunk->engine->stepper.context.view, n, &withheld);
    if (r == 0)
        r = decide_withheld(&chunk->engine->decider, &withheld, &asking, &decisions);
    return finish(chunk, &asking, decisions, r);
}

/* > 0 where it is not assessed any more. */
static int check_assessed(struct chunk *chunk, const struct assessed *assessed) {
    struct organisation_row organisation;
    if (assessed->noun == NOUN_REGION)
        return 0;
    int r = organisation_get(chunk->engine->stepper.context.view, assessed->number, &organisation);
    return r == 0 ? organisation.state != ORGANISATION_ACTIVE : r;
}

static int assess(struct chunk *chunk, const struct assessed *assessed, int32_t as_of, int32_t at,
                  enum question_cause why, struct str event_type, bool *ret_steady) {
    struct decisions decisions = {0};
    struct asking asking = asking_of(chunk, why, event_type);
    struct question question = {.kind = POLICY_KIND_ASSESSMENT,
                                .noun = assessed->noun,
                                .number = assessed->number,
                                .date = as_of};
    int r = check_assessed(chunk, assessed);
    if (r == 0)
        r = decide_assessment(&chunk->engine->decider, &question, at, &asking, &decisions,
                              ret_steady);
    return finish(chunk, &asking, decisions, r);
}

/* For the day that ended, as things were known at its end. */
static int assess_day(struct chunk *chunk, uint32_t n) {
    struct engine *engine = chunk->engine;
    struct view *view = engine->stepper.context.view;
    int32_t day = chunk->run.as_of;
    struct assessed assessed;
    bool steady = false;
    int r = assessed_get(view, n, &assessed);
    if (r == 0)
        r = seen_is_same(&engine->seen, engine->host, view, n, assessed.noun, assessed.number, day);
    if (r != 0)
        return r;
    r = assess(chunk, &assessed, day, day, CAUSE_SCHEDULE, STR_NONE, &steady);
    if (r == 0)
        seen_note(&engine->seen, n, day, steady);
    return r;
}

/* As things stand: the run may have waited over midnight. */
static int assess_due(struct chunk *chunk, uint32_t n) {
    struct engine *engine = chunk->engine;
    struct view *view = engine->stepper.context.view;
    int32_t today = zone_date(&engine->stepper.city.zone, chunk->recorded_us);
    struct assessed assessed;
    uint32_t place;
    bool steady;
    int r = assessed_due_get(view, chunk->number, n, &assessed);
    if (r == 0)
        r = assessed_find(view, assessed.noun, assessed.number, &place);
    if (r != 0)
        return r;
    seen_disturb(&engine->seen, place, today);
    return assess(chunk, &assessed, today, COUNTER_NOW, CAUSE_EVENT,
                  str_from(catalogue_by_number(assessed.event)->name), &steady);
}

/* Nothing is decided about a lot that is over: applying the progress moves it. */
static int expire(struct chunk *chunk, uint32_t n) {
    (void)chunk;
    (void)n;
    return 0;
}

/* Whose notice ended with that day, unless somebody objected. */
static int end_notice(struct chunk *chunk, uint32_t n) {
    struct view *view = chunk->engine->stepper.context.view;
    struct application_row row;
    uint32_t application;
    int r = notice_get(view, chunk->run.as_of, n, &application);
    if (r == 0)
        r = application_get(view, application, &row);
    if (r != 0 || row.state != APPLICATION_NOTICED)
        return r;
    struct question question = {.kind = POLICY_KIND_STAR_RATING,
                                .number = application,
                                .date = chunk->run.as_of,
                                .noun = NOUN_APPLICATION};
    return ask(chunk, &question, CAUSE_SCHEDULE, STR_NONE);
}

static int propose(struct chunk *chunk, uint32_t n) {
    struct decisions decisions = {0};
    struct asking asking = asking_of(chunk, CAUSE_SCHEDULE, STR_NONE);
    int r = decide_proposal(&chunk->engine->decider, chunk->number, n, chunk->run.as_of, &asking,
                            &decisions);
    return finish(chunk, &asking, decisions, r);
}

/* One row a kind of run: how many it walks, and what is done about each. A step's outcome > 0 is
 * passed over. */
static const struct walk {
    int (*count)(struct chunk *chunk, uint32_t *ret_n);
    int (*step)(struct chunk *chunk, uint32_t number);
} walks[RUN_KINDS] = {
    [RUN_STARS] = {count_volunteers, rate_volunteer},
    [RUN_POINTS] = {count_fixed, ask_withheld},
    [RUN_ASSESSMENT] = {count_fixed, assess_day},
    [RUN_DUE] = {count_fixed, assess_due},
    [RUN_EXPIRY] = {count_fixed, expire},
    [RUN_NOTICES] = {count_fixed, end_notice},
    [RUN_PROPOSALS] = {count_fixed, propose},
};

/* The chunk lies in one frame, its decisions and the progress: they stand or fall together. */
static bool is_full(const struct chunk *chunk) {
    return chunk->engine->group->frame.bytes.size > JOURNAL_FRAME_LIMIT / 2;
}

static int walk_some(struct chunk *chunk) {
    const struct io *io = chunk->engine->options.io;
    const struct walk *walk = &walks[chunk->run.kind];
    int64_t until = io->boottime_us(io->self) + CHUNK_US;
    for (unsigned n = 0; n < CHUNK_MOST && chunk->cursor < chunk->n && !is_full(chunk); n++) {
        int r = walk->step(chunk, ++chunk->cursor);
        if (r < 0)
            return r;
        if (n % 16 == 15 && io->boottime_us(io->self) > until)
            break;
    }
    return 0;
}

/* The revision whose run it is; of a run that is of none its kind stands there. */
static int revision_text(struct chunk *chunk, struct str *ret_text) {
    struct engine *engine = chunk->engine;
    struct policy_revision revision;
    *ret_text = str_from(run_kind_text((enum run_kind)chunk->run.kind));
    if (!chunk->run.revision)
        return 0;
    int r = policy_revision_get(engine->stepper.context.view, chunk->run.revision, &engine->arena,
                                &revision);
    if (r == 0)
        *ret_text = revision.data.revision;
    return r > 0 ? error_note(-EBADMSG, "a run names a revision that is not there") : r;
}

static int shape_progress(struct chunk *chunk, struct event *event) {
    struct engine *engine = chunk->engine;
    struct str revision;
    int r = revision_text(chunk, &revision);
    if (r != 0)
        return r;
    struct run_progressed *data = arena_alloc(&engine->arena, sizeof *data);
    data->run = chunk->number;
    data->cause = (int64_t)chunk->run.cause;
    data->revision = revision;
    data->as_of = chunk->run.as_of;
    data->cursor = chunk->cursor;
    data->done = chunk->cursor >= chunk->n;
    data->head.present = (UINT64_C(1) << run_progressed__count) - 1;
    *event = (struct event){.type = catalogue_by_number(EVENT_run_progressed),
                            .data = data,
                            .recorded_us = chunk->recorded_us,
                            .time = {.us = chunk->recorded_us},
                            .sequence = chunk->sequence + 1,
                            .cause = chunk->run.cause};
    return stepper_apply(&engine->stepper, event);
}

int engine_run_chunk(struct engine *engine) {
    struct problem problem;
    struct event progress;
    uint32_t number;
    struct run_row run;
    int r = run_open(engine->stepper.context.view, &number, &run);
    if (r != 0)
        return r < 0 ? r : 0;
    engine_make_room(engine);
    arena_reset(&engine->arena);
    struct chunk chunk = {.engine = engine, .number = number, .run = run, .cursor = run.cursor};
    chunk.sequence = engine->sequence;
    chunk.recorded_us = engine_recorded_now(engine);
    stepper_begin(&engine->stepper, &engine->arena, &problem);
    assert(run.kind < RUN_KINDS && walks[run.kind].step);
    r = walks[run.kind].count(&chunk, &chunk.n);
    if (r == 0)
        r = walk_some(&chunk);
    if (r == 0)
        r = shape_progress(&chunk, &progress);
    if (r == 0)
        r = engine_frame_add(engine, &progress, NULL, 0);
    if (r != 0)
        return r < 0 ? r : error_note(-EPROTO, "a run's progress was refused");
    store_accept(engine->writer);
    engine_advance(engine, progress.sequence, chunk.recorded_us, chunk.n_decisions);
    return 1;
}
