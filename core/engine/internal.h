/* What the files of the engine share. Everything is the engine thread's but what stands under
 * `mutex`. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "engine/ahead.h"
#include "engine/decide.h"
#include "engine/engine.h"
#include "engine/seen.h"

#define GROUP_COUNT 3
/* With so much in it a group is handed over although more waits: about 40 events, or an array. */
#define GROUP_BYTES (16u * 1024)
#define GROUP_BATCHES 64 /* duplicates and refusals have no bytes */
/* Of the batches in a group, with what was decided: beyond it the engine waits for the journal. */
#define GROUP_HELD_BYTES (8u << 20)
/* Of an event with its decisions: it fits beside a frame that is half full. */
#define EVENT_BYTES_LIMIT (JOURNAL_FRAME_LIMIT / 2 - 4096)

/* One frame being filled, synced or free, with the batches to acknowledge when it is durable. */
struct group {
    struct engine *engine;
    struct journal_frame frame;
    struct batch *first;
    struct batch **last;
    size_t n_batches;
    size_t held_bytes; /* by the batches */
    uint64_t last_sequence;
    struct group *next_free;
};

struct engine {
    struct engine_options options;
    pthread_t thread;
    pthread_t watchdog;
    bool has_watchdog;

    pthread_mutex_t mutex;
    pthread_cond_t wake;
    pthread_cond_t watchdog_wake;
    struct batch *queue_first;
    struct batch **queue_last;
    bool sleeping;       /* is to be woken for what is queued */
    bool awaits_journal; /* is to be woken when the frame in flight is durable */
    struct group *free_groups;
    bool in_flight; /* a frame is with the journal */
    bool poked;     /* a reader waits for a checkpoint */
    bool stopping;
    bool failed;

    _Atomic uint64_t queue_bytes; /* queued or taken, and not processed yet */
    struct batch *taken;          /* from the queue in one go */
    struct store_writer *writer;
    struct stepper stepper;
    struct decider decider;
    struct policy_host *host;
    struct meter *meter; /* of the host */
    struct seen seen;    /* by midnights */
    struct ahead ahead;
    struct group groups[GROUP_COUNT];
    struct group *group; /* being filled */
    struct arena arena;  /* of the daemon's own events */
    struct buf record;   /* one record, encoded */
    uint64_t sequence;   /* the last one given */
    int64_t recorded_us;
    int32_t ticked;
    uint32_t generation;    /* of the policies the host holds */
    struct store_head head; /* with the frame handed over last */
    bool handed;            /* `head` is set */
    uint32_t last_run;      /* whose turn it was */

    /* The clock's reference: realtime and boottime at one moment. */
    int64_t reference_real_us;
    int64_t reference_boot_us;
    int64_t chunk_ended_us; /* of a run, beside events: boottime */
    int64_t checked_us;     /* when disk and clock were last looked at, boottime */
    _Atomic(const char *) read_only;

    /* Which revision runs, for the watchdog: changes with every call. */
    _Atomic(uint64_t) running_call;
    char running[96];

    atomic_uint_fast64_t n_stored, n_duplicate, n_rejected, n_decisions, n_frames, n_calls,
        n_failures;
    _Atomic(int64_t) published_recorded_us;
};

/* process.c: one batch into the group; all its results are set, its events stand in frames. 0 or <
 * 0. */
int engine_process(struct engine *engine, struct batch *batch);
/* An event of the daemon's own (clock.ticked, run.progressed, policy.set_aside), applied and
 * framed. */
int engine_own_event(struct engine *engine, struct event *event);
/* Hands the group over where its frame is half full, so that any event fits. Only between events.
 */
void engine_make_room(struct engine *engine);
/* Writes a decided event and its decisions into the group's frame. -E2BIG where they are over
 * EVENT_BYTES_LIMIT. */
int engine_frame_add(struct engine *engine, const struct event *event,
                     const struct event *decisions, size_t n);
/* The engine stands at this record now. */
void engine_advance(struct engine *engine, uint64_t sequence, int64_t recorded_us,
                    size_t n_decisions);

/* group.c */
int engine_groups_init(struct engine *engine);
void engine_groups_deinit(struct engine *engine);
/* Hands the group to the journal when it is idle (or always, waiting, with `force`), and begins the
 * next. */
void engine_hand_over(struct engine *engine, bool force);
void engine_group_attach(struct engine *engine, struct batch *batch);

/* clock.c */
/* Sets the recorded time of an event (and its time, where it has none). > 0: in_future (problem
 * filled). */
int engine_record_time(struct engine *engine, struct event *event, struct problem *problem);
/* Whether a midnight of the city lies between the last tick and this event. */
bool engine_brings_midnight(const struct engine *engine, const struct event *event);
/* Ticks missed midnights, in order. Each is recorded at its midnight, or later where recorded time
 * had passed it. */
int engine_tick(struct engine *engine, int64_t recorded_us);
/* The recorded time of what the daemon writes by itself now. */
int64_t engine_recorded_now(const struct engine *engine);
/* Ticks the midnights that passed while no event came (not by the events' clock, which stands still
 * then). 0 or < 0. */
int engine_tick_when_due(struct engine *engine);
/* Looks at the disk, the journal and the clock's steadiness, at most once a second; sets or clears
 * `read_only`. */
void engine_look_around(struct engine *engine);
/* The clock alone, each time before something is recorded: a jump must not reach the journal, since
 * recorded time never goes back. */
void engine_watch_clock(struct engine *engine);
/* > 0 with read_only: for what was queued before the daemon became so, or before the next segment
 * was missed. Accepting the clock is what mends a clock. */
int engine_check_writable(const struct engine *engine, const struct event *event,
                          struct problem *problem);
void engine_clock_accept(struct engine *engine);

/* run.c: one chunk of an open run, if there is one: 1 did some, 0 nothing to do, < 0. Hands over
 * first what it finds in the frame, where that is more than a little: may wait for the journal. */
int engine_run_chunk(struct engine *engine);
/* The same between events, where a chunk now would not make one wait: neither for the sync of a
 * large frame nor for a checkpoint. */
int engine_run_beside(struct engine *engine);

/* watchdog.c */
int engine_watchdog_start(struct engine *engine);
void engine_watchdog_stop(struct engine *engine);
/* Sets the revision aside that the watchdog found stuck before the last end, if there is one. */
int engine_set_aside_stuck(struct engine *engine);
