/* The engine: the one writer. Takes batches of decoded events, deduplicates, applies each to the
 * state, asks the policies, applies their decisions, and hands frames to the journal; when a frame
 * is durable its batches are given back to be acknowledged. While one frame is being synced the
 * next one fills (group commit).
 *
 * Threads: engine_submit from any; the engine's own thread does everything else; `done` comes on
 * the journal's thread and may not block. Errors: a fatal one calls `on_failure` once and
 * everything not acknowledged stays so; the daemon exits 75. */
#pragma once

#include "domain/city.h"
#include "event/event.h"
#include "journal/journal.h"
#include "keyring/keyring.h"
#include "policy/evaluate.h"
#include "store/store.h"

struct engine;

enum result_status { RESULT_STORED, RESULT_DUPLICATE, RESULT_REJECTED };

struct result {
    enum result_status status;
    uint64_t sequence; /* stored, duplicate */
    size_t n_decisions;
    struct event *decisions; /* stored: in the batch's arena. duplicate: none; the bus reads them
                                from the journal */
    struct problem *problem; /* rejected */
    struct list findings;    /* rejected by registration: struct finding */
};

/* One message of a publisher, or one command. Made and freed by whoever submits; between submit and
 * done it is the engine's. */
struct batch {
    struct arena arena;
    size_t n_events;
    struct event *events; /* type NULL: refused at decoding, results[i].problem says why; the engine
                             passes over it */
    struct result *results; /* n_events */
    bool trusted;           /* a command or the daemon's own: types that publishers may not write */
    bool dry_run;           /* apply and decide, then drop: nothing is stored */
    uint32_t key_number;
    /* On the journal's thread, or the engine's where nothing was stored. on_durable follows once
     * all of a group were given back. */
    void (*done)(struct batch *batch);
    void *owner;
    size_t owner_bytes; /* what the owner holds for it beside the arena: it counts in the queue */
    struct batch *next;
};

struct engine_options {
    const struct io *io;
    struct journal *journal;
    struct store *store;
    struct keyring *keyring;
    struct policy_limits policy_limits;
    bool clock_from_events;      /* clock = "events" */
    uint32_t future_limit_s;     /* 300 */
    uint64_t queue_limit_bytes;  /* 64 MiB: all that queued batches hold */
    uint64_t disk_reserve_bytes; /* read-only below this much free disk */
    const char *directory;       /* data_dir, for the free space */
    const char *running_path; /* <data_dir>/local/running: which revision runs, for the watchdog */
    uint32_t watchdog_s;      /* 0: none */
    /* After batches were given back, on the same thread: a new head, for feed and long polls, where
     * a frame became durable. */
    void (*on_durable)(void *context);
    void (*on_failure)(void *context, int error);
    void *context;
};

/* Catches the state up with the journal (replay of what is missing; everything where the state is
 * empty). 0, or < 0: -ENOTRECOVERABLE where the store is ahead of the journal (logged). `progress`
 * may be NULL. */
int engine_catch_up(const struct engine_options *options,
                    void (*progress)(void *context, uint64_t sequence, uint64_t head),
                    void *context);

int engine_start(const struct engine_options *options, struct engine **ret_engine);
/* Finishes what was submitted, commits the state, joins the thread. */
void engine_stop(struct engine *engine);

enum { ENGINE_BUSY = 1, ENGINE_READ_ONLY = 2 };
/* 0: it is the engine's until done. ENGINE_BUSY, ENGINE_READ_ONLY: the batch stays the caller's. */
int engine_submit(struct engine *engine, struct batch *batch);
/* The same in two steps, for who has many: an engine that sleeps begins when it is woken. */
int engine_queue(struct engine *engine, struct batch *batch);
void engine_wake(struct engine *engine);
/* Why it is read-only (static text), or NULL. Any thread. */
const char *engine_read_only_reason(struct engine *engine);

struct engine_counters {
    uint64_t events_stored, events_duplicate, events_rejected, decisions, frames, policy_calls,
        policy_failures;
    uint64_t queue_bytes;
    int64_t recorded_us; /* of the last event: recorded time */
};
void engine_counters(struct engine *engine, struct engine_counters *ret_counters); /* any thread */
/* What its policies were asked: policy/meter.h. Lives as long as the engine. */
const struct meter *engine_meter(const struct engine *engine);
