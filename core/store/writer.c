/* The engine's side: an event's rows, pending rows, and handing them to the checkpoint thread. */
#include <assert.h>
#include <stdlib.h>

#include "store/internal.h"
#include "util/error.h"

#define ROWS_LIMIT_BYTES ((size_t)80 << 20)
#define HURRY_US 10000 /* a reader that waits makes a checkpoint due, but not more often */

static void writer_free(struct store_writer *writer) {
    for (int table = 0; table < TABLE_COUNT; table++)
        if (writer->cursors[table])
            mdb_cursor_close(writer->cursors[table]);
    mdb_txn_abort(writer->view.txn);
    rows_deinit(&writer->rows);
    reserve_stop(writer->reserve);
    free(writer);
}

int store_writer_open(struct store *store, struct store_writer **ret_writer) {
    assert(!store->writer && !store->options.read_only);
    struct store_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_note(-ENOMEM, "state: the writer");
    writer->store = store;
    writer->view = (struct view){.store = store, .writer = writer};
    int error = reserve_start(&writer->reserve);
    rows_init(&writer->rows, store->hash_seed, writer->reserve);
    writer->head = writer->taken = store_committed(store);
    writer->taken_us = INT64_MIN / 2;
    writer->due_bytes = store->options.pending_limit_bytes;
    if (!error)
        error = view_renew(&writer->view);
    if (!error)
        error = checkpoint_start(writer);
    if (error) {
        writer_free(writer);
        return error;
    }
    store->writer = writer;
    store->writer_txn = mdb_txn_id(writer->view.txn);
    *ret_writer = writer;
    return 0;
}

void store_writer_close(struct store_writer *writer) {
    if (!writer)
        return;
    checkpoint_stop(writer);
    writer->store->writer = NULL;
    writer->store->writer_txn = 0;
    writer_free(writer);
}

struct view *store_writer_view(struct store_writer *writer) {
    return &writer->view;
}

/* ---- an event ---- */

void store_put(struct store_writer *writer, enum table table, struct str key, struct str row) {
    rows_put(&writer->rows, rows_hash(&writer->rows, table, key), table, key, row);
}

void store_set_beside(struct store_writer *writer, const struct store_beside *beside) {
    writer->beside = beside;
}

void store_accept(struct store_writer *writer) {
    rows_accept(&writer->rows);
    if (writer->beside)
        writer->beside->accept(writer->beside->self);
}

void store_refuse(struct store_writer *writer) {
    rows_refuse(&writer->rows);
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
    rows_thaw(&writer->rows);
    pthread_mutex_lock(&writer->store->mutex);
    writer->stage = CHECKPOINT_NONE;
    writer->store->writer_txn = mdb_txn_id(writer->view.txn);
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
    return writer->rows.n_pending > 0 || writer->head.sequence != writer->taken.sequence ||
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
           writer->rows.pending_bytes >= writer->due_bytes;
}

/* Only the engine begins a checkpoint, so that what was due stays so meanwhile. */
static void writer_take(struct store_writer *writer) {
    if (writer->beside)
        writer->beside->write(writer->beside->self);
    rows_accept(&writer->rows);
    pthread_mutex_lock(&writer->store->mutex);
    assert(writer->stage == CHECKPOINT_NONE);
    writer->taken_rows = rows_freeze(&writer->rows);
    writer->taken = writer->head;
    writer->stage = CHECKPOINT_TAKEN;
    pthread_cond_signal(&writer->store->work);
    pthread_mutex_unlock(&writer->store->mutex);
}

bool store_frame_boundary(struct store_writer *writer, const struct store_head *head,
                          int64_t now_us) {
    assert(!rows_in_event(&writer->rows) && head->sequence >= writer->head.sequence);
    writer->head = *head;
    if (writer_stage(writer) == CHECKPOINT_DONE)
        writer_drop_frozen(writer);
    rows_forget(&writer->rows, ROWS_LIMIT_BYTES);
    pthread_mutex_lock(&writer->store->mutex);
    /* A checkpoint that ended since the look above is dropped at the next boundary. */
    bool is_due = writer->stage == CHECKPOINT_NONE && writer_is_due(writer, now_us);
    if (is_due)
        writer->taken_us = now_us;
    writer->store->pending_bytes = is_due ? 0 : writer->rows.pending_bytes;
    pthread_mutex_unlock(&writer->store->mutex);
    if (is_due)
        writer_take(writer);
    return is_due;
}

void store_set_due(struct store_writer *writer, size_t pending_bytes) {
    writer->due_bytes = pending_bytes ? pending_bytes : writer->store->options.pending_limit_bytes;
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
    assert(!rows_in_event(&writer->rows) && head->sequence >= writer->head.sequence);
    writer->head = *head;
    store_durable(writer->store, head->sequence);
    int error = writer_settle(writer);
    if (error || !writer_has_news(writer))
        return error;
    writer_take(writer);
    return writer_settle(writer);
}

size_t store_pending_bytes(const struct store_writer *writer) {
    return writer->rows.pending_bytes;
}

void store_wait_room(struct store_writer *writer) {
    assert(!rows_in_event(&writer->rows));
    if (writer->rows.pending_bytes >= 2 * writer->store->options.pending_limit_bytes)
        writer_settle(writer);
}
