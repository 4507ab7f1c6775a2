#include "bus/flight.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <zmq.h>

#include "util/memory.h"

#define SMALL_BYTES (8u << 10) /* such answers are bounded by their number */

/* Who has not taken everything: there while it has answers under way. */
struct peer {
    struct peer *next;
    size_t bytes, n_flights;
    uint8_t size;
    char name[ENVELOPE_FRAME_LIMIT];
};

/* One answer under way. */
struct flight {
    struct flights *flights;
    struct peer *peer;
    struct buf body;
};

struct flights {
    size_t peer_bytes;
    pthread_mutex_t lock;
    struct peer *peers;
};

struct flights *flights_new(size_t peer_bytes) {
    struct flights *self = calloc(1, sizeof *self);
    if (!self)
        memory_out();
    self->peer_bytes = peer_bytes;
    pthread_mutex_init(&self->lock, NULL);
    return self;
}

void flights_free(struct flights *flights) {
    if (!flights)
        return;
    assert(!flights->peers);
    pthread_mutex_destroy(&flights->lock);
    free(flights);
}

/* Under the lock. NULL where nothing is under way to it. */
static struct peer *peer_find(const struct flights *self, const struct envelope *envelope) {
    uint8_t size = envelope->n_frames ? envelope->sizes[0] : 0;
    for (struct peer *peer = self->peers; peer; peer = peer->next)
        if (peer->size == size && !memcmp(peer->name, envelope->frames[0], size))
            return peer;
    return NULL;
}

static struct peer *peer_add(struct flights *self, const struct envelope *envelope) {
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer)
        memory_out();
    peer->size = envelope->n_frames ? envelope->sizes[0] : 0;
    memcpy(peer->name, envelope->frames[0], peer->size);
    peer->next = self->peers;
    self->peers = peer;
    return peer;
}

static void peer_remove(struct flights *self, struct peer *peer) {
    struct peer **place = &self->peers;
    while (*place != peer)
        place = &(*place)->next;
    *place = peer->next;
    free(peer);
}

static struct flight *flight_begin(struct flights *self, const struct envelope *envelope,
                                   struct buf *body) {
    struct flight *flight = calloc(1, sizeof *flight);
    if (!flight)
        memory_out();
    flight->flights = self;
    flight->body = *body;
    *body = (struct buf){0};
    pthread_mutex_lock(&self->lock);
    flight->peer = peer_find(self, envelope);
    if (!flight->peer)
        flight->peer = peer_add(self, envelope);
    flight->peer->bytes += flight->body.size;
    flight->peer->n_flights++;
    pthread_mutex_unlock(&self->lock);
    return flight;
}

/* ZeroMQ's thread, or the bus thread where it was not sent. */
static void flight_end(void *data, void *hint) {
    struct flight *flight = hint;
    struct flights *self = flight->flights;
    (void)data;
    pthread_mutex_lock(&self->lock);
    flight->peer->bytes -= flight->body.size;
    if (--flight->peer->n_flights == 0)
        peer_remove(self, flight->peer);
    pthread_mutex_unlock(&self->lock);
    buf_deinit(&flight->body);
    free(flight);
}

int flights_send(struct flights *flights, const struct io *io, void *socket,
                 const struct envelope *envelope, struct buf *body) {
    if (body->size < SMALL_BYTES)
        return wire_send(io, socket, envelope, buf_str(body));
    if (wire_send_envelope(io, socket, envelope) != 0)
        return WIRE_GONE;
    struct flight *flight = flight_begin(flights, envelope, body);
    zmq_msg_t message;
    zmq_msg_init_data(&message, flight->body.data, flight->body.size, flight_end, flight);
    if (zmq_msg_send(&message, socket, ZMQ_DONTWAIT) >= 0)
        return 0;
    zmq_msg_close(&message); /* ends the flight */
    return WIRE_GONE;
}

bool flights_is_full(struct flights *flights, const struct envelope *envelope, size_t size) {
    if (size < SMALL_BYTES || envelope->n_frames == 0)
        return false;
    pthread_mutex_lock(&flights->lock);
    const struct peer *peer = peer_find(flights, envelope);
    bool full = peer && peer->bytes >= flights->peer_bytes;
    pthread_mutex_unlock(&flights->lock);
    return full;
}
