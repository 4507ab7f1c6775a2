#include "bus/bus.h"

#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <zmq.h>

#include "bus/feed.h"
#include "bus/flight.h"
#include "bus/ingest.h"
#include "bus/job.h"
#include "bus/query.h"
#include "bus/wire.h"
#include "util/error.h"
#include "util/log.h"
#include "util/memory.h"

/* How much of each is done before the others have their turn. */
#define INGEST_TURN 256
#define QUERY_TURN 64
#define FEED_TURN 2000
#define SUBSCRIPTION_TURN 1000
#define UNTAKEN_BYTES ((size_t)64 << 20)      /* of one peer: it may send much, then read */
#define ALL_UNTAKEN_BYTES ((size_t)128 << 20) /* of all, for acknowledgements and for answers */
#define MUCH_BYTES ((size_t)32 << 20)         /* of them: given back to the machine afterwards */
#define TRIMS 5
#define SUBSCRIPTIONS_BYTES ((size_t)40 << 10) /* that one subscriber says; each costs 16 more */
#define DRAIN_LIMIT_US (INT64_C(30) * 1000000)

struct bus {
    struct bus_options options;
    void *context;
    void *ingest_socket, *feed_socket, *query_socket;
    struct ingest *ingest;
    struct feed *feed;
    struct query_pool *queries;
    struct flights *acks, *answers; /* what peers have not taken */
    struct guard *ingest_guard, *feed_guard, *query_guard;
    int signals;
    int timer;
    bool stopping;
    int trims_left; /* how often memory is still given back after peers had much of it */
    uint64_t n_closed;
};

/* ---- opening ---- */

static int open_signals(struct bus *self) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    self->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return self->signals < 0 ? error_note(-errno, "signalfd of the bus") : 0;
}

static int open_timer(struct bus *self) {
    const struct itimerspec each_second = {.it_interval = {.tv_sec = 1}, .it_value = {.tv_sec = 1}};
    self->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (self->timer < 0 || timerfd_settime(self->timer, 0, &each_second, NULL) < 0)
        return error_note(-errno, "timer of the bus");
    return 0;
}

static int open_sockets(struct bus *self) {
    const struct options *options = self->options.options;
    const struct {
        const char *name;
        int type;
        const struct texts *endpoints;
        void **socket;
        struct guard *guard;
    } list[] = {
        {"ingest", ZMQ_ROUTER, &options->ingest, &self->ingest_socket, self->ingest_guard},
        {"feed", ZMQ_XPUB, &options->feed, &self->feed_socket, self->feed_guard},
        {"query", ZMQ_ROUTER, &options->query, &self->query_socket, self->query_guard},
    };
    int result = 0;
    for (size_t i = 0; i < sizeof list / sizeof *list && result == 0; i++) {
        struct wire_options wire = {self->context,
                                    list[i].type,
                                    list[i].endpoints,
                                    list[i].name,
                                    options->max_message_bytes,
                                    list[i].guard};
        result = wire_open(&wire, list[i].socket);
    }
    return result;
}

static int open_parts(struct bus *self) {
    const struct services *services = self->options.services;
    const struct options *options = self->options.options;
    struct ingest_options ingest = {.io = services->io,
                                    .engine = services->engine,
                                    .journal = services->journal,
                                    .keyring = services->keyring,
                                    .socket = self->ingest_socket,
                                    .flights = self->acks,
                                    .guard = self->ingest_guard,
                                    .max_message_bytes = (size_t)options->max_message_bytes,
                                    .max_events = (size_t)options->max_events};
    struct feed_options feed = {services->io, services->journal, self->feed_socket,
                                services->region};
    struct query_options query = {.services = services,
                                  .flights = self->answers,
                                  .socket = self->query_socket,
                                  .wake = self->options.wake,
                                  .guard = self->query_guard,
                                  .max_message_bytes = (size_t)options->max_message_bytes,
                                  .n_threads = (size_t)options->query_threads,
                                  .queue_limit = (size_t)options->query_queue,
                                  .queue_bytes = (size_t)options->queue_mib << 20,
                                  .parked_limit = (size_t)options->parked_requests};
    self->ingest = ingest_new(&ingest);
    self->feed = feed_new(&feed);
    return query_pool_start(&query, &self->queries);
}

static void open_guards(struct bus *self) {
    const struct options *options = self->options.options;
    struct guard_options guard = {.waiting_bytes = (size_t)options->queue_mib << 20,
                                  .max_connections = (unsigned)options->max_connections};
    self->ingest_guard = guard_new(&guard);
    self->query_guard = guard_new(&guard);
    guard.subscription_bytes = SUBSCRIPTIONS_BYTES;
    self->feed_guard = guard_new(&guard);
}

int bus_open(const struct bus_options *options, struct bus **ret_bus) {
    const struct flight_limits untaken = {UNTAKEN_BYTES, ALL_UNTAKEN_BYTES};
    struct bus *self = calloc(1, sizeof *self);
    if (!self)
        memory_out();
    self->options = *options;
    self->signals = self->timer = -1;
    self->acks = flights_new(&untaken);
    self->answers = flights_new(&untaken);
    open_guards(self);
    self->context = zmq_ctx_new();
    int result = self->context ? 0 : error_note(-zmq_errno(), "context of ZeroMQ");
    if (result == 0)
        result = open_signals(self);
    if (result == 0)
        result = open_timer(self);
    if (result == 0)
        result = open_sockets(self);
    if (result == 0)
        result = open_parts(self);
    if (result < 0) {
        bus_close(self);
        return result;
    }
    *ret_bus = self;
    return 0;
}

static void close_socket(void *socket) {
    if (socket)
        zmq_close(socket);
}

void bus_close(struct bus *bus) {
    if (!bus)
        return;
    query_pool_stop(bus->queries);
    feed_free(bus->feed);
    ingest_free(bus->ingest);
    close_socket(bus->ingest_socket);
    close_socket(bus->feed_socket);
    close_socket(bus->query_socket);
    if (bus->context)
        zmq_ctx_term(bus->context); /* waits for answers under way, as long as LINGER says */
    flights_free(bus->acks);
    flights_free(bus->answers);
    guard_free(bus->ingest_guard);
    guard_free(bus->feed_guard);
    guard_free(bus->query_guard);
    if (bus->timer >= 0)
        close(bus->timer);
    if (bus->signals >= 0)
        close(bus->signals);
    free(bus);
}

/* ---- the loop ---- */

static void take_signals(struct bus *self) {
    struct signalfd_siginfo signal;
    while (read(self->signals, &signal, sizeof signal) == sizeof signal) {
        if (signal.ssi_signo == SIGHUP) {
            self->options.hang_up(self->options.context);
        } else {
            log_notice("stopping: %s", signal.ssi_signo == SIGTERM ? "SIGTERM" : "SIGINT");
            self->stopping = true;
        }
    }
}

static uint64_t closed_connections(const struct bus *self) {
    return guard_closed(self->ingest_guard) + guard_closed(self->feed_guard) +
           guard_closed(self->query_guard);
}

/* What was freed stays with the allocator, between pieces that are still in use: after a second in
 * which peers had much of it, it goes back to the machine. Some seconds long, because ZeroMQ's
 * threads free what was theirs a while after. */
static void give_back(struct bus *self) {
    uint64_t closed = closed_connections(self);
    size_t most = flights_most(self->acks) + flights_most(self->answers) +
                  guard_most(self->ingest_guard) + guard_most(self->query_guard) +
                  query_pool_held_bytes(self->queries);
    if (most > MUCH_BYTES || closed != self->n_closed) {
        self->trims_left = TRIMS;
    } else if (self->trims_left > 0) {
        self->trims_left--;
        malloc_trim(0);
    }
    self->n_closed = closed;
}

static void take_time(struct bus *self) {
    uint64_t ticks;
    if (read(self->timer, &ticks, sizeof ticks) != sizeof ticks)
        return;
    feed_heartbeat(self->feed);
    give_back(self);
    self->options.each_second(self->options.context);
}

/* True when something is left for the next turn. */
static bool turn(struct bus *self) {
    wake_hear(self->options.wake);
    bool more = !self->stopping && ingest_receive(self->ingest, INGEST_TURN);
    ingest_acknowledge(self->ingest);
    more = (!self->stopping && query_pool_receive(self->queries, QUERY_TURN)) || more;
    jobs_take(self->options.services->jobs); /* before those who wait for their end are looked at */
    query_pool_answer(self->queries);
    more = feed_receive(self->feed, SUBSCRIPTION_TURN) || more;
    more = feed_publish(self->feed, FEED_TURN) || more;
    return more;
}

static long patience_ms(struct bus *self) {
    const struct io *io = self->options.services->io;
    int64_t deadline_us = query_pool_deadline(self->queries);
    if (deadline_us == INT64_MAX)
        return -1;
    int64_t left_us = deadline_us - io->boottime_us(io->self);
    return left_us <= 0 ? 0 : (long)(left_us / 1000 + 1);
}

static int wait_for_anything(struct bus *self, long timeout_ms) {
    int children[JOBS_RUNNING_LIMIT];
    size_t n_children = jobs_descriptors(self->options.services->jobs, children);
    zmq_pollitem_t items[6 + JOBS_RUNNING_LIMIT] = {
        {.fd = self->signals, .events = ZMQ_POLLIN},
        {.fd = self->timer, .events = ZMQ_POLLIN},
        {.fd = self->options.wake->fd, .events = ZMQ_POLLIN},
        {.socket = self->feed_socket, .events = ZMQ_POLLIN},
        {.socket = self->ingest_socket, .events = self->stopping ? 0 : ZMQ_POLLIN},
        {.socket = self->query_socket, .events = self->stopping ? 0 : ZMQ_POLLIN},
    };
    for (size_t i = 0; i < n_children; i++)
        items[6 + i] = (zmq_pollitem_t){.fd = children[i], .events = ZMQ_POLLIN};
    if (zmq_poll(items, (int)(6 + n_children), timeout_ms) < 0 && zmq_errno() != EINTR)
        return error_note(-zmq_errno(), "zmq_poll of the bus");
    if (items[0].revents)
        take_signals(self);
    if (items[1].revents)
        take_time(self);
    return 0;
}

/* Everything that was taken is decided, durable and answered before the end. */
static int drain(struct bus *self) {
    const struct io *io = self->options.services->io;
    int64_t deadline_us = io->boottime_us(io->self) + DRAIN_LIMIT_US;
    int result = 0;
    while (ingest_outstanding(self->ingest) > 0 && result == 0) {
        if (io->boottime_us(io->self) > deadline_us)
            return error_note(-ETIMEDOUT, "stopping: events are still with the engine");
        result = wait_for_anything(self, 1000);
        turn(self);
    }
    return result;
}

int bus_run(struct bus *bus) {
    int result = 0;
    while (!bus->stopping && result == 0) {
        bool more = turn(bus);
        result = wait_for_anything(bus, more ? 0 : patience_ms(bus));
    }
    return result < 0 ? result : drain(bus);
}

void bus_set_options(struct bus *bus, const struct options *options) {
    ingest_set_max_events(bus->ingest, (size_t)options->max_events);
    query_pool_set_limits(bus->queries, (size_t)options->query_queue,
                          (size_t)options->parked_requests);
}

void bus_counters(struct bus *bus, struct bus_counters *ret_counters) {
    struct ingest_counters ingest;
    struct feed_counters feed;
    ingest_counters(bus->ingest, &ingest);
    feed_counters(bus->feed, &feed);
    struct guard *const guards[] = {bus->ingest_guard, bus->feed_guard, bus->query_guard};
    *ret_counters = (struct bus_counters){.messages = ingest.messages,
                                          .refused_messages = ingest.refused_messages,
                                          .dropped_acks = ingest.dropped_acks,
                                          .published = feed.published,
                                          .subscriptions = feed.subscriptions,
                                          .closed_connections = closed_connections(bus)};
    memcpy(ret_counters->rejected_as, ingest.rejected_as, sizeof ingest.rejected_as);
    query_pool_figures(bus->queries, &ret_counters->queries);
    for (size_t i = 0; i < sizeof guards / sizeof *guards; i++) {
        ret_counters->accepted_connections += guard_accepted(guards[i]);
        ret_counters->open_connections += guard_open(guards[i]);
    }
}
