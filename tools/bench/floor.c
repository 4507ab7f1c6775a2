#include "floor.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "fail.h"
#include "files.h"
#include "sample.h"
#include "util/str.h"

/* ---- fdatasync ---- */

#define SYNC_FILE_BYTES (64u << 20)
#define SYNC_PIECE_BYTES 4096u

static int sync_file_make(const char *path) {
    static char zeros[1u << 20];
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    for (off_t at = 0; fd >= 0 && at < SYNC_FILE_BYTES; at += (off_t)sizeof zeros)
        if (pwrite(fd, zeros, sizeof zeros, at) != (ssize_t)sizeof zeros)
            fail("cannot write %s: %s", path, strerror(errno));
    if (fd < 0 || fsync(fd) < 0)
        fail("cannot write %s: %s", path, strerror(errno));
    return fd;
}

struct sync_floor floor_sync(const char *folder, double seconds) {
    char path[PATH_LIMIT], piece[SYNC_PIECE_BYTES];
    struct samples samples = {0};
    path_join(path, folder, "sync");
    int fd = sync_file_make(path);
    memset(piece, 0x5a, sizeof piece);
    int64_t start = now_ns(), now = start;
    while ((double)(now - start) < seconds * 1e9) {
        off_t at = (off_t)(samples.n * SYNC_PIECE_BYTES % SYNC_FILE_BYTES);
        if (pwrite(fd, piece, sizeof piece, at) != (ssize_t)sizeof piece || fdatasync(fd) < 0)
            fail("cannot write %s: %s", path, strerror(errno));
        int64_t after = now_ns();
        samples_add(&samples, after - now);
        now = after;
    }
    struct sync_floor floor = {(double)samples.n * 1e9 / (double)(now - start),
                               samples_percentile_us(&samples, 0.5)};
    samples_deinit(&samples);
    close(fd);
    unlink(path);
    return floor;
}

/* ---- LMDB ---- */

#define MAP_BYTES ((size_t)64 << 30)
#define EVENTS_PER_TRANSACTION 100u
#define N_VOLUNTEERS 100000u
#define IDENTIFIER_BYTES 18u /* source number, then the id: e0000000000001 */
#define EVENT_SECONDS 30u    /* an event happens so long after the one before: intervals differ */

enum { DEDUPLICATION, VOLUNTEER, INTERVAL, ROW, N_TABLES };
static const char *const table_names[N_TABLES] = {"deduplication", "volunteer", "interval", "row"};

struct puts {
    MDB_env *env;
    MDB_dbi tables[N_TABLES];
};

static void check(int error, const char *what) {
    if (error)
        fail("LMDB, %s: %s", what, mdb_strerror(error));
}

static void puts_open(struct puts *puts, const char *folder, unsigned flags) {
    MDB_txn *txn;
    folder_make(folder);
    check(mdb_env_create(&puts->env), "create");
    check(mdb_env_set_maxdbs(puts->env, N_TABLES), "tables");
    check(mdb_env_set_mapsize(puts->env, MAP_BYTES), "map");
    check(mdb_env_open(puts->env, folder, flags, 0640), "open");
    check(mdb_txn_begin(puts->env, NULL, 0, &txn), "begin");
    for (int i = 0; i < N_TABLES; i++)
        check(mdb_dbi_open(txn, table_names[i], MDB_CREATE, &puts->tables[i]), "table");
    check(mdb_txn_commit(txn), "commit");
}

static uint64_t scatter(uint64_t value) {
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

static void put(const struct puts *puts, MDB_txn *txn, int table, struct str key,
                struct str value) {
    MDB_val k = {key.size, (void *)(uintptr_t)key.data};
    MDB_val v = {value.size, (void *)(uintptr_t)value.data};
    check(mdb_put(txn, puts->tables[table], &k, &v, 0), "put");
}

/* Big-endian bytes, so that key order is number order. */
static void store_u64(char *at, uint64_t value) {
    value = htobe64(value);
    memcpy(at, &value, sizeof value);
}

static void store_u32(char *at, uint32_t value) {
    value = htobe32(value);
    memcpy(at, &value, sizeof value);
}

/* The four fixed puts: an 18-byte key in order (source, counter), a volunteer of 64 bytes, an
 * interval by volunteer and start, a row of 200 bytes by sequence. */
static void put_event(const struct puts *puts, MDB_txn *txn, uint64_t event) {
    char identifier[32], volunteer[4], interval[12], sequence[8], volunteer_row[64], row[200];
    uint32_t number = (uint32_t)(scatter(event) % N_VOLUNTEERS);
    store_u32(identifier, 1);
    snprintf(identifier + 4, sizeof identifier - 4, "e%013llu", (unsigned long long)event);
    store_u32(volunteer, number);
    store_u32(interval, number);
    store_u64(interval + 4, event * EVENT_SECONDS);
    store_u64(sequence, event);
    memset(volunteer_row, (int)(event & 0x7f), sizeof volunteer_row);
    memset(row, (int)(event & 0x7f), sizeof row);
    put(puts, txn, DEDUPLICATION, (struct str){identifier, IDENTIFIER_BYTES},
        (struct str){sequence, sizeof sequence});
    put(puts, txn, VOLUNTEER, (struct str){volunteer, sizeof volunteer},
        (struct str){volunteer_row, sizeof volunteer_row});
    put(puts, txn, INTERVAL, (struct str){interval, sizeof interval},
        (struct str){sequence, sizeof sequence});
    put(puts, txn, ROW, (struct str){sequence, sizeof sequence}, (struct str){row, sizeof row});
}

static double puts_run(const char *folder, unsigned flags, size_t first, size_t n_events,
                       size_t per_transaction) {
    struct puts puts;
    puts_open(&puts, folder, flags);
    int64_t start = now_ns();
    for (size_t done = 0; done < n_events; done += per_transaction) {
        MDB_txn *txn;
        check(mdb_txn_begin(puts.env, NULL, 0, &txn), "begin");
        for (size_t i = done; i < done + per_transaction && i < n_events; i++)
            put_event(&puts, txn, first + i);
        check(mdb_txn_commit(txn), "commit");
    }
    double rate = (double)n_events * 1e9 / (double)(now_ns() - start);
    check(mdb_env_sync(puts.env, 1), "sync");
    mdb_env_close(puts.env);
    return rate;
}

double floor_lmdb(const char *folder, size_t first, size_t n_events) {
    return puts_run(folder, 0, first, n_events, EVENTS_PER_TRANSACTION);
}

void floor_lmdb_fill(const char *folder, size_t n_events) {
    puts_run(folder, MDB_NOSYNC, 0, n_events, 10000);
}

/* ---- ZeroMQ ---- */

#define BODY_BYTES 350u
#define PIPELINE 100u

struct echo {
    void *socket;
    size_t n_round_trips;
};

/* One whole message back to where it came from, frame by frame. */
static void echo_one(void *socket) {
    zmq_msg_t frame;
    bool more = true;
    while (more) {
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, socket, 0) < 0)
            fail("ZeroMQ: %s", zmq_strerror(errno));
        more = zmq_msg_more(&frame);
        if (zmq_msg_send(&frame, socket, more ? ZMQ_SNDMORE : 0) < 0)
            fail("ZeroMQ: %s", zmq_strerror(errno));
    }
}

static void *echo_run(void *context) {
    struct echo *echo = context;
    for (size_t i = 0; i < echo->n_round_trips; i++)
        echo_one(echo->socket);
    return NULL;
}

static void ask(void *socket, const char *body) {
    if (zmq_send(socket, "", 0, ZMQ_SNDMORE) < 0 || zmq_send(socket, body, BODY_BYTES, 0) < 0)
        fail("ZeroMQ: %s", zmq_strerror(errno));
}

static void take(void *socket) {
    char body[BODY_BYTES];
    if (zmq_recv(socket, body, sizeof body, 0) < 0 || zmq_recv(socket, body, sizeof body, 0) < 0)
        fail("ZeroMQ: %s", zmq_strerror(errno));
}

static void round_trips(void *socket, size_t n, struct bus_floor *floor) {
    char body[BODY_BYTES];
    struct samples samples = {0};
    memset(body, 'x', sizeof body);
    int64_t start = now_ns(), now = start;
    for (size_t i = 0; i < n; i++) {
        ask(socket, body);
        take(socket);
        int64_t after = now_ns();
        samples_add(&samples, after - now);
        now = after;
    }
    floor->per_second = (double)n * 1e9 / (double)(now - start);
    floor->p50_us = samples_percentile_us(&samples, 0.5);
    samples_deinit(&samples);
    start = now_ns();
    for (size_t i = 0; i < n + PIPELINE; i++) {
        if (i >= PIPELINE)
            take(socket);
        if (i < n)
            ask(socket, body);
    }
    floor->pipelined_per_second = (double)n * 1e9 / (double)(now_ns() - start);
}

struct bus_floor floor_bus(const char *folder, size_t n_round_trips) {
    char endpoint[PATH_LIMIT];
    struct bus_floor floor = {0};
    pthread_t thread;
    /* Two contexts: each side has its own thread for input and output, as two processes have. */
    void *contexts[2] = {zmq_ctx_new(), zmq_ctx_new()};
    struct echo echo = {zmq_socket(contexts[0], ZMQ_ROUTER), 2 * n_round_trips};
    void *socket = zmq_socket(contexts[1], ZMQ_DEALER);
    snprintf(endpoint, sizeof endpoint, "ipc://%.200s/floor.sock", folder);
    if (zmq_bind(echo.socket, endpoint) < 0 || zmq_connect(socket, endpoint) < 0)
        fail("ZeroMQ, %s: %s", endpoint, zmq_strerror(errno));
    if (pthread_create(&thread, NULL, echo_run, &echo) != 0)
        fail("cannot start a thread");
    round_trips(socket, n_round_trips, &floor);
    pthread_join(thread, NULL);
    zmq_close(socket);
    zmq_close(echo.socket);
    zmq_ctx_term(contexts[1]);
    zmq_ctx_term(contexts[0]);
    return floor;
}
