/* One run: what is measured on what, and what came out. Threads: one. */
#pragma once

#include "daemon.h"
#include "engines/entrant.h"
#include "figures.h"
#include "kept.h"
#include "people.h"

/* Events of each measurement, and seconds. */
struct sizes {
    size_t warm, arrays, singles, one;
    size_t grid, grid_single;
    size_t restart;
    size_t lmdb, lmdb_young, bus;
    double sync_s, open_s, sweep_s;
    double open_low, open_high; /* rates */
    size_t open_most;           /* events of one rate */
    size_t engine_warm, engine_arrays, engine_singles;
    size_t rerate_piece; /* events of a piece beside it */
    double rerate_rate;
    size_t imported; /* people of a spreadsheet */
    size_t reached;  /* events to an idle plugin */
    size_t plugins_piece;
};

enum { P50, P99, P999, PERCENTILES };
extern const double percentiles[PERCENTILES]; /* 0.5, ... */

#define SWEEP_LIMIT 20
struct sweep {
    double offered[SWEEP_LIMIT];
    struct {
        double us[PERCENTILES][REPETITIONS_LIMIT];
        size_t n; /* repetitions in which the daemon kept up */
    } points[SWEEP_LIMIT];
    size_t n;
};

/* In the order of the table. */
enum entrant_number { REDIS, TARANTOOL, SQLITE, POSTGRESQL, ENTRANTS };

struct bench {
    struct kept kept;
    const char *control;  /* volunteerctl */
    struct people people; /* opened by who asks about everyone */
    struct people few_people;
    struct sizes sizes;
    bool quick;
    unsigned repetitions;
    struct daemon daemon;            /* on a copy of the old store; runs while pid is set */
    bool on_old;                     /* and it was warmed up */
    const char *plugin_dir;          /* of the daemon that begins next; NULL: it has none */
    struct watcher *watcher;         /* of the daemon's memory */
    double peak_bytes;               /* the most it saw in this repetition */
    const struct workload *workload; /* what is published from */
    size_t next;                     /* event of it */
    struct workload random;          /* with random ids; opened when first needed */
    struct sweep sweep;
    size_t n_busy; /* events of the fixed rates that were refused */
    struct figures figures;
    struct entrant entrants[ENTRANTS];
    struct cpu spent; /* ns per event by thread, of the last measurement that asked */
};

struct measurement {
    const char *name;     /* for --only */
    const char *group;    /* another name for --only, of several; or NULL */
    const char *needs[2]; /* others that its goal or its figures are made of */
    const char *what;
    void (*run)(struct bench *bench);                 /* one repetition */
    enum { ALWAYS, FOR_A_PICTURE, WHEN_NAMED } taken; /* where --only does not say */
};
/* A daemon on the old store as it was kept, warmed up; in a quick run on what the measurement
 * before left. */
void bench_begin(struct bench *bench);
/* The next events of the workload; no more than the city has news. */
struct load bench_take_load(struct bench *bench, size_t n_events, size_t per_message);
/* Stops the daemon that runs, where one does: the end of a repetition. */
void bench_stop(struct bench *bench);

/* The other engines say what they hold and are removed. */
void bench_end_engines(struct bench *bench);

/* The loads of "arrays" and "singles" once more, under perf; prints what it found. */
void bench_profile(struct bench *bench);

/* In the order in which a repetition takes them. */
extern const struct measurement measurements[];
extern const size_t n_measurements;
