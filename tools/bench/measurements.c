/* The measurements, one function each. Each restores the old store and starts a daemon on it; the
 * city goes on from there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "everyone.h"
#include "fail.h"
#include "floor.h"
#include "imports.h"
#include "journal_size.h"
#include "plugins.h"
#include "profile.h"
#include "publisher.h"
#include "reports.h"
#include "watcher.h"

/* ---- the daemon on the old store ---- */

/* Ends with the city's news: what lies further ahead has not happened yet. */
struct load bench_take_load(struct bench *bench, size_t n_events, size_t per_message) {
    struct load load;
    size_t left = bench->workload->n_events - bench->next;
    if (left < n_events / 2)
        fail("the simulated city has only %zu more events", left);
    load_render(&load, bench->workload, bench->next, n_events < left ? n_events : left,
                per_message);
    bench->next += load.n_events;
    return load;
}

/* The data folder of a kept store, copied to work on. */
static void restore(const struct bench *bench, const char *from, const char *leave_out,
                    char ret_data[static PATH_LIMIT]) {
    path_join(ret_data, bench->kept.work, "data");
    tree_remove(ret_data);
    tree_copy(from, ret_data, leave_out);
}

static void begin_on(struct bench *bench, const char *from, const struct workload *workload,
                     size_t next) {
    char data[PATH_LIMIT];
    restore(bench, from, NULL, data);
    kept_daemon(&bench->kept, data, &bench->daemon);
    bench->daemon.plugin_dir = bench->plugin_dir;
    daemon_start(&bench->daemon);
    bench->watcher = watcher_start(&bench->daemon);
    bench->workload = workload;
    bench->next = next;
}

void bench_stop(struct bench *bench) {
    if (!bench->daemon.pid)
        return;
    double peak_bytes = watcher_stop(bench->watcher);
    bench->peak_bytes = fmax(bench->peak_bytes, peak_bytes);
    progress("    memory at most %.0f MB", peak_bytes / 1e6);
    daemon_stop(&bench->daemon);
    daemon_deinit(&bench->daemon);
    bench->on_old = false;
}

static void warm_up(struct bench *bench) {
    struct load load = bench_take_load(bench, bench->sizes.warm, 100);
    publish_closed(bench->daemon.ingest, &load, 1, 4, NULL);
    load_deinit(&load);
    daemon_settle(&bench->daemon);
}

/* A daemon on the old store as it was kept; in a quick run on what the measurement before left. */
static void begin_with(struct bench *bench, const struct workload *workload) {
    if (bench->quick && bench->on_old) {
        bench->workload = workload;
        return;
    }
    bench_stop(bench);
    begin_on(bench, bench->kept.old, workload, bench->kept.n_history);
    warm_up(bench);
    bench->on_old = true;
}

void bench_begin(struct bench *bench) {
    begin_with(bench, &bench->kept.workload);
}

/* ---- CPU ---- */

static const struct thread_cpu *thread_before(const struct cpu *before, pid_t tid) {
    static const struct thread_cpu none = {0};
    for (int i = 0; i < before->n_threads; i++)
        if (before->threads[i].tid == tid)
            return &before->threads[i];
    return &none;
}

static int64_t own_cpu_ns(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return used.tv_sec * INT64_C(1000000000) + used.tv_nsec;
}

/* What was spent since `before`, an event's share of it. */
static double cpu_per_event(struct bench *bench, const struct cpu *before, size_t n_events) {
    struct cpu *spent = &bench->spent;
    daemon_settle(&bench->daemon);
    daemon_cpu(&bench->daemon, spent);
    spent->total_ns = (spent->total_ns - before->total_ns) / (int64_t)n_events;
    for (int i = 0; i < spent->n_threads; i++) {
        struct thread_cpu *thread = &spent->threads[i];
        const struct thread_cpu *earlier = thread_before(before, thread->tid);
        thread->ns = (thread->ns - earlier->ns) / (int64_t)n_events;
        thread->wait_ns = (thread->wait_ns - earlier->wait_ns) / (int64_t)n_events;
        if (thread->ns > 20)
            progress("    %-16s %6.2f us/event, waited %6.2f us for a processor", thread->name,
                     (double)thread->ns / 1e3, (double)thread->wait_ns / 1e3);
    }
    return (double)spent->total_ns / 1e3;
}

/* ---- floors ---- */

static void measure_sync(struct bench *bench) {
    struct sync_floor floor = floor_sync(bench->kept.work, bench->sizes.sync_s);
    figure_add(&bench->figures, FIGURE_SYNC, floor.per_second);
    figure_add(&bench->figures, FIGURE_SYNC_P50, floor.p50_us);
}

static void measure_lmdb(struct bench *bench) {
    char folder[PATH_LIMIT];
    path_join(folder, bench->kept.work, "floor");
    tree_remove(folder);
    figure_add(&bench->figures, FIGURE_LMDB_YOUNG, floor_lmdb(folder, 0, bench->sizes.lmdb_young));
    tree_remove(folder);
    tree_copy(bench->kept.floor, folder, NULL);
    figure_add(&bench->figures, FIGURE_LMDB,
               floor_lmdb(folder, bench->kept.n_history, bench->sizes.lmdb));
    tree_remove(folder);
}

static void measure_bus(struct bench *bench) {
    struct bus_floor floor = floor_bus("/tmp", bench->sizes.bus);
    figure_add(&bench->figures, FIGURE_BUS, floor.per_second);
    figure_add(&bench->figures, FIGURE_BUS_P50, floor.p50_us);
    figure_add(&bench->figures, FIGURE_BUS_PIPELINED, floor.pipelined_per_second);
}

/* ---- rates ---- */

static void measure_rate(struct bench *bench, size_t n_events, size_t per_message,
                         unsigned in_flight, enum figure rate, enum figure cpu) {
    struct cpu before;
    bench_begin(bench);
    struct load load = bench_take_load(bench, n_events, per_message);
    daemon_cpu(&bench->daemon, &before);
    int64_t own_ns = own_cpu_ns();
    struct published sum = publish_closed(bench->daemon.ingest, &load, 1, in_flight, NULL);
    progress("    %-16s %6.2f us/event", "(this driver)",
             (double)(own_cpu_ns() - own_ns) / 1e3 / (double)load.n_events);
    figure_add(&bench->figures, rate, (double)sum.stored / sum.seconds);
    figure_add(&bench->figures, cpu, cpu_per_event(bench, &before, load.n_events));
    load_deinit(&load);
}

static void measure_arrays(struct bench *bench) {
    measure_rate(bench, bench->sizes.arrays, 100, 4, FIGURE_ARRAYS, FIGURE_ARRAYS_CPU);
}

static void measure_singles(struct bench *bench) {
    measure_rate(bench, bench->sizes.singles, 0, 100, FIGURE_SINGLES, FIGURE_SINGLES_CPU);
}

static void measure_one(struct bench *bench) {
    struct samples samples = {0};
    bench_begin(bench);
    struct load load = bench_take_load(bench, bench->sizes.one, 0);
    struct published sum = publish_closed(bench->daemon.ingest, &load, 1, 1, &samples);
    figure_add(&bench->figures, FIGURE_ONE, (double)load.n_events / sum.seconds);
    figure_add(&bench->figures, FIGURE_ONE_P50, samples_percentile_us(&samples, 0.5));
    figure_add(&bench->figures, FIGURE_ONE_P99, samples_percentile_us(&samples, 0.99));
    samples_deinit(&samples);
    load_deinit(&load);
    daemon_settle(&bench->daemon);
}

/* ---- the grid, random ids ---- */

static void measure_plain(struct bench *bench, enum figure figure, size_t n_events,
                          size_t per_message, unsigned n_publishers, unsigned in_flight) {
    struct load load = bench_take_load(bench, n_events, per_message);
    struct published sum =
        publish_closed(bench->daemon.ingest, &load, n_publishers, in_flight, NULL);
    load_deinit(&load);
    figure_add(&bench->figures, figure, (double)sum.stored / sum.seconds);
    daemon_settle(&bench->daemon);
}

/* Each publisher has four messages in flight. */
static void measure_grid(struct bench *bench) {
    static const struct {
        enum figure figure;
        size_t per_message;
        unsigned n_publishers;
    } cells[] = {{FIGURE_GRID_1_1, 1, 1},
                 {FIGURE_GRID_1_4, 1, 4},
                 {FIGURE_GRID_100_4, 100, 4},
                 {FIGURE_GRID_1000_1, 1000, 1},
                 {FIGURE_GRID_1000_4, 1000, 4}};
    bench_begin(bench);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        measure_plain(bench, cells[i].figure,
                      cells[i].per_message == 1 ? bench->sizes.grid_single : bench->sizes.grid,
                      cells[i].per_message, cells[i].n_publishers, 4);
}

/* The same events under ids in no order, behind a history whose ids are in order. */
static void measure_random(struct bench *bench) {
    if (!bench->random.text)
        workload_open(&bench->random, bench->kept.city_random);
    begin_with(bench, &bench->random);
    measure_plain(bench, FIGURE_RANDOM_ARRAYS, bench->sizes.arrays, 100, 1, 4);
    begin_with(bench, &bench->random);
    measure_plain(bench, FIGURE_RANDOM_SINGLES, bench->sizes.singles, 0, 1, 100);
}

/* ---- open loop ---- */

const double percentiles[PERCENTILES] = {0.5, 0.99, 0.999};

static void open_loop(struct bench *bench, double rate, double seconds, struct samples *samples,
                      struct published *ret_sum) {
    size_t most = bench->sizes.open_most, n = (size_t)(rate * seconds);
    bench_begin(bench);
    struct cpu before;
    struct load load = bench_take_load(bench, n < most ? n : most, 0);
    daemon_cpu(&bench->daemon, &before);
    *ret_sum = publish_open(bench->daemon.ingest, &load, rate, samples);
    (void)cpu_per_event(bench, &before, load.n_events);
    load_deinit(&load);
}

static void measure_open(struct bench *bench) {
    static const enum figure figures[2][PERCENTILES] = {
        {FIGURE_LOW_P50, FIGURE_LOW_P99, FIGURE_LOW_P999},
        {FIGURE_HIGH_P50, FIGURE_HIGH_P99, FIGURE_HIGH_P999}};
    for (int i = 0; i < 2; i++) {
        struct samples samples = {0};
        struct published sum;
        open_loop(bench, i ? bench->sizes.open_high : bench->sizes.open_low, bench->sizes.open_s,
                  &samples, &sum);
        bench->n_busy += sum.refused;
        for (int j = 0; j < PERCENTILES; j++)
            figure_add(&bench->figures, figures[i][j],
                       samples_percentile_us(&samples, percentiles[j]));
        samples_deinit(&samples);
    }
}

/* Ten rates up to what singles reach with 100 in flight, the same in every repetition. */
static void sweep_choose(struct bench *bench) {
    double most = figure_median(&bench->figures, FIGURE_SINGLES),
           step = ceil(most / 10 / 500) * 500;
    struct sweep *sweep = &bench->sweep;
    for (size_t i = bench->quick ? 2 : 0; i < 10; i += bench->quick ? 4 : 1)
        sweep->offered[sweep->n++] = step * (double)(i + 1);
}

#define TAIL_S 0.05 /* the last answer comes so much later at most */

/* A rate that it does not keep up with has no latency: it grows for as long as one looks. */
static bool kept_up(const struct published *sum, double rate) {
    double seconds = (double)(sum->stored + sum->refused) / rate;
    return sum->refused == 0 && sum->seconds < seconds * 1.05 + TAIL_S;
}

static void measure_sweep(struct bench *bench) {
    struct sweep *sweep = &bench->sweep;
    if (!sweep->n)
        sweep_choose(bench);
    for (size_t i = 0; i < sweep->n; i++) {
        struct samples samples = {0};
        struct published sum;
        open_loop(bench, sweep->offered[i], bench->sizes.sweep_s, &samples, &sum);
        bool good = bench->quick || kept_up(&sum, sweep->offered[i]);
        if (good) {
            size_t at = sweep->points[i].n++;
            for (int j = 0; j < PERCENTILES; j++)
                sweep->points[i].us[j][at] = samples_percentile_us(&samples, percentiles[j]);
        }
        samples_deinit(&samples);
        if (!good)
            break;
    }
}

/* ---- history ---- */

static void measure_young(struct bench *bench) {
    bench_stop(bench);
    begin_on(bench, bench->kept.young, &bench->kept.workload_young,
             bench->kept.workload_young.n_setup);
    warm_up(bench);
    measure_plain(bench, FIGURE_YOUNG, bench->sizes.arrays, 100, 1, 4);
    bench_stop(bench);
    figure_add(&bench->figures, FIGURE_AGEING,
               figure_last(&bench->figures, FIGURE_ARRAYS) /
                   figure_last(&bench->figures, FIGURE_YOUNG));
}

/* ---- sizes: they are the same each time ---- */

static double per(uint64_t more, uint64_t less, size_t n) {
    return more > less ? (double)(more - less) / (double)n : 0;
}

static void measure_bytes(struct bench *bench) {
    const struct kept *kept = &bench->kept;
    const struct stage *base = &kept->base, *young = &kept->registered, *old = &kept->whole;
    size_t n_events = kept->n_history - kept->workload.n_setup;
    uint64_t bytes, n_published;
    if (figure_known(&bench->figures, FIGURE_STORE_BYTES))
        return;
    figure_add(&bench->figures, FIGURE_STORE_BYTES,
               per(old->file_bytes, young->file_bytes, n_events));
    figure_add(&bench->figures, FIGURE_STORE_USED,
               per(old->used_bytes, young->used_bytes, n_events));
    figure_add(&bench->figures, FIGURE_VOLUNTEER_BYTES,
               per(young->file_bytes, base->file_bytes, kept->n_registered));
    figure_add(&bench->figures, FIGURE_VOLUNTEER_USED,
               per(young->used_bytes, base->used_bytes, kept->n_registered));
    figure_add(&bench->figures, FIGURE_KEY_BYTES, per(young->key_bytes, 0, kept->n_registered));
    /* A short history has no closed file yet. */
    if (journal_closed(kept->old, &bytes, &n_published))
        figure_add(&bench->figures, FIGURE_JOURNAL_BYTES, per(bytes, 0, n_published));
}

static void measure_memory(struct bench *bench) {
    bench_stop(bench);
    figure_add(&bench->figures, FIGURE_MEMORY, bench->peak_bytes / 1e6);
    bench->peak_bytes = 0;
}

/* ---- starting ---- */

/* The journal and the keys alone: everything is applied again before a question is answered. */
static void measure_replay(struct bench *bench) {
    struct daemon daemon;
    char data[PATH_LIMIT];
    bench_stop(bench);
    restore(bench, bench->kept.old, "state", data);
    kept_daemon(&bench->kept, data, &daemon);
    int64_t ns = daemon_start(&daemon);
    figure_add(&bench->figures, FIGURE_REPLAY, (double)bench->kept.n_history * 1e9 / (double)ns);
    daemon_stop(&daemon);
    daemon_deinit(&daemon);
}

/* Killed right behind an acknowledgement under load. */
static void measure_restart(struct bench *bench) {
    bench_stop(bench);
    begin_on(bench, bench->kept.old, &bench->kept.workload, bench->kept.n_history);
    struct load load = bench_take_load(bench, bench->sizes.restart, 100);
    publish_closed(bench->daemon.ingest, &load, 1, 4, NULL);
    load_deinit(&load);
    watcher_stop(bench->watcher);
    daemon_kill(&bench->daemon);
    int64_t ns = daemon_start(&bench->daemon);
    figure_add(&bench->figures, FIGURE_RESTART, (double)ns / 1e6);
    daemon_stop(&bench->daemon);
    daemon_deinit(&bench->daemon);
}

/* ---- other engines ---- */

/* All repetitions together stay within the city's news, and singles get half of what arrays get. */
static size_t engine_share(const struct bench *bench, size_t wanted, double share) {
    size_t news = bench->kept.workload.n_events - bench->kept.n_history - bench->sizes.engine_warm;
    size_t most = (size_t)((double)news * share / bench->repetitions);
    return wanted < most ? wanted : most;
}

/* PostgreSQL's messages overtake each other: on a busy machine a short run would be refused too
 * much of what names something on its way. */
static unsigned engine_in_flight(const struct bench *bench, const struct entrant *entrant) {
    return bench->quick && entrant == &bench->entrants[POSTGRESQL] ? 1 : 4;
}

static struct entrant *engine_begin(struct bench *bench, enum entrant_number number) {
    struct entrant *entrant = &bench->entrants[number];
    char text[128];
    const char *excuse = entrant_excuse(entrant, text);
    bench_stop(bench);
    entrant->was_asked = true;
    if (excuse)
        progress("    %s: %s", entrant->engine->title, excuse);
    if (excuse)
        return NULL;
    if (!entrant->self) {
        entrant_begin(entrant, bench->kept.work, &bench->kept.workload, bench->kept.n_history);
        entrant_publish(entrant, bench->sizes.engine_warm, 100, engine_in_flight(bench, entrant));
    }
    return entrant;
}

static void engine_arrays(struct bench *bench, struct entrant *entrant, enum figure rate,
                          enum figure times) {
    size_t n = engine_share(bench, bench->sizes.engine_arrays, 2.0 / 3);
    figure_add(&bench->figures, rate,
               entrant_publish(entrant, n, 100, engine_in_flight(bench, entrant)));
    figure_add(&bench->figures, times,
               figure_last(&bench->figures, FIGURE_ARRAYS) / figure_last(&bench->figures, rate));
}

static void engine_singles(struct bench *bench, struct entrant *entrant, enum figure rate,
                           enum figure times) {
    size_t n = engine_share(bench, bench->sizes.engine_singles, 1.0 / 3);
    figure_add(&bench->figures, rate, entrant_publish(entrant, n, 1, 100));
    figure_add(&bench->figures, times,
               figure_last(&bench->figures, FIGURE_SINGLES) / figure_last(&bench->figures, rate));
}

static void measure_redis(struct bench *bench) {
    struct entrant *entrant = engine_begin(bench, REDIS);
    if (!entrant)
        return;
    engine_arrays(bench, entrant, FIGURE_REDIS_ARRAYS, FIGURE_REDIS_ARRAYS_TIMES);
    engine_singles(bench, entrant, FIGURE_REDIS_SINGLES, FIGURE_REDIS_SINGLES_TIMES);
}

static void measure_tarantool(struct bench *bench) {
    struct entrant *entrant = engine_begin(bench, TARANTOOL);
    if (!entrant)
        return;
    engine_arrays(bench, entrant, FIGURE_TARANTOOL_ARRAYS, FIGURE_TARANTOOL_ARRAYS_TIMES);
    engine_singles(bench, entrant, FIGURE_TARANTOOL_SINGLES, FIGURE_TARANTOOL_SINGLES_TIMES);
}

static void measure_sqlite(struct bench *bench) {
    struct entrant *entrant = engine_begin(bench, SQLITE);
    if (entrant)
        engine_arrays(bench, entrant, FIGURE_SQLITE_ARRAYS, FIGURE_SQLITE_ARRAYS_TIMES);
}

static void measure_postgresql(struct bench *bench) {
    struct entrant *entrant = engine_begin(bench, POSTGRESQL);
    if (entrant)
        engine_arrays(bench, entrant, FIGURE_POSTGRESQL_ARRAYS, FIGURE_POSTGRESQL_ARRAYS_TIMES);
}

void bench_end_engines(struct bench *bench) {
    for (size_t i = 0; i < ENTRANTS; i++)
        entrant_end(&bench->entrants[i]);
}

/* ---- profile ---- */

static void profile_load(struct bench *bench, const char *title, size_t n_events,
                         size_t per_message, unsigned in_flight) {
    struct profile profile;
    struct load load = bench_take_load(bench, n_events, per_message);
    profile_begin(&profile, bench->daemon.pid);
    publish_closed(bench->daemon.ingest, &load, 1, in_flight, NULL);
    load_deinit(&load);
    daemon_settle(&bench->daemon);
    profile_end(&profile, title);
}

void bench_profile(struct bench *bench) {
    bench_begin(bench);
    profile_load(bench, "arrays of 100, four in flight", bench->sizes.arrays, 100, 4);
    bench_begin(bench);
    profile_load(bench, "singles, 100 in flight", bench->sizes.singles, 0, 100);
    bench_stop(bench);
}

const struct measurement measurements[] = {
    {"bus", NULL, {NULL}, "raw ZeroMQ round trips", measure_bus, ALWAYS},
    {"lmdb", NULL, {NULL}, "raw LMDB, four fixed puts per event", measure_lmdb, ALWAYS},
    {"arrays", NULL, {"lmdb"}, "arrays of 100, four in flight", measure_arrays, ALWAYS},
    {"singles", NULL, {"lmdb"}, "singles, 100 in flight", measure_singles, ALWAYS},
    {"sync", NULL, {NULL}, "fdatasync of this machine", measure_sync, ALWAYS},
    {"one", NULL, {"sync"}, "singles, one in flight", measure_one, ALWAYS},
    {"open", NULL, {NULL}, "latency at 20,000 and 50,000 singles per second", measure_open, ALWAYS},
    {"sweep", NULL, {"singles"}, "latency against offered rate", measure_sweep, FOR_A_PICTURE},
    {"grid", NULL, {NULL}, "arrays of 1, 100, 1,000 by 1 and 4 publishers", measure_grid, ALWAYS},
    {"random", NULL, {NULL}, "random ids", measure_random, ALWAYS},
    {"memory",
     NULL,
     {"arrays"},
     "peak resident memory in all of the above",
     measure_memory,
     ALWAYS},
    {"young",
     NULL,
     {"arrays"},
     "rate over the first 200,000 events of history",
     measure_young,
     false},
    {"replay", NULL, {NULL}, "replay into an empty store", measure_replay, ALWAYS},
    {"restart", NULL, {NULL}, "first answer after kill -9", measure_restart, ALWAYS},
    {"bytes", NULL, {NULL}, "bytes of store and journal", measure_bytes, ALWAYS},
    {"diff", NULL, {NULL}, "policy diff about everyone", measure_diff, ALWAYS},
    {"rerate", NULL, {NULL}, "rating everyone anew beside ingest", measure_rerate, ALWAYS},
    {"import", NULL, {NULL}, "people from a CSV beside arrays of them", measure_import, ALWAYS},
    {"report", NULL, {NULL}, "reports at 10,000 and 1,000,000 people", measure_reports, ALWAYS},
    {"plugins", NULL, {NULL}, "plugins: how soon, how fast, at what cost", measure_plugins, ALWAYS},
    {"redis", "engines", {"arrays", "singles"}, "Redis beside it", measure_redis, WHEN_NAMED},
    {"tarantool",
     "engines",
     {"arrays", "singles"},
     "Tarantool beside it",
     measure_tarantool,
     WHEN_NAMED},
    {"sqlite", "engines", {"arrays"}, "SQLite beside it", measure_sqlite, WHEN_NAMED},
    {"postgresql", "engines", {"arrays"}, "PostgreSQL beside it", measure_postgresql, WHEN_NAMED},
};
const size_t n_measurements = sizeof measurements / sizeof *measurements;
