/* Plugins of volunteerd: all that a plugin sees, as <volunteerd/volunteer_plugin.h>. C11 and C++.
 *
 * A plugin is one shared object, <plugin_dir>/<name>.so, that exports one constant:
 *
 *     VOL_EXPORT const struct vol_plugin vol_plugin = {VOL_ABI, .name = "example", ...};
 *
 * It runs in a process of its own (volunteerd-plugin), which the daemon starts, watches, limits and
 * starts again. Whatever it does there, a crash, a loop, a leak, touches neither the daemon nor
 * another plugin.
 *
 * Threads: every callback comes from the one thread of the plugin's process, one at a time, and
 * every function here is called from that thread. A callback may take long, but not longer than
 * `limits.hang_s` of the configuration (10 s): a process that says nothing for so long is ended. A
 * plugin may have threads of its own; they reach the loop by a descriptor (vol_watch).
 *
 * Memory: what a callback gets is lent until it returns; what a function is given is copied before
 * it returns. Values and texts that functions return are lent until the callback returns.
 *
 * Errors: 0 or more is good; a negative errno is not, and the log says more. What a user did wrong
 * comes as a code of the contract (`not_allowed`, `unknown_volunteer`, ...) with a message.
 *
 * Delivery: events come at least once, in the journal's order. A plugin publishes with ids that
 * follow from what it publishes about, so that the same event sent again after a kill is a
 * duplicate, which has no effect.
 *
 * Compatibility: the major number changes when what is here changes its meaning. A minor number
 * adds members at the ends of these structs, and functions at the end of struct vol_services; a
 * plugin built against an older minor is loaded by a newer daemon, one built against a newer minor
 * is refused. */
#ifndef VOLUNTEER_PLUGIN_H
#define VOLUNTEER_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VOL_ABI_MAJOR 1
#define VOL_ABI_MINOR 0

/* Before the constant vol_plugin. A constant of C++ would be its file's own and have another name.
 */
#ifdef __cplusplus
#define VOL_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define VOL_EXPORT __attribute__((visibility("default")))
#endif

struct vol_core;  /* the daemon, as this plugin reaches it */
struct vol_value; /* a JSON value that was read; NULL wherever there is none */

/* ---- what a plugin declares ---- */

/* Options stand in the plugin's group of the configuration: plugins: ( { name = "example"; greeting
 * = "您好"; } ). The daemon checks them by this table (`volunteerd --check`), and the manual prints
 * it. An option whose name begins with `limits` or is `name` or `enabled` would be the daemon's. */
enum vol_option_kind {
    VOL_OPTION_TEXT = 0,    /* at most `most` bytes; 0: 1,000 */
    VOL_OPTION_INTEGER = 1, /* `least` to `most` */
    VOL_OPTION_BOOLEAN = 2, /* `number` 0 or 1 is the default */
    VOL_OPTION_WORD = 3,    /* one of `words`: vol_option_text gives it; `text` is the default */
    VOL_OPTION_PATH = 4,    /* of a file that the plugin may read; a relative one begins at the
                               configuration's folder */
    VOL_OPTION_URL =
        5, /* https://..., or http:// on loopback: the plugin may connect to its port */
    VOL_OPTION_LISTEN = 6, /* ADDRESS:PORT, on which the plugin may listen */
    VOL_OPTION_SECRET = 7  /* "file:/path" or "credential:NAME" (of systemd); the plugin gets what
                              stands in it, without a newline at its end.  Nobody else may read the
                              file; it is never shown or logged */
};

struct vol_option {
    const char *name; /* NULL ends the table */
    enum vol_option_kind kind;
    int required;
    int64_t least, most;
    int64_t number;           /* default of integers and booleans */
    const char *text;         /* default of the others; NULL: none */
    const char *const *words; /* ends with NULL */
    const char *unit;         /* of integers: "s", "MiB" */
    const char *help;         /* of this and the other tables: never NULL */
};

/* A number that only grows, or, as a gauge, one that is set. `plugin list` and the metrics show it
 * by its name. */
struct vol_counter {
    const char *name; /* NULL ends the table; [a-z_] */
    const char *help;
    int gauge;
};

struct vol_call; /* a question that waits for its answer */

/* Answers "<plugin>.<name>" of the query socket: at once, or later, with vol_answer or vol_refuse,
 * exactly once. After `limits.answer_s` (10 s) who asked is told that there was no answer, and what
 * comes then is dropped. `parameters` is an object, lent until the callback returns. */
typedef void vol_method_function(void *self, struct vol_call *call,
                                 const struct vol_value *parameters);

struct vol_method {
    const char *name; /* NULL ends the table; [a-z_] */
    vol_method_function *run;
    const char *parameters; /* for the manual and `plugin call`: "volunteer, limit (100), all
                               (false)". What stands in brackets is the default and says that it is
                               a whole number, or yes or no; the others are texts. NULL: none */
    const char *help;
};

struct vol_event {
    uint64_t sequence;   /* its place in the journal */
    uint64_t cause;      /* of a decision: the sequence of what it was decided about; else 0 */
    int64_t time_us;     /* when it happened, microseconds since 1970 UTC */
    int64_t recorded_us; /* when it was recorded */
    const char *type;
    const char *json; /* the whole CloudEvent, as on the feed; ends with NUL */
    size_t json_size;
};

struct vol_settings;  /* the options' values */
struct vol_complaint; /* collects what is wrong with them */

enum {
    VOL_STOP_ASKED = 0,       /* the daemon stops, or the plugin is restarted or removed */
    VOL_STOP_START_FAILED = 1 /* start returned an error: release what it had */
};

struct vol_plugin {
    uint16_t abi_major, abi_minor;                   /* VOL_ABI */
    uint32_t size;                                   /* of this struct */
    uint32_t option_size, counter_size, method_size; /* of the tables' rows */

    const char *name;    /* as the file: [a-z][a-z0-9_-]*, at most 32 bytes */
    const char *version; /* its own */
    const char *summary; /* one sentence */

    /* Tables; NULL: none. */
    const struct vol_option *options;
    const struct vol_counter *counters;
    const struct vol_method *methods;
    /* Event types that it gets and that it may publish, each list ends with NULL; NULL: none. "*"
     * alone in `wants`: all. */
    const char *const *wants;
    const char *const *publishes;
    /* Of what it publishes: "/plugins/<name>". NULL where it publishes nothing. */
    const char *source;

    /* More than the table can say about the options, without side effects: complains of what is
     * wrong with vol_complain. Called by `volunteerd --check` and before each start, in a process
     * that may do nothing else. May be NULL. */
    void (*check)(const struct vol_settings *settings, struct vol_complaint *complaint);
    /* Begins. `*ret_self` is handed to every other callback. 0, or < 0: then stop is called, with
     * what *ret_self is by then. */
    int (*start)(struct vol_core *core, void **ret_self);
    /* Ends, within `limits.stop_s` (5 s). May be NULL. */
    void (*stop)(void *self, int reason);
    /* Events, in order; up to `n_events` 1,000 at a time. Returns how many it is done with, from
     * the first on: those are not given again, also after a kill. Fewer than n_events: the rest
     * comes again after vol_resume. < 0: the plugin is ended and started again. NULL where it wants
     * none. */
    int64_t (*events)(void *self, const struct vol_event *events, size_t n_events);
    /* Writes its state as lines of the log, for who looks for a fault (`volunteerctl plugin dump`).
     * May be NULL. */
    void (*dump)(void *self);
};

/* ---- what the daemon does for a plugin ---- */

struct vol_publication {
    const char *type;
    const char *id;      /* 1-64 bytes; the same for the same thing, see Delivery */
    const char *data;    /* JSON object */
    const char *time;    /* RFC 3339; NULL: when it is recorded */
    const char *subject; /* NULL: none */
    const char *source;  /* NULL: the plugin's. Any other is refused */
};

enum vol_status { VOL_STORED = 0, VOL_DUPLICATE = 1, VOL_REJECTED = 2 };

struct vol_result {
    enum vol_status status;
    uint64_t sequence;                 /* stored and duplicate */
    const char *code;                  /* rejected, else NULL */
    const char *field;                 /* rejected: where; may be "" */
    const char *message;               /* rejected */
    int retryable;                     /* rejected: the same event may be good later */
    const struct vol_value *decisions; /* array, or NULL */
};

/* One result for each event, in their order: durable, all of them, before this is called. */
typedef void vol_published(void *context, const struct vol_result *results, size_t n_results);

typedef void vol_due(void *context);
typedef void vol_ready(void *context, int fd, int events);

/* What a descriptor is watched for; also told where it has hung up. */
enum { VOL_READABLE = 1, VOL_WRITABLE = 2 };

enum vol_level { VOL_ERROR = 3, VOL_WARNING = 4, VOL_NOTICE = 5, VOL_INFO = 6, VOL_DEBUG = 7 };

struct vol_http_request {
    uint32_t size;              /* of this struct */
    const char *method;         /* NULL: GET */
    const char *url;            /* its port must be that of an option of kind VOL_OPTION_URL */
    const char *const *headers; /* "Name: value", ends with NULL; NULL: none */
    const char *body;
    size_t body_size;
    const char *ca_path; /* certificates to trust, of an option of kind VOL_OPTION_PATH; NULL: the
                            system's */
    uint32_t timeout_ms; /* for the whole; 0: 30,000 */
    uint32_t most_bytes; /* of the answer's body; 0: 8 MiB; beyond it the request fails */
};

struct vol_http_answer {
    int status;        /* 200, ...; 0: there was no answer, `error` says why */
    const char *error; /* NULL where there was one */
    int tls;           /* the error is one of the certificate or its name */
    const char *body;  /* ends with NUL */
    size_t body_size;
    const char *headers; /* lines "name: value\n", names in lower case */
};

typedef void vol_answered(void *context, const struct vol_http_answer *answer);

enum vol_kind {
    VOL_NOTHING = 0,
    VOL_OBJECT = 1,
    VOL_ARRAY = 2,
    VOL_TEXT = 3,
    VOL_INTEGER = 4,
    VOL_REAL = 5,
    VOL_BOOLEAN = 6
};

/* Only appended to; `size` says how far it goes. Plugins call the functions below it. */
struct vol_services {
    uint32_t size;
    int (*publish)(struct vol_core *, const struct vol_publication *, size_t, vol_published *,
                   void *);
    const struct vol_value *(*ask)(struct vol_core *, const char *, const char *);
    const struct vol_value *(*get_many)(struct vol_core *, const char *, const char *const *,
                                        size_t);
    const struct vol_value *(*page)(struct vol_core *, const char *, const char *, const char *,
                                    size_t);
    int (*snapshot_begin)(struct vol_core *);
    void (*snapshot_end)(struct vol_core *);
    int (*follow)(struct vol_core *, uint64_t);
    void (*resume)(struct vol_core *);
    uint64_t (*head)(struct vol_core *);
    int (*timer)(struct vol_core *, uint32_t, uint32_t, vol_due *, void *);
    int (*timer_stop)(struct vol_core *, int);
    int (*watch)(struct vol_core *, int, int, vol_ready *, void *);
    void (*log)(struct vol_core *, enum vol_level, const char *);
    void (*count)(struct vol_core *, size_t, int64_t);
    void (*answer)(struct vol_call *, const char *);
    void (*refuse)(struct vol_call *, const char *, const char *, const char *);
    int (*http)(struct vol_core *, const struct vol_http_request *, vol_answered *, void *);
    const char *(*option_text)(const struct vol_settings *, const char *);
    int64_t (*option_number)(const struct vol_settings *, const char *);
    void (*complain)(struct vol_complaint *, const char *, const char *);
    const struct vol_value *(*parse)(struct vol_core *, const char *, size_t);
    const struct vol_value *(*event_data)(struct vol_core *, const struct vol_event *);
    enum vol_kind (*value_kind)(const struct vol_value *);
    const struct vol_value *(*value_member)(const struct vol_value *, const char *);
    const struct vol_value *(*value_item)(const struct vol_value *, size_t);
    size_t (*value_count)(const struct vol_value *);
    const char *(*value_text)(const struct vol_value *);
    int64_t (*value_integer)(const struct vol_value *, int64_t);
    const char *(*value_json)(struct vol_core *, const struct vol_value *);
    const char *(*json)(struct vol_core *, const char *, ...);
};

/* How a plugin finds its way back: the first members of what the daemon lends. */
struct vol_core {
    const struct vol_services *services;
    const struct vol_settings *settings; /* its options */
    const char *name;                    /* of the plugin */
    const char *folder;    /* its own, on disk, kept: the only place where it may write */
    const char *region;    /* of the city: 12 digits */
    const char *time_zone; /* of the city */
};
struct vol_call {
    struct vol_core *core;
};
struct vol_settings {
    const struct vol_services *services;
};
struct vol_complaint {
    const struct vol_services *services;
};

#define VOL_ABI                                                                                    \
    .abi_major = VOL_ABI_MAJOR, .abi_minor = VOL_ABI_MINOR, .size = sizeof(struct vol_plugin),     \
    .option_size = sizeof(struct vol_option), .counter_size = sizeof(struct vol_counter),          \
    .method_size = sizeof(struct vol_method)

/* Publishes up to 1,000 events; `done` is called with `context` when they are decided and on disk.
 * Until then none of them is sure, and whoever must not lose one keeps it. Within `events`, and
 * with `done` NULL, the daemon keeps it: the events that `events` was given count as taken only
 * when all that it published for them is on disk. After a kill they come again, and what is
 * published again with the same ids is a duplicate. What the daemon is too full for is sent again
 * by itself, what it refuses is logged. So a plugin that only answers events with events has
 * nothing to remember.
 * 0; -EAGAIN where too much waits for its answer (64 calls or 8 MiB): within `events`, return how
 * far you came, the rest is given again when there is room; elsewhere try again from a `done`.
 * -EINVAL for what is no JSON object. */
static inline int vol_publish(struct vol_core *core, const struct vol_publication *events,
                              size_t n_events, vol_published *done, void *context) {
    return core->services->publish(core, events, n_events, done, context);
}

/* Asks a method of the query socket, waits for its answer (the daemon answers on a thread of this
 * plugin's own). `parameters` is a JSON object or NULL. The result, or an object with the one
 * member `error` {code, message, field}. Methods that write, and those of plugins, are not_allowed.
 * NULL: no answer within `limits.answer_s`. */
static inline const struct vol_value *vol_ask(struct vol_core *core, const char *method,
                                              const char *parameters) {
    return core->services->ask(core, method, parameters);
}

/* Up to 1,000 things of a noun ("volunteer") at once: an array in the order of `ids`, null for what
 * there is not. */
static inline const struct vol_value *vol_get_many(struct vol_core *core, const char *noun,
                                                   const char *const *ids, size_t n_ids) {
    return core->services->get_many(core, noun, ids, n_ids);
}

/* A page of at most 1,000: {"items": [...], "next": cursor where there is more}, as <noun>.list
 * answers. `filters` is a JSON object or NULL; `cursor` NULL: the first. */
static inline const struct vol_value *vol_page(struct vol_core *core, const char *noun,
                                               const char *filters, const char *cursor,
                                               size_t limit) {
    return core->services->page(core, noun, filters, cursor, limit);
}

/* Everything asked until vol_snapshot_end is answered from the state of this moment; after 2 s it
 * ends by itself and what is asked then is answered with the error `busy`. */
static inline int vol_snapshot_begin(struct vol_core *core) {
    return core->services->snapshot_begin(core);
}
static inline void vol_snapshot_end(struct vol_core *core) {
    core->services->snapshot_end(core);
}

/* From where events come, called in start. Without it, they go on from the cursor that the daemon
 * keeps for the plugin (the end of the journal the first time); with it, after `sequence`: for who
 * keeps the cursor together with what it made of the events. VOL_FROM_START: from the first. */
#define VOL_FROM_START UINT64_C(0)
static inline int vol_follow(struct vol_core *core, uint64_t after_sequence) {
    return core->services->follow(core, after_sequence);
}
/* Give the events that were not taken again. */
static inline void vol_resume(struct vol_core *core) {
    core->services->resume(core);
}
/* The last sequence of the journal that this process has heard of. */
static inline uint64_t vol_head(struct vol_core *core) {
    return core->services->head(core);
}

/* After `first_ms`, then each `every_ms` (0: once). Its number (> 0), or < 0. */
static inline int vol_timer(struct vol_core *core, uint32_t first_ms, uint32_t every_ms,
                            vol_due *due, void *context) {
    return core->services->timer(core, first_ms, every_ms, due, context);
}
static inline int vol_timer_stop(struct vol_core *core, int number) {
    return core->services->timer_stop(core, number);
}
/* Calls `ready` while `fd` is what `events` says; events 0: no longer. One watch for each
 * descriptor. */
static inline int vol_watch(struct vol_core *core, int fd, int events, vol_ready *ready,
                            void *context) {
    return core->services->watch(core, fd, events, ready, context);
}

/* One line; `plugin log` shows it, and the daemon's log. Up to 20 lines a second, more are counted.
 */
static inline void vol_log(struct vol_core *core, enum vol_level level, const char *line) {
    core->services->log(core, level, line);
}
/* Adds to the counter number `index` of the table, or sets the gauge. */
static inline void vol_count(struct vol_core *core, size_t index, int64_t number) {
    core->services->count(core, index, number);
}

/* Ends a call with its result, the text of a JSON object; or with a code of the contract, a field
 * ("" where there is none) and a sentence that says what to do. */
static inline void vol_answer(struct vol_call *call, const char *result) {
    call->core->services->answer(call, result);
}
static inline void vol_refuse(struct vol_call *call, const char *code, const char *field,
                              const char *message) {
    call->core->services->refuse(call, code, field, message);
}

/* Certificates are always verified, redirects are not followed, up to 16 requests run at a time and
 * 1,000 wait (-EAGAIN beyond). `answered` is called exactly once, unless the plugin stops first. */
static inline int vol_http(struct vol_core *core, const struct vol_http_request *request,
                           vol_answered *answered, void *context) {
    return core->services->http(core, request, answered, context);
}

/* The value of an option; a text is NULL where it was not given and has no default; booleans are
 * numbers. */
static inline const char *vol_option_text(const struct vol_settings *settings, const char *name) {
    return settings->services->option_text(settings, name);
}
static inline int64_t vol_option_number(const struct vol_settings *settings, const char *name) {
    return settings->services->option_number(settings, name);
}
/* In check: `option` is wrong, and how to mend it. */
static inline void vol_complain(struct vol_complaint *complaint, const char *option,
                                const char *message) {
    complaint->services->complain(complaint, option, message);
}

/* ---- JSON ---- */

/* NULL where it is not JSON. */
static inline const struct vol_value *vol_parse(struct vol_core *core, const char *text,
                                                size_t size) {
    return core->services->parse(core, text, size);
}
/* The `data` of an event. */
static inline const struct vol_value *vol_event_data(struct vol_core *core,
                                                     const struct vol_event *event) {
    return core->services->event_data(core, event);
}
/* These take NULL and values of another kind, and give NULL, 0 or the fallback then. */
static inline enum vol_kind vol_kind_of(struct vol_core *core, const struct vol_value *value) {
    return core->services->value_kind(value);
}
static inline const struct vol_value *vol_member(struct vol_core *core,
                                                 const struct vol_value *value, const char *name) {
    return core->services->value_member(value, name);
}
static inline const struct vol_value *vol_item(struct vol_core *core, const struct vol_value *value,
                                               size_t index) {
    return core->services->value_item(value, index);
}
static inline size_t vol_length(struct vol_core *core, const struct vol_value *value) {
    return core->services->value_count(value);
}
static inline const char *vol_text(struct vol_core *core, const struct vol_value *value) {
    return core->services->value_text(value);
}
static inline int64_t vol_integer(struct vol_core *core, const struct vol_value *value,
                                  int64_t fallback) {
    return core->services->value_integer(value, fallback);
}
/* A value as text. */
static inline const char *vol_value_json(struct vol_core *core, const struct vol_value *value) {
    return core->services->value_json(core, value);
}
/* Text of a JSON value made from a pattern: {} and [] as they are, keys and texts by `s`, whole
 * numbers (int64_t) by `I`, int by `i`, booleans (int) by `b`, null by `n`, s? for texts that may
 * be NULL and then are null: vol_json(core, "{s:s, s:I}", "name", name, "minutes", minutes). NULL
 * where the pattern or a text (UTF-8) is wrong. */
#define vol_json(core, ...) ((core)->services->json((core), __VA_ARGS__))

#ifdef __cplusplus
}
#endif

#endif
