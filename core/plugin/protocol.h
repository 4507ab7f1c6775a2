/* What the daemon and the process of a plugin say to each other: frames over a pair of sockets, one
 * pair for each plugin, handed down at the start. So the daemon knows who speaks, and nobody else
 * can.
 *
 * A frame: body size u32 | kind u16 | 0 u16 | number u64, little-endian, then the body and a NUL
 * that its size does not count. The pair is descriptor PLUGIN_CHANNEL_FD of the plugin's process;
 * its stderr is a pipe that the daemon reads as lines of the log.
 *
 * Threads: a channel belongs to one. Memory: bodies that are taken are lent until the next take.
 * Errors: as told. */
#pragma once

#include "util/buf.h"

#define PLUGIN_CHANNEL_FD 3
#define FRAME_HEADER_BYTES 16
#define FRAME_TO_DAEMON_LIMIT (16u << 20) /* beyond it the daemon ends the plugin */
#define FRAME_TO_HOST_LIMIT (40u << 20)
#define EVENTS_FRAMES_AHEAD 4 /* EVENTS frames that are not taken */
#define EVENTS_FRAME_EVENTS 1000
#define EVENTS_FRAME_BYTES (1u << 20)
#define EVENT_HEAD_BYTES 38   /* of an event in that frame, before its type */
#define EVENT_JSON_SIZE_AT 32 /* in it: the size of its JSON */
#define BEAT_MS 500

enum frame_kind {
    /* The plugin's process says: */
    FRAME_HELLO = 1, /* JSON {"abi": "1.0", "version", "box": ["landlock 7", "seccomp", ...],
                        "unboxed": ["..."]}, once, before start is called */
    FRAME_STARTED, /* start returned 0. JSON {"follow": SEQUENCE} where the plugin said so, else {}
                    */
    FRAME_FAILED,  /* start or loading failed: JSON {"message"}; then it ends */
    FRAME_BEAT, /* each BEAT_MS from its loop, between callbacks: JSON {"counters": [number, ...]}
                   in the table's order */
    FRAME_LOG,  /* level u8, then one line */
    FRAME_PUBLISH,        /* number: the call's. JSON array of CloudEvents, source filled in */
    FRAME_ASK,            /* number: the question's. JSON {"method", "params"} */
    FRAME_GET_MANY,       /* number. JSON {"noun", "ids": [...]} */
    FRAME_SNAPSHOT_BEGIN, /* number; answered by FRAME_ANSWER {"result": {"sequence"}} */
    FRAME_SNAPSHOT_END,   /* not answered */
    FRAME_TAKEN, /* number: the plugin is done with all events up to this sequence. The host sends
                    it for each EVENTS frame once all of it is taken, and earlier where a part was
                  */
    FRAME_CALL_ANSWER, /* number: the call's. JSON {"result": ...} or {"error": {"code", "field",
                          "message"}} */
    FRAME_STOPPED,     /* stop returned; then it ends with 0 */

    /* The daemon says: */
    FRAME_START = 101, /* once, first: JSON, see below */
    FRAME_EVENTS,  /* number: the last sequence that it speaks for, also where nothing up to it was
                      wanted. Body: see below */
    FRAME_RESULTS, /* number: of FRAME_PUBLISH. {"epoch", "results": [...]} as ingest answers, or
                      {"error": {"code", "message"}} */
    FRAME_ANSWER,  /* number: of ASK, GET_MANY, SNAPSHOT_BEGIN. JSON {"result": ...} or {"error":
                      {"code", "field", "message"}} */
    FRAME_CALL,    /* number. JSON {"method", "params"}; method without the plugin's name */
    FRAME_HEAD,    /* number: the journal's durable head, when the plugin follows nothing; otherwise
                      EVENTS say it well enough */
    FRAME_STOP,    /* call stop, say STOPPED, end. Also understood where the channel closes: end at
                      once */
    FRAME_DUMP,    /* call dump */
};
/* FRAME_START: {"name", "file": path of the shared object, "folder", "region", "time_zone",
 *   "settings": {option: value, ...} as the inspection gave them, with what stands in secrets,
 *   "box": {"read": [path, ...], "connect": [port, ...], "listen": [port, ...], "memory_mib",
 * "disk_mib", "descriptors"}, "answer_s"} FRAME_EVENTS, each event: sequence u64 | cause u64 |
 * time_us i64 | recorded_us i64 | json size u32 | type size u16 | type, NUL | json, NUL.
 *
 * Inspection: `volunteerd-plugin --inspect FILE`, in a box that lets it read itself and its
 * libraries alone. stdin:
 *   {"name", "folder": where relative paths begin, "settings": [{"name", "value": text, whole
 * number or boolean}, ...]} stdout, one JSON object:
 *   {"declaration": {"name", "version", "abi", "summary", "source", "wants": [], "publishes": [],
 * "dump": boolean, "options": [{"name", "kind": "text|integer|boolean|word|path|url|listen|secret",
 * "required", "least", "most", "default", "words", "unit", "help"}], "counters": [{"name", "help",
 * "gauge"}], "methods": [{"name", "parameters", "help"}]}, "settings": {option: value} with
 * defaults, paths absolute; secrets as their reference, "read": [path], "connect": [port],
 * "listen": [port], "secrets": [option], "complaints": [{"option", "message"}]}          or
 * {"failed": "why it cannot be loaded"}; it ends with 0 in both cases. */

struct frame {
    enum frame_kind kind;
    uint64_t number;
    struct str body; /* has a NUL behind it */
};

struct channel {
    int fd;
    size_t limit;  /* of a body that comes in */
    struct buf in; /* what was read; `taken` bytes of it are done with */
    size_t taken;
    struct buf out; /* what was not written yet; `written` bytes of it are */
    size_t written;
};

void channel_init(struct channel *channel, int fd, size_t limit);
/* Closes the descriptor. */
void channel_deinit(struct channel *channel);

enum { CHANNEL_NOTHING = 1, CHANNEL_CLOSED = 2 };
/* Reads what there is, without waiting, as far as some MiB. 0; CHANNEL_CLOSED at its end; < 0. */
int channel_read(struct channel *channel);
/* The next whole frame of what was read. 0; CHANNEL_NOTHING; -EMSGSIZE where one is larger than the
 * limit; -EBADMSG. */
int channel_take(struct channel *channel, struct frame *ret_frame);
/* Puts a frame behind what is to be written. Between begin and end the body is appended to
 * channel->out. */
void channel_put(struct channel *channel, enum frame_kind kind, uint64_t number, struct str body);
size_t channel_begin(struct channel *channel, enum frame_kind kind, uint64_t number);
void channel_end(struct channel *channel, size_t begun);
/* Writes without waiting. 0: all of it; CHANNEL_NOTHING: some is left; CHANNEL_CLOSED; < 0. */
int channel_write(struct channel *channel);
/* Bytes that are not written. */
static inline size_t channel_waiting(const struct channel *channel) {
    return channel->out.size - channel->written;
}
