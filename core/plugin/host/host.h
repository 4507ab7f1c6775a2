/* The process of one plugin, as its parts share it. `main` runs it from START to STOPPED; what the
 * plugin asks for comes through the table of services.
 *
 * Threads: one, but for those that the plugin or libcurl's resolver start. Errors: whatever is
 * fatal here ends the process with a line that says why: the daemon starts it again. */
#pragma once

#include "plugin/host/lent.h"
#include "plugin/host/load.h"
#include "plugin/host/loop.h"
#include "plugin/host/settings.h"
#include "plugin/protocol.h"

#define ASK_PATIENCE_S 10 /* where the daemon does not say another */
#define EVENTS_AT_ONCE 1000
#define PUBLISH_CALLS 64
#define PUBLISH_BYTES (8u << 20)
#define OPEN_CALLS 1000
#define HELD_LIMIT 64
#define ANSWERED_CALLS 64
#define LOG_LINES_A_SECOND 20

/* A frame that waits: it came while the host waited for another. */
struct kept_frame {
    enum frame_kind kind;
    uint64_t number;
    struct str body;
    struct kept_frame *next; /* the bytes of the body stand behind it */
};

struct kept_frames {
    struct kept_frame *first, *last;
};

struct publication {
    uint64_t number; /* 0: free */
    size_t n_events, bytes;
    vol_published *done;
    void *context;
    bool holds; /* published from events() without `done`: what was given then is not taken before
                   this is on disk */
    struct buf body; /* of one that holds: the daemon may be too busy for it */
    bool is_put_off; /* it was, and it is sent again after a while */
};

/* Events that the plugin is done with and the daemon is not told of yet, because of what was
 * published for them. */
struct held_taken {
    uint64_t sequence;
    uint64_t number; /* of the last publication that holds it */
};

/* What the plugin holds of a question: a vol_call is the first member. */
struct open_call {
    struct vol_call lent;
    uint64_t number;
    struct open_call *next;
};

struct http;

struct host {
    struct vol_core core; /* first: what the plugin holds */
    struct channel channel;
    struct loop loop;
    struct lent lent;
    struct loaded loaded;
    struct settings settings;
    json_t *start; /* what FRAME_START said: texts of `core` lie there */
    void *self;    /* of the plugin */
    bool is_starting, is_stopping;
    uint64_t last_number; /* of what was asked */
    uint64_t head;
    int64_t beat_due_us;
    int64_t patience_us; /* with a question */
    int64_t *counters;

    struct kept_frames inbox;
    bool inbox_is_lent; /* its first frame is being handled */

    struct kept_frames events;
    size_t event_at; /* bytes of the first frame of `events` that are taken */
    bool follows, events_wait;
    bool resumed; /* while events() ran */
    uint64_t follow_after;
    struct vol_event *slice;
    bool in_events;                     /* events() runs */
    struct held_taken held[HELD_LIMIT]; /* the oldest first */
    size_t n_held;

    struct publication publications[PUBLISH_CALLS];
    size_t published_bytes;

    struct open_call *calls;
    size_t n_calls;
    /* The last that were answered: whoever answers one twice is told so, and touches no freed
     * memory. */
    struct open_call *answered[ANSWERED_CALLS];
    size_t n_answered;

    int64_t log_second;
    unsigned log_lines, log_left_out;
    unsigned log_room; /* lines beyond those of the second: dump() may say more */

    struct http *http; /* NULL until the first request */
};

static inline struct host *host_of(struct vol_core *core) {
    return (struct host *)(void *)core;
}

/* Runs the plugin over this channel, until the daemon says that it is over; the exit code. */
int host_run(int channel_fd);
/* After each callback: what was lent is let go, a beat is sent where it is due. */
void host_called(struct host *host);

/* ---- channel_io.c ---- */

/* A frame goes out with the next write; where much waits, at once. */
void host_send(struct host *host, enum frame_kind kind, uint64_t number, struct str body);
void host_send_json(struct host *host, enum frame_kind kind, uint64_t number, const json_t *body);
/* Writes what can be written at once; true where some is left. */
bool host_write(struct host *host);
/* Writes until nothing waits. Bodies of frames that were taken are not lent beyond it. */
void host_flush(struct host *host);
/* What has come. Ends the process where the daemon is gone. */
void host_read(struct host *host);
/* The next frame of the inbox, then of the channel; false where there is none. Its body is lent
 * until the next of these calls, or an ask. */
bool host_next(struct host *host, struct frame *ret_frame);
/* Waits for the answer to a question: {"result"} or {"error"}; NULL where none came in time. */
json_t *host_await(struct host *host, uint64_t number);
void kept_add(struct kept_frames *frames, const struct frame *frame);
void kept_drop(struct kept_frames *frames); /* the first one */

/* ---- the frames of each part ---- */

void events_came(struct host *host, const struct frame *frame);
/* One slice. True where more could be given at once. */
bool events_give(struct host *host);
void publication_done(struct host *host, const struct frame *frame);
/* The number of the last publication that holds events back, of those up to `last`; 0: none. */
uint64_t publication_holding(const struct host *host, uint64_t last);
/* One that held events back is on disk, or will never be. */
void events_released(struct host *host);
void call_came(struct host *host, const struct frame *frame);
void log_flush(struct host *host);
void beat_send(struct host *host);

/* ---- the services, as in volunteer_plugin.h ---- */

int service_publish(struct vol_core *core, const struct vol_publication *events, size_t n_events,
                    vol_published *done, void *context);
const struct vol_value *service_ask(struct vol_core *core, const char *method,
                                    const char *parameters);
const struct vol_value *service_get_many(struct vol_core *core, const char *noun,
                                         const char *const *ids, size_t n_ids);
const struct vol_value *service_page(struct vol_core *core, const char *noun, const char *filters,
                                     const char *cursor, size_t limit);
int service_snapshot_begin(struct vol_core *core);
void service_snapshot_end(struct vol_core *core);
int service_follow(struct vol_core *core, uint64_t after_sequence);
void service_resume(struct vol_core *core);
void service_log(struct vol_core *core, enum vol_level level, const char *line);
void service_count(struct vol_core *core, size_t index, int64_t number);
void service_answer(struct vol_call *call, const char *result);
void service_refuse(struct vol_call *call, const char *code, const char *field,
                    const char *message);
