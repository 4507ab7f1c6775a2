/* Large answers that ZeroMQ still holds because their reader has not taken them. It counts messages
 * alone, and thousands of answers of 4 MiB are gigabytes: so what one peer has not taken is counted here,
 * and who has too much of it is sent nothing large before it reads.
 * Threads: send and look from the bus thread; ZeroMQ gives back on its own. */
#pragma once

#include "bus/wire.h"

struct flights;

/* At most `peer_bytes` for one peer, but for the answer that passes it. */
struct flights *flights_new(size_t peer_bytes);
/* After zmq_ctx_term: nothing is held any more. */
void flights_free(struct flights *flights);
/* As wire_send; a large body is taken and empty afterwards. */
int flights_send(struct flights *flights, const struct io *io, void *socket,
                 const struct envelope *envelope, struct buf *body);
/* True where an answer of this size must not be sent, because the peer has not taken others. */
bool flights_is_full(struct flights *flights, const struct envelope *envelope, size_t size);
