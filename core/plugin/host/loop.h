/* What the plugin's process waits for: descriptors and timers of the plugin, of the HTTP client and
 * of the channel. Every callback is followed by `after`. Callbacks may add and remove whatever they
 * like, themselves too.
 * Threads: one. Memory: contexts are borrowed. */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plugin/volunteer_plugin.h"

#define TIMERS_LIMIT 10000
#define WATCHES_LIMIT 65536

struct watch {
    int fd;
    int events; /* VOL_READABLE, VOL_WRITABLE */
    uint64_t number;
    vol_ready *ready;
    void *context;
};

struct timer {
    int number;
    int64_t due_us;
    int64_t every_us; /* 0: once */
    vol_due *due;
    void *context;
};

struct loop {
    struct watch *watches;
    size_t n_watches, watches_capacity;
    struct timer *timers;
    size_t n_timers, timers_capacity;
    struct pollfd *polled;
    uint64_t *polled_numbers; /* of the watches that were polled */
    size_t polled_capacity;
    uint64_t last_watch;
    int last_timer;
    void (*after)(void *context); /* a callback */
    void *after_context;
};

void loop_init(struct loop *loop, void (*after)(void *context), void *context);

/* 0; -EBADF for what is no descriptor; -EMFILE. */
int loop_watch(struct loop *loop, int fd, int events, vol_ready *ready, void *context);
/* Its number; -EMFILE. */
int loop_timer(struct loop *loop, uint32_t first_ms, uint32_t every_ms, vol_due *due,
               void *context);
/* 0; -ENOENT. */
int loop_timer_stop(struct loop *loop, int number);

/* Waits until something is due, `until_us` at the latest, and calls what is. `own` is one more
 * descriptor, whose revents are left to the caller. 0; < 0 where waiting itself fails. */
int loop_step(struct loop *loop, struct pollfd *own, int64_t until_us);

/* CLOCK_MONOTONIC. */
int64_t monotonic_us(void);
