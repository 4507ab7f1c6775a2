/* A chunk of an open run: how it is cut, and that it lies in one frame with its progress. What is
 * done about each is in the files run_*.c. */
#include "engine/run.h"

#include <assert.h>

#include "domain/policies.h"
#include "util/error.h"

#define CHUNK_MOST 500
#define CHUNK_US 5000
#define REST_US 20000 /* between two chunks while events wait */
/* An event that comes now is acknowledged with the frame that the chunk is in: that stays small,
 * and no chunk is added to one that waits for the journal. */
#define CHUNK_BYTES (256u * 1024)
#define WAITING_BYTES (64u * 1024)
/* While a checkpoint is written the journal waits for the same disk, and events for the journal: so
 * while a run changes row after row checkpoints are small, and the run waits for them. */
#define RUN_DUE_BYTES (2u << 20)

struct asking chunk_asking(struct chunk *chunk, enum question_cause why, struct str event_type) {
    chunk->engine->stepper.context.n_questions = 0;
    return (struct asking){.cause = chunk->run.cause,
                           .why = why,
                           .event_type = event_type,
                           .sequence = chunk->sequence + 1,
                           .recorded_us = chunk->recorded_us,
                           .keeps = chunk->run.keeps};
}

struct asking chunk_asking_by_rule(struct chunk *chunk) {
    return chunk->run.scheduled ? chunk_asking(chunk, CAUSE_SCHEDULE, STR_NONE)
                                : chunk_asking(chunk, CAUSE_EVENT, STR("policy.activated"));
}

int chunk_finish(struct chunk *chunk, const struct asking *asking, struct decisions decisions,
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

bool chunk_concerns(struct chunk *chunk, uint32_t region, int32_t date) {
    struct engine *engine = chunk->engine;
    return policy_host_governs(engine->host, chunk_view(chunk), chunk->run.revision, region, date,
                               &engine->arena);
}

static int (*const steps[RUN_KINDS])(struct chunk *chunk, uint32_t number) = {
    [RUN_STARS] = run_step_star_rating,
    [RUN_POINTS] = run_step_withheld,
    [RUN_ASSESSMENT] = run_step_day_ended,
    [RUN_DUE] = run_step_due,
    [RUN_EXPIRY] = run_step_applied,
    [RUN_NOTICES] = run_step_notice,
    [RUN_CANDIDATES] = run_step_candidate,
    [RUN_PROPOSALS] = run_step_proposal,
    [RUN_STANDING] = run_step_standing,
    [RUN_ACCEPTANCE] = run_step_acceptance,
    [RUN_RECORD_POINTS] = run_step_record_points,
    [RUN_PERSON_POINTS] = run_step_person_points,
    [RUN_ASSESSED] = run_step_assessed,
    [RUN_WAITING] = run_step_waiting,
    [RUN_ABSENCES] = run_step_absence,
    [RUN_PASS_TEAMS] = run_step_applied,
    [RUN_PASS_PROJECTS] = run_step_applied,
    [RUN_PASS_ACTIVITIES] = run_step_applied,
    [RUN_PASS_POSTS] = run_step_applied,
    [RUN_PASS_MEMBERS] = run_step_applied,
    [RUN_PASS_TEAM_ACTIVITIES] = run_step_applied,
    [RUN_PUBLIC_NOTICES] = run_step_public_notice,
    [RUN_FINAL] = run_step_final,
    [RUN_VISITS] = run_step_visit,
    [RUN_MERGE] = run_step_merge,
    [RUN_MERGED] = run_step_merged,
    [RUN_UNDO] = run_step_undo,
    [RUN_TASKS] = run_step_task,
    [RUN_COMMITMENTS] = run_step_commitment,
    [RUN_DUTIES] = run_step_duty,
    [RUN_PASS_PAIRINGS] = run_step_applied,
};

/* The chunk lies in one frame, its decisions and the progress: they stand or fall together. */
static bool is_full(const struct chunk *chunk) {
    return chunk->engine->group->frame.bytes.size > CHUNK_BYTES;
}

static bool may_run(const struct engine *engine) {
    return engine->group->frame.bytes.size <= WAITING_BYTES &&
           store_pending_bytes(engine->writer) < 2 * RUN_DUE_BYTES;
}

static int walk_some(struct chunk *chunk) {
    const struct io *io = chunk->engine->options.io;
    int64_t until = io->boottime_us(io->self) + CHUNK_US;
    for (unsigned n = 0; n < CHUNK_MOST && chunk->weight < CHUNK_MOST &&
                         chunk->cursor < chunk->run.last && !is_full(chunk);
         n++) {
        int r = steps[chunk->run.kind](chunk, ++chunk->cursor);
        if (r < 0)
            return r;
        if (io->boottime_us(io->self) > until)
            break;
    }
    return 0;
}

/* The revision whose run it is; of a run that is of none its kind stands there. */
static int revision_text(struct chunk *chunk, struct str *ret_text) {
    const struct policy_revision *revision;
    *ret_text = str_from(run_kind_text((enum run_kind)chunk->run.kind));
    if (!chunk->run.revision)
        return 0;
    revision = policy_host_revision(chunk->engine->host, chunk->run.revision);
    if (!revision)
        return error_note(-EBADMSG, "a run names a revision that is not there");
    *ret_text = revision->data.revision;
    return 0;
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
    data->done = chunk->cursor >= chunk->run.last;
    data->kind = str_from(run_kind_text((enum run_kind)chunk->run.kind));
    data->total = chunk->run.last - chunk->run.first;
    data->head.present = (UINT64_C(1) << run_progressed__count) - 1;
    *event = (struct event){.type = catalogue_by_number(EVENT_run_progressed),
                            .data = data,
                            .recorded_us = chunk->recorded_us,
                            .time = {.us = chunk->recorded_us},
                            .sequence = chunk->sequence + 1,
                            .cause = chunk->run.cause};
    return stepper_apply(&engine->stepper, event);
}

/* Open runs take turns, so that a long one holds up none that came after it. */
int engine_run_chunk(struct engine *engine) {
    struct problem problem;
    struct event progress;
    struct chunk chunk = {.engine = engine};
    int r =
        run_open_after(engine->stepper.context.view, engine->last_run, &chunk.number, &chunk.run);
    if (r != 0)
        return r < 0 ? r : 0;
    engine->last_run = chunk.number;
    if (engine->group->frame.bytes.size > WAITING_BYTES)
        engine_hand_over(engine, true);
    arena_reset(&engine->arena);
    chunk.cursor = chunk.run.cursor;
    chunk.sequence = engine->sequence;
    chunk.recorded_us = engine_recorded_now(engine);
    stepper_begin(&engine->stepper, &engine->arena, &problem);
    assert(chunk.run.kind < RUN_KINDS && steps[chunk.run.kind]);
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

/* Events that wait go first; but however many come, a run goes on. */
static bool is_its_turn(const struct engine *engine) {
    const struct io *io = engine->options.io;
    bool others = engine->taken || atomic_load_explicit(&engine->queue_bytes, memory_order_relaxed);
    return !others || io->boottime_us(io->self) >= engine->chunk_ended_us + REST_US;
}

int engine_run_beside(struct engine *engine) {
    const struct io *io = engine->options.io;
    if (atomic_load(&engine->read_only) || !may_run(engine) || !is_its_turn(engine))
        return 0;
    int r = engine_run_chunk(engine);
    store_set_due(engine->writer, r > 0 ? RUN_DUE_BYTES : 0);
    if (r > 0)
        engine->chunk_ended_us = io->boottime_us(io->self);
    return r;
}
