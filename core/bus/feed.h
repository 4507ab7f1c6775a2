/* The feed socket (XPUB): what became durable, as [type][CloudEvent JSON], and a heartbeat with the
 * head. A hint for who listens: a slow reader loses frames, the journal is the truth. Nothing is
 * rendered that nobody subscribed to. Threads: the bus thread. */
#pragma once

#include "journal/journal.h"
#include "util/arena.h"

struct feed;

struct feed_options {
    const struct io *io;
    struct journal *journal;
    void *socket;
    const char *region; /* the city's: source of what the daemon wrote */
};

struct feed *feed_new(const struct feed_options *options);
void feed_free(struct feed *feed);
/* Takes subscriptions and their ends. */
bool feed_receive(struct feed *feed, size_t limit);
/* Publishes at most `limit` records that became durable; true when more wait. */
bool feed_publish(struct feed *feed, size_t limit);
void feed_heartbeat(struct feed *feed);

struct feed_counters {
    uint64_t published, subscriptions;
};
/* Any thread. */
void feed_counters(struct feed *feed, struct feed_counters *ret_counters);
