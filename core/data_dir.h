/* What data_dir holds, brought up after whatever ended the last run: folders, keys, journal, state,
 * and the state caught up with the journal. The daemon's start is this function, and so is what the
 * tests of power cuts call on every directory that a disk may hold afterwards.
 *
 * Threads: the starting one. Errors: as util/error.h; > 0: refused, logged with how to mend it. */
#pragma once

#include "journal/journal.h"
#include "keyring/keyring.h"
#include "store/store.h"

struct data_dir_options {
    const char *directory;  /* exists, and its lock is the caller's */
    const char *master_key; /* path */
    uint64_t segment_bytes;
    bool compress_closed;
    uint64_t map_size_bytes;
    uint32_t checkpoint_ms;
    uint64_t pending_limit_bytes;
    void (*on_failure)(void *context, int error); /* as store_options */
    /* While catching up; may be NULL. */
    void (*progress)(void *context, uint64_t sequence, uint64_t head);
    void *context;
};

struct data_dir {
    struct keyring *keyring;
    struct journal *journal;
    struct store *store;
};

/* On failure nothing stays open. */
int data_dir_open(const struct io *io, const struct data_dir_options *options,
                  struct data_dir *ret_data);
/* Knows one that was never opened. */
void data_dir_close(struct data_dir *data);
