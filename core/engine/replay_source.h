/* The journal's records for a replay, read, unpacked and decoded by a thread of its own, block by
 * block, while those of the block before are applied: so that a replay takes the time of the longer
 * of the two and not their sum, and so that who applies sees which events come next.
 *
 * Threads: one owner, beside the source's own. Memory: a block and what its events point to are the
 * source's, until the next call. Errors: as the journal's reader; a record that cannot be decoded
 * is damage, its sequence logged. */
#pragma once

#include "event/event.h"
#include "journal/journal.h"

#define REPLAY_BLOCK_EVENTS 256

struct replay_block {
    size_t n;
    struct event events[REPLAY_BLOCK_EVENTS];
    const struct journal_position *frames[REPLAY_BLOCK_EVENTS]; /* where each came from */
};

struct replay_source;

/* Records after sequence `after`, to `until`. 0, JOURNAL_NOT_THERE where they are archived, < 0. */
int replay_source_open(struct journal *journal, uint64_t after, uint64_t until,
                       struct replay_source **ret_source);
/* 0 with the next block (never empty), or < 0: -ENODATA where the journal ends before `until`. Not
 * after the event `until` was given. */
int replay_source_next(struct replay_source *source, const struct replay_block **ret_block);
void replay_source_close(struct replay_source *source);
