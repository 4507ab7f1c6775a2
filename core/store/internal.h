/* What the files of this folder share: nobody outside includes it.
 *
 * Locks: `mutex` guards what says so below and is never held over a commit or a callback;
 * `views_mutex` guards the pool of readers; `waker_mutex` is held while the waker runs, so that it
 * can be taken away safely. None is taken inside another. */
#pragma once

#include <lmdb.h>
#include <pthread.h>
#include <sys/types.h>

#include "store/reserve.h"
#include "store/rows.h"
#include "store/store.h"

#define HEAD_KEY "head"
#define FORMAT_KEY "format"

/* Cursors that stand where rows were found: see places.c. */
struct places;
struct places *places_new(void);
void places_free(struct places *places);
/* LMDB's code. */
int places_get(struct places *places, MDB_txn *txn, const struct store *store, enum table table,
               struct str key, MDB_val *ret_value);

struct view {
    struct store *store;
    struct places *places; /* of a reader that walks, else NULL */
    MDB_txn *txn;
    struct store_head head;
    struct store_writer *writer; /* of the engine's view; NULL: a reader's */
    struct view *next;           /* in the pool */
};

enum checkpoint_stage { CHECKPOINT_NONE, CHECKPOINT_TAKEN, CHECKPOINT_DONE };

/* When checkpoints were committed, for whoever looks how long a snapshot holds what came after it
 * (figures.c): of the last 4,096 that lie a second apart. */
#define COMMIT_TIMES 4096
#define COMMIT_TIMES_APART_US 1000000
struct commit_time {
    uint64_t txn;
    int64_t us;
};
struct commits {
    uint64_t n;
    uint64_t last_txn;
    int64_t last_ended_us;
    int64_t last_us; /* the last one took */
    int64_t total_us;
    size_t n_times; /* ever; the newest COMMIT_TIMES are there */
    struct commit_time times[COMMIT_TIMES];
};
/* CLOCK_MONOTONIC. */
int64_t commits_now_us(void);
void commits_note(struct commits *commits, uint64_t txn, int64_t began_us, int64_t ended_us);
/* When the state went on from the snapshot of this transaction, as far as that is known. */
int64_t commits_overtook_us(const struct commits *commits, uint64_t txn);

struct store {
    struct store_options options;
    MDB_env *env;
    MDB_dbi tables[TABLE_COUNT];
    MDB_dbi own; /* "volunteerd": the format number and the head */
    uint64_t hash_seed;
    struct store_writer *writer;

    pthread_mutex_t mutex;
    pthread_cond_t work; /* for the checkpoint thread: taken, durable, stop */
    pthread_cond_t done; /* for those who wait: committed or failed */
    /* Under mutex. */
    struct store_head committed;
    uint64_t durable;
    uint32_t n_waiting; /* readers in store_wait */
    int error;
    struct commits commits;
    uint64_t pending_bytes; /* of the writer's rows, at the last frame boundary */
    uint64_t writer_txn;    /* of the engine's snapshot; 0: there is none */

    pthread_mutex_t views_mutex;
    struct view *views; /* closed ones, to be used again */
    uint32_t n_views_open;

    pthread_mutex_t waker_mutex;
    void (*wake)(void *context);
    void *wake_context;
};

struct store_writer {
    struct store *store;
    struct view view;
    const struct store_beside *beside; /* may be NULL */
    struct reserve *reserve;
    struct rows rows;
    /* Of the view's snapshot, opened at their first use. A cursor that stands near looks there
     * first: ids and numbers come in order. */
    MDB_cursor *cursors[TABLE_COUNT];
    struct store_head head;      /* what the engine stands at */
    struct store_head taken;     /* what the last checkpoint holds, or will */
    struct row_list *taken_rows; /* those that it commits: a list for each table */
    int64_t taken_us;
    size_t due_bytes; /* pending, from there on a checkpoint is due */
    pthread_t thread;
    /* Under the store's mutex. From TAKEN to DONE `taken` and the frozen rows may only be read, and
     * only the checkpoint thread may sort; from DONE on they are the engine's again. */
    enum checkpoint_stage stage;
    bool stopping;
};

static inline MDB_val val_from(struct str s) {
    /* LMDB does not write through it. */
    return (MDB_val){s.size, (void *)(uintptr_t)s.data};
}

static inline struct str str_from_val(MDB_val val) {
    return (struct str){val.mv_data, val.mv_size};
}

/* LMDB's code as a negative errno, noted. */
int lmdb_note_at(const char *file, int line, int code, const char *what);
#define lmdb_note(code, what) lmdb_note_at(__FILE__, __LINE__, (code), (what))

/* The head as it lies in LMDB: 48 bytes. 0 or < 0. */
int head_read(MDB_txn *txn, MDB_dbi own, struct store_head *ret_head);
/* LMDB's code: for a transaction that keeps its first error. */
int head_write(MDB_txn *txn, MDB_dbi own, const struct store_head *head);

/* Begins or renews the view's transaction and reads its head. */
int view_renew(struct view *view);
void views_free(struct store *store);

/* Keeps the first error and tells on_failure, once. */
void store_fail(struct store *store, int error);
/* CLOCK_MONOTONIC, so many milliseconds from now: to wait on a condition until. */
struct timespec deadline_after(uint32_t milliseconds);
bool deadline_passed(const struct timespec *deadline);

/* The checkpoint thread, from store_writer_open to store_writer_close. */
int checkpoint_start(struct store_writer *writer);
void checkpoint_stop(struct store_writer *writer);
