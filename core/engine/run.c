#include "domain/policies.h"
#include "domain/runs.h"
#include "domain/volunteers.h"
#include "engine/internal.h"
#include "util/error.h"

#define CHUNK_PEOPLE 500
#define CHUNK_US 5000

struct chunk {
    struct engine *engine;
    uint32_t number;
    struct run_row run;
    uint32_t n_volunteers;
    uint32_t cursor;
    uint64_t sequence; /* of the last record of this chunk */
    int64_t recorded_us;
    size_t n_decisions;
};

static int judge(struct chunk *chunk, uint32_t volunteer) {
    struct engine *engine = chunk->engine;
    struct question question = {POLICY_KIND_STAR_RATING, volunteer, chunk->run.as_of};
    struct event decision;
    struct list refused;
    int r = decide_one(&engine->decider, &question, chunk->run.cause, CAUSE_EVENT,
                       STR("policy.activated"), chunk->sequence + 1, chunk->recorded_us, &decision,
                       &refused);
    if (r == 0 && decision.type) {
        r = engine_frame_add(engine, &decision, NULL, 0);
        chunk->sequence++;
        chunk->n_decisions++;
    }
    return r;
}

/* The chunk lies in one frame, its decisions and the progress: they stand or fall together. */
static bool is_full(const struct chunk *chunk) {
    return chunk->engine->group->frame.bytes.size > JOURNAL_FRAME_LIMIT / 2;
}

static int judge_some(struct chunk *chunk) {
    const struct io *io = chunk->engine->options.io;
    int64_t until = io->boottime_us(io->self) + CHUNK_US;
    for (unsigned n = 0; n < CHUNK_PEOPLE && chunk->cursor < chunk->n_volunteers && !is_full(chunk);
         n++) {
        struct volunteer_row row;
        chunk->cursor++;
        int r = volunteer_get(chunk->engine->stepper.context.view, chunk->cursor, &row);
        if (r == 0 && row.state == VOLUNTEER_REGISTERED)
            r = judge(chunk, chunk->cursor);
        if (r < 0)
            return r;
        if (n % 16 == 15 && io->boottime_us(io->self) > until)
            break;
    }
    return 0;
}

static int shape_progress(struct chunk *chunk, struct event *event) {
    struct engine *engine = chunk->engine;
    struct policy_revision revision;
    int r = policy_revision_get(engine->stepper.context.view, chunk->run.revision, &engine->arena,
                                &revision);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a run names a revision that is not there");
    struct run_progressed *data = arena_alloc(&engine->arena, sizeof *data);
    data->run = chunk->number;
    data->cause = (int64_t)chunk->run.cause;
    data->revision = revision.data.revision;
    data->as_of = chunk->run.as_of;
    data->cursor = chunk->cursor;
    data->done = chunk->cursor >= chunk->n_volunteers;
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
    r = thing_count(engine->stepper.context.view, NOUN_VOLUNTEER, &chunk.n_volunteers);
    if (r == 0)
        r = judge_some(&chunk);
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
