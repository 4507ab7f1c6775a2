#include "bus/guard.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "util/memory.h"

#define CONNECTION_LIMIT 65536 /* descriptors that can be watched */
#define ENDPOINT_LIMIT 64
#define OWN_DESCRIPTORS 64 /* for the journal, the state and children */
#define FRAMES_LIMIT 1024  /* of one message; each costs libzmq 64 bytes, however short */
#define LARGE_BYTES (64u << 10)
#define PATIENCE_MS 20 /* that one read waits; then it reads all the same */
#define FRAME_COST 16

enum { FLAG_MORE = 1, FLAG_LARGE = 2, FLAG_COMMAND = 4 };
enum { REVISION_AT = 10, GREETING_2 = 12, GREETING_3 = 64, PING_NAME_SIZE = 4 };

struct guard {
    struct guard_options options;
    atomic_llong waiting_bytes, most_waiting_bytes;
    atomic_uint_fast64_t closed, accepted, open;
    atomic_bool is_waited;
    pthread_mutex_t lock;
    pthread_cond_t taken;
};

struct endpoint {
    struct guard *guard;
    size_t message_bytes;
    in_port_t port; /* network order; 0: ipc */
    char path[sizeof((struct sockaddr_un *)NULL)->sun_path + 1];
};

/* Globals, because libzmq calls recv with a descriptor and nothing else. The connections belong to
 * ZeroMQ's thread. */
static struct guard_connection connections[CONNECTION_LIMIT];
static pthread_mutex_t endpoints_lock = PTHREAD_MUTEX_INITIALIZER;
static struct endpoint endpoints[ENDPOINT_LIMIT];
/* ZeroMQ closes descriptors without a word, and the next one of any use gets the number: only the
 * thread that accepts connections reads from them, so recv is ours there and nowhere else. The
 * context has one such thread. */
static _Thread_local bool accepts;

/* ---- one connection's bytes (ZMTP 2.0 and later) ---- */

static bool follow_greeting(struct guard_connection *self, uint8_t byte) {
    unsigned at = self->n_greeting++;
    if (at == 0)
        return byte == 0xff;
    if (at == REVISION_AT - 1)
        return byte & 1;
    if (at == REVISION_AT) {
        self->greeting_size = byte == 1 ? GREETING_2 : GREETING_3;
        return byte > 0;
    }
    return true;
}

static uint64_t frame_size(const struct guard_connection *self) {
    uint64_t size = 0;
    if (!(self->header[0] & FLAG_LARGE))
        return self->header[1];
    for (size_t i = 1; i < sizeof self->header; i++)
        size = size << 8 | self->header[i];
    return size;
}

/* A frame of a message, or one that begins a message that does not end with it. */
static bool is_of_message(const struct guard_connection *self) {
    return (self->header[0] & (FLAG_MORE | FLAG_COMMAND)) != FLAG_COMMAND;
}

static bool begin_frame(struct guard_connection *self) {
    uint64_t size = frame_size(self);
    self->body_left = size;
    self->in_body = false;
    if (!is_of_message(self))
        return true;
    if (size > self->message_limit)
        return false;
    self->message_bytes += size;
    self->message_frames++;
    return self->message_bytes <= self->message_limit && self->message_frames <= FRAMES_LIMIT;
}

/* What a subscriber says stays in libzmq's tree of topics; only PING and PONG do not. */
static bool count_said(struct guard_connection *self, uint8_t first) {
    bool ping = (self->header[0] & FLAG_COMMAND) && first == PING_NAME_SIZE;
    if (self->guard->options.subscription_bytes == 0 || ping)
        return true;
    uint64_t said = self->said_bytes + frame_size(self) + FRAME_COST;
    if (said > self->guard->options.subscription_bytes)
        return false;
    self->said_bytes = (uint32_t)said;
    return true;
}

static void await(struct guard *self, long long bytes) {
    long long waiting = atomic_fetch_add(&self->waiting_bytes, bytes) + bytes;
    if (waiting > self->most_waiting_bytes)
        self->most_waiting_bytes = waiting;
}

static void end_frame(struct guard_connection *self) {
    self->n_header = 0;
    if (self->header[0] & (FLAG_MORE | FLAG_COMMAND))
        return;
    if (self->message_bytes >= LARGE_BYTES)
        await(self->guard, (long long)self->message_bytes);
    self->message_bytes = 0;
    self->message_frames = 0;
}

static bool follow_header(struct guard_connection *self, uint8_t byte) {
    self->header[self->n_header++] = byte;
    if (self->n_header < (self->header[0] & FLAG_LARGE ? sizeof self->header : 2))
        return true;
    if (!begin_frame(self))
        return false;
    if (self->body_left)
        return true;
    bool counted = count_said(self, 0);
    end_frame(self);
    return counted;
}

static size_t follow_body(struct guard_connection *self, size_t size) {
    size_t n = self->body_left < size ? (size_t)self->body_left : size;
    self->body_left -= n;
    self->in_body = true;
    if (self->body_left == 0)
        end_frame(self);
    return n;
}

bool guard_follow(struct guard_connection *connection, const void *data, size_t size) {
    const uint8_t *bytes = data;
    bool good = true;
    if (connection->greeting_size == 0)
        connection->greeting_size = GREETING_3;
    for (size_t i = 0; i < size && good;) {
        if (connection->n_greeting < connection->greeting_size) {
            good = follow_greeting(connection, bytes[i++]);
        } else if (connection->body_left == 0) {
            good = follow_header(connection, bytes[i++]);
        } else {
            good = connection->in_body || count_said(connection, bytes[i]);
            i += follow_body(connection, size - i);
        }
    }
    return good;
}

/* ---- what waits to be taken ---- */

static bool is_full(struct guard *self) {
    return atomic_load(&self->waiting_bytes) > (long long)self->options.waiting_bytes;
}

/* Not for ever: what answers and acknowledgements wait for the same thread. */
static void wait_for_room(struct guard *self) {
    struct timespec until;
    int result = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += PATIENCE_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&self->lock);
    self->is_waited = true;
    while (is_full(self) && result == 0)
        result = pthread_cond_timedwait(&self->taken, &self->lock, &until);
    self->is_waited = false;
    pthread_mutex_unlock(&self->lock);
}

static void tell_room(struct guard *self) {
    if (!self->is_waited || is_full(self))
        return;
    pthread_mutex_lock(&self->lock);
    pthread_cond_signal(&self->taken);
    pthread_mutex_unlock(&self->lock);
}

void guard_taken(struct guard *guard, size_t bytes) {
    if (bytes < LARGE_BYTES)
        return;
    atomic_fetch_sub(&guard->waiting_bytes, (long long)bytes);
    tell_room(guard);
}

void guard_emptied(struct guard *guard) {
    if (atomic_load(&guard->waiting_bytes) == 0)
        return;
    atomic_store(&guard->waiting_bytes, 0); /* a connection may have ended with some of it */
    tell_room(guard);
}

/* ---- guards and their endpoints ---- */

struct guard *guard_new(const struct guard_options *options) {
    struct guard *self = calloc(1, sizeof *self);
    pthread_condattr_t attributes;
    if (!self)
        memory_out();
    self->options = *options;
    pthread_mutex_init(&self->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&self->taken, &attributes);
    pthread_condattr_destroy(&attributes);
    return self;
}

void guard_free(struct guard *guard) {
    if (!guard)
        return;
    pthread_mutex_lock(&endpoints_lock);
    for (size_t i = 0; i < ENDPOINT_LIMIT; i++)
        if (endpoints[i].guard == guard)
            endpoints[i].guard = NULL;
    for (size_t i = 0; i < CONNECTION_LIMIT; i++)
        if (connections[i].guard == guard)
            connections[i].guard = NULL;
    pthread_mutex_unlock(&endpoints_lock);
    pthread_cond_destroy(&guard->taken);
    pthread_mutex_destroy(&guard->lock);
    free(guard);
}

void guard_add(struct guard *guard, const char *endpoint, size_t message_bytes) {
    struct endpoint new = {.guard = guard, .message_bytes = message_bytes};
    const char *colon = strrchr(endpoint, ':');
    assert(colon && strlen(endpoint) < sizeof new.path + 6);
    if (!strncmp(endpoint, "ipc://", 6))
        memcpy(new.path, endpoint + 6, strlen(endpoint + 6));
    else
        new.port = htons((in_port_t)strtoul(colon + 1, NULL, 10));
    pthread_mutex_lock(&endpoints_lock);
    size_t i = 0;
    while (i < ENDPOINT_LIMIT && endpoints[i].guard)
        i++;
    assert(i < ENDPOINT_LIMIT);
    endpoints[i] = new;
    pthread_mutex_unlock(&endpoints_lock);
}

size_t guard_most(struct guard *guard) {
    long long most = atomic_exchange(&guard->most_waiting_bytes, 0);
    return most > 0 ? (size_t)most : 0;
}

uint64_t guard_closed(const struct guard *guard) {
    return guard->closed;
}

uint64_t guard_accepted(const struct guard *guard) {
    return guard->accepted;
}

uint64_t guard_open(const struct guard *guard) {
    return guard->open;
}

static void forget(struct guard_connection *connection) {
    if (connection->guard)
        connection->guard->open--;
    connection->guard = NULL;
}

/* The endpoint that a descriptor listens on. */
static bool find_endpoint(int listener, struct endpoint *ret_endpoint) {
    union {
        struct sockaddr any;
        struct sockaddr_un local;
        struct sockaddr_in internet;
    } address = {0};
    socklen_t size = sizeof address;
    bool found = false;
    if (getsockname(listener, &address.any, &size) < 0)
        return false;
    pthread_mutex_lock(&endpoints_lock);
    for (size_t i = 0; i < ENDPOINT_LIMIT && !found; i++) {
        const struct endpoint *endpoint = &endpoints[i];
        if (!endpoint->guard)
            continue;
        found = endpoint->port ? address.any.sa_family == AF_INET &&
                                     address.internet.sin_port == endpoint->port
                               : address.any.sa_family == AF_UNIX &&
                                     !strncmp(address.local.sun_path, endpoint->path,
                                              sizeof address.local.sun_path);
        if (found)
            *ret_endpoint = *endpoint;
    }
    pthread_mutex_unlock(&endpoints_lock);
    return found;
}

bool guard_admit(int listener, int fd) {
    struct endpoint endpoint;
    accepts = true;
    if (fd < CONNECTION_LIMIT)
        forget(&connections[fd]); /* of who had the number before */
    if (!find_endpoint(listener, &endpoint))
        return true;
    /* A quarter is left for ipc: who holds all that tcp may have shuts out nobody there. */
    unsigned most = endpoint.guard->options.max_connections;
    if (endpoint.port)
        most -= most / 4;
    if ((unsigned)fd >= most + OWN_DESCRIPTORS || fd >= CONNECTION_LIMIT)
        return false;
    endpoint.guard->accepted++;
    endpoint.guard->open++;
    connections[fd] =
        (struct guard_connection){.guard = endpoint.guard, .message_limit = endpoint.message_bytes};
    return true;
}

/* ---- in the place of the C library's ---- */

ssize_t guard_recv(int fd, void *data, size_t size, int flags) __asm__("recv")
    __attribute__((visibility("default"), used));

ssize_t guard_recv(int fd, void *data, size_t size, int flags) {
    struct guard_connection *connection =
        accepts && fd >= 0 && fd < CONNECTION_LIMIT ? &connections[fd] : NULL;
    struct guard *guard = connection ? connection->guard : NULL;
    if (guard && is_full(guard))
        wait_for_room(guard);
    ssize_t n = syscall(SYS_recvfrom, fd, data, size, flags, NULL, NULL);
    if (!guard || (n < 0 && (errno == EAGAIN || errno == EINTR)))
        return n;
    if (n > 0 && guard_follow(connection, data, (size_t)n))
        return n;
    forget(connection);
    if (n <= 0)
        return n;
    guard->closed++;
    errno = ECONNRESET;
    return -1;
}
