/* Another engine that does the same work as volunteerd, each in the form in which it is fast: a
 * message's events go to it in one call, and it answers when they are durable. What the work is
 * stands in README.md. One at a time is driven; those that wait their turn do nothing.
 * Threads: one. Errors: fail(), with the end of the server's log. */
#pragma once

#include "server.h"
#include "workload.h"

/* What an engine holds, each summed up from where it is kept, so that they can be held against each
 * other. T(name): the order in which the engines' own functions give them. */
#define ENGINE_TOTALS(T)                                                                           \
    T(events)   /* in the log */                                                                   \
    T(accepted) /* records by outcome */                                                           \
    T(held)                                                                                        \
    T(refused)                                                                                     \
    T(person_minutes) /* over all persons' totals */                                               \
    T(month_minutes)  /* over all persons' months */                                               \
    T(city_minutes)   /* the counter of the city's region */                                       \
    T(city_records)                                                                                \
    T(points)  /* over all persons' balances */                                                    \
    T(issued)  /* balance of the account that they come from */                                    \
    T(entries) /* of the ledger */                                                                 \
    T(stars)   /* over all persons */

enum engine_total {
#define T(name) ENGINE_TOTAL_##name,
    ENGINE_TOTALS(T)
#undef T
        ENGINE_TOTAL_COUNT
};
struct engine_totals {
    int64_t of[ENGINE_TOTAL_COUNT];
};

/* The events of a message: lines of the simulated city. */
struct events {
    const struct workload *workload;
    size_t first, n;
};
static inline const char *events_text(const struct events *events, size_t i) {
    return events->workload->text + events->workload->starts[events->first + i];
}
static inline size_t events_size(const struct events *events, size_t i) {
    const size_t *starts = &events->workload->starts[events->first + i];
    return starts[1] - starts[0] - 1;
}

struct engine_answers {
    size_t stored, refused;
};
/* One event's number: its sequence, 0 where it is refused. What is known already is a failure: no
 * event is sent twice. */
void engine_answer(struct engine_answers *answers, int64_t number);

struct engine {
    const char *name; /* for --only */
    const char *title;
    const char *absent;  /* why it cannot be measured by this build, or NULL */
    const char *package; /* what brings the server; NULL: it runs in this process */
    const char *user;    /* whom the server wants to run as where this program is root; or NULL */
    size_t load_batch;   /* events of a message of history */
    bool overtakes;      /* messages in flight may overtake each other: history goes one by one */
    bool (*is_installed)(void);
    /* An empty one in the server's folders, for loading: what it stores need not be durable. */
    void *(*open)(struct server *server);
    /* History is loaded: from now on no answer before it is on disk. */
    void (*make_durable)(void *self);
    void (*send)(void *self, const struct events *events);
    /* Waits for one message's answer, not always the oldest one's. */
    void (*receive)(void *self, struct engine_answers *answers);
    void (*totals)(void *self, struct engine_totals *ret_totals);
    void (*close)(void *self);
};
extern const struct engine engine_redis, engine_tarantool, engine_sqlite, engine_postgresql;
