/* The bus: three sockets and one loop over them, the signals, the timer and what other threads have
 * finished. Threads: bus_open, bus_run and bus_close from one thread; bus_wake, bus_counters from
 * any. */
#pragma once

#include "bus/method.h"
#include "bus/query.h"
#include "bus/wake.h"
#include "option.h"

struct bus;

struct bus_options {
    const struct services
        *services; /* members jobs and bus may be set after bus_open, before bus_run */
    const struct options *options;
    struct wake *wake;
    void (*hang_up)(void *context); /* SIGHUP, in the loop */
    void (*each_second)(void *context);
    void *context;
};

/* Binds the sockets and starts the query threads. The signals SIGTERM, SIGINT and SIGHUP must be
 * blocked already. */
int bus_open(const struct bus_options *options, struct bus **ret_bus);
/* Serves until SIGTERM or SIGINT: then takes nothing more, answers what was taken. 0, or < 0. */
int bus_run(struct bus *bus);
void bus_close(struct bus *bus);
/* Takes the live options over; in the loop. */
void bus_set_options(struct bus *bus, const struct options *options);

struct bus_counters {
    uint64_t messages, refused_messages, dropped_acks, published, subscriptions, closed_connections,
        accepted_connections, open_connections;
    uint64_t rejected_as[PROBLEM_COUNT]; /* ingest.h */
    struct query_figures queries;
};
void bus_counters(struct bus *bus, struct bus_counters *ret_counters);
