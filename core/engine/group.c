#include "engine/internal.h"
#include "util/error.h"

static void give_back(struct engine *engine, struct group *group) {
    for (struct batch *batch = group->first, *next; batch; batch = next) {
        next = batch->next;
        batch->done(batch);
    }
    group->first = NULL;
    group->last = &group->first;
    group->n_batches = 0;
    group->held_bytes = 0;
    if (engine->options.on_durable)
        engine->options.on_durable(engine->options.context);
}

/* The journal's thread: the frame is on disk. Nothing here blocks for long: the batches' owners
 * only queue them. */
static void frame_done(void *context, struct journal_frame *frame, enum journal_outcome outcome) {
    struct group *group = frame->owner;
    struct engine *engine = context;
    if (outcome != JOURNAL_DONE) {
        pthread_mutex_lock(&engine->mutex);
        engine->failed = true;
        pthread_cond_signal(&engine->wake);
        pthread_mutex_unlock(&engine->mutex);
        engine->options.on_failure(engine->options.context, -EIO);
        pthread_mutex_lock(&engine->mutex);
        engine->in_flight = false;
        pthread_cond_signal(&engine->wake);
        pthread_mutex_unlock(&engine->mutex);
        return;
    }
    store_durable(engine->options.store, group->last_sequence);
    give_back(engine, group);
    pthread_mutex_lock(&engine->mutex);
    group->next_free = engine->free_groups;
    engine->free_groups = group;
    engine->in_flight = false;
    if (engine->awaits_journal)
        pthread_cond_signal(&engine->wake);
    pthread_mutex_unlock(&engine->mutex);
}

static void begin_group(struct engine *engine) {
    pthread_mutex_lock(&engine->mutex);
    struct group *group = engine->free_groups;
    engine->free_groups = group->next_free;
    pthread_mutex_unlock(&engine->mutex);
    group->last_sequence = engine->sequence;
    journal_frame_begin(&group->frame, engine->sequence + 1);
    group->frame.owner = group;
    engine->group = group;
}

int engine_groups_init(struct engine *engine) {
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        struct group *group = &engine->groups[i];
        group->engine = engine;
        group->last = &group->first;
        group->next_free = engine->free_groups;
        engine->free_groups = group;
    }
    begin_group(engine);
    return 0;
}

/* The journal may have a frame still where the engine failed by itself. */
void engine_groups_deinit(struct engine *engine) {
    pthread_mutex_lock(&engine->mutex);
    engine->awaits_journal = true;
    while (engine->in_flight)
        pthread_cond_wait(&engine->wake, &engine->mutex);
    pthread_mutex_unlock(&engine->mutex);
    for (size_t i = 0; i < GROUP_COUNT; i++)
        journal_frame_deinit(&engine->groups[i].frame);
}

void engine_group_attach(struct engine *engine, struct batch *batch) {
    batch->next = NULL;
    *engine->group->last = batch;
    engine->group->last = &batch->next;
    engine->group->n_batches++;
    engine->group->held_bytes += batch->arena.held_bytes;
}

/* True when the journal is idle; with `wait`, once it is. Never once it failed. */
static bool journal_idle(struct engine *engine, bool wait) {
    pthread_mutex_lock(&engine->mutex);
    engine->awaits_journal = wait;
    while (wait && engine->in_flight && !engine->failed)
        pthread_cond_wait(&engine->wake, &engine->mutex);
    engine->awaits_journal = false;
    bool idle = !engine->in_flight && !engine->failed;
    pthread_mutex_unlock(&engine->mutex);
    return idle;
}

void engine_hand_over(struct engine *engine, bool force) {
    struct group *group = engine->group;
    if ((!group->first && group->frame.count == 0) || !journal_idle(engine, force))
        return;
    if (group->frame.count == 0) {
        /* Nothing to sync: what it acknowledges (duplicates, refusals) was durable before, because
         * the journal is idle. */
        give_back(engine, group);
        return;
    }
    struct journal_head before = journal_head(engine->options.journal);
    engine->head.epoch = before.epoch;
    engine->head.sequence = group->last_sequence;
    memcpy(engine->head.frame_hash, before.hash, sizeof engine->head.frame_hash);
    engine->handed = true;
    pthread_mutex_lock(&engine->mutex);
    engine->in_flight = true;
    pthread_mutex_unlock(&engine->mutex);
    atomic_fetch_add_explicit(&engine->n_frames, 1, memory_order_relaxed);
    journal_append(engine->options.journal, &group->frame, frame_done, engine);
    store_frame_boundary(engine->writer, &engine->head,
                         engine->options.io->boottime_us(engine->options.io->self));
    store_wait_room(engine->writer);
    begin_group(engine);
}
