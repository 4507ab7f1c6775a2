#include "store/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "store/internal.h"

int64_t commits_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

void commits_note(struct commits *commits, uint64_t txn, int64_t began_us, int64_t ended_us) {
    commits->n++;
    commits->last_us = ended_us - began_us;
    commits->total_us += ended_us - began_us;
    commits->last_txn = txn;
    commits->last_ended_us = ended_us;
    const struct commit_time *newest =
        &commits->times[(commits->n_times + COMMIT_TIMES - 1) % COMMIT_TIMES];
    if (commits->n_times == 0 || ended_us - newest->us >= COMMIT_TIMES_APART_US)
        commits->times[commits->n_times++ % COMMIT_TIMES] = (struct commit_time){txn, ended_us};
}

int64_t commits_overtook_us(const struct commits *commits, uint64_t txn) {
    size_t n = commits->n_times < COMMIT_TIMES ? commits->n_times : COMMIT_TIMES;
    for (size_t i = commits->n_times - n; i < commits->n_times; i++)
        if (commits->times[i % COMMIT_TIMES].txn > txn)
            return commits->times[i % COMMIT_TIMES].us;
    return commits->last_ended_us;
}

/* What mdb_reader_list says, line by line. */
struct reader_walk {
    pid_t own;
    uint64_t writer_txn; /* of the engine's snapshot; 0: none, or it was passed already */
    uint64_t oldest_txn; /* 0: none */
    pid_t oldest_pid;
    uint32_t n;
};

static int each_reader(const char *line, void *context) {
    struct reader_walk *walk = context;
    int pid;
    uint64_t txn;
    if (sscanf(line, "%d %*s %" SCNu64, &pid, &txn) != 2)
        return 0; /* the heading, or one that reads nothing just now */
    if (pid == walk->own && txn == walk->writer_txn) {
        walk->writer_txn = 0;
        return 0;
    }
    walk->n++;
    if (!walk->oldest_txn || txn < walk->oldest_txn) {
        walk->oldest_txn = txn;
        walk->oldest_pid = pid;
    }
    return 0;
}

static void put_readers(struct store *store, struct store_figures *figures) {
    struct reader_walk walk = {.own = getpid()};
    MDB_envinfo info;
    pthread_mutex_lock(&store->mutex);
    walk.writer_txn = store->writer_txn;
    pthread_mutex_unlock(&store->mutex);
    if (mdb_reader_list(store->env, each_reader, &walk) < 0 || mdb_env_info(store->env, &info))
        return;
    figures->n_readers = walk.n;
    figures->readers_limit = info.me_maxreaders;
    pthread_mutex_lock(&store->mutex);
    const struct commits *commits = &store->commits;
    if (walk.oldest_txn && commits->n && walk.oldest_txn < commits->last_txn) {
        int64_t held_us = commits_now_us() - commits_overtook_us(commits, walk.oldest_txn);
        figures->is_overtaken = true;
        figures->oldest_pid = walk.oldest_pid;
        figures->oldest_behind = commits->last_txn - walk.oldest_txn;
        figures->oldest_held_us = held_us > 0 ? (uint64_t)held_us : 0;
    }
    pthread_mutex_unlock(&store->mutex);
}

void store_figures(struct store *store, struct store_figures *ret_figures) {
    MDB_envinfo info;
    MDB_stat stat;
    *ret_figures = (struct store_figures){0};
    if (mdb_env_info(store->env, &info) || mdb_env_stat(store->env, &stat))
        return;
    ret_figures->map_bytes = info.me_mapsize;
    ret_figures->page_bytes = stat.ms_psize;
    ret_figures->used_bytes = (uint64_t)(info.me_last_pgno + 1) * stat.ms_psize;
    pthread_mutex_lock(&store->mutex);
    ret_figures->checkpoints = store->commits.n;
    ret_figures->checkpoints_us = (uint64_t)store->commits.total_us;
    ret_figures->last_checkpoint_us = (uint64_t)store->commits.last_us;
    ret_figures->pending_bytes = store->pending_bytes;
    pthread_mutex_unlock(&store->mutex);
    put_readers(store, ret_figures);
}

uint64_t view_free_pages(struct view *view) {
    const MDB_dbi free_pages = 0; /* LMDB's own: lists of numbers, each with its length before it */
    MDB_cursor *cursor;
    MDB_val key, value;
    uint64_t n = 0;
    if (mdb_cursor_open(view->txn, free_pages, &cursor))
        return 0;
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        size_t length;
        if (value.mv_size < sizeof length)
            continue;
        memcpy(&length, value.mv_data, sizeof length);
        n += length;
    }
    mdb_cursor_close(cursor);
    return n;
}
