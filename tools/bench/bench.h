/* One run: what is measured on what, and what came out. Threads: one. */
#pragma once

#include "daemon.h"
#include "figures.h"
#include "kept.h"

/* Events of each measurement. */
struct sizes {
    size_t warm, arrays, singles, one;
    size_t lmdb, bus;
    double sync_s;
};

struct bench {
    struct kept kept;
    struct sizes sizes;
    struct daemon daemon; /* on a copy of the old store; runs while pid is set */
    size_t next;          /* event of the workload */
    struct figures figures;
    struct cpu spent; /* ns per event by thread, of the last measurement that asked */
};

struct measurement {
    const char *name; /* for --only */
    const char *what;
    void (*run)(struct bench *bench); /* one repetition */
};
/* Stops the daemon on the old store, where one runs: the end of a repetition. */
void bench_old_stop(struct bench *bench);

/* In the order in which a repetition takes them. */
extern const struct measurement measurements[];
extern const size_t n_measurements;
