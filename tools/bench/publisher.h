/* Publishes what was rendered over ZeroMQ DEALER sockets and counts the answers: no more is read of
 * them than how many events were stored. Threads: the caller's, one more for each publisher beyond
 * the first. Errors: fail(), also where an answer does not come or an event is neither stored nor
 * refused. */
#pragma once

#include "sample.h"
#include "workload.h"

struct published {
    double seconds; /* from before the first message is sent to the last answer */
    uint64_t stored;
    uint64_t refused;
    uint64_t decisions_bytes; /* of all answers */
};

/* Closed loop: each publisher keeps so many messages in flight; the messages go round among the
 * publishers. `latencies` may be NULL; it is filled with one publisher and one in flight only. */
struct published publish_closed(const char *endpoint, const struct load *load,
                                unsigned n_publishers, unsigned in_flight,
                                struct samples *latencies);
/* One at a time, each so long after the acknowledgement of the one before: for every event its
 * sequence and when its acknowledgement was there. Events one by one; one that is refused is an
 * error. */
struct acknowledged {
    uint64_t sequence;
    int64_t ns;
};
void publish_slowly(const char *endpoint, const struct load *load, int64_t gap_ms,
                    struct acknowledged *ret_acknowledged);
/* Open loop: message i is due at i / rate seconds, whatever became of those before it; its latency
 * counts from that moment, not from when it was really sent. One that is refused as busy counts as
 * late as the whole run. */
struct published publish_open(const char *endpoint, const struct load *load, double rate,
                              struct samples *latencies);
