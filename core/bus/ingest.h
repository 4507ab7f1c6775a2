/* The ingest socket: a message of events in, checked and decoded here, given to the engine,
 * acknowledged when it is durable. Every message gets exactly one answer; events are never dropped
 * silently. Threads: the bus thread; the engine gives batches back on the journal's. */
#pragma once

#include "bus/guard.h"
#include "engine/engine.h"

struct flights;
struct ingest;

struct ingest_options {
    const struct io *io;
    struct engine *engine;
    struct journal *journal;
    struct keyring *keyring;
    void *socket;
    struct flights *flights;
    struct guard *guard; /* of the socket; may be NULL */
    size_t max_message_bytes;
    size_t max_events;
};

struct ingest *ingest_new(const struct ingest_options *options);
/* Every batch must have come back. */
void ingest_free(struct ingest *ingest);
/* Takes at most `limit` messages, fewer of large ones; true when more may wait. */
bool ingest_receive(struct ingest *ingest, size_t limit);
/* Answers what has become durable. */
void ingest_acknowledge(struct ingest *ingest);
/* Messages whose batches are with the engine. */
size_t ingest_outstanding(const struct ingest *ingest);
void ingest_set_max_events(struct ingest *ingest, size_t max_events);

struct ingest_counters {
    uint64_t messages, refused_messages, dropped_acks;
    /* Events by the code with which they were refused, those that no batch of the engine's had with
     * them: busy, read_only, and what could not be decoded. */
    uint64_t rejected_as[PROBLEM_COUNT];
};
/* Any thread. */
void ingest_counters(struct ingest *ingest, struct ingest_counters *ret_counters);
