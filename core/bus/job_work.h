/* What the children of job.h share: progress and failure as they print them, the journal, a state
 * that is rebuilt in a folder of its own. Threads: a child's one. */
#pragma once

#include "bus/job.h"
#include "journal/journal.h"
#include "store/store.h"

struct work {
    const struct io *io;
    const char *data_dir;
    uint64_t map_size_bytes;
    int64_t started_us;
    int64_t told_us;
    uint64_t total;
    void *context; /* of the job */
};

struct work work_begin(const char *data_dir, uint64_t map_size_bytes);
/* Prints why; returns the child's exit code. */
int work_failed(const char *why);
int work_open_journal(const struct work *work, struct journal **ret_journal);
/* With a scratch folder, which is removed afterwards. */
int work_in_scratch(struct work *work, int (*run)(struct work *work, const char *scratch));
/* Replays up to `until` (not 0) into the scratch folder, with progress; then `then`, whose outcome
 * is returned. < 0 where it cannot be replayed. */
int work_rebuild(struct work *work, struct journal *journal, const char *scratch, uint64_t until,
                 int (*then)(void *context, struct store *store), void *context);
