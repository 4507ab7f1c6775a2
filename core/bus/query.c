#include "bus/query.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "bus/flight.h"
#include "bus/job.h"
#include "bus/rpc.h"
#include "bus/wire.h"
#include "util/error.h"
#include "util/memory.h"
#include "util/thread.h"

#define THREAD_LIMIT 16
#define STOP_LIMIT_US (INT64_C(5) * 1000000) /* for what was asked before the end */
#define PARKED_BYTES (64u << 10)             /* a larger question is answered with what there is */

struct request {
    struct request *next;
    struct envelope envelope;
    struct buf body;
    struct buf answer;
    struct rpc_call call;
    bool again; /* it was parked: it does not count as one that waits */
};

struct request_queue {
    struct request *first;
    struct request **end;
    size_t n;
};

struct query_pool {
    struct query_options options;
    struct incoming incoming;
    size_t n_threads;
    pthread_t threads[THREAD_LIMIT];
    pthread_mutex_t lock;
    pthread_cond_t asked;
    struct request_queue questions; /* under the lock */
    struct request_queue answers;   /* under the lock */
    size_t n_new;                   /* under the lock: of the questions those never asked before */
    bool stopping;                  /* under the lock */
    int64_t stop_us;                /* under the lock: when no more is begun (boottime) */
    struct request_queue parked;
    size_t held_bytes; /* bodies of all that are not answered */
    atomic_uint_fast64_t dropped, answered;
    atomic_uint_fast64_t shown_parked, shown_held_bytes; /* for other threads */
};

/* ---- queues ---- */

static void queue_init(struct request_queue *queue) {
    *queue = (struct request_queue){.end = &queue->first};
}

static void queue_put(struct request_queue *queue, struct request *request) {
    request->next = NULL;
    *queue->end = request;
    queue->end = &request->next;
    queue->n++;
}

static struct request *queue_take(struct request_queue *queue) {
    struct request *request = queue->first;
    if (!request)
        return NULL;
    queue->first = request->next;
    if (!queue->first)
        queue->end = &queue->first;
    queue->n--;
    return request;
}

static void request_free(struct request *request) {
    buf_deinit(&request->body);
    buf_deinit(&request->answer);
    free(request);
}

/* ---- the threads ---- */

static struct request *next_question(struct query_pool *self) {
    pthread_mutex_lock(&self->lock);
    while (!self->questions.first && !self->stopping)
        pthread_cond_wait(&self->asked, &self->lock);
    struct request *request = queue_take(&self->questions);
    if (request)
        self->n_new -= !request->again;
    pthread_mutex_unlock(&self->lock);
    return request;
}

static bool is_over(struct query_pool *self) {
    const struct io *io = self->options.services->io;
    pthread_mutex_lock(&self->lock);
    bool over = self->stopping && io->boottime_us(io->self) > self->stop_us;
    pthread_mutex_unlock(&self->lock);
    return over;
}

static void *answer_questions(void *context) {
    struct query_pool *self = context;
    struct rpc rpc;
    struct request *request;
    rpc_init(&rpc, self->options.services);
    while ((request = next_question(self))) {
        if (is_over(self))
            rpc_refuse(PROBLEM_BUSY, "the daemon stops: ask again when it is back",
                       &request->answer);
        else
            rpc_answer(&rpc, &request->call, &request->answer);
        pthread_mutex_lock(&self->lock);
        queue_put(&self->answers, request);
        pthread_mutex_unlock(&self->lock);
        wake_ring(self->options.wake);
    }
    rpc_deinit(&rpc);
    return NULL;
}

static void ask(struct query_pool *self, struct request *request) {
    buf_reset(&request->answer);
    request->call.body = buf_str(&request->body);
    pthread_mutex_lock(&self->lock);
    queue_put(&self->questions, request);
    self->n_new += !request->again;
    pthread_cond_signal(&self->asked);
    pthread_mutex_unlock(&self->lock);
}

/* ---- start and stop ---- */

int query_pool_start(const struct query_options *options, struct query_pool **ret_pool) {
    struct query_pool *self = calloc(1, sizeof *self);
    if (!self)
        memory_out();
    assert(options->n_threads <= THREAD_LIMIT);
    self->options = *options;
    self->incoming.guard = options->guard;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->asked, NULL);
    queue_init(&self->questions);
    queue_init(&self->answers);
    queue_init(&self->parked);
    *ret_pool = self;
    for (; self->n_threads < options->n_threads; self->n_threads++) {
        int error = thread_start(&self->threads[self->n_threads], "query", answer_questions, self);
        if (error) {
            query_pool_stop(self);
            *ret_pool = NULL;
            return error_note(error, "start of a query thread");
        }
    }
    return 0;
}

static void send_answer(struct query_pool *self, struct request *request) {
    const struct io *io = self->options.services->io;
    if (flights_is_full(self->options.flights, &request->envelope, request->answer.size)) {
        buf_reset(&request->answer);
        rpc_refuse(PROBLEM_BUSY, "read the answers that you were sent, then ask again",
                   &request->answer);
    }
    if (request->answer.size && flights_send(self->options.flights, io, self->options.socket,
                                             &request->envelope, &request->answer) != 0)
        self->dropped++;
    else
        self->answered++;
    self->held_bytes -= request->body.size;
    request_free(request);
}

void query_pool_stop(struct query_pool *pool) {
    if (!pool)
        return;
    const struct io *io = pool->options.services->io;
    struct request *request;
    while ((request = queue_take(&pool->parked))) {
        request->again = true;
        request->call.may_wait = false;
        ask(pool, request);
    }
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pool->stop_us = io->boottime_us(io->self) + STOP_LIMIT_US;
    pthread_cond_broadcast(&pool->asked);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i], NULL);
    while ((request = queue_take(&pool->answers)))
        send_answer(pool, request);
    pthread_cond_destroy(&pool->asked);
    pthread_mutex_destroy(&pool->lock);
    buf_deinit(&pool->incoming.body);
    free(pool);
}

/* ---- receiving ---- */

static void refuse(struct query_pool *self, enum problem_code code, const char *message) {
    struct buf answer = {0};
    rpc_refuse(code, message, &answer);
    if (wire_send(self->options.services->io, self->options.socket, &self->incoming.envelope,
                  buf_str(&answer)) != 0)
        self->dropped++;
    buf_deinit(&answer);
}

static void take_question(struct query_pool *self) {
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        memory_out();
    request->envelope = self->incoming.envelope;
    buf_put_str(&request->body, buf_str(&self->incoming.body));
    self->held_bytes += request->body.size;
    request->call.after = journal_head(self->options.services->journal).sequence;
    request->call.may_wait = true;
    ask(self, request);
}

static bool is_full(struct query_pool *self) {
    pthread_mutex_lock(&self->lock);
    bool full = self->n_new >= self->options.queue_limit;
    pthread_mutex_unlock(&self->lock);
    return full || self->held_bytes >= self->options.queue_bytes;
}

bool query_pool_receive(struct query_pool *pool, size_t limit) {
    const struct io *io = pool->options.services->io;
    for (size_t i = 0; i < limit; i++) {
        if (wire_receive(io, pool->options.socket, pool->options.max_message_bytes,
                         &pool->incoming) != 1)
            return false;
        const char *complaint = wire_complaint(pool->incoming.shape);
        if (complaint)
            refuse(pool, PROBLEM_NOT_AN_EVENT, complaint);
        else if (pool->incoming.too_large)
            refuse(pool, PROBLEM_TOO_LARGE, "the request is larger than bus.max_message_bytes");
        else if (is_full(pool))
            refuse(pool, PROBLEM_BUSY, "too many questions wait: ask again a little later");
        else
            take_question(pool);
    }
    return true;
}

/* ---- answering and parking ---- */

static bool has_happened(struct query_pool *self, const struct wait *wait, uint64_t head) {
    if (wait->kind == WAIT_JOB)
        return jobs_has_ended(self->options.services->jobs, wait->value);
    if (wait->kind == WAIT_PLUGIN)
        return plugins_have_answered(self->options.services->plugins, wait->value);
    return head > wait->value;
}

static void unpark(struct query_pool *self) {
    const struct services *services = self->options.services;
    int64_t now_us = services->io->boottime_us(services->io->self);
    uint64_t head = journal_head(services->journal).sequence;
    struct request_queue all = self->parked;
    struct request *request;
    if (all.n == 0)
        return;
    queue_init(&self->parked);
    while ((request = queue_take(&all))) {
        bool late = now_us >= request->call.deadline_us;
        if (!late && !has_happened(self, &request->call.wait, head)) {
            queue_put(&self->parked, request);
            continue;
        }
        request->again = true;
        request->call.may_wait = !late;
        request->call.after = head;
        ask(self, request);
    }
}

static void take_answer(struct query_pool *self, struct request *request) {
    if (request->call.wait.kind == WAIT_NONE) {
        send_answer(self, request);
    } else if (self->parked.n < self->options.parked_limit && request->body.size <= PARKED_BYTES) {
        queue_put(&self->parked, request);
    } else {
        request->again = true;
        request->call.may_wait = false;
        ask(self, request);
    }
}

void query_pool_answer(struct query_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    struct request *request = pool->answers.first;
    queue_init(&pool->answers);
    pthread_mutex_unlock(&pool->lock);
    while (request) {
        struct request *next = request->next;
        take_answer(pool, request);
        request = next;
    }
    unpark(pool);
    pool->shown_parked = pool->parked.n;
    pool->shown_held_bytes = pool->held_bytes;
}

int64_t query_pool_deadline(const struct query_pool *pool) {
    int64_t deadline_us = INT64_MAX;
    for (const struct request *request = pool->parked.first; request; request = request->next)
        if (request->call.deadline_us < deadline_us)
            deadline_us = request->call.deadline_us;
    return deadline_us;
}

void query_pool_set_limits(struct query_pool *pool, size_t queue_limit, size_t parked_limit) {
    pool->options.queue_limit = queue_limit;
    pool->options.parked_limit = parked_limit;
}

size_t query_pool_held_bytes(const struct query_pool *pool) {
    return pool->held_bytes;
}

void query_pool_figures(struct query_pool *pool, struct query_figures *ret_figures) {
    pthread_mutex_lock(&pool->lock);
    size_t waiting = pool->questions.n;
    pthread_mutex_unlock(&pool->lock);
    *ret_figures = (struct query_figures){.answered = pool->answered,
                                          .dropped = pool->dropped,
                                          .waiting = waiting,
                                          .parked = pool->shown_parked,
                                          .held_bytes = pool->shown_held_bytes};
}
