#include "option.h"

static const char *const log_words[] = {"error", "warning", "notice", "info", "debug", NULL};
static const char *const clock_words[] = {"system", "events", NULL};
static const char *const journal_words[] = {"local", NULL};

#define AT(member) .offset = offsetof(struct options, member)
#define RANGE(from, to, fallback) .least = (from), .most = (to), .number = (fallback)

const struct option option_table[] = {
    {"data_dir", OPTION_PATH, AT(data_dir), .required = true, .help = "journal, keys and state"},
    {"runtime_dir", OPTION_PATH, AT(runtime_dir), .required = true, .help = "sockets"},
    {"policy_dir", OPTION_PATH, AT(policy_dir), .required = true, .help = "policy files, *.lua"},
    {"plugin_dir", OPTION_PATH, AT(plugin_dir), .text = VOLUNTEERD_PLUGIN_DIR,
     .help = "plugins, NAME.so; those of `plugins: ( { name = NAME; ... } )` are started"},
    {"log.level", OPTION_WORD, AT(log_level), .live = true, .number = LOG_WORD_INFO,
     .words = log_words, .help = "least important line that is logged"},

    {"city.region", OPTION_TEXT, AT(city_region), .most = 12, .text = "620500000000",
     .help = "division code of the city"},
    {"city.name", OPTION_TEXT, AT(city_name), .most = 128, .text = "天水市", .help = "its name"},
    {"city.time_zone", OPTION_TEXT, AT(city_time_zone), .most = 64, .text = "Asia/Shanghai",
     .help = "its time zone"},

    {"bus.ingest", OPTION_ENDPOINTS, AT(ingest), .text = "ingest.sock", .help = "events come in"},
    {"bus.feed", OPTION_ENDPOINTS, AT(feed), .text = "feed.sock", .help = "what happened goes out"},
    {"bus.query", OPTION_ENDPOINTS, AT(query), .text = "query.sock", .help = "questions"},
    {"bus.max_message_bytes", OPTION_INTEGER, AT(max_message_bytes),
     RANGE(65536, 67108864, 8388608), .unit = "bytes", .help = "largest body over ipc"},
    {"bus.max_events", OPTION_INTEGER, AT(max_events), RANGE(1, 10000, 10000), .live = true,
     .unit = "events", .help = "most events of one message"},
    {"bus.queue_mib", OPTION_INTEGER, AT(queue_mib), RANGE(1, 1024, 64), .unit = "MiB",
     .help = "events that wait for the engine, and as much of questions; beyond it busy"},
    {"bus.query_threads", OPTION_INTEGER, AT(query_threads), RANGE(1, 16, 2), .unit = "threads",
     .help = "questions answered at a time"},
    {"bus.query_queue", OPTION_INTEGER, AT(query_queue), RANGE(1, 100000, 1000), .live = true,
     .unit = "requests", .help = "questions that wait; beyond it they get busy"},
    {"bus.parked_requests", OPTION_INTEGER, AT(parked_requests), RANGE(0, 100000, 1000),
     .live = true, .unit = "requests", .help = "long polls at a time"},
    {"bus.max_connections", OPTION_INTEGER, AT(max_connections), RANGE(16, 60000, 4000),
     .unit = "connections", .help = "at a time, about; one more is closed at once"},

    {"journal.engine", OPTION_WORD, AT(journal_engine), .words = journal_words,
     .help = "where the journal lies"},
    {"journal.segment_mib", OPTION_INTEGER, AT(segment_mib), RANGE(8, 1024, 64), .unit = "MiB",
     .help = "size of a journal file"},
    {"journal.compress", OPTION_BOOLEAN, AT(compress), .number = true,
     .help = "compress full journal files"},

    {"store.map_size_gib", OPTION_INTEGER, AT(map_size_gib), RANGE(1, 16384, 64), .unit = "GiB",
     .help = "most that the state may grow to; takes no disk ahead"},
    {"store.checkpoint_ms", OPTION_INTEGER, AT(checkpoint_ms), RANGE(10, 10000, 1000), .unit = "ms",
     .help = "between two commits of the state"},
    {"store.pending_mib", OPTION_INTEGER, AT(pending_mib), RANGE(1, 4096, 24), .unit = "MiB",
     .help = "changed rows that wait for a commit"},

    {"policies.instruction_limit", OPTION_INTEGER, AT(instruction_limit),
     RANGE(1000, 1000000000, 1000000), .unit = "instructions", .help = "of one decision"},
    {"policies.memory_limit_mib", OPTION_INTEGER, AT(memory_limit_mib), RANGE(1, 1024, 16),
     .unit = "MiB", .help = "of one decision"},
    {"policies.result_limit_kib", OPTION_INTEGER, AT(result_limit_kib), RANGE(1, 1024, 64),
     .unit = "KiB", .help = "findings and result of one decision"},
    {"policies.watchdog_s", OPTION_INTEGER, AT(watchdog_s), RANGE(0, 3600, 10), .unit = "s",
     .help = "after which a stuck decision ends the daemon and its policy is set aside; 0: never"},
    {"policies.check_ms", OPTION_INTEGER, AT(check_ms), RANGE(100, 600000, 10000), .unit = "ms",
     .help = "for checking one policy file with its cases"},

    {"policies.signers", OPTION_SIGNERS, AT(signers),
     .help = "who may sign what was proposed; where any stands here, nothing is put in force "
             "without a signature of somebody else"},

    {"security.master_key", OPTION_PATH, AT(master_key),
     .help = "file of the key that opens all others; default <data_dir>/master.key"},
    {"clock", OPTION_WORD, AT(clock), .words = clock_words,
     .help = "recorded time: the system's, or for loading history the events' own"},
    {"limits.future_minutes", OPTION_INTEGER, AT(future_minutes), RANGE(0, 10000, 5),
     .unit = "minutes", .help = "how far ahead an event's time may be"},
    {"limits.disk_reserve_mib", OPTION_INTEGER, AT(disk_reserve_mib), RANGE(16, 1048576, 256),
     .unit = "MiB", .help = "free disk below which the daemon only reads"},
};

const size_t n_options = sizeof option_table / sizeof *option_table;

const struct option *option_find(struct str name) {
    for (size_t i = 0; i < n_options; i++)
        if (str_equal(str_from(option_table[i].name), name))
            return &option_table[i];
    return NULL;
}

bool option_is_group(struct str name) {
    for (size_t i = 0; i < n_options; i++) {
        struct str whole = str_from(option_table[i].name);
        if (whole.size > name.size && str_starts_with(whole, name) && whole.data[name.size] == '.')
            return true;
    }
    return false;
}

const char *option_nearest(struct str name) {
    /* Groups stand beside the options, so that a wrong group is mended too. */
    static const char *const groups[] = {"log",      "city",     "bus",    "journal", "store",
                                         "policies", "security", "limits", NULL};
    const char *candidates[sizeof option_table / sizeof *option_table + 8];
    size_t n = 0;
    for (size_t i = 0; i < n_options; i++)
        candidates[n++] = option_table[i].name;
    for (size_t i = 0; groups[i]; i++)
        candidates[n++] = groups[i];
    return str_nearest(name, candidates, n);
}

void *option_place(const struct option *option, struct options *options) {
    return (char *)options + option->offset;
}

const void *option_value(const struct option *option, const struct options *options) {
    return (const char *)options + option->offset;
}

static size_t kind_size(enum option_kind kind) {
    static const size_t sizes[] = {
        [OPTION_PATH] = sizeof(const char *),    [OPTION_TEXT] = sizeof(const char *),
        [OPTION_INTEGER] = sizeof(int64_t),      [OPTION_BOOLEAN] = sizeof(bool),
        [OPTION_WORD] = sizeof(int64_t),         [OPTION_ENDPOINTS] = sizeof(struct texts),
        [OPTION_SIGNERS] = sizeof(struct texts),
    };
    return sizes[kind];
}

void options_default(struct options *options) {
    memset(options, 0, sizeof *options);
    for (size_t i = 0; i < n_options; i++) {
        const struct option *option = &option_table[i];
        void *place = option_place(option, options);
        switch (option->kind) {
        case OPTION_PATH:
        case OPTION_TEXT:
            *(const char **)place = option->text;
            break;
        case OPTION_INTEGER:
        case OPTION_WORD:
            *(int64_t *)place = option->number;
            break;
        case OPTION_BOOLEAN:
            *(bool *)place = option->number != 0;
            break;
        case OPTION_ENDPOINTS: /* none: composed when runtime_dir is known */
        case OPTION_SIGNERS:
            break;
        }
    }
}

static bool texts_differ(const char *a, const char *b) {
    return !str_equal(str_from(a), str_from(b));
}

static bool lists_differ(const struct texts *a, const struct texts *b) {
    if (a->n != b->n)
        return true;
    for (size_t i = 0; i < a->n; i++)
        if (texts_differ(a->items[i], b->items[i]))
            return true;
    return false;
}

bool option_differs(const struct option *option, const struct options *a, const struct options *b) {
    const void *left = option_value(option, a), *right = option_value(option, b);
    if (option->kind == OPTION_PATH || option->kind == OPTION_TEXT)
        return texts_differ(*(const char *const *)left, *(const char *const *)right);
    if (option->kind == OPTION_ENDPOINTS || option->kind == OPTION_SIGNERS)
        return lists_differ(left, right);
    return memcmp(left, right, kind_size(option->kind)) != 0;
}

void option_copy(const struct option *option, struct options *to, const struct options *from) {
    memcpy(option_place(option, to), option_value(option, from), kind_size(option->kind));
}
