/* Waiting for a child for so long and no longer. Only time in which this process could have looked
 * counts: where it was stopped, or the whole machine was, so was the child.
 * Threads: one owner. */
#pragma once

#include <poll.h>

#include "util/io.h"

struct patience {
    const struct io *io;
    int64_t left_us;
};

struct patience patience_begin(const struct io *io, int64_t limit_ms);
bool patience_is_over(const struct patience *patience);
/* poll() of one descriptor, for a moment; what that gives. */
int patience_poll(struct patience *patience, struct pollfd *descriptor);
