/* numbers.get: the numbers of the daemon, for whoever draws them over time. Whole numbers alone:
 * bytes, microseconds, counts since the start. It waits for no commit and walks nothing that grows
 * with the city, so it may be asked each second. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bus/accept.h"
#include "bus/bus.h"
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/numbers.h"
#include "bus/run_view.h"
#include "domain/points.h"
#include "policy/meter.h"
#include "store/figures.h"

static void put(json_t *object, const char *name, uint64_t value) {
    json_object_set_new(object, name, json_integer((json_int_t)value));
}

/* ---- journal, store, disk ---- */

static json_t *journal_json(const struct services *services, uint64_t committed) {
    struct journal_figures figures;
    json_t *journal = json_object(), *bounds = json_array(), *within = json_array();
    journal_figures(services->journal, &figures);
    put(journal, "head", figures.head.sequence);
    put(journal, "committed", committed);
    put(journal, "bytes", figures.bytes);
    put(journal, "segments", figures.segments);
    put(journal, "archived", figures.archived);
    put(journal, "frames", figures.frames);
    put(journal, "syncs", figures.syncs);
    put(journal, "syncs_us", figures.syncs_us);
    for (size_t i = 0; i < JOURNAL_SYNC_BOUNDS; i++) {
        json_array_append_new(bounds, json_integer(journal_sync_bounds_us[i]));
        json_array_append_new(within, json_integer((json_int_t)figures.syncs_within[i]));
    }
    json_object_set_new(journal, "sync_bounds_us", bounds);
    json_object_set_new(journal, "syncs_within", within);
    int64_t now_us = services->io->boottime_us(services->io->self);
    json_object_set_new(journal, "idle_us",
                        figures.synced_us ? json_integer(now_us - figures.synced_us) : json_null());
    return journal;
}

/* Who holds a snapshot: a process has a name only as long as it is there. */
static json_t *process_name(const struct io *io, pid_t pid) {
    char path[64], name[32];
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    int fd = io->open(io->self, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return json_null();
    ssize_t n = io->pread(io->self, fd, name, sizeof name, 0);
    io->close(io->self, fd);
    while (n > 0 && name[n - 1] == '\n')
        n--;
    return n > 0 ? json_stringn(name, (size_t)n) : json_null();
}

static json_t *oldest_json(const struct io *io, const struct store_figures *figures) {
    if (!figures->is_overtaken)
        return json_null();
    json_t *oldest = json_object();
    json_t *name = process_name(io, figures->oldest_pid);
    put(oldest, "pid", (uint64_t)figures->oldest_pid);
    json_object_set_new(oldest, "process", name ? name : json_null());
    put(oldest, "behind", figures->oldest_behind);
    put(oldest, "held_us", figures->oldest_held_us);
    return oldest;
}

static json_t *store_json(const struct query *query) {
    struct store_figures figures;
    json_t *store = json_object();
    store_figures(query->services->store, &figures);
    put(store, "map_bytes", figures.map_bytes);
    put(store, "used_bytes", figures.used_bytes);
    put(store, "free_bytes", view_free_pages(query->view) * figures.page_bytes);
    put(store, "checkpoints", figures.checkpoints);
    put(store, "checkpoints_us", figures.checkpoints_us);
    put(store, "last_checkpoint_us", figures.last_checkpoint_us);
    put(store, "pending_bytes", figures.pending_bytes);
    put(store, "readers", figures.n_readers);
    put(store, "readers_limit", figures.readers_limit);
    json_object_set_new(store, "oldest_reader", oldest_json(query->services->io, &figures));
    return store;
}

static json_t *disk_json(const struct services *services) {
    const struct io *io = services->io;
    int64_t free_bytes = io->disk_free_bytes(io->self, services->data_dir);
    int64_t total_bytes = io->disk_total_bytes(io->self, services->data_dir);
    json_t *disk = json_object();
    json_object_set_new(disk, "free_bytes",
                        free_bytes >= 0 ? json_integer(free_bytes) : json_null());
    json_object_set_new(disk, "total_bytes",
                        total_bytes >= 0 ? json_integer(total_bytes) : json_null());
    put(disk, "reserve_bytes", services->disk_reserve_bytes);
    return disk;
}

/* ---- bus, engine, policies ---- */

/* Codes that were given at least once. */
static json_t *rejected_json(const struct bus_counters *counters) {
    json_t *rejected = json_object();
    for (int code = PROBLEM_NONE + 1; code < PROBLEM_COUNT; code++) {
        struct problem problem = {.code = (enum problem_code)code};
        char text[48];
        if (problem.code == PROBLEM_UNKNOWN_NOUN)
            problem.noun = "thing"; /* of whatever kind */
        uint64_t n = counters->rejected_as[code];
        if (n > 0)
            put(rejected, problem_code_text(&problem, text), n);
    }
    return rejected;
}

static json_t *bus_json(const struct services *services) {
    struct bus_counters counters;
    json_t *bus = json_object();
    bus_counters(services->bus, &counters);
    put(bus, "messages", counters.messages);
    put(bus, "refused_messages", counters.refused_messages);
    put(bus, "dropped_acks", counters.dropped_acks);
    json_object_set_new(bus, "rejected_as", rejected_json(&counters));
    put(bus, "published", counters.published);
    put(bus, "subscribers", counters.subscriptions);
    put(bus, "connections", counters.open_connections);
    put(bus, "accepted_connections", counters.accepted_connections);
    put(bus, "closed_connections", counters.closed_connections);
    put(bus, "turned_away_connections", accept_turned_away());
    put(bus, "answered", counters.queries.answered);
    put(bus, "dropped_answers", counters.queries.dropped);
    put(bus, "waiting_questions", counters.queries.waiting);
    put(bus, "parked_questions", counters.queries.parked);
    put(bus, "question_bytes", counters.queries.held_bytes);
    return bus;
}

static json_t *engine_json(struct engine *engine) {
    struct engine_counters counters;
    const char *reason = engine_read_only_reason(engine);
    json_t *object = json_object();
    engine_counters(engine, &counters);
    json_object_set_new(object, "read_only", json_boolean(reason != NULL));
    json_object_set_new(object, "reason", reason ? json_string(reason) : json_null());
    put(object, "stored", counters.events_stored);
    put(object, "duplicate", counters.events_duplicate);
    put(object, "rejected", counters.events_rejected);
    put(object, "decisions", counters.decisions);
    put(object, "policy_calls", counters.policy_calls);
    put(object, "policy_failures", counters.policy_failures);
    put(object, "queue_bytes", counters.queue_bytes);
    put(object, "recorded_us", (uint64_t)counters.recorded_us);
    return object;
}

static json_t *use_json(const struct meter_use *use) {
    json_t *object = json_pack("{s:s, s:s, s:s}", "policy", use->policy, "revision", use->revision,
                               "kind", POLICY_KIND_choices.words[use->kind]);
    put(object, "calls", use->calls);
    put(object, "known", use->known);
    put(object, "failures", use->failures);
    put(object, "runs", use->runs);
    put(object, "runs_us", use->run_ns / 1000);
    put(object, "longest_us", use->run_most_ns / 1000);
    put(object, "instructions", use->instructions);
    put(object, "most_instructions", use->instructions_most);
    return object;
}

static json_t *policies_json(const struct services *services) {
    json_t *revisions = json_array();
    const struct meter_use *use = meter_first(engine_meter(services->engine));
    for (; use; use = use->next)
        json_array_append_new(revisions, use_json(use));
    return json_pack("{s:I, s:o}", "instruction_limit",
                     (json_int_t)services->policy_limits.instructions, "revisions", revisions);
}

/* ---- the process ---- */

static uint64_t resident_bytes(const struct io *io) {
    char text[128] = "";
    int fd = io->open(io->self, "/proc/self/statm", O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    ssize_t n = io->pread(io->self, fd, text, sizeof text - 1, 0);
    io->close(io->self, fd);
    const char *second = n > 0 ? strchr(text, ' ') : NULL;
    return second ? strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static uint64_t microseconds(struct timeval time) {
    return (uint64_t)time.tv_sec * MICROSECONDS + (uint64_t)time.tv_usec;
}

static json_t *process_json(const struct services *services) {
    const struct io *io = services->io;
    struct rusage usage = {0};
    json_t *process = json_object();
    getrusage(RUSAGE_SELF, &usage);
    put(process, "pid", (uint64_t)getpid());
    put(process, "cpu_us", microseconds(usage.ru_utime) + microseconds(usage.ru_stime));
    put(process, "resident_bytes", resident_bytes(io));
    put(process, "started_us", (uint64_t)services->started_us);
    put(process, "uptime_us", (uint64_t)(io->now_us(io->self) - services->started_us));
    return process;
}

/* ---- the whole ---- */

static int put_state(struct query *query, json_t *numbers) {
    json_t *city = NULL, *ledger = NULL, *runs = NULL;
    int r = numbers_city(query, &city);
    if (r == 0)
        r = numbers_ledger(query, &ledger);
    if (r == 0)
        r = runs_under_way(query, &runs);
    if (city)
        json_object_set_new(numbers, "city", city);
    if (ledger)
        json_object_set_new(numbers, "ledger", ledger);
    if (runs)
        json_object_set_new(numbers, "runs", runs);
    put(numbers, "points_withheld", withheld_last(query->view) - withheld_done(query->view));
    return r;
}

int query_numbers_get(struct query *query, json_t **ret_result) {
    const struct services *services = query->services;
    json_t *numbers = json_pack("{s:s}", "version", services->version);
    json_object_set_new(numbers, "process", process_json(services));
    json_object_set_new(numbers, "journal",
                        journal_json(services, view_head(query->view).sequence));
    json_object_set_new(numbers, "store", store_json(query));
    json_object_set_new(numbers, "disk", disk_json(services));
    json_object_set_new(numbers, "bus", bus_json(services));
    json_object_set_new(numbers, "engine", engine_json(services->engine));
    json_object_set_new(numbers, "policies", policies_json(services));
    *ret_result = numbers;
    return put_state(query, numbers);
}
