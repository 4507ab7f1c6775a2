/* The options of volunteerd.conf as one table: name, kind, range, default, unit, whether a SIGHUP
 * applies it, help. Parsing, complaints, SIGHUP and the sample file's test follow from the rows. */
#pragma once

#include "util/str.h"

#define TEXTS_LIMIT 8

struct texts {
    size_t n; /* of endpoints 0: the default, ipc in runtime_dir */
    const char *items[TEXTS_LIMIT];
};

enum log_level_word {
    LOG_WORD_ERROR,
    LOG_WORD_WARNING,
    LOG_WORD_NOTICE,
    LOG_WORD_INFO,
    LOG_WORD_DEBUG
};
enum clock_word { CLOCK_WORD_SYSTEM, CLOCK_WORD_EVENTS };

/* What the options become. Integers are in the unit of their row. */
struct options {
    const char *data_dir, *runtime_dir, *policy_dir, *plugin_dir;
    int64_t log_level; /* enum log_level_word */
    const char *city_region, *city_name, *city_time_zone;
    struct texts ingest, feed, query;
    int64_t max_message_bytes, max_events, query_threads, query_queue, parked_requests, queue_mib,
        max_connections;
    int64_t journal_engine;
    int64_t segment_mib;
    bool compress;
    int64_t map_size_gib, checkpoint_ms, pending_mib;
    int64_t instruction_limit, memory_limit_mib, result_limit_kib, watchdog_s, check_ms;
    struct texts signers;
    const char *master_key; /* NULL: <data_dir>/master.key */
    int64_t clock;          /* enum clock_word */
    int64_t future_minutes, disk_reserve_mib;
};

enum option_kind {
    OPTION_PATH,      /* const char *: relative ones begin at the configuration file's folder */
    OPTION_TEXT,      /* const char *: at most `most` bytes */
    OPTION_INTEGER,   /* int64_t */
    OPTION_BOOLEAN,   /* bool */
    OPTION_WORD,      /* int64_t: place in `words` */
    OPTION_ENDPOINTS, /* struct texts */
    OPTION_SIGNERS,   /* struct texts: "name:KEY" */
};

struct option {
    const char *name; /* with dots: bus.query_threads */
    enum option_kind kind;
    bool required;
    bool live; /* a SIGHUP applies it */
    size_t offset;
    int64_t least, most;
    int64_t number;           /* default of integers, booleans, words */
    const char *text;         /* default of texts; of paths NULL or ""  */
    const char *const *words; /* ends with NULL */
    const char *unit;
    const char *help;
};

extern const struct option option_table[];
extern const size_t n_options;

/* NULL where there is none. */
const struct option *option_find(struct str name);
/* True where options stand in this group ("bus"). */
bool option_is_group(struct str name);
/* For "did you mean": the right name nearest to this one, or NULL. */
const char *option_nearest(struct str name);

/* Where an option's value lies. */
void *option_place(const struct option *option, struct options *options);
const void *option_value(const struct option *option, const struct options *options);
void options_default(struct options *options);
bool option_differs(const struct option *option, const struct options *a, const struct options *b);
/* Copies one value; texts stay where they are. */
void option_copy(const struct option *option, struct options *to, const struct options *from);
