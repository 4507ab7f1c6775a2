#include "small_city.h"

#include <assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/bus.h"
#include "bus/job.h"
#include "first_start.h"
#include "fuzz.h"
#include "util/calendar.h"
#include "util/log.h"

#define REGION "620500000000"
#define PATH_LIMIT 512
#define NOW_US (INT64_C(1535169600) * MICROSECONDS) /* 2018-08-25, a day after the last event */
#define POLICIES SOURCE_DIR "/scripts/policies"

struct small_city {
    struct io io;
    char directory[PATH_LIMIT];
    struct keyring *keyring;
    struct journal *journal;
    struct store *store;
    struct engine *engine;
    struct engine_options options;
    struct jobs *jobs;
    struct wake wake;
    struct services services;
};

/* ---- what needs another process: linked with --wrap ---- */

int __wrap_policy_vet(const struct vet_options *options, const struct policy_source *source,
                      struct buf *out);
int __wrap_policy_vet(const struct vet_options *options, const struct policy_source *source,
                      struct buf *out) {
    policy_check(source, &options->limits, out);
    return 0;
}

int __wrap_policy_vet_all(const struct vet_options *options, const struct policy_source *sources,
                          size_t n, struct buf *out);
int __wrap_policy_vet_all(const struct vet_options *options, const struct policy_source *sources,
                          size_t n, struct buf *out) {
    for (size_t i = 0; i < n; i++)
        policy_check(&sources[i], &options->limits, &out[i]);
    return 0;
}

void __wrap_bus_counters(struct bus *bus, struct bus_counters *ret_counters);
void __wrap_bus_counters(struct bus *bus, struct bus_counters *ret_counters) {
    (void)bus;
    *ret_counters = (struct bus_counters){0};
}

/* ---- the parts ---- */

static int64_t now_us(void *self) {
    static int64_t started_us;
    int64_t real_us = io_system()->boottime_us(self);
    if (!started_us)
        started_us = real_us;
    return NOW_US + real_us - started_us;
}

static void failed(void *context, int error) {
    (void)context;
    fprintf(stderr, "the daemon would end: %d\n", error);
    abort();
}

static char *path_of(const struct small_city *city, const char *name,
                     char ret_path[static PATH_LIMIT]) {
    snprintf(ret_path, PATH_LIMIT, "%.256s/%s", city->directory, name);
    return ret_path;
}

#define MUST(call)                                                                                 \
    do {                                                                                           \
        int must_result = (call);                                                                  \
        if (must_result != 0) {                                                                    \
            fprintf(stderr, "%s: %d\n", #call, must_result);                                       \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* `loading`: recorded time follows the events, so that the city has a past. */
static void parts_open(struct small_city *city, bool loading) {
    char keys[PATH_LIMIT], master[PATH_LIMIT], journal[PATH_LIMIT], state[PATH_LIMIT];
    const struct keyring_options keyring_options = {path_of(city, "keys", keys),
                                                    path_of(city, "master.key", master)};
    const struct journal_options journal_options = {.directory = path_of(city, "journal", journal),
                                                    .segment_bytes = UINT64_C(8) << 20};
    const struct store_options store_options = {.directory = path_of(city, "state", state),
                                                .map_size_bytes = UINT64_C(1) << 30,
                                                .checkpoint_ms = 100,
                                                .pending_limit_bytes = UINT64_C(64) << 20,
                                                .on_failure = failed};
    MUST(keyring_open(&city->io, &keyring_options, &city->keyring));
    MUST(journal_open(&city->io, &journal_options, &city->journal));
    MUST(store_open(&store_options, &city->store));
    city->options = (struct engine_options){.io = &city->io,
                                            .journal = city->journal,
                                            .store = city->store,
                                            .keyring = city->keyring,
                                            .policy_limits = POLICY_LIMITS_DEFAULT,
                                            .clock_from_events = loading,
                                            .future_limit_s = 300,
                                            .queue_limit_bytes = UINT64_C(64) << 20,
                                            .directory = city->directory,
                                            .on_failure = failed};
    MUST(engine_catch_up(&city->options, NULL, NULL));
    MUST(engine_start(&city->options, &city->engine));
}

static struct small_city *city_new(const char *directory, bool loading) {
    struct small_city *city = calloc(1, sizeof *city);
    assert(city);
    city->io = *io_system();
    city->io.now_us = now_us;
    snprintf(city->directory, sizeof city->directory, "%s", directory);
    parts_open(city, loading);
    return city;
}

static void services_open(struct small_city *city) {
    MUST(wake_init(&city->wake));
    const struct jobs_options jobs = {&city->io,         "/bin/false", city->directory,
                                      UINT64_C(1) << 30, &city->wake,  POLICY_LIMITS_DEFAULT};
    city->jobs = jobs_new(&jobs);
    city->services = (struct services){
        .io = &city->io,
        .engine = city->engine,
        .journal = city->journal,
        .store = city->store,
        .keyring = city->keyring,
        .data_dir = city->directory,
        .policy_dir = POLICIES,
        .version = "fuzz",
        .policy_limits = POLICY_LIMITS_DEFAULT,
        .vet = {.program = "/bin/false", .wall_ms = 1000, .limits = POLICY_LIMITS_DEFAULT},
        .started_us = NOW_US,
        .region = REGION,
        .jobs = city->jobs,
    };
}

void small_city_close(struct small_city *city) {
    if (!city)
        return;
    jobs_free(city->jobs);
    if (city->jobs)
        wake_deinit(&city->wake);
    engine_stop(city->engine);
    journal_close(city->journal);
    store_close(city->store);
    keyring_close(city->keyring);
    free(city);
}

const struct services *small_city_services(struct small_city *city) {
    return &city->services;
}

/* ---- made once ---- */

static void event_send(struct small_city *city, struct dom_parser *parser, struct str text) {
    struct command_writer writer = {&city->io, city->engine, city->keyring,
                                    parser,    REGION,       STR_NONE};
    struct command command;
    struct dom_value value;
    struct digest_key key;
    struct problem problem = {0};
    const char *message = "";
    size_t offset = 0;
    command_init(&command, 1);
    memcpy(key.bytes, keyring_digest_key(city->keyring), sizeof key.bytes);
    int r = dom_parse(parser, text, &value, &message, &offset);
    if (r == 0)
        r = event_from_json(value, &key, &command.batch.arena, command.batch.events, &problem);
    if (r == 0)
        r = command_run(&command, &writer, &problem);
    if (r == 0 && command.batch.results->status == RESULT_REJECTED) {
        problem = *command.batch.results->problem;
        r = 1;
    }
    if (r != 0) {
        fprintf(stderr, "%.*s: %s%s %s\n", STR_ARG(text), message, problem.field, problem.message);
        abort();
    }
    command_deinit(&command);
}

static void events_send(struct small_city *city, struct dom_parser *parser) {
    char *text;
    size_t size;
    MUST(io_read_file(io_system(), SOURCE_DIR "/tests/fuzz/city.jsonl", 1u << 20, &text, &size));
    for (char *line = text; line < text + size;) {
        char *end = memchr(line, '\n', (size_t)(text + size - line));
        assert(end);
        event_send(city, parser, (struct str){line, (size_t)(end - line)});
        line = end + 1;
    }
    free(text);
}

static void city_make(const char *directory) {
    static const char *const folders[] = {"", "journal", "state", "local"};
    struct options options;
    char path[PATH_LIMIT];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        int size = snprintf(path, sizeof path, "%s/%s", directory, folders[i]);
        assert(size < (int)sizeof path);
        MUST(mkdir(path, 0700));
    }
    struct small_city *city = city_new(directory, true);
    struct dom_parser *parser = dom_parser_new();
    const struct command_writer writer = {&city->io, city->engine, city->keyring,
                                          parser,    REGION,       STR_NONE};
    const struct vet_options vet = {
        .program = "/bin/false", .wall_ms = 1000, .limits = POLICY_LIMITS_DEFAULT};
    options_default(&options);
    MUST(first_start_city(&writer, city->journal, city->store, &options));
    MUST(first_start_dictionaries(&writer, city->store));
    MUST(first_start_policies(&writer, city->store, POLICIES, &vet));
    events_send(city, parser);
    dom_parser_free(parser);
    small_city_close(city);
}

static const char *original(void) {
    static char directory[PATH_LIMIT];
    if (!*directory) {
        log_set_level(getenv("VOLUNTEERD_FUZZ_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR - 1);
        snprintf(directory, sizeof directory, "%s/city", fuzz_directory());
        city_make(directory);
    }
    return directory;
}

const char *small_city_state(void) {
    static char state[PATH_LIMIT + 8];
    snprintf(state, sizeof state, "%s/state", original());
    return state;
}

/* ---- and copied ---- */

static size_t prefix_size;
static char copy_directory[PATH_LIMIT];

static int entry_copy(const char *path, const struct stat *status, int type, struct FTW *walk) {
    char to[2 * PATH_LIMIT];
    (void)walk;
    snprintf(to, sizeof to, "%s%s", copy_directory, path + prefix_size);
    if (type == FTW_D)
        return mkdir(to, 0700);
    int in = open(path, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert(in >= 0 && out >= 0);
    for (off_t at = 0; at < status->st_size;)
        if (sendfile(out, in, &at, (size_t)(status->st_size - at)) <= 0)
            abort();
    close(in);
    close(out);
    return 0;
}

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

struct small_city *small_city_open(void) {
    const char *from = original();
    prefix_size = strlen(from);
    snprintf(copy_directory, sizeof copy_directory, "%s/copy", fuzz_directory());
    if (access(copy_directory, F_OK) == 0)
        MUST(nftw(copy_directory, entry_remove, 8, FTW_DEPTH | FTW_PHYS));
    MUST(nftw(from, entry_copy, 8, FTW_PHYS));
    struct small_city *city = city_new(copy_directory, false);
    services_open(city);
    return city;
}
