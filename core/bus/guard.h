/* What libzmq has no limit for. It bounds one frame (ZMQ_MAXMSGSIZE) and counts whole messages
 * (ZMQ_RCVHWM), but the frames of a message that never ends, the bytes of what waits to be taken, a
 * subscriber's subscriptions and the connections themselves grow as a peer likes: 10 MB of two-byte
 * frames made the daemon 310 MB larger. So the bytes of each connection are followed where libzmq
 * reads them: guard.c defines recv, which libzmq finds before the C library's, as accept.c does
 * accept4. It does nothing to descriptors that were not accepted on an endpoint of a guard, and
 * nothing on other threads than the one that accepts. Threads: add before the endpoint is bound;
 * taken and emptied from the thread of the socket; counters from any. ZeroMQ's thread does the
 * rest. Memory: a guard outlives its socket's context.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guard;

struct guard_options {
    size_t
        waiting_bytes; /* of large messages that were read and not taken: beyond, reading waits */
    size_t subscription_bytes; /* of all that a subscriber ever says on one connection; 0: it sends
                                  messages */
    unsigned max_connections;  /* of all guards; about: descriptors of other use count too */
};

struct guard *guard_new(const struct guard_options *options);
void guard_free(struct guard *guard);
/* Connections to this endpoint (ipc:///path or tcp://address:port) are watched; what one message of
 * theirs holds, with its envelope, is at most `message_bytes`. */
void guard_add(struct guard *guard, const char *endpoint, size_t message_bytes);
/* The socket gave a message of this size (without the identity), or had none left. */
void guard_taken(struct guard *guard, size_t bytes);
void guard_emptied(struct guard *guard);
/* The most that waited at a time since this was asked last. */
size_t guard_most(struct guard *guard);
/* Connections that were closed because they passed a limit, or for lack of room. */
uint64_t guard_closed(const struct guard *guard);
/* Connections that were accepted, ever; and how many are open. One that ZeroMQ ends by itself may
 * count until its descriptor is used again. */
uint64_t guard_accepted(const struct guard *guard);
uint64_t guard_open(const struct guard *guard);

/* For accept4: false where the connection that was accepted must be closed. ZeroMQ's thread. */
bool guard_admit(int listener, int fd);

/* ---- for tests: one connection's bytes ---- */

struct guard_connection {
    struct guard *guard;
    size_t message_limit;
    uint64_t body_left;
    uint64_t message_bytes; /* of the unfinished message */
    uint32_t message_frames;
    uint32_t said_bytes; /* of a subscriber */
    uint8_t n_greeting, greeting_size;
    uint8_t n_header, header[9];
    bool in_body;
};

/* False where the connection must end. */
bool guard_follow(struct guard_connection *connection, const void *data, size_t size);
