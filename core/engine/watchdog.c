#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "domain/policies.h"
#include "engine/internal.h"
#include "util/error.h"
#include "util/log.h"
#include "util/thread.h"

#define EXIT_STUCK 75

/* Called by the host before a policy runs and, with none, after. Two stores; the watchdog only
 * compares. */
static void running(void *context, struct str revision) {
    struct engine *engine = context;
    size_t n = revision.size < sizeof engine->running ? revision.size : sizeof engine->running - 1;
    if (n) {
        memcpy(engine->running, revision.data, n);
        engine->running[n] = 0;
    }
    /* Odd while a policy runs. */
    atomic_fetch_add_explicit(&engine->running_call, 1, memory_order_release);
}

static void end_stuck(struct engine *engine) {
    log_error(
        "policy %s has not returned for %u s: the process ends and sets it aside at the next start",
        engine->running, engine->options.watchdog_s);
    (void)io_replace_file(engine->options.io, engine->options.running_path, engine->running,
                          strlen(engine->running), 0640);
    _exit(EXIT_STUCK);
}

static bool watchdog_stops(struct engine *engine, unsigned seconds) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += seconds;
    pthread_mutex_lock(&engine->mutex);
    while (!engine->stopping &&
           pthread_cond_timedwait(&engine->watchdog_wake, &engine->mutex, &until) == 0)
        continue;
    bool stops = engine->stopping;
    pthread_mutex_unlock(&engine->mutex);
    return stops;
}

/* CPU time of the engine's thread: where the process stood still, or the machine had no time for
 * it, no policy is stuck. */
static int64_t worked_us(const struct engine *engine) {
    clockid_t clock;
    struct timespec at = {0};
    if (pthread_getcpuclockid(engine->thread, &clock) != 0 || clock_gettime(clock, &at) < 0)
        return 0;
    return at.tv_sec * MICROSECONDS + at.tv_nsec / 1000;
}

static void *watch(void *argument) {
    struct engine *engine = argument;
    uint64_t last = 0;
    int64_t seen_us = 0; /* when this call was seen first */
    int64_t limit_us = engine->options.watchdog_s * MICROSECONDS * 9 / 10;
    while (!watchdog_stops(engine, engine->options.watchdog_s)) {
        uint64_t call = atomic_load_explicit(&engine->running_call, memory_order_acquire);
        int64_t now_us = worked_us(engine);
        if (call != last)
            seen_us = now_us;
        else if (call % 2 == 1 && now_us - seen_us >= limit_us)
            end_stuck(engine);
        last = call;
    }
    return NULL;
}

int engine_watchdog_start(struct engine *engine) {
    if (engine->options.watchdog_s == 0)
        return 0;
    policy_host_watch(engine->host, running, engine);
    int error = thread_start(&engine->watchdog, "watchdog", watch, engine);
    engine->has_watchdog = error == 0;
    return error ? error_note(error, "cannot start the watchdog") : 0;
}

void engine_watchdog_stop(struct engine *engine) {
    if (engine->has_watchdog)
        pthread_join(engine->watchdog, NULL);
    engine->has_watchdog = false;
}

struct stuck_search {
    struct str revision;
    struct str policy;
};

static int find_stuck(void *context, const struct policy_revision *revision) {
    struct stuck_search *search = context;
    if (!str_equal(revision->data.revision, search->revision) || revision->state != POLICY_IN_FORCE)
        return 0;
    search->policy = revision->data.policy;
    return 1;
}

static int set_aside(struct engine *engine, struct str text) {
    arena_reset(&engine->arena);
    struct stuck_search search = {.revision = arena_copy(&engine->arena, text)};
    int r = policy_revisions(engine->stepper.context.view, &engine->arena, find_stuck, &search);
    if (r <= 0)
        return r;
    struct policy_set_aside *data = arena_alloc(&engine->arena, sizeof *data);
    data->policy = search.policy;
    data->revision = search.revision;
    data->reason = STR("it did not return within the watchdog's time");
    GIVE(data, policy_set_aside, policy);
    GIVE(data, policy_set_aside, revision);
    GIVE(data, policy_set_aside, reason);
    log_warning("setting policy revision %.*s aside: it did not return in the last run",
                STR_ARG(search.revision));
    struct event event = {.type = catalogue_by_number(EVENT_policy_set_aside),
                          .data = data,
                          .recorded_us = engine->recorded_us};
    return engine_own_event(engine, &event);
}

int engine_set_aside_stuck(struct engine *engine) {
    const struct io *io = engine->options.io;
    char *text = NULL;
    size_t size = 0;
    if (!engine->options.running_path ||
        io_read_file(io, engine->options.running_path, 4096, &text, &size) != 0)
        return 0;
    int r = set_aside(engine, (struct str){text, size});
    free(text);
    engine_hand_over(engine, true);
    if (r == 0)
        (void)io->unlink(io->self, engine->options.running_path);
    return r;
}
