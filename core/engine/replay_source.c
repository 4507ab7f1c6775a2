#include "engine/replay_source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/error.h"
#include "util/log.h"
#include "util/thread.h"

#define BLOCK_COUNT 4
#define BLOCK_BYTES ((size_t)1 << 20) /* a block ends earlier where its events are large */

/* One of the ring's: filled by the thread, then the owner's. */
struct slot {
    struct arena arena;
    struct replay_block block;
};

struct replay_source {
    struct journal_reader *reader;
    uint64_t until;
    pthread_t thread;
    struct slot slots[BLOCK_COUNT];

    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* Under the mutex. Slots n_given to n_filled - 1 wait for the owner, n_given - 1 is the one it
     * has. */
    uint64_t n_filled;
    uint64_t n_given;
    int error;
    bool ended; /* `until` was read, or an error */
    bool closing;
};

/* ---- the thread ---- */

static int decode(struct slot *slot, struct str record, uint64_t sequence) {
    struct event *event = &slot->block.events[slot->block.n];
    memset(event, 0, sizeof *event);
    if (event_decode(arena_copy(&slot->arena, record), &slot->arena, event) != 0) {
        log_error("journal record %" PRIu64 " cannot be decoded", sequence);
        return error_note(-EBADMSG, "a journal record cannot be decoded");
    }
    event->sequence = sequence;
    if (!event->has_time)
        event->time.us = event->recorded_us;
    return 0;
}

/* The frame of the record just read: one copy for all its records in a block. */
static const struct journal_position *frame_of(struct replay_source *source, struct slot *slot) {
    struct replay_block *block = &slot->block;
    struct journal_position position;
    journal_reader_position(source->reader, &position);
    const struct journal_position *before = block->n ? block->frames[block->n - 1] : NULL;
    if (before && before->frame_first_sequence == position.frame_first_sequence)
        return before;
    struct journal_position *copy = arena_alloc(&slot->arena, sizeof *copy);
    *copy = position;
    return copy;
}

/* 0, or JOURNAL_END once `until` stands in the block, or < 0. */
static int fill(struct replay_source *source, struct slot *slot) {
    struct replay_block *block = &slot->block;
    arena_reset(&slot->arena);
    block->n = 0;
    while (block->n < REPLAY_BLOCK_EVENTS && slot->arena.used_bytes < BLOCK_BYTES) {
        struct str record;
        uint64_t sequence;
        int r = journal_reader_next(source->reader, &record, &sequence);
        if (r == JOURNAL_END)
            r = error_note(-ENODATA, "the journal ends before the sequence to replay to");
        if (r == 0)
            r = decode(slot, record, sequence);
        if (r != 0)
            return r;
        block->frames[block->n] = frame_of(source, slot);
        block->n++;
        if (sequence == source->until)
            return JOURNAL_END;
    }
    return 0;
}

/* The next slot that may be filled; NULL when nobody wants it any more. */
static struct slot *free_slot(struct replay_source *source) {
    pthread_mutex_lock(&source->mutex);
    /* The one that the owner has is not free. */
    while (!source->closing &&
           source->n_filled - source->n_given >= BLOCK_COUNT - (source->n_given ? 1u : 0u))
        pthread_cond_wait(&source->changed, &source->mutex);
    struct slot *slot = source->closing ? NULL : &source->slots[source->n_filled % BLOCK_COUNT];
    pthread_mutex_unlock(&source->mutex);
    return slot;
}

static void *read_ahead(void *context) {
    struct replay_source *source = context;
    int outcome = 0;
    while (outcome == 0) {
        struct slot *slot = free_slot(source);
        if (!slot)
            break;
        outcome = fill(source, slot);
        pthread_mutex_lock(&source->mutex);
        /* What came before a damaged record is good. */
        source->n_filled += slot->block.n > 0;
        source->error = outcome < 0 ? outcome : 0;
        source->ended = outcome != 0;
        pthread_cond_signal(&source->changed);
        pthread_mutex_unlock(&source->mutex);
    }
    return NULL;
}

/* ---- the owner ---- */

int replay_source_open(struct journal *journal, uint64_t after, uint64_t until,
                       struct replay_source **ret_source) {
    struct replay_source *source = calloc(1, sizeof *source);
    if (!source)
        return error_note(-ENOMEM, "reading the journal ahead");
    int r = journal_reader_open(journal, after, &source->reader);
    if (r != 0) {
        free(source);
        return r;
    }
    source->until = until;
    for (size_t i = 0; i < BLOCK_COUNT; i++)
        arena_init(&source->slots[i].arena);
    pthread_mutex_init(&source->mutex, NULL);
    pthread_cond_init(&source->changed, NULL);
    *ret_source = source;
    r = thread_start(&source->thread, "replay-reader", read_ahead, source);
    if (r < 0) {
        error_note(r, "cannot start the reader of a replay");
        source->closing = true; /* there is no thread to wait for */
        replay_source_close(source);
    }
    return r;
}

int replay_source_next(struct replay_source *source, const struct replay_block **ret_block) {
    pthread_mutex_lock(&source->mutex);
    while (source->n_given == source->n_filled && !source->ended)
        pthread_cond_wait(&source->changed, &source->mutex);
    bool has_block = source->n_given < source->n_filled;
    int error = source->error;
    if (has_block)
        *ret_block = &source->slots[source->n_given++ % BLOCK_COUNT].block;
    pthread_cond_signal(&source->changed);
    pthread_mutex_unlock(&source->mutex);
    return has_block ? 0 : error;
}

void replay_source_close(struct replay_source *source) {
    if (!source)
        return;
    if (!source->closing) {
        pthread_mutex_lock(&source->mutex);
        source->closing = true;
        pthread_cond_signal(&source->changed);
        pthread_mutex_unlock(&source->mutex);
        pthread_join(source->thread, NULL);
    }
    journal_reader_close(source->reader);
    for (size_t i = 0; i < BLOCK_COUNT; i++)
        arena_deinit(&source->slots[i].arena);
    pthread_cond_destroy(&source->changed);
    pthread_mutex_destroy(&source->mutex);
    free(source);
}
