/* Publishes a stream of events over one DEALER: arrays of events, several messages in flight, and
 * what was not acknowledged (busy, read only, no answer) is sent again in order. Sending twice is
 * harmless: the daemon answers `duplicate`.
 *
 * Events settle in the order of the source. Threads: one. Memory: the source keeps what it gives
 * until its next call. */
#pragma once

#include "client.h"
#include "progress.h"
#include "util/str.h"

struct rejection {
    char *id;
    char *code;
    char *field;
    char *message;
    bool retryable;
};

enum source_state { SOURCE_EVENT, SOURCE_WAIT, SOURCE_END };

struct event_source {
    void *self;
    /* One event's JSON and its line. SOURCE_WAIT: nothing yet, `fd` becomes readable when there is.
     */
    enum source_state (*next)(void *self, struct str *ret_event, uint64_t *ret_line);
    int fd; /* -1: never waits */
};

struct publish_options {
    size_t batch;        /* events per message */
    size_t in_flight;    /* messages */
    int64_t timeout_ms;  /* until a message is sent again */
    int64_t patience_ms; /* without anything acknowledged until giving up */
    bool stop_at_error;
};

struct publish_counts {
    uint64_t stored, duplicate, rejected, decisions;
    uint64_t last_line; /* everything up to it is settled */
    uint64_t highest_sequence;
    double seconds;
};

struct publish_watcher {
    void *self;
    void (*rejected)(void *self, uint64_t line, const struct rejection *rejection);
    /* After every settled message; `waiting` says what for, or NULL. */
    void (*settled)(void *self, const struct publish_counts *counts, const char *waiting);
};

/* DONE where the source came to its end (rejected events count as settled), or what was in the way.
 */
int publisher_run(struct client *client, const struct publish_options *options,
                  const struct event_source *source, const struct publish_watcher *watcher,
                  struct publish_counts *ret_counts);
