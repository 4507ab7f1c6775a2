/* How the state's file is: for whoever watches the daemon.
 * Threads: any. Errors: what LMDB does not tell is 0. */
#pragma once

#include <sys/types.h>

#include "store/store.h"

struct store_figures {
    uint64_t map_bytes;  /* how large the file may become */
    uint64_t used_bytes; /* of it, with what is free within; as store_bytes */
    uint64_t page_bytes;
    /* Since the start. */
    uint64_t checkpoints;
    uint64_t checkpoints_us; /* all of them took */
    uint64_t last_checkpoint_us;
    uint64_t pending_bytes; /* of changed rows that wait for the next one, at the last frame */
    /* Snapshots, those of other processes with them, but not the engine's own. */
    uint32_t n_readers;
    uint32_t readers_limit;
    /* The oldest one that the state has gone on from: it holds the file's growth. */
    bool is_overtaken;
    pid_t oldest_pid;
    uint64_t oldest_behind;  /* checkpoints since */
    uint64_t oldest_held_us; /* since the first of them; at least that, where the start was later */
};
void store_figures(struct store *store, struct store_figures *ret_figures);

/* Pages of the file that the next checkpoints may use, as this snapshot knows them. A walk over the
 * list of free pages. */
uint64_t view_free_pages(struct view *view);
