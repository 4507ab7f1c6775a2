#include "threads.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "simulation/dice.h"
#include "util/io.h"

#define LOCKS_MOST 64 /* held at a time */
#define NEVER INT64_MAX

enum waiting { RUNS, WAITS_FOR_LOCK, WAITS_FOR_WORD, WAITS_FOR_END, ENDED };

struct turn {
    pthread_t thread;
    sem_t mine;
    enum waiting waiting;
    const void *on;           /* the lock, or the condition */
    const void *lock;         /* to be had again after the condition */
    const struct turn *other; /* whose end is waited for */
    int64_t deadline_us;
    bool timed_out;
    void *(*run)(void *argument);
    void *argument;
    void *result;
    struct turn *next; /* in the order they were made */
};

static struct {
    struct dice dice;
    unsigned restless;
    struct io_steered *io;
    struct turn first;
    struct turn *last;
    struct turn *now;
    const void *locks[LOCKS_MOST];
    size_t n_locks;
} all;

int __real_pthread_create(pthread_t *ret_thread, const pthread_attr_t *attributes,
                          void *(*run)(void *argument), void *argument);
int __real_pthread_join(pthread_t thread, void **ret_result);
int __real_clock_gettime(clockid_t clock, struct timespec *ret_time);
int __wrap_pthread_create(pthread_t *ret_thread, const pthread_attr_t *attributes,
                          void *(*run)(void *argument), void *argument);
int __wrap_pthread_join(pthread_t thread, void **ret_result);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex);
int __wrap_pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                                  const struct timespec *until);
int __wrap_pthread_cond_signal(pthread_cond_t *condition);
int __wrap_pthread_cond_broadcast(pthread_cond_t *condition);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_time);

/* ---- whose turn it is ---- */

static bool is_locked(const void *lock) {
    for (size_t i = 0; i < all.n_locks; i++)
        if (all.locks[i] == lock)
            return true;
    return false;
}

static bool can_run(struct turn *turn, int64_t now_us) {
    switch (turn->waiting) {
    case RUNS:
        return true;
    case WAITS_FOR_LOCK:
        return !is_locked(turn->on);
    case WAITS_FOR_WORD:
        return turn->deadline_us <= now_us && !is_locked(turn->lock);
    case WAITS_FOR_END:
        return turn->other->waiting == ENDED;
    case ENDED:
        break;
    }
    return false;
}

static void say_stuck(void) {
    static const char *const words[] = {"runs", "waits for a lock", "waits for a word",
                                        "waits for an end", "ended"};
    fprintf(stderr, "stuck: no thread can run\n");
    unsigned n = 0;
    for (struct turn *turn = &all.first; turn; turn = turn->next)
        fprintf(stderr, "thread %u %s\n", n++, words[turn->waiting]);
    fflush(NULL);
    _exit(THREADS_EXIT_STUCK);
}

/* Time passes until somebody's deadline, where nobody can run before. */
static struct turn *choose(void) {
    for (;;) {
        unsigned n = 0;
        int64_t now_us = all.io->boot_us, earliest_us = NEVER;
        for (struct turn *turn = &all.first; turn; turn = turn->next) {
            n += can_run(turn, now_us);
            if (turn->waiting == WAITS_FOR_WORD && turn->deadline_us < earliest_us)
                earliest_us = turn->deadline_us;
        }
        if (n == 0 && (earliest_us == NEVER || earliest_us <= now_us))
            say_stuck();
        if (n == 0) {
            io_steered_move(all.io, earliest_us - now_us);
            continue;
        }
        unsigned wanted = dice_roll(&all.dice, n);
        for (struct turn *turn = &all.first; turn; turn = turn->next)
            if (can_run(turn, now_us) && wanted-- == 0)
                return turn;
    }
}

static void wait_for_turn(struct turn *self) {
    while (sem_wait(&self->mine) != 0)
        assert(errno == EINTR);
}

/* The caller has said what it waits for; gives the turn to somebody who can run. */
static void pass(void) {
    struct turn *self = all.now, *next = choose();
    all.now = next;
    if (next == self)
        return;
    sem_post(&next->mine);
    if (self->waiting != ENDED)
        wait_for_turn(self);
}

static void wait_for(enum waiting waiting, const void *on) {
    struct turn *self = all.now;
    self->waiting = waiting;
    self->on = on;
    pass();
    self->waiting = RUNS;
}

void threads_look(void) {
    if (dice_roll(&all.dice, all.restless) == 0)
        pass();
}

void threads_init(uint64_t seed, unsigned restless, struct io_steered *io) {
    all.dice.state = seed;
    all.restless = restless;
    all.io = io;
    all.now = all.last = &all.first;
    all.first.deadline_us = NEVER;
    sem_init(&all.first.mine, 0, 0);
}

void threads_wait_us(int64_t us) {
    struct turn *self = all.now;
    self->deadline_us = all.io->boot_us + us;
    self->lock = NULL;
    wait_for(WAITS_FOR_WORD, NULL);
    self->deadline_us = NEVER;
}

/* ---- threads ---- */

static void *run_in_turn(void *argument) {
    struct turn *self = argument;
    wait_for_turn(self);
    self->result = self->run(self->argument);
    self->waiting = ENDED;
    pass();
    return NULL;
}

int __wrap_pthread_create(pthread_t *ret_thread, const pthread_attr_t *attributes,
                          void *(*run)(void *argument), void *argument) {
    struct turn *turn = calloc(1, sizeof *turn);
    if (!turn)
        abort();
    turn->run = run;
    turn->argument = argument;
    turn->deadline_us = NEVER;
    sem_init(&turn->mine, 0, 0);
    int error = __real_pthread_create(&turn->thread, attributes, run_in_turn, turn);
    if (error) {
        free(turn);
        return error;
    }
    all.last->next = turn;
    all.last = turn;
    *ret_thread = turn->thread;
    threads_look();
    return 0;
}

static struct turn *turn_of(pthread_t thread, struct turn **ret_before) {
    struct turn *before = &all.first;
    while (!pthread_equal(before->next->thread, thread))
        before = before->next;
    *ret_before = before;
    return before->next;
}

int __wrap_pthread_join(pthread_t thread, void **ret_result) {
    struct turn *before, *turn = turn_of(thread, &before);
    all.now->other = turn;
    wait_for(WAITS_FOR_END, turn);
    int error = __real_pthread_join(thread, NULL);
    if (ret_result)
        *ret_result = turn->result;
    turn = turn_of(thread, &before); /* others may have come and gone meanwhile */
    before->next = turn->next;
    if (all.last == turn)
        all.last = before;
    sem_destroy(&turn->mine);
    free(turn);
    return error;
}

/* ---- locks ---- */

static void lock(const void *mutex) {
    while (is_locked(mutex))
        wait_for(WAITS_FOR_LOCK, mutex);
    assert(all.n_locks < LOCKS_MOST);
    all.locks[all.n_locks++] = mutex;
}

static void unlock(const void *mutex) {
    for (size_t i = 0; i < all.n_locks; i++)
        if (all.locks[i] == mutex) {
            all.locks[i] = all.locks[--all.n_locks];
            return;
        }
    assert(!"unlocked what nobody locked");
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex) {
    threads_look();
    lock(mutex);
    return 0;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex) {
    unlock(mutex);
    threads_look();
    return 0;
}

/* ---- conditions ---- */

static int wait_for_word(const void *condition, const void *mutex, int64_t deadline_us) {
    struct turn *self = all.now;
    unlock(mutex);
    self->deadline_us = deadline_us;
    self->lock = mutex;
    self->timed_out = true;
    wait_for(WAITS_FOR_WORD, condition);
    self->deadline_us = NEVER;
    lock(mutex);
    return self->timed_out ? ETIMEDOUT : 0;
}

int __wrap_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
    return wait_for_word(condition, mutex, NEVER);
}

int __wrap_pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                                  const struct timespec *until) {
    return wait_for_word(condition, mutex,
                         until->tv_sec * INT64_C(1000000) + until->tv_nsec / 1000);
}

static void give_word(struct turn *turn) {
    turn->timed_out = false;
    turn->waiting = WAITS_FOR_LOCK;
    turn->on = turn->lock;
}

static bool waits_on(const struct turn *turn, const void *condition) {
    return turn->waiting == WAITS_FOR_WORD && turn->on == condition;
}

int __wrap_pthread_cond_signal(pthread_cond_t *condition) {
    unsigned n = 0;
    for (struct turn *turn = &all.first; turn; turn = turn->next)
        n += waits_on(turn, condition);
    unsigned wanted = n ? dice_roll(&all.dice, n) : 0;
    for (struct turn *turn = &all.first; n && turn; turn = turn->next)
        if (waits_on(turn, condition) && wanted-- == 0) {
            give_word(turn);
            break;
        }
    return 0;
}

int __wrap_pthread_cond_broadcast(pthread_cond_t *condition) {
    for (struct turn *turn = &all.first; turn; turn = turn->next)
        if (waits_on(turn, condition))
            give_word(turn);
    return 0;
}

/* ---- time ---- */

/* Whoever looks at the clock again and again sees it go. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_time) {
    io_steered_move(all.io, 1);
    int64_t us = clock == CLOCK_REALTIME ? all.io->time_us : all.io->boot_us;
    ret_time->tv_sec = us / 1000000;
    ret_time->tv_nsec = us % 1000000 * 1000;
    return 0;
}
