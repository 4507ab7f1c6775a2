/* What is built once a day and kept between runs: the simulated city as a file, a store with its
 * history (old), one with the set-up of another city alone (young), and the floor's LMDB
 * environment with as many events. Measurements work on copies. A kept store of another day,
 * format, city or set of rules is built anew. Threads: one. Errors: fail(). */
#pragma once

#include "city.h"
#include "daemon.h"
#include "files.h"

/* The state's file and the keys of a data folder. */
struct stage {
    uint64_t file_bytes, used_bytes; /* used: pages that are not on LMDB's list of free ones */
    uint64_t key_bytes;
};

struct kept {
    /* what is wanted */
    const char *daemon, *policies; /* program; folder of rules */
    const char *folder;
    struct city_plan plan;
    size_t n_least;       /* events of history */
    unsigned segment_mib; /* of the journal; 0: the default */
    bool rebuild;
    /* what is there */
    int lock;
    char city[PATH_LIMIT], city_random[PATH_LIMIT]; /* the same events with random ids */
    char city_young[PATH_LIMIT];                    /* whose first days are the news */
    char young[PATH_LIMIT], old[PATH_LIMIT], floor[PATH_LIMIT], work[PATH_LIMIT];
    struct workload workload, workload_young;
    size_t n_history; /* events of the old store */
    /* Of the state as it grew: before anybody was registered, after the set-up, with all of it. */
    struct stage base, registered, whole;
    size_t n_base;       /* events before the first registration */
    size_t n_registered; /* volunteers between the two */
    bool other_build;    /* the programs are not those that built it */
};
/* One run at a time uses a folder. */
void kept_open(struct kept *kept);
void kept_close(struct kept *kept);
/* A daemon of this build with the rules of this run, on a data folder. */
void kept_daemon(const struct kept *kept, const char *data, struct daemon *ret_daemon);
