/* What is built once and kept between runs: the simulated city as a file, a store with its set-up
 * alone (young) and without its volunteers (base), one with the whole history (old), and the
 * floor's LMDB environment with as many events. Measurements work on copies. A kept store that
 * another format, city or set of rules made is built anew. Threads: one. Errors: fail(). */
#pragma once

#include "daemon.h"
#include "files.h"
#include "workload.h"

/* The state's file and the keys of a data folder. */
struct stage {
    uint64_t file_bytes, used_bytes; /* used: pages that are not on LMDB's list of free ones */
    uint64_t key_bytes;
};

struct kept {
    /* what is wanted */
    const char *daemon, *simulate, *policies; /* programs; folder of rules */
    const char *folder;
    uint32_t n_volunteers, n_days;
    size_t n_history;
    unsigned segment_mib; /* of the journal; 0: the default */
    bool rebuild;
    /* what is there */
    int lock;
    char city[PATH_LIMIT], city_random[PATH_LIMIT]; /* the same events with random ids */
    char base_folder[PATH_LIMIT], young[PATH_LIMIT], old[PATH_LIMIT], floor[PATH_LIMIT],
        work[PATH_LIMIT];
    struct workload workload;
    struct stage base, young_stage, old_stage;
    size_t n_base;       /* events before the first registration */
    size_t n_registered; /* volunteers between base and young */
    bool other_build;    /* the programs are not those that built it */
};
/* One run at a time uses a folder. */
void kept_open(struct kept *kept);
void kept_close(struct kept *kept);
/* A daemon of this build with the rules of this run, on a copy of something kept. */
void kept_daemon(const struct kept *kept, const char *data, struct daemon *ret_daemon);
