/* What this machine gives to anybody, measured in the same minute as the daemon. Threads: the
 * caller's, and one for the echo. Errors: fail(). */
#pragma once

#include <stddef.h>

struct sync_floor {
    double per_second;
    double p50_us;
};
/* pwrite of 4 KiB and fdatasync over a preallocated, zeroed file in the folder. */
struct sync_floor floor_sync(const char *folder, double seconds);

/* Raw LMDB, default sync, transactions of 100 events: four puts an event, as CONTRACT section 9 has
 * them and never changed with the product. Events per second. The environment lies in `folder` and
 * grows; `first` is the number of the first event that is put. */
double floor_lmdb(const char *folder, size_t first, size_t n_events);
/* The same puts without a sync after each transaction, for events from 0 on: history. */
void floor_lmdb_fill(const char *folder, size_t n_events);

struct bus_floor {
    double per_second; /* one after another */
    double p50_us;
    double pipelined_per_second; /* 100 in flight */
};
/* Round trips of 350 bytes: DEALER to ROUTER and back over ipc, the socket in the folder. */
struct bus_floor floor_bus(const char *folder, size_t n_round_trips);
