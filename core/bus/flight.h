/* Answers that ZeroMQ still holds because their reader has not taken them. It counts messages
 * alone, and a thousand answers of 4 MiB are 4 GiB: so what a peer has not taken is counted here,
 * and who has too much of it is sent nothing more before it reads. What all peers together may hold
 * is bounded too: beyond it only those who hold little are answered.
 * Threads: send and look from the bus thread; ZeroMQ gives back on its own. */
#pragma once

#include "bus/wire.h"

struct flights;

struct flight_limits {
    size_t peer_bytes;  /* of one peer, but for the answer that passes it */
    size_t total_bytes; /* of all: who holds over a sixteenth of peer_bytes is then sent nothing */
};

struct flights *flights_new(const struct flight_limits *limits);
/* After zmq_ctx_term: nothing is held any more. */
void flights_free(struct flights *flights);
/* As wire_send; the body is empty afterwards. */
int flights_send(struct flights *flights, const struct io *io, void *socket,
                 const struct envelope *envelope, struct buf *body);
/* True where an answer of this size must not be sent, because others were not taken. */
bool flights_is_full(struct flights *flights, const struct envelope *envelope, size_t size);
/* The most that was held at a time since this was asked last. */
size_t flights_most(struct flights *flights);
