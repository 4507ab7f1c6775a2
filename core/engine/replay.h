/* Applying the journal to a state: at start, and for `journal replay` into an empty store. Runs no
 * Lua: decisions are applied as recorded. Threads: one, with no engine on that store. */
#pragma once

#include "journal/journal.h"
#include "store/store.h"

struct replay_options {
    struct journal *journal;
    struct store *store;
    uint64_t until;                                                    /* 0: to the head */
    void (*progress)(void *context, uint64_t sequence, uint64_t head); /* may be NULL */
    void *context;
};
/* From what the store stands at. 0; -ENOTRECOVERABLE store ahead of the journal or of another
 * chain; -EBADMSG. */
int replay(const struct replay_options *options, uint64_t *ret_applied);
