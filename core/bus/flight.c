#include "bus/flight.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <zmq.h>

#include "util/memory.h"

/* Shorter answers are bounded by their number alone: copying them is quicker than counting them. */
#define SMALL_BYTES (1u << 10)
#define BUCKETS 1024
#define LITTLE 16 /* that part of peer_bytes */

/* What one peer has not taken; there is one while it holds anything. */
struct account {
    struct account *next;
    size_t n, bytes;
    uint8_t peer_size;
    char peer[ENVELOPE_FRAME_LIMIT];
};

/* One answer under way. */
struct flight {
    struct flights *flights;
    struct account *account;
    struct buf body;
};

struct flights {
    struct flight_limits limits;
    pthread_mutex_t lock;
    size_t bytes;      /* under the lock, as all below */
    size_t most_bytes; /* since somebody asked */
    struct account *buckets[BUCKETS];
};

struct flights *flights_new(const struct flight_limits *limits) {
    struct flights *self = calloc(1, sizeof *self);
    if (!self)
        memory_out();
    self->limits = *limits;
    pthread_mutex_init(&self->lock, NULL);
    return self;
}

void flights_free(struct flights *flights) {
    if (!flights)
        return;
    assert(flights->bytes == 0);
    pthread_mutex_destroy(&flights->lock);
    free(flights);
}

/* ---- accounts ---- */

static struct str peer_of(const struct envelope *envelope) {
    if (envelope->n_frames == 0)
        return STR("");
    return (struct str){envelope->frames[0], envelope->sizes[0]};
}

/* The place of the peer's account, or where it would stand. */
static struct account **account_place(struct flights *self, struct str peer) {
    uint32_t hash = UINT32_C(2166136261);
    for (size_t i = 0; i < peer.size; i++)
        hash = (hash ^ (uint8_t)peer.data[i]) * UINT32_C(16777619);
    struct account **place = &self->buckets[hash % BUCKETS];
    while (*place && !str_equal((struct str){(*place)->peer, (*place)->peer_size}, peer))
        place = &(*place)->next;
    return place;
}

static struct account *account_charge(struct flights *self, struct str peer, size_t bytes) {
    struct account **place = account_place(self, peer);
    if (!*place) {
        *place = calloc(1, sizeof **place);
        if (!*place)
            memory_out();
        (*place)->peer_size = (uint8_t)peer.size;
        if (peer.size)
            memcpy((*place)->peer, peer.data, peer.size);
    }
    (*place)->n++;
    (*place)->bytes += bytes;
    self->bytes += bytes;
    if (self->bytes > self->most_bytes)
        self->most_bytes = self->bytes;
    return *place;
}

static void account_release(struct flights *self, struct account *account, size_t bytes) {
    self->bytes -= bytes;
    account->bytes -= bytes;
    if (--account->n > 0)
        return;
    *account_place(self, (struct str){account->peer, account->peer_size}) = account->next;
    free(account);
}

/* ---- answers ---- */

/* A buffer grows by doubling and may have held more before. */
static void trim(struct buf *body) {
    if (body->capacity - body->size < SMALL_BYTES)
        return;
    char *data = realloc(body->data, body->size);
    if (!data)
        memory_out();
    body->data = data;
    body->capacity = body->size;
}

static struct flight *flight_begin(struct flights *self, const struct envelope *envelope,
                                   struct buf *body) {
    struct flight *flight = calloc(1, sizeof *flight);
    if (!flight)
        memory_out();
    flight->flights = self;
    flight->body = *body;
    *body = (struct buf){0};
    trim(&flight->body);
    pthread_mutex_lock(&self->lock);
    flight->account = account_charge(self, peer_of(envelope), flight->body.capacity);
    pthread_mutex_unlock(&self->lock);
    return flight;
}

/* ZeroMQ's thread, or the bus thread where it was not sent. */
static void flight_end(void *data, void *hint) {
    struct flight *flight = hint;
    struct flights *self = flight->flights;
    (void)data;
    pthread_mutex_lock(&self->lock);
    account_release(self, flight->account, flight->body.capacity);
    pthread_mutex_unlock(&self->lock);
    buf_deinit(&flight->body);
    free(flight);
}

int flights_send(struct flights *flights, const struct io *io, void *socket,
                 const struct envelope *envelope, struct buf *body) {
    if (body->size < SMALL_BYTES) {
        int result = wire_send(io, socket, envelope, buf_str(body));
        buf_reset(body);
        return result;
    }
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
    if (size < SMALL_BYTES)
        return false;
    pthread_mutex_lock(&flights->lock);
    const struct account *account = *account_place(flights, peer_of(envelope));
    size_t held = account ? account->bytes : 0;
    bool all = flights->bytes >= flights->limits.total_bytes;
    pthread_mutex_unlock(&flights->lock);
    return held >= (all ? flights->limits.peer_bytes / LITTLE : flights->limits.peer_bytes);
}

size_t flights_most(struct flights *flights) {
    pthread_mutex_lock(&flights->lock);
    size_t most = flights->most_bytes;
    flights->most_bytes = flights->bytes;
    pthread_mutex_unlock(&flights->lock);
    return most;
}
