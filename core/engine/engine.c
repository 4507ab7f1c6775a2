#include "engine/engine.h"

#include <stdlib.h>
#include <time.h>

#include "engine/internal.h"
#include "engine/replay.h"
#include "policy/meter.h"
#include "util/error.h"
#include "util/log.h"
#include "util/thread.h"

#define IDLE_MS 50

int engine_catch_up(const struct engine_options *options,
                    void (*progress)(void *context, uint64_t sequence, uint64_t head),
                    void *context) {
    struct replay_options replay_options = {.journal = options->journal,
                                            .store = options->store,
                                            .progress = progress,
                                            .context = context};
    uint64_t applied = 0;
    int r = replay(&replay_options, &applied);
    if (r == 0 && applied)
        log_info("caught up with %llu journal records", (unsigned long long)applied);
    return r;
}

/* ---- the queue ---- */

/* What it takes from the machine while it waits; the same until it is processed. */
static uint64_t batch_bytes(const struct batch *batch) {
    return batch->arena.held_bytes + batch->owner_bytes;
}

/* Sleeps until something is queued, somebody asks for a checkpoint, or a while has passed, so that
 * checkpoints, clock and disk are looked at. Under the mutex. */
static void sleep_a_while(struct engine *engine) {
    bool waiting = engine->group->first || engine->group->frame.count;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += IDLE_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    engine->sleeping = true;
    engine->awaits_journal = waiting;
    while (!engine->queue_first && !engine->stopping && !engine->poked && !engine->failed &&
           !(waiting && !engine->in_flight))
        if (pthread_cond_timedwait(&engine->wake, &engine->mutex, &until) != 0)
            break;
    engine->sleeping = engine->awaits_journal = false;
}

/* The next batch, or NULL where none came. What is queued is taken in one go. */
static struct batch *take(struct engine *engine, bool busy) {
    if (!engine->taken) {
        pthread_mutex_lock(&engine->mutex);
        if (!busy)
            sleep_a_while(engine);
        engine->poked = false;
        engine->taken = engine->queue_first;
        engine->queue_first = NULL;
        engine->queue_last = &engine->queue_first;
        pthread_mutex_unlock(&engine->mutex);
    }
    struct batch *batch = engine->taken;
    if (batch) {
        engine->taken = batch->next;
        atomic_fetch_sub_explicit(&engine->queue_bytes, batch_bytes(batch), memory_order_relaxed);
    }
    return batch;
}

static void wake(void *context) {
    struct engine *engine = context;
    pthread_mutex_lock(&engine->mutex);
    engine->poked = true;
    pthread_cond_signal(&engine->wake);
    pthread_mutex_unlock(&engine->mutex);
}

int engine_queue(struct engine *engine, struct batch *batch) {
    int outcome = 0;
    if (engine_read_only_reason(engine) && !batch->dry_run &&
        !(batch->trusted && batch->n_events == 1 && batch->events[0].type &&
          batch->events[0].type->number == EVENT_clock_accepted))
        return ENGINE_READ_ONLY;
    uint64_t bytes = batch_bytes(batch);
    batch->next = NULL;
    pthread_mutex_lock(&engine->mutex);
    if (engine->stopping || atomic_load_explicit(&engine->queue_bytes, memory_order_relaxed) >
                                engine->options.queue_limit_bytes) {
        outcome = ENGINE_BUSY;
    } else {
        *engine->queue_last = batch;
        engine->queue_last = &batch->next;
        atomic_fetch_add_explicit(&engine->queue_bytes, bytes, memory_order_relaxed);
    }
    pthread_mutex_unlock(&engine->mutex);
    return outcome;
}

void engine_wake(struct engine *engine) {
    pthread_mutex_lock(&engine->mutex);
    if (engine->sleeping)
        pthread_cond_signal(&engine->wake);
    pthread_mutex_unlock(&engine->mutex);
}

int engine_submit(struct engine *engine, struct batch *batch) {
    int outcome = engine_queue(engine, batch);
    if (outcome == 0)
        engine_wake(engine);
    return outcome;
}

/* ---- the thread ---- */

static bool ends(struct engine *engine) {
    pthread_mutex_lock(&engine->mutex);
    bool end = engine->failed || (engine->stopping && !engine->queue_first && !engine->taken);
    pthread_mutex_unlock(&engine->mutex);
    return end;
}

/* A checkpoint can only be taken where the pending rows are those of whole frames. */
static void checkpoint_when_idle(struct engine *engine) {
    const struct io *io = engine->options.io;
    int64_t now = io->boottime_us(io->self);
    if (engine->handed && engine->group->frame.count == 0 &&
        store_wants_checkpoint(engine->writer, now))
        store_frame_boundary(engine->writer, &engine->head, now);
}

/* While more waits, a group grows until it is worth a sync of its own: small ones would cost more
 * than what is in them. */
static void hand_over_when_due(struct engine *engine) {
    const struct group *group = engine->group;
    if (atomic_load_explicit(&engine->queue_bytes, memory_order_relaxed) == 0 ||
        group->frame.bytes.size >= GROUP_BYTES || group->n_batches >= GROUP_BATCHES)
        engine_hand_over(engine, group->held_bytes >= GROUP_HELD_BYTES);
}

static int step(struct engine *engine, bool *busy) {
    struct batch *batch = take(engine, *busy);
    engine_watch_clock(engine);
    int r = batch ? engine_process(engine, batch) : 0;
    if (r < 0)
        return r;
    hand_over_when_due(engine);
    if (!batch)
        checkpoint_when_idle(engine);
    engine_look_around(engine);
    r = engine_tick_when_due(engine);
    if (r == 0)
        r = engine_run_beside(engine);
    *busy = r > 0;
    hand_over_when_due(engine);
    return r < 0 ? r : 0;
}

static void *engine_main(void *argument) {
    struct engine *engine = argument;
    bool busy = false;
    int r = 0;
    while (r == 0 && !ends(engine))
        r = step(engine, &busy);
    if (r < 0) {
        pthread_mutex_lock(&engine->mutex);
        engine->failed = true;
        pthread_mutex_unlock(&engine->mutex);
        engine->options.on_failure(engine->options.context, r);
        return NULL;
    }
    engine_hand_over(engine, true); /* the last frame ... */
    engine_hand_over(engine, true); /* ... and what waits for it to be durable */
    pthread_mutex_lock(&engine->mutex);
    engine->awaits_journal = true;
    while (engine->in_flight && !engine->failed)
        pthread_cond_wait(&engine->wake, &engine->mutex);
    bool failed = engine->failed;
    pthread_mutex_unlock(&engine->mutex);
    if (!failed && engine->handed && store_flush(engine->writer, &engine->head) < 0)
        log_error("the last checkpoint failed; the journal has everything");
    return NULL;
}

static int load(struct engine *engine) {
    struct clock_state clock;
    int r = stepper_init(&engine->stepper, engine->writer);
    if (r == 0)
        r = clock_get(engine->stepper.context.view, &clock);
    if (r != 0)
        return r;
    /* Keys cut short are noticed now, not when somebody must be sealed. */
    r = keyring_ensure(engine->options.keyring,
                       number_last(engine->stepper.context.view, "slot") + 1);
    if (r != 0)
        return r;
    engine->recorded_us = clock.recorded_us;
    engine->ticked = clock.ticked;
    engine->sequence = journal_head(engine->options.journal).sequence;
    atomic_store(&engine->published_recorded_us, clock.recorded_us);
    engine->host = policy_host_new(&engine->options.policy_limits);
    engine->meter = meter_new();
    policy_host_meter(engine->host, engine->meter);
    engine->generation = policy_generation(engine->stepper.context.view);
    engine->decider = (struct decider){.stepper = &engine->stepper, .host = engine->host};
    return policy_host_sync(engine->host, engine->stepper.context.view);
}

static void engine_free(struct engine *engine) {
    engine_groups_deinit(engine);
    stepper_deinit(&engine->stepper);
    policy_host_free(engine->host);
    meter_free(engine->meter);
    seen_deinit(&engine->seen);
    store_writer_close(engine->writer);
    arena_deinit(&engine->arena);
    buf_deinit(&engine->record);
    pthread_cond_destroy(&engine->wake);
    pthread_cond_destroy(&engine->watchdog_wake);
    pthread_mutex_destroy(&engine->mutex);
    free(engine);
}

static struct engine *engine_new(const struct engine_options *options) {
    struct engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return NULL;
    engine->options = *options;
    engine->queue_last = &engine->queue_first;
    arena_init(&engine->arena);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&engine->mutex, NULL);
    pthread_cond_init(&engine->wake, &attributes);
    pthread_cond_init(&engine->watchdog_wake, &attributes);
    pthread_condattr_destroy(&attributes);
    return engine;
}

int engine_start(const struct engine_options *options, struct engine **ret_engine) {
    struct engine *engine = engine_new(options);
    if (!engine)
        return error_note(-ENOMEM, "no memory for the engine");
    int r = store_writer_open(options->store, &engine->writer);
    if (r == 0)
        r = load(engine);
    if (r == 0)
        r = engine_groups_init(engine);
    if (r == 0)
        r = engine_set_aside_stuck(engine);
    if (r == 0) {
        engine_look_around(engine);
        store_set_waker(options->store, wake, engine);
        int error = thread_start(&engine->thread, "engine", engine_main, engine);
        r = error ? error_note(error, "cannot start the engine's thread") : 0;
    }
    if (r != 0) {
        engine_free(engine);
        return r;
    }
    r = engine_watchdog_start(engine);
    if (r != 0) {
        engine_stop(engine);
        return r;
    }
    *ret_engine = engine;
    return 0;
}

void engine_stop(struct engine *engine) {
    if (!engine)
        return;
    pthread_mutex_lock(&engine->mutex);
    engine->stopping = true;
    pthread_cond_broadcast(&engine->wake);
    pthread_cond_broadcast(&engine->watchdog_wake);
    pthread_mutex_unlock(&engine->mutex);
    pthread_join(engine->thread, NULL);
    engine_watchdog_stop(engine);
    store_set_waker(engine->options.store, NULL, NULL);
    engine_free(engine);
}

const char *engine_read_only_reason(struct engine *engine) {
    return atomic_load(&engine->read_only);
}

void engine_counters(struct engine *engine, struct engine_counters *ret_counters) {
    ret_counters->events_stored = atomic_load(&engine->n_stored);
    ret_counters->events_duplicate = atomic_load(&engine->n_duplicate);
    ret_counters->events_rejected = atomic_load(&engine->n_rejected);
    ret_counters->decisions = atomic_load(&engine->n_decisions);
    ret_counters->frames = atomic_load(&engine->n_frames);
    ret_counters->policy_calls = atomic_load(&engine->n_calls);
    ret_counters->policy_failures = atomic_load(&engine->n_failures);
    ret_counters->recorded_us = atomic_load(&engine->published_recorded_us);
    ret_counters->queue_bytes = atomic_load(&engine->queue_bytes);
}

const struct meter *engine_meter(const struct engine *engine) {
    return engine->meter;
}
