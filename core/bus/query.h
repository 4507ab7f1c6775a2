/* The query socket: questions go to a queue, threads answer them from snapshots, answers come back
 * through the bus thread, which alone touches the socket. A long poll holds no thread: it is parked
 * and asked again when what it waits for has happened or its time is out. Threads: the bus thread,
 * but for the pool's own. */
#pragma once

#include "bus/guard.h"
#include "bus/method.h"
#include "bus/wake.h"

struct query_pool;

struct flights;

struct query_options {
    const struct services *services;
    struct flights *flights;
    void *socket;
    struct wake *wake;
    struct guard *guard; /* of the socket; may be NULL */
    size_t max_message_bytes;
    size_t n_threads;
    size_t queue_limit;
    size_t queue_bytes; /* of all that are not answered */
    size_t parked_limit;
};

/* 0, or < 0 where threads cannot be started. */
int query_pool_start(const struct query_options *options, struct query_pool **ret_pool);
/* Answers what waits, also the parked, and joins the threads; what is not begun within five seconds
 * is refused. */
void query_pool_stop(struct query_pool *pool);
/* Takes at most `limit` requests; true when more may wait. */
bool query_pool_receive(struct query_pool *pool, size_t limit);
/* Sends what was answered, parks what waits, and asks again whatever need not wait longer. */
void query_pool_answer(struct query_pool *pool);
/* When the next parked one is out of time (boottime), INT64_MAX: none. */
int64_t query_pool_deadline(const struct query_pool *pool);
void query_pool_set_limits(struct query_pool *pool, size_t queue_limit, size_t parked_limit);
/* Bytes of the questions that are not answered. */
size_t query_pool_held_bytes(const struct query_pool *pool);
struct query_figures {
    uint64_t answered; /* sent */
    uint64_t dropped;  /* answers that nobody took */
    uint64_t waiting;  /* questions that no thread has begun; those asked again with them */
    uint64_t parked;   /* long polls, after the bus's last turn */
    uint64_t held_bytes;
};
/* Any thread. */
void query_pool_figures(struct query_pool *pool, struct query_figures *ret_figures);
