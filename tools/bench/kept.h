/* What is built once and kept between runs: the simulated city as a file, a store with its set-up
 * alone (young), one with the whole history (old), and the floor's LMDB environment with as many
 * events. Measurements work on copies. A kept store that another format, city or set of rules made
 * is built anew. Threads: one. Errors: fail(). */
#pragma once

#include "files.h"
#include "workload.h"

struct kept {
    /* what is wanted */
    const char *daemon, *simulate, *policies; /* programs; folder of rules */
    const char *folder;
    uint32_t n_volunteers, n_days;
    size_t n_history;
    bool rebuild;
    /* what is there */
    int lock;
    char city[PATH_LIMIT], city_random[PATH_LIMIT]; /* the same events with random ids */
    char young[PATH_LIMIT], old[PATH_LIMIT], floor[PATH_LIMIT], work[PATH_LIMIT];
    struct workload workload;
    bool other_build;  /* the programs are not those that built it */
    double build_rate; /* events per second while it was built; 0: it was there */
};
/* One run at a time uses a folder. */
void kept_open(struct kept *kept);
void kept_close(struct kept *kept);
