#include "bus/flight.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <zmq.h>

#include "util/memory.h"

#define SMALL_BYTES (64u << 10) /* such answers are bounded by their number */

/* One answer under way. */
struct flight {
    struct flight *next, **place;
    struct flights *flights;
    uint8_t peer_size;
    char peer[ENVELOPE_FRAME_LIMIT];
    struct buf body;
};

struct flights {
    size_t peer_bytes;
    pthread_mutex_t lock;
    struct flight *first;
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
    assert(!flights->first);
    pthread_mutex_destroy(&flights->lock);
    free(flights);
}

static struct flight *flight_begin(struct flights *self, const struct envelope *envelope,
                                   struct buf *body) {
    struct flight *flight = calloc(1, sizeof *flight);
    if (!flight)
        memory_out();
    flight->flights = self;
    flight->peer_size = envelope->n_frames ? envelope->sizes[0] : 0;
    memcpy(flight->peer, envelope->frames[0], flight->peer_size);
    flight->body = *body;
    *body = (struct buf){0};
    pthread_mutex_lock(&self->lock);
    flight->next = self->first;
    flight->place = &self->first;
    if (self->first)
        self->first->place = &flight->next;
    self->first = flight;
    pthread_mutex_unlock(&self->lock);
    return flight;
}

/* ZeroMQ's thread, or the bus thread where it was not sent. */
static void flight_end(void *data, void *hint) {
    struct flight *flight = hint;
    struct flights *self = flight->flights;
    (void)data;
    pthread_mutex_lock(&self->lock);
    *flight->place = flight->next;
    if (flight->next)
        flight->next->place = flight->place;
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
    size_t bytes = 0;
    if (size < SMALL_BYTES || envelope->n_frames == 0)
        return false;
    pthread_mutex_lock(&flights->lock);
    for (const struct flight *flight = flights->first; flight; flight = flight->next)
        if (flight->peer_size == envelope->sizes[0] &&
            !memcmp(flight->peer, envelope->frames[0], flight->peer_size))
            bytes += flight->body.size;
    pthread_mutex_unlock(&flights->lock);
    return bytes >= flights->peer_bytes;
}
