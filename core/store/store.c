#include "store/store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "store/internal.h"
#include "util/error.h"
#include "util/io.h"
#include "util/log.h"

#define READERS_LIMIT 256
#define HURRY_MS 10 /* a reader that waits asks again after so long */

/* ---- LMDB's codes ---- */

static int lmdb_errno(int code) {
    switch (code) {
    case MDB_MAP_FULL:
        return -ENOSPC;
    case MDB_READERS_FULL:
        return -EAGAIN;
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_NOTFOUND:
        return -EBADMSG;
    default:
        return code > 0 ? -code : -EIO;
    }
}

int lmdb_note_at(const char *file, int line, int code, const char *what) {
    char text[256];
    const char *hint = code == MDB_MAP_FULL ? ": raise store.map_size_gib and start again" : "";
    /* What LMDB passes on from the system reads as the errno that stands behind it anyway. */
    snprintf(text, sizeof text, "state: %s%s%s%s", what, code < 0 ? ": " : "",
             code < 0 ? mdb_strerror(code) : "", hint);
    return error_note_at(file, line, lmdb_errno(code), text);
}

/* ---- head row ---- */

int head_read(MDB_txn *txn, MDB_dbi own, struct store_head *ret_head) {
    MDB_val key = val_from(STR(HEAD_KEY)), value;
    int code = mdb_get(txn, own, &key, &value);
    if (code)
        return lmdb_note(code, "reading the head");
    struct cursor cursor = cursor_from(str_from_val(value));
    struct store_head head;
    head.epoch = cursor_u64(&cursor);
    head.sequence = cursor_u64(&cursor);
    cursor_copy(&cursor, head.frame_hash, sizeof head.frame_hash);
    if (cursor.failed || cursor_left(&cursor))
        return error_note(-EBADMSG, "state: the head row has another size");
    *ret_head = head;
    return 0;
}

int head_write(MDB_txn *txn, MDB_dbi own, const struct store_head *head) {
    uint64_t numbers[2] = {htole64(head->epoch), htole64(head->sequence)};
    char bytes[sizeof numbers + sizeof head->frame_hash];
    memcpy(bytes, numbers, sizeof numbers);
    memcpy(bytes + sizeof numbers, head->frame_hash, sizeof head->frame_hash);
    MDB_val key = val_from(STR(HEAD_KEY)), value = {sizeof bytes, bytes};
    return mdb_put(txn, own, &key, &value, 0);
}

/* ---- open ---- */

static int format_read(struct store *store, MDB_txn *txn) {
    MDB_val key = val_from(STR(FORMAT_KEY)), value;
    int code = mdb_get(txn, store->own, &key, &value);
    if (code)
        return lmdb_note(code, "reading the format number");
    struct cursor cursor = cursor_from(str_from_val(value));
    uint32_t format = cursor_u32(&cursor);
    return cursor.failed || format != STORE_FORMAT ? STORE_OTHER_FORMAT : 0;
}

/* In one transaction: a state is there whole or not at all. */
static int store_create(struct store *store, MDB_txn *txn) {
    uint32_t format = htole32(STORE_FORMAT);
    MDB_val key = val_from(STR(FORMAT_KEY)), value = {sizeof format, &format};
    int code = mdb_dbi_open(txn, "volunteerd", MDB_CREATE, &store->own);
    if (!code)
        code = mdb_put(txn, store->own, &key, &value, 0);
    if (!code)
        code = head_write(txn, store->own, &store->committed);
    for (unsigned table = 0; !code && table < TABLE_COUNT; table++)
        code = mdb_dbi_open(txn, table_name((enum table)table), MDB_CREATE, &store->tables[table]);
    return code ? lmdb_note(code, "creating") : 0;
}

static int store_open_tables(struct store *store, MDB_txn *txn) {
    int code = mdb_dbi_open(txn, "volunteerd", 0, &store->own);
    if (code == MDB_NOTFOUND && !store->options.read_only)
        return store_create(store, txn);
    if (code)
        return lmdb_note(code, "opening");
    int outcome = format_read(store, txn);
    for (unsigned table = 0; !outcome && table < TABLE_COUNT; table++) {
        code = mdb_dbi_open(txn, table_name((enum table)table), 0, &store->tables[table]);
        if (code)
            outcome = lmdb_note(code, table_name((enum table)table));
    }
    return outcome ? outcome : head_read(txn, store->own, &store->committed);
}

static int store_open_databases(struct store *store) {
    MDB_txn *txn;
    int code = mdb_txn_begin(store->env, NULL, store->options.read_only ? MDB_RDONLY : 0, &txn);
    if (code)
        return lmdb_note(code, "opening");
    int outcome = store_open_tables(store, txn);
    if (outcome) {
        mdb_txn_abort(txn);
        return outcome;
    }
    /* The handles last beyond the transaction only when it is committed, a reading one too. */
    code = mdb_txn_commit(txn);
    return code ? lmdb_note(code, "opening") : 0;
}

static int store_open_env(struct store *store) {
    const struct store_options *options = &store->options;
    unsigned flags = MDB_NOTLS | (options->read_only ? MDB_RDONLY : 0);
    int n_dead;
    int code = mdb_env_create(&store->env);
    if (!code)
        code = mdb_env_set_mapsize(store->env, options->map_size_bytes);
    if (!code)
        code = mdb_env_set_maxdbs(store->env, TABLE_COUNT + 1);
    if (!code)
        code = mdb_env_set_maxreaders(store->env, READERS_LIMIT);
    if (!code)
        code = mdb_env_open(store->env, options->directory, flags, 0640);
    if (code == MDB_VERSION_MISMATCH)
        return STORE_OTHER_FORMAT;
    /* LMDB does not sync the first pages of a new file by themselves: a power cut may leave it
     * without them. */
    if (code == MDB_INVALID) {
        log_warning("%s/data.mdb is not a state", options->directory);
        return STORE_OTHER_FORMAT;
    }
    if (!code)
        code = mdb_reader_check(store->env, &n_dead);
    return code ? lmdb_note(code, options->directory) : 0;
}

static void store_init(struct store *store, const struct store_options *options) {
    *store = (struct store){.options = *options};
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&store->work, &attributes);
    pthread_cond_init(&store->done, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&store->mutex, NULL);
    pthread_mutex_init(&store->views_mutex, NULL);
    pthread_mutex_init(&store->waker_mutex, NULL);
}

int store_open(const struct store_options *options, struct store **ret_store) {
    const struct io *io = io_system();
    struct store *store = malloc(sizeof *store);
    if (!store)
        return error_note(-ENOMEM, "state");
    store_init(store, options);
    io->random(io->self, &store->hash_seed, sizeof store->hash_seed);
    int outcome = 0;
    if (!options->read_only)
        outcome = io->mkdir(io->self, options->directory);
    if (outcome)
        error_note(outcome, options->directory);
    else
        outcome = store_open_env(store);
    if (!outcome)
        outcome = store_open_databases(store);
    if (!outcome && !options->read_only)
        outcome = io->sync_dir(io->self, options->directory);
    store->durable = store->committed.sequence;
    store->options.directory = NULL; /* the caller's; not needed any more */
    if (outcome) {
        store_close(store);
        return outcome;
    }
    *ret_store = store;
    return 0;
}

void store_close(struct store *store) {
    if (!store)
        return;
    assert(!store->writer && store->n_views_open == 0);
    views_free(store);
    if (store->env)
        mdb_env_close(store->env);
    pthread_mutex_destroy(&store->waker_mutex);
    pthread_mutex_destroy(&store->views_mutex);
    pthread_mutex_destroy(&store->mutex);
    pthread_cond_destroy(&store->done);
    pthread_cond_destroy(&store->work);
    free(store);
}

int store_remove(const char *directory) {
    static const char *const files[] = {"data.mdb", "lock.mdb"};
    const struct io *io = io_system();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[4096];
        if (snprintf(path, sizeof path, "%s/%s", directory, files[i]) >= (int)sizeof path)
            return error_note(-ENAMETOOLONG, directory);
        int error = io->unlink(io->self, path);
        if (error && error != -ENOENT)
            return error_note(error, path);
    }
    int error = io->sync_dir(io->self, directory);
    return error && error != -ENOENT ? error_note(error, directory) : 0;
}

/* ---- what it stands at ---- */

struct store_head store_committed(struct store *store) {
    pthread_mutex_lock(&store->mutex);
    struct store_head head = store->committed;
    pthread_mutex_unlock(&store->mutex);
    return head;
}

uint64_t store_bytes(struct store *store) {
    MDB_envinfo info;
    MDB_stat stat;
    if (mdb_env_info(store->env, &info) || mdb_env_stat(store->env, &stat))
        return 0;
    return (uint64_t)(info.me_last_pgno + 1) * stat.ms_psize;
}

void store_fail(struct store *store, int error) {
    pthread_mutex_lock(&store->mutex);
    bool is_first = !store->error;
    if (is_first)
        store->error = error;
    pthread_cond_broadcast(&store->done);
    pthread_mutex_unlock(&store->mutex);
    if (is_first && store->options.on_failure)
        store->options.on_failure(store->options.context, error);
}

void store_durable(struct store *store, uint64_t sequence) {
    pthread_mutex_lock(&store->mutex);
    if (sequence > store->durable)
        store->durable = sequence;
    pthread_cond_signal(&store->work);
    pthread_mutex_unlock(&store->mutex);
}

/* ---- waiting ---- */

struct timespec deadline_after(uint32_t milliseconds) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += milliseconds / 1000;
    time.tv_nsec += milliseconds % 1000 * 1000000L;
    if (time.tv_nsec >= 1000000000L) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000L;
    }
    return time;
}

bool deadline_passed(const struct timespec *deadline) {
    struct timespec now = deadline_after(0);
    return now.tv_sec > deadline->tv_sec ||
           (now.tv_sec == deadline->tv_sec && now.tv_nsec >= deadline->tv_nsec);
}

void store_set_waker(struct store *store, void (*wake)(void *context), void *context) {
    pthread_mutex_lock(&store->waker_mutex);
    store->wake = wake;
    store->wake_context = context;
    pthread_mutex_unlock(&store->waker_mutex);
}

static void store_wake(struct store *store) {
    pthread_mutex_lock(&store->waker_mutex);
    if (store->wake)
        store->wake(store->wake_context);
    pthread_mutex_unlock(&store->waker_mutex);
}

/* Wakes the engine at first and again each HURRY_MS: a checkpoint may have been under way, or the
 * last one too recent, when it looked. */
static int store_wait_committed(struct store *store, uint64_t sequence,
                                const struct timespec *deadline) {
    while (store->committed.sequence < sequence && !store->error) {
        if (deadline_passed(deadline))
            return STORE_TIMEOUT;
        pthread_mutex_unlock(&store->mutex);
        store_wake(store);
        pthread_mutex_lock(&store->mutex);
        struct timespec again = deadline_after(HURRY_MS);
        while (store->committed.sequence < sequence && !store->error) {
            if (pthread_cond_timedwait(&store->done, &store->mutex, &again))
                break;
        }
    }
    return store->committed.sequence >= sequence ? 0 : store->error;
}

int store_wait(struct store *store, uint64_t sequence, uint32_t timeout_ms) {
    struct timespec deadline = deadline_after(timeout_ms);
    pthread_mutex_lock(&store->mutex);
    store->n_waiting++;
    int outcome = store_wait_committed(store, sequence, &deadline);
    store->n_waiting--;
    pthread_mutex_unlock(&store->mutex);
    return outcome;
}
