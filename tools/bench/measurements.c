/* The measurements, one function each. Those on the old store share one daemon for a repetition:
 * the first that needs it restores the store and starts it, and each goes on in the city where the
 * one before it stopped. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "fail.h"
#include "floor.h"
#include "publisher.h"

/* ---- the daemon on the old store ---- */

static struct load take_load(struct bench *bench, size_t n_events, size_t per_message) {
    struct load load;
    load_render(&load, &bench->kept.workload, bench->next, n_events, per_message);
    bench->next += n_events;
    return load;
}

static void old_start(struct bench *bench) {
    char data[PATH_LIMIT];
    if (bench->daemon.pid)
        return;
    path_join(data, bench->kept.work, "data");
    tree_remove(data);
    tree_copy(bench->kept.old, data, NULL);
    daemon_init(&bench->daemon, bench->kept.daemon, bench->kept.policies, data);
    daemon_start(&bench->daemon);
    bench->next = bench->kept.n_history;
    struct load load = take_load(bench, bench->sizes.warm, 100);
    publish_closed(bench->daemon.ingest, &load, 1, 4, NULL);
    load_deinit(&load);
    daemon_settle(&bench->daemon);
}

void bench_old_stop(struct bench *bench) {
    if (!bench->daemon.pid)
        return;
    daemon_stop(&bench->daemon);
    daemon_deinit(&bench->daemon);
}

/* ---- CPU ---- */

static int64_t thread_before(const struct cpu *before, pid_t tid) {
    for (int i = 0; i < before->n_threads; i++)
        if (before->threads[i].tid == tid)
            return before->threads[i].ns;
    return 0;
}

/* What was spent since `before`, an event's share of it. */
static double cpu_per_event(struct bench *bench, const struct cpu *before, size_t n_events) {
    struct cpu *spent = &bench->spent;
    daemon_settle(&bench->daemon);
    daemon_cpu(&bench->daemon, spent);
    spent->total_ns = (spent->total_ns - before->total_ns) / (int64_t)n_events;
    for (int i = 0; i < spent->n_threads; i++) {
        struct thread_cpu *thread = &spent->threads[i];
        thread->ns = (thread->ns - thread_before(before, thread->tid)) / (int64_t)n_events;
        if (thread->ns > 20)
            progress("    %-16s %6.2f us/event", thread->name, (double)thread->ns / 1e3);
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
    figure_add(&bench->figures, FIGURE_LMDB_YOUNG, floor_lmdb(folder, 0, bench->sizes.lmdb));
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
    old_start(bench);
    struct load load = take_load(bench, n_events, per_message);
    daemon_cpu(&bench->daemon, &before);
    struct published sum = publish_closed(bench->daemon.ingest, &load, 1, in_flight, NULL);
    load_deinit(&load);
    figure_add(&bench->figures, rate, (double)n_events / sum.seconds);
    figure_add(&bench->figures, cpu, cpu_per_event(bench, &before, n_events));
}

static void measure_arrays(struct bench *bench) {
    measure_rate(bench, bench->sizes.arrays, 100, 4, FIGURE_ARRAYS, FIGURE_ARRAYS_CPU);
}

static void measure_singles(struct bench *bench) {
    measure_rate(bench, bench->sizes.singles, 0, 100, FIGURE_SINGLES, FIGURE_SINGLES_CPU);
}

static void measure_one(struct bench *bench) {
    struct samples samples = {0};
    old_start(bench);
    struct load load = take_load(bench, bench->sizes.one, 0);
    struct published sum = publish_closed(bench->daemon.ingest, &load, 1, 1, &samples);
    figure_add(&bench->figures, FIGURE_ONE, (double)load.n_events / sum.seconds);
    figure_add(&bench->figures, FIGURE_ONE_P50, samples_percentile_us(&samples, 0.5));
    figure_add(&bench->figures, FIGURE_ONE_P99, samples_percentile_us(&samples, 0.99));
    samples_deinit(&samples);
    load_deinit(&load);
    daemon_settle(&bench->daemon);
}

const struct measurement measurements[] = {
    {"sync", "fdatasync of this machine", measure_sync},
    {"lmdb", "raw LMDB, four fixed puts per event", measure_lmdb},
    {"bus", "raw ZeroMQ round trips", measure_bus},
    {"arrays", "arrays of 100, four in flight", measure_arrays},
    {"singles", "singles, 100 in flight", measure_singles},
    {"one", "singles, one in flight", measure_one},
};
const size_t n_measurements = sizeof measurements / sizeof *measurements;
