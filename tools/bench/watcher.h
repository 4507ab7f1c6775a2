/* Looks at the daemon's memory while something else is measured. Threads: one of its own, asleep
 * but for twenty looks a second. */
#pragma once

#include "daemon.h"

struct watcher;

struct watcher *watcher_start(const struct daemon *daemon);
/* Before the daemon ends. The most bytes that were seen. */
double watcher_stop(struct watcher *watcher);
