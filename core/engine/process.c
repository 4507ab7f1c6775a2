#include <assert.h>

#include "domain/policies.h"
#include "domain/things.h"
#include "engine/internal.h"
#include "engine/seal.h"
#include "util/error.h"
#include "util/log.h"

int engine_frame_add(struct engine *engine, const struct event *event,
                     const struct event *decisions, size_t n) {
    struct buf *bytes = &engine->record;
    size_t ends[1 + DECISIONS_LIMIT];
    assert(n <= DECISIONS_LIMIT);
    buf_reset(bytes);
    event_encode(event, bytes);
    ends[0] = bytes->size;
    for (size_t i = 0; i < n; i++) {
        event_encode(&decisions[i], bytes);
        ends[i + 1] = bytes->size;
    }
    size_t needed = bytes->size + (n + 1) * VARINT_BYTES;
    /* What fits must not hang on how full the frame is just now. */
    if (needed > EVENT_BYTES_LIMIT)
        return -E2BIG;
    assert(engine->group->frame.bytes.size + needed <= JOURNAL_FRAME_LIMIT);
    size_t start = 0;
    for (size_t i = 0; i <= n; start = ends[i], i++)
        journal_frame_add(&engine->group->frame,
                          (struct str){bytes->data + start, ends[i] - start});
    return 0;
}

void engine_make_room(struct engine *engine) {
    if (engine->group->frame.bytes.size > JOURNAL_FRAME_LIMIT / 2)
        engine_hand_over(engine, true);
}

void engine_advance(struct engine *engine, uint64_t sequence, int64_t recorded_us,
                    size_t n_decisions) {
    engine->sequence = sequence;
    engine->recorded_us = recorded_us;
    engine->group->last_sequence = sequence;
    atomic_fetch_add_explicit(&engine->n_decisions, n_decisions, memory_order_relaxed);
    atomic_store_explicit(&engine->published_recorded_us, recorded_us, memory_order_relaxed);
}

/* What follows once the event layer was joined to the state. */
static int accepted(struct engine *engine, const struct event *event, size_t n_decisions) {
    engine_advance(engine, event->sequence + n_decisions, event->recorded_us, n_decisions);
    int r = stepper_accepted(&engine->stepper, event);
    uint32_t generation = policy_generation(engine->stepper.context.view);
    if (r == 0 && generation != engine->generation) {
        engine->generation = generation;
        r = policy_host_sync(engine->host, engine->stepper.context.view);
    }
    return r;
}

int engine_own_event(struct engine *engine, struct event *event) {
    struct problem problem;
    engine_make_room(engine);
    stepper_begin(&engine->stepper, &engine->arena, &problem);
    event->sequence = engine->sequence + 1;
    event->time.us = event->recorded_us;
    int r = stepper_apply(&engine->stepper, event);
    if (r == 0)
        r = engine_frame_add(engine, event, NULL, 0);
    if (r > 0) {
        log_error("the daemon's own event %s was refused: %s", event->type->name, problem.message);
        r = error_note(-EPROTO, "an event of the daemon's own was refused");
    }
    if (r < 0)
        return r;
    store_accept(engine->writer);
    return accepted(engine, event, 0);
}

/* The same source and id as before: the same content is a duplicate, other content a conflict. 1
 * where it was either. */
static int check_duplicate(struct engine *engine, const struct event *event, struct result *result,
                           struct problem *problem) {
    uint64_t sequence, digest;
    int r =
        event_id_find(engine->stepper.context.view, event->source, event->id, &sequence, &digest);
    if (r != 0)
        return r < 0 ? r : 0;
    if (digest == event_id_digest(event)) {
        result->status = RESULT_DUPLICATE;
        result->sequence = sequence;
        return 1;
    }
    return problem_set(problem, PROBLEM_ID_CONFLICT, "id",
                       "source %.*s sent id %.*s before with other content (sequence %llu); a "
                       "correction is a new event "
                       "with a new id",
                       STR_ARG(event->source), STR_ARG(event->id), (unsigned long long)sequence);
}

static int check_city(struct engine *engine, const struct event *event, struct problem *problem) {
    if (engine->stepper.has_city || event->type->number == EVENT_city_configured)
        return 0;
    return problem_set(problem, PROBLEM_WRONG_STATE, "type",
                       "no city is configured yet; dates depend on its zone");
}

/* Seals, applies, decides. Everything is in the event layer afterwards. */
static int decide(struct engine *engine, struct batch *batch, struct event *event,
                  struct decisions *decisions, struct problem *problem) {
    stepper_begin(&engine->stepper, &batch->arena, problem);
    int r = event_seal(event, &engine->stepper.context, engine->options.keyring);
    if (r == 0)
        r = stepper_apply(&engine->stepper, event);
    if (r == 0)
        r = decide_all(&engine->decider, event, decisions);
    return r;
}

static int store_event(struct engine *engine, struct batch *batch, struct event *event,
                       struct result *result, struct problem *problem) {
    struct decisions decisions = {0};
    event->sequence = engine->sequence + 1;
    int r = decide(engine, batch, event, &decisions, problem);
    if (r == 0 && !batch->dry_run)
        r = engine_frame_add(engine, event, decisions.list, decisions.n);
    if (r == -E2BIG)
        r = problem_set(problem, PROBLEM_TOO_LARGE, "data",
                        "with its decisions this event is over 2 MiB");
    assert(r <= 0 || problem->code != PROBLEM_NONE);
    if (r != 0 || batch->dry_run)
        store_refuse(engine->writer);
    if (r > 0)
        result->findings = decisions.refused_findings;
    if (r != 0)
        return r;
    result->status = RESULT_STORED;
    result->sequence = batch->dry_run ? 0 : event->sequence;
    result->n_decisions = decisions.n;
    result->decisions = decisions.list;
    if (batch->dry_run)
        return 0;
    store_accept(engine->writer);
    return accepted(engine, event, decisions.n);
}

/* With clock = "events" an event may bring midnights with it. One that is refused must leave
 * nothing behind, not even those: it is tried first. */
static int try_first(struct engine *engine, struct batch *batch, struct event *event,
                     struct result *result, struct problem *problem) {
    struct decisions decisions = {0};
    event->sequence = engine->sequence + 1;
    int r = decide(engine, batch, event, &decisions, problem);
    store_refuse(engine->writer);
    if (r > 0)
        result->findings = decisions.refused_findings;
    return r;
}

/* 0 stored, > 0 refused with the problem (or, its code NONE, a duplicate), < 0. */
static int take_event(struct engine *engine, struct batch *batch, struct event *event,
                      struct result *result, struct problem *problem) {
    int r = check_duplicate(engine, event, result, problem);
    if (r == 0)
        r = check_city(engine, event, problem);
    if (r == 0 && !batch->dry_run)
        r = engine_check_writable(engine, event, problem);
    if (r == 0)
        r = engine_record_time(engine, event, problem);
    if (r == 0 && !batch->dry_run && engine_brings_midnight(engine, event)) {
        if (engine->options.clock_from_events)
            r = try_first(engine, batch, event, result, problem);
        if (r == 0)
            r = engine_tick(engine, event->recorded_us);
    }
    return r == 0 ? store_event(engine, batch, event, result, problem) : r;
}

static int process_event(struct engine *engine, struct batch *batch, struct event *event,
                         struct result *result) {
    struct problem problem = {.code = PROBLEM_NONE};
    engine_make_room(engine);
    event->key_number = batch->key_number;
    int r = take_event(engine, batch, event, result, &problem);
    if (r < 0)
        return r;
    if (problem.code != PROBLEM_NONE) {
        result->problem = arena_alloc(&batch->arena, sizeof *result->problem);
        *result->problem = problem;
        result->status = RESULT_REJECTED;
    }
    if (r == 0 && !batch->dry_run && event->type->number == EVENT_clock_accepted)
        engine_clock_accept(engine);
    return 0;
}

static void count(struct engine *engine, const struct batch *batch) {
    uint64_t n[3] = {0, 0, 0};
    for (size_t i = 0; i < batch->n_events; i++)
        n[batch->results[i].status]++;
    atomic_fetch_add_explicit(&engine->n_stored, n[RESULT_STORED], memory_order_relaxed);
    atomic_fetch_add_explicit(&engine->n_duplicate, n[RESULT_DUPLICATE], memory_order_relaxed);
    atomic_fetch_add_explicit(&engine->n_rejected, n[RESULT_REJECTED], memory_order_relaxed);
    atomic_store_explicit(&engine->n_calls, engine->decider.n_calls, memory_order_relaxed);
    atomic_store_explicit(&engine->n_failures, engine->decider.n_failures, memory_order_relaxed);
}

int engine_process(struct engine *engine, struct batch *batch) {
    for (size_t i = 0; i < batch->n_events; i++) {
        ahead_look(&engine->ahead, &engine->stepper, batch->events, batch->n_events, i);
        if (!batch->events[i].type)
            continue; /* refused at decoding: its result says why */
        int r = process_event(engine, batch, &batch->events[i], &batch->results[i]);
        if (r < 0)
            return r;
    }
    if (!batch->dry_run)
        count(engine, batch);
    engine_group_attach(engine, batch);
    return 0;
}
