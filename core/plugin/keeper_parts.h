/* What the files keeper*.c share: the keeper's inside. Everything not under its lock belongs to the
 * keeper's thread. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "bus/ack.h"
#include "bus/rpc.h"
#include "bus/wake.h"
#include "plugin/cursor_file.h"
#include "plugin/keeper.h"
#include "plugin/plugin_log.h"
#include "plugin/process.h"
#include "plugin/protocol.h"

#define CRASHES_LIMIT 5 /* within CRASHES_US: quarantine */
#define CRASHES_US (INT64_C(60) * 1000000)
#define CALLS_AT_ONCE 64
#define EVENT_NUMBERS 256 /* of the catalogue, at most */
#define REASON_LIMIT 400
#define UNREAD_BYTES ((size_t)8 << 20)

/* Events on their way to the plugin (keeper_feed.c). */
struct plugin_feed {
    bool follows;
    bool wanted[EVENT_NUMBERS];
    struct journal_reader *reader;
    uint64_t sent;                       /* the last sequence that was sent or passed over */
    uint64_t taken;                      /* the last one that it is done with */
    uint64_t ahead[EVENTS_FRAMES_AHEAD]; /* last sequences of frames that are not taken */
    size_t n_ahead;
    struct arena arena;
    struct cursor_file cursor;
    uint64_t kept;   /* as the cursor's file has it */
    int64_t kept_us; /* when it was written */
    int64_t synced_us;
    uint64_t head_told;
};

struct publication;

/* What it publishes (keeper_publish.c). */
struct plugin_publishing {
    struct dom_parser *parser;
    struct decision_reader duplicates;
    uint64_t generation;  /* of its process: results for an earlier one are dropped */
    size_t n_outstanding; /* with the engine */
    size_t bytes_outstanding;
    struct publication *done; /* under the keeper's lock, oldest first */
    struct publication **done_end;
    uint64_t n_stored, n_duplicate, n_rejected;
};

/* What it asks (keeper_ask.c). */
struct plugin_asking {
    bool ready;
    struct rpc rpc;
    struct view *snapshot;
    bool in_snapshot;        /* until it says the end, also when the view is closed */
    int64_t snapshot_end_us; /* then the view is closed */
    uint64_t n_asked;
};

/* What it is asked (keeper_calls.c). */
struct waiting_call {
    uint64_t number;
    char *body; /* of the frame; NULL: it was sent */
    int64_t deadline_us;
};

struct keeper {
    struct keeper_options options;
    const struct io *io;
    char name[PLUGIN_NAME_LIMIT + 1];
    char folder[4096]; /* <data_dir>/local/plugins/<name> */
    pthread_t thread;
    struct wake wake;
    struct plugin_log *log;
    atomic_bool waits_for_head;
    atomic_bool gone;

    pthread_mutex_t lock;
    struct { /* under the lock: what others want */
        bool has_next, restart, leave, dump;
        struct plugin_config next;
    } orders;
    size_t n_calls; /* under the lock */
    struct waiting_call calls[CALLS_AT_ONCE];
    struct { /* under the lock: what others see */
        enum keeper_state state;
        char reason[REASON_LIMIT];
        json_t *inspection; /* of what runs or ran last */
        json_t *box, *unboxed, *counters;
        pid_t pid;
        int64_t since_us, next_start_us; /* real time */
        uint64_t n_restarts, cursor, n_stored, n_duplicate, n_rejected, n_asked;
        int64_t memory_bytes, disk_bytes, cpu_percent;
        bool follows;
    } shown;

    struct plugin_config config; /* in force */
    json_t *inspection;          /* of `config`; NULL: not done yet */
    struct stat inspected;       /* the file that was */
    bool leaving;                /* it ends when its process has */
    struct process process;
    struct channel channel;
    struct buf error_text;         /* of stderr: what has no newline yet */
    int64_t now_us;                /* boottime, of this turn */
    int64_t looked_us;             /* of the turn before */
    int64_t heard_us;              /* when its process said anything last */
    int64_t began_us;              /* when its process was started */
    int64_t deadline_us;           /* of a stop */
    int64_t closed_us;             /* when its channel was closed; 0: it is open */
    char last_words[REASON_LIMIT]; /* why its start failed, as it said */
    int64_t next_start_us;
    int64_t measured_us;
    int64_t folder_us; /* when its folder was measured */
    struct cpu_used {
        int64_t at_us, cpu_us;
    } cpu[11]; /* of the last seconds, the newest first */
    size_t n_measured;
    int64_t crashes_us[CRASHES_LIMIT]; /* the newest first */
    size_t n_crashes;
    size_t n_in_row; /* crashes without a minute of running in between */
    struct plugin_feed feed;
    struct plugin_publishing publishing;
    struct plugin_asking asking;
};

/* keeper.c: all but its thread, for who takes its turns himself. NULL: noted. */
struct keeper *keeper_make(const struct keeper_options *options,
                           const struct plugin_config *config);

/* keeper_life.c: states */
void keeper_show_state(struct keeper *self, enum keeper_state state, const char *reason, ...)
    __attribute__((format(printf, 3, 4)));
void keeper_take_orders(struct keeper *self);
void keeper_take_time(struct keeper *self);
void keeper_started(struct keeper *self);
/* Its process goes, at once, for this reason: as after a crash. */
void keeper_end_process(struct keeper *self, const char *reason, ...)
    __attribute__((format(printf, 2, 3)));
/* Its process has ended by itself. */
void keeper_process_ended(struct keeper *self, int status);
/* When something is due next (boottime). */
int64_t keeper_due_us(const struct keeper *self);

/* keeper_start.c: what a start takes. 0, or 1 where it was refused (shown) */
int keeper_inspect(struct keeper *self, const struct plugin_config *config, json_t **ret_inspection,
                   struct buf *complaints);
bool keeper_file_changed(const struct keeper *self);
int keeper_start_process(struct keeper *self);

/* keeper_frames.c */
/* More waits for its process than one that reads leaves lying: it may not say more until it has
 * read. */
static inline bool keeper_is_unheard(const struct keeper *self) {
    return channel_waiting(&self->channel) > UNREAD_BYTES;
}
void keeper_take_frames(struct keeper *self);
void keeper_take_errors(struct keeper *self, bool last);

/* keeper_feed.c */
int feed_open(struct keeper *self, const json_t *started);
void feed_close(struct keeper *self);
/* Sends what there is and it has room for; says whether more could be sent at once. */
bool feed_send(struct keeper *self);
/* Where the journal's head is, for who was not given events up to it. */
void feed_tell_head(struct keeper *self);
int feed_taken(struct keeper *self, uint64_t sequence);
void feed_keep(struct keeper *self, bool now);
/* True where it waits for the journal's head to move. */
bool feed_waits(const struct keeper *self);

/* keeper_publish.c */
void publishing_init(struct keeper *self);
void publishing_deinit(struct keeper *self);
void publishing_take(struct keeper *self, uint64_t number, struct str body);
void publishing_answer(struct keeper *self);
/* It may not say more until some of it is answered. */
bool publishing_is_full(const struct keeper *self);

/* keeper_ask.c */
void asking_take(struct keeper *self, const struct frame *frame);
void asking_take_time(struct keeper *self);
void asking_end(struct keeper *self); /* of a process */
void asking_deinit(struct keeper *self);

/* keeper_calls.c */
void calls_send(struct keeper *self);
void calls_take_answer(struct keeper *self, uint64_t number, struct str body);
void calls_take_time(struct keeper *self);
void calls_fail_all(struct keeper *self, const char *why);
