/* The engine's side: an event's rows, pending rows, and handing them to the checkpoint thread. */
#include <assert.h>
#include <stdlib.h>

#include "store/internal.h"
#include "util/error.h"

#define HURRY_US 10000 /* a reader that waits makes a checkpoint due, but not more often */
#define EVENT_CHUNK_BYTES (64u << 10)
#define PENDING_CHUNK_BYTES (1u << 20)

int store_writer_open(struct store *store, struct store_writer **ret_writer) {
    assert(!store->writer && !store->options.read_only);
    struct store_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_note(-ENOMEM, "state: the writer");
    writer->store = store;
    writer->view = (struct view){.store = store, .writer = writer};
    layer_init(&writer->event, EVENT_CHUNK_BYTES);
    for (int i = 0; i < 2; i++)
        layer_init(&writer->layers[i], PENDING_CHUNK_BYTES);
    writer->pending = &writer->layers[0];
    writer->frozen = &writer->layers[1];
    writer->head = writer->taken = store_committed(store);
    writer->taken_us = INT64_MIN / 2;
    int error = view_renew(&writer->view);
    if (!error)
        error = checkpoint_start(writer);
    if (error) {
        mdb_txn_abort(writer->view.txn);
        free(writer);
        return error;
    }
    store->writer = writer;
    *ret_writer = writer;
    return 0;
}

void store_writer_close(struct store_writer *writer) {
    if (!writer)
        return;
    checkpoint_stop(writer);
    writer->store->writer = NULL;
    mdb_txn_abort(writer->view.txn);
    layer_deinit(&writer->event);
    for (int i = 0; i < 2; i++)
        layer_deinit(&writer->layers[i]);
    free(writer);
}

struct view *store_writer_view(struct store_writer *writer) {
    return &writer->view;
}

/* ---- an event ---- */

void store_put(struct store_writer *writer, enum table table, struct str key, struct str row) {
    uint32_t hash = layer_hash(writer->store->hash_seed, table, key);
    layer_prefetch(writer->pending, hash); /* for store_accept */
    layer_put(&writer->event, hash, table, key, row);
}

void store_set_beside(struct store_writer *writer, const struct store_beside *beside) {
    writer->beside = beside;
}

static void accept_rows(struct store_writer *writer) {
    for (size_t i = 0; i < writer->event.n_items; i++) {
        const struct layer_row *row = writer->event.items[i].row;
        enum table table = (enum table)row->table;
        const struct layer_row *kept =
            layer_put(writer->pending, row->hash, table, layer_row_key(row), layer_row_data(row));
        memo_keep(&writer->memo, row->hash, table, layer_row_key(kept), kept->size > 0,
                  layer_row_data(kept));
    }
    layer_reset(&writer->event);
}

void store_accept(struct store_writer *writer) {
    accept_rows(writer);
    if (writer->beside)
        writer->beside->accept(writer->beside->self);
}

void store_refuse(struct store_writer *writer) {
    layer_reset(&writer->event);
    if (writer->beside)
        writer->beside->refuse(writer->beside->self);
}

/* ---- handing over ---- */

/* After a commit: first the snapshot that holds the rows, then the rows go. Between events only,
 * because what the engine's view gave out ends here. */
static void writer_drop_frozen(struct store_writer *writer) {
    int error = view_renew(&writer->view);
    if (error) {
        store_fail(writer->store, error);
        return;
    }
    layer_reset(writer->frozen);
    pthread_mutex_lock(&writer->store->mutex);
    writer->stage = CHECKPOINT_NONE;
    pthread_mutex_unlock(&writer->store->mutex);
}

static enum checkpoint_stage writer_stage(struct store_writer *writer) {
    pthread_mutex_lock(&writer->store->mutex);
    enum checkpoint_stage stage = writer->stage;
    pthread_mutex_unlock(&writer->store->mutex);
    return stage;
}

/* A frame that changed no row counts too: the head must follow. */
static bool writer_has_news(const struct store_writer *writer) {
    return writer->pending->n_items > 0 || writer->head.sequence != writer->taken.sequence ||
           writer->head.epoch != writer->taken.epoch;
}

/* Under the mutex. */
static bool writer_is_due(struct store_writer *writer, int64_t now_us) {
    const struct store *store = writer->store;
    if (writer->stage == CHECKPOINT_TAKEN || store->error || !writer_has_news(writer))
        return false;
    if (now_us < writer->taken_us) /* the clock went back: count from here */
        writer->taken_us = now_us;
    int64_t passed_us = now_us - writer->taken_us;
    return passed_us >= store->options.checkpoint_ms * INT64_C(1000) ||
           (store->n_waiting && passed_us >= HURRY_US) ||
           writer->pending->used_bytes >= store->options.pending_limit_bytes;
}

/* Only the engine begins a checkpoint, so that what was due stays so meanwhile. */
static void writer_take(struct store_writer *writer) {
    if (writer->beside)
        writer->beside->write(writer->beside->self);
    accept_rows(writer);
    pthread_mutex_lock(&writer->store->mutex);
    assert(writer->stage == CHECKPOINT_NONE && writer->frozen->n_items == 0);
    struct layer *empty = writer->frozen;
    writer->frozen = writer->pending;
    writer->pending = empty;
    writer->taken = writer->head;
    writer->stage = CHECKPOINT_TAKEN;
    pthread_cond_signal(&writer->store->work);
    pthread_mutex_unlock(&writer->store->mutex);
}

bool store_frame_boundary(struct store_writer *writer, const struct store_head *head,
                          int64_t now_us) {
    assert(writer->event.n_items == 0 && head->sequence >= writer->head.sequence);
    writer->head = *head;
    if (writer_stage(writer) == CHECKPOINT_DONE)
        writer_drop_frozen(writer);
    pthread_mutex_lock(&writer->store->mutex);
    /* A checkpoint that ended since the look above is dropped at the next boundary. */
    bool is_due = writer->stage == CHECKPOINT_NONE && writer_is_due(writer, now_us);
    if (is_due)
        writer->taken_us = now_us;
    pthread_mutex_unlock(&writer->store->mutex);
    if (is_due)
        writer_take(writer);
    return is_due;
}

bool store_wants_checkpoint(struct store_writer *writer, int64_t now_us) {
    pthread_mutex_lock(&writer->store->mutex);
    bool is_due = writer_is_due(writer, now_us);
    pthread_mutex_unlock(&writer->store->mutex);
    return is_due;
}

/* Waits until no checkpoint is under way. 0 or < 0. */
static int writer_settle(struct store_writer *writer) {
    struct store *store = writer->store;
    pthread_mutex_lock(&store->mutex);
    while (writer->stage == CHECKPOINT_TAKEN && !store->error)
        pthread_cond_wait(&store->done, &store->mutex);
    bool is_done = writer->stage == CHECKPOINT_DONE && !store->error;
    pthread_mutex_unlock(&store->mutex);
    if (is_done)
        writer_drop_frozen(writer);
    pthread_mutex_lock(&store->mutex);
    int error = store->error;
    pthread_mutex_unlock(&store->mutex);
    return error;
}

int store_flush(struct store_writer *writer, const struct store_head *head) {
    assert(writer->event.n_items == 0 && head->sequence >= writer->head.sequence);
    writer->head = *head;
    store_durable(writer->store, head->sequence);
    int error = writer_settle(writer);
    if (error || !writer_has_news(writer))
        return error;
    writer_take(writer);
    return writer_settle(writer);
}

void store_wait_room(struct store_writer *writer) {
    assert(writer->event.n_items == 0);
    if (writer->pending->used_bytes >= writer->store->options.pending_limit_bytes)
        writer_settle(writer);
}
