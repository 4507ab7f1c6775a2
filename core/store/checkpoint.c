/* The checkpoint thread: takes what the engine froze, waits until the journal has that frame,
 * commits it in key order with the head beside it, and tells whoever waits. */
#include "store/internal.h"
#include "util/error.h"
#include "util/thread.h"

/* A transaction that keeps its first error, so that a run of puts needs one look at the end. */
struct commit {
    MDB_txn *txn;
    MDB_cursor *cursor; /* of the table that is under way */
    int code;           /* LMDB's, the first that was not 0 */
    /* Rows behind the table's last key are appended: pages are filled whole then, and no search is
     * needed. */
    bool has_last;
    size_t last_size;
    char last[STORE_KEY_LIMIT];
};

/* The key that the table ends with before this commit touches it. */
static int commit_find_last(struct commit *commit) {
    MDB_val key, value;
    int code = mdb_cursor_get(commit->cursor, &key, &value, MDB_LAST);
    commit->has_last = !code;
    if (code == MDB_NOTFOUND)
        return 0;
    if (!code) {
        memcpy(commit->last, key.mv_data, key.mv_size);
        commit->last_size = key.mv_size;
    }
    return code;
}

static void commit_begin_table(struct commit *commit, const struct store *store, unsigned table) {
    commit->code = mdb_cursor_open(commit->txn, store->tables[table], &commit->cursor);
    if (!commit->code)
        commit->code = commit_find_last(commit);
}

static int commit_remove(struct commit *commit, MDB_val *key) {
    int code = mdb_cursor_get(commit->cursor, key, NULL, MDB_SET);
    if (code == MDB_NOTFOUND)
        return 0;
    return code ? code : mdb_cursor_del(commit->cursor, 0);
}

static bool commit_is_behind(const struct commit *commit, struct str key) {
    struct str last = {commit->last, commit->last_size};
    return !commit->has_last || str_compare(key, last) > 0;
}

static void commit_row(struct commit *commit, const struct row *row) {
    MDB_val key = val_from(row_key(row)), value = val_from(row_data(row));
    if (row->size == 0) {
        commit->code = commit_remove(commit, &key);
    } else {
        unsigned flags = commit_is_behind(commit, row_key(row)) ? MDB_APPEND : 0;
        commit->code = mdb_cursor_put(commit->cursor, &key, &value, flags);
    }
}

static void commit_table(struct commit *commit, const struct store *store, unsigned table,
                         struct row_list *list) {
    row_list_sort(list);
    commit_begin_table(commit, store, table);
    for (size_t i = 0; i < list->n && !commit->code; i++) {
        /* In key order rows lie all over the memory. */
        __builtin_prefetch(list->items[i + 8 < list->n ? i + 8 : i].row);
        commit_row(commit, list->items[i].row);
    }
    if (commit->cursor)
        mdb_cursor_close(commit->cursor);
    commit->cursor = NULL;
}

static int commit_end(struct commit *commit, uint64_t *ret_txn) {
    if (!commit->code) {
        *ret_txn = mdb_txn_id(commit->txn);
        return mdb_txn_commit(commit->txn);
    }
    mdb_txn_abort(commit->txn);
    return commit->code;
}

/* Rows and head are committed together or not at all. */
static int checkpoint_commit(struct store *store, struct row_list *rows,
                             const struct store_head *head, uint64_t *ret_txn) {
    struct commit commit = {.txn = NULL};
    int n_dead;
    /* What a killed reader of another process left would hold the file's growth. */
    int code = mdb_reader_check(store->env, &n_dead);
    if (!code)
        code = mdb_txn_begin(store->env, NULL, 0, &commit.txn);
    if (code)
        return lmdb_note(code, "beginning a checkpoint");
    for (unsigned table = 0; table < TABLE_COUNT && !commit.code; table++)
        if (rows[table].n)
            commit_table(&commit, store, table, &rows[table]);
    if (!commit.code)
        commit.code = head_write(commit.txn, store->own, head);
    code = commit_end(&commit, ret_txn);
    return code ? lmdb_note(code, "committing a checkpoint") : 0;
}

/* Under the mutex: true when there is something to commit, false at the end. */
static bool checkpoint_wait(struct store_writer *writer) {
    struct store *store = writer->store;
    while (!writer->stopping &&
           !(writer->stage == CHECKPOINT_TAKEN && store->durable >= writer->taken.sequence))
        pthread_cond_wait(&store->work, &store->mutex);
    return !writer->stopping;
}

static void *checkpoint_run(void *context) {
    struct store_writer *writer = context;
    thread_stand_back();
    struct store *store = writer->store;
    int error = 0;
    pthread_mutex_lock(&store->mutex);
    while (!error && checkpoint_wait(writer)) {
        pthread_mutex_unlock(&store->mutex);
        int64_t began_us = commits_now_us();
        uint64_t txn = 0;
        error = checkpoint_commit(store, writer->taken_rows, &writer->taken, &txn);
        pthread_mutex_lock(&store->mutex);
        if (!error) {
            commits_note(&store->commits, txn, began_us, commits_now_us());
            store->committed = writer->taken;
            writer->stage = CHECKPOINT_DONE;
            pthread_cond_broadcast(&store->done);
        }
    }
    pthread_mutex_unlock(&store->mutex);
    if (error)
        store_fail(store, error);
    return NULL;
}

int checkpoint_start(struct store_writer *writer) {
    int error = thread_start(&writer->thread, "checkpoint", checkpoint_run, writer);
    return error ? error_note(error, "state: the checkpoint thread") : 0;
}

void checkpoint_stop(struct store_writer *writer) {
    pthread_mutex_lock(&writer->store->mutex);
    writer->stopping = true;
    pthread_cond_signal(&writer->store->work);
    pthread_mutex_unlock(&writer->store->mutex);
    pthread_join(writer->thread, NULL);
}
