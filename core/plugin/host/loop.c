#include "plugin/host/loop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "util/log.h"
#include "util/memory.h"

int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

void loop_init(struct loop *loop, void (*after)(void *context), void *context) {
    *loop = (struct loop){.after = after, .after_context = context};
}

static void *grown(void *rows, size_t *capacity, size_t row_size) {
    *capacity = *capacity ? *capacity * 2 : 16;
    return memory_checked(realloc(rows, *capacity * row_size));
}

/* ---- descriptors ---- */

static struct watch *watch_find(struct loop *loop, int fd) {
    for (size_t i = 0; i < loop->n_watches; i++)
        if (loop->watches[i].fd == fd)
            return &loop->watches[i];
    return NULL;
}

static void watch_remove(struct loop *loop, struct watch *watch) {
    *watch = loop->watches[--loop->n_watches];
}

int loop_watch(struct loop *loop, int fd, int events, vol_ready *ready, void *context) {
    struct watch *watch = watch_find(loop, fd);
    if (!(events & (VOL_READABLE | VOL_WRITABLE))) {
        if (watch)
            watch_remove(loop, watch);
        return 0;
    }
    if (fd < 0 || fcntl(fd, F_GETFD) < 0)
        return -EBADF;
    if (!watch) {
        if (loop->n_watches == WATCHES_LIMIT)
            return -EMFILE;
        if (loop->n_watches == loop->watches_capacity)
            loop->watches = grown(loop->watches, &loop->watches_capacity, sizeof *loop->watches);
        watch = &loop->watches[loop->n_watches++];
    }
    *watch = (struct watch){fd, events, ++loop->last_watch, ready, context};
    return 0;
}

static void polled_reserve(struct loop *loop) {
    if (loop->polled_capacity > loop->n_watches)
        return;
    loop->polled_capacity = loop->n_watches + 16;
    loop->polled =
        memory_checked(realloc(loop->polled, loop->polled_capacity * sizeof *loop->polled));
    loop->polled_numbers = memory_checked(
        realloc(loop->polled_numbers, loop->polled_capacity * sizeof *loop->polled_numbers));
}

static size_t polled_fill(struct loop *loop, const struct pollfd *own) {
    polled_reserve(loop);
    loop->polled[0] = *own;
    for (size_t i = 0; i < loop->n_watches; i++) {
        const struct watch *watch = &loop->watches[i];
        short events = (short)((watch->events & VOL_READABLE ? POLLIN : 0) |
                               (watch->events & VOL_WRITABLE ? POLLOUT : 0));
        loop->polled[i + 1] = (struct pollfd){watch->fd, events, 0};
        loop->polled_numbers[i + 1] = watch->number;
    }
    return loop->n_watches + 1;
}

/* What has hung up is told as what it is watched for: reading or writing it says the rest. */
static int ready_for(const struct watch *watch, short events) {
    if (events & (POLLHUP | POLLERR))
        return watch->events;
    return (events & POLLIN ? VOL_READABLE : 0) | (events & POLLOUT ? VOL_WRITABLE : 0);
}

static void watch_call(struct loop *loop, int fd, uint64_t number, short events) {
    struct watch *watch = watch_find(loop, fd);
    /* An earlier callback may have removed it, or begun to watch another of this number. */
    if (!watch || watch->number != number)
        return;
    if (events & POLLNVAL) {
        log_warning("descriptor %d was closed while it was watched: vol_watch(core, %d, 0, ...) "
                    "comes first",
                    fd, fd);
        watch_remove(loop, watch);
        return;
    }
    vol_ready *ready = watch->ready;
    ready(watch->context, fd, ready_for(watch, events));
    loop->after(loop->after_context);
}

static void watches_call(struct loop *loop, size_t n_polled) {
    /* The callbacks may let the arrays grow. */
    for (size_t i = 1; i < n_polled; i++)
        if (loop->polled[i].revents)
            watch_call(loop, loop->polled[i].fd, loop->polled_numbers[i], loop->polled[i].revents);
}

/* ---- timers ---- */

static struct timer *timer_find(struct loop *loop, int number) {
    for (size_t i = 0; i < loop->n_timers; i++)
        if (loop->timers[i].number == number)
            return &loop->timers[i];
    return NULL;
}

static int timer_number(struct loop *loop) {
    do
        loop->last_timer = loop->last_timer == INT_MAX ? 1 : loop->last_timer + 1;
    while (timer_find(loop, loop->last_timer));
    return loop->last_timer;
}

int loop_timer(struct loop *loop, uint32_t first_ms, uint32_t every_ms, vol_due *due,
               void *context) {
    if (loop->n_timers == TIMERS_LIMIT)
        return -EMFILE;
    if (loop->n_timers == loop->timers_capacity)
        loop->timers = grown(loop->timers, &loop->timers_capacity, sizeof *loop->timers);
    int number = timer_number(loop);
    loop->timers[loop->n_timers++] = (struct timer){
        number, monotonic_us() + first_ms * INT64_C(1000), every_ms * INT64_C(1000), due, context};
    return number;
}

int loop_timer_stop(struct loop *loop, int number) {
    struct timer *timer = timer_find(loop, number);
    if (!timer)
        return -ENOENT;
    *timer = loop->timers[--loop->n_timers];
    return 0;
}

static struct timer *timer_next(struct loop *loop) {
    struct timer *next = NULL;
    for (size_t i = 0; i < loop->n_timers; i++)
        if (!next || loop->timers[i].due_us < next->due_us)
            next = &loop->timers[i];
    return next;
}

/* One that comes again is not made up for: what was missed is missed. */
static void timer_call(struct loop *loop, struct timer *timer, int64_t now_us) {
    struct timer called = *timer;
    if (timer->every_us) {
        timer->due_us += timer->every_us;
        if (timer->due_us <= now_us)
            timer->due_us = now_us + timer->every_us;
    } else {
        loop_timer_stop(loop, timer->number);
    }
    called.due(called.context);
    loop->after(loop->after_context);
}

/* As many as there were: one that starts another without delay does not keep the rest waiting. */
static void timers_call(struct loop *loop) {
    int64_t now_us = monotonic_us();
    for (size_t n = loop->n_timers; n > 0; n--) {
        struct timer *timer = timer_next(loop);
        if (!timer || timer->due_us > now_us)
            return;
        timer_call(loop, timer, now_us);
    }
}

/* ---- */

static int patience_ms(struct loop *loop, int64_t until_us) {
    const struct timer *timer = timer_next(loop);
    int64_t left_us =
        (timer && timer->due_us < until_us ? timer->due_us : until_us) - monotonic_us();
    return left_us <= 0 ? 0 : (int)(left_us > 60000000 ? 60000 : (left_us + 999) / 1000);
}

int loop_step(struct loop *loop, struct pollfd *own, int64_t until_us) {
    size_t n_polled = polled_fill(loop, own);
    int n = poll(loop->polled, n_polled, patience_ms(loop, until_us));
    if (n < 0 && errno != EINTR)
        return -errno;
    own->revents = n > 0 ? loop->polled[0].revents : 0;
    if (n > 0)
        watches_call(loop, n_polled);
    timers_call(loop);
    return 0;
}
