#include "publisher.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <zmq.h>

#include "fail.h"

#define ANSWER_LIMIT_MS 15000
#define PUBLISHERS_LIMIT 16

struct publisher {
    const struct load *load;
    void *socket;
    size_t next, step; /* messages: the next to send, and how far to the one after */
    size_t in_flight, in_flight_limit;
    struct samples *latencies;
    struct published sum;
};

static void *socket_open(void *context, const char *endpoint) {
    void *socket = zmq_socket(context, ZMQ_DEALER);
    int none = 0, limit_ms = ANSWER_LIMIT_MS;
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &limit_ms, sizeof limit_ms);
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &limit_ms, sizeof limit_ms);
    if (zmq_connect(socket, endpoint) < 0)
        fail("cannot connect to %s: %s", endpoint, zmq_strerror(errno));
    return socket;
}

static void message_send(void *socket, const struct message *message) {
    if (zmq_send_const(socket, "", 0, ZMQ_SNDMORE) < 0 ||
        zmq_send_const(socket, message->data, message->size, 0) < 0)
        fail("cannot send: %s", zmq_strerror(errno));
}

/* ---- answers ---- */

static uint64_t count(const char *data, size_t size, const char *word) {
    uint64_t n = 0;
    size_t length = strlen(word);
    const char *at = data;
    while ((at = memmem(at, size - (size_t)(at - data), word, length))) {
        n++;
        at += length;
    }
    return n;
}

static void answer_count(const char *data, size_t size, struct published *sum) {
    /* Not the answer's JSON but these words: what is not looked for costs nothing. */
    uint64_t stored = count(data, size, "\"status\":\"stored\"");
    uint64_t refused = count(data, size, "\"status\":\"rejected\"");
    uint64_t duplicate = count(data, size, "\"status\":\"duplicate\"");
    if (stored + refused == 0 && count(data, size, "\"busy\""))
        refused = 1; /* of a single */
    if (stored + refused == 0 || duplicate)
        fail("volunteerd answered: %.*s", (int)(size < 400 ? size : 400), data);
    sum->stored += stored;
    sum->refused += refused;
    sum->decisions_bytes += size;
}

/* The frames before the body are passed over. False where nothing waits (with ZMQ_DONTWAIT). */
static bool answer_receive(void *socket, int flags, struct published *sum, size_t *ret_number) {
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    if (zmq_msg_recv(&frame, socket, flags) < 0) {
        if (errno == EAGAIN && flags)
            return false;
        fail("no answer within %d s: %s", ANSWER_LIMIT_MS / 1000, zmq_strerror(errno));
    }
    if (ret_number && zmq_msg_size(&frame) == sizeof(*ret_number))
        memcpy(ret_number, zmq_msg_data(&frame), sizeof(*ret_number));
    while (zmq_msg_more(&frame))
        if (zmq_msg_recv(&frame, socket, 0) < 0)
            fail("half an answer: %s", zmq_strerror(errno));
    answer_count(zmq_msg_data(&frame), zmq_msg_size(&frame), sum);
    zmq_msg_close(&frame);
    return true;
}

/* ---- closed loop ---- */

static void refill(struct publisher *publisher) {
    while (publisher->in_flight < publisher->in_flight_limit &&
           publisher->next < publisher->load->n_messages) {
        message_send(publisher->socket, &publisher->load->messages[publisher->next]);
        publisher->next += publisher->step;
        publisher->in_flight++;
    }
}

static void *publisher_run(void *context) {
    struct publisher *publisher = context;
    int64_t sent = now_ns();
    refill(publisher);
    while (publisher->in_flight) {
        answer_receive(publisher->socket, 0, &publisher->sum, NULL);
        if (publisher->latencies)
            samples_add(publisher->latencies, now_ns() - sent);
        publisher->in_flight--;
        while (publisher->in_flight &&
               answer_receive(publisher->socket, ZMQ_DONTWAIT, &publisher->sum, NULL))
            publisher->in_flight--;
        sent = now_ns();
        refill(publisher);
    }
    return NULL;
}

/* Events that overtake each other are refused now and then: a record before its activity. With one
 * publisher nothing is overtaken. */
static void sum_check(const struct published *sum, const struct load *load, double may_refuse) {
    if (sum->stored + sum->refused != load->n_events)
        fail("%zu events were sent, %llu answered", load->n_events,
             (unsigned long long)(sum->stored + sum->refused));
    if ((double)sum->refused > (double)load->n_events * may_refuse)
        fail("%llu of %zu events were refused", (unsigned long long)sum->refused, load->n_events);
    if (sum->refused)
        progress("    %llu of %zu events were refused", (unsigned long long)sum->refused,
                 load->n_events);
}

struct published publish_closed(const char *endpoint, const struct load *load,
                                unsigned n_publishers, unsigned in_flight,
                                struct samples *latencies) {
    struct publisher publishers[PUBLISHERS_LIMIT];
    pthread_t threads[PUBLISHERS_LIMIT];
    struct published sum = {0};
    void *context = zmq_ctx_new();
    if (n_publishers < 1 || n_publishers > PUBLISHERS_LIMIT)
        fail("1 to %d publishers", PUBLISHERS_LIMIT);
    for (unsigned i = 0; i < n_publishers; i++)
        publishers[i] = (struct publisher){.load = load,
                                           .socket = socket_open(context, endpoint),
                                           .next = i,
                                           .step = n_publishers,
                                           .in_flight_limit = in_flight,
                                           .latencies = i ? NULL : latencies};
    int64_t start = now_ns();
    for (unsigned i = 1; i < n_publishers; i++)
        if (pthread_create(&threads[i], NULL, publisher_run, &publishers[i]) != 0)
            fail("cannot start a thread");
    publisher_run(&publishers[0]);
    for (unsigned i = 0; i < n_publishers; i++) {
        if (i)
            pthread_join(threads[i], NULL);
        sum.stored += publishers[i].sum.stored;
        sum.refused += publishers[i].sum.refused;
        sum.decisions_bytes += publishers[i].sum.decisions_bytes;
    }
    sum.seconds = (double)(now_ns() - start) / 1e9;
    for (unsigned i = 0; i < n_publishers; i++)
        zmq_close(publishers[i].socket);
    zmq_ctx_term(context);
    sum_check(&sum, load, n_publishers > 1 ? 0.5 : 0.01);
    return sum;
}

/* ---- one now and then ---- */

/* A refused event has no sequence. */
static uint64_t sequence_receive(void *socket) {
    static const char mark[] = "\"sequence\":";
    char text[256];
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    do
        if (zmq_msg_recv(&frame, socket, 0) < 0)
            fail("no answer within %d s: %s", ANSWER_LIMIT_MS / 1000, zmq_strerror(errno));
    while (zmq_msg_more(&frame));
    size_t size = zmq_msg_size(&frame);
    snprintf(text, sizeof text, "%.*s", (int)(size < sizeof text ? size : sizeof text - 1),
             (const char *)zmq_msg_data(&frame));
    zmq_msg_close(&frame);
    const char *at = strstr(text, mark);
    if (!at)
        fail("volunteerd answered: %s", text);
    return strtoull(at + sizeof mark - 1, NULL, 10);
}

void publish_slowly(const char *endpoint, const struct load *load, int64_t gap_ms,
                    struct acknowledged *ret_acknowledged) {
    void *context = zmq_ctx_new(), *socket = socket_open(context, endpoint);
    for (size_t i = 0; i < load->n_messages; i++) {
        message_send(socket, &load->messages[i]);
        uint64_t sequence = sequence_receive(socket);
        ret_acknowledged[i] = (struct acknowledged){sequence, now_ns()};
        sleep_ms(gap_ms);
    }
    zmq_close(socket);
    zmq_ctx_term(context);
}

/* ---- open loop ---- */

struct schedule {
    const struct load *load;
    void *socket;
    int readable; /* the socket's descriptor: tells that ZMQ_EVENTS is worth a look */
    int64_t start_ns;
    double gap_ns;
    size_t sent, answered;
};

static int64_t due_ns(const struct schedule *schedule, size_t message) {
    return schedule->start_ns + (int64_t)((double)message * schedule->gap_ns);
}

static void send_due(struct schedule *schedule) {
    int64_t now = now_ns();
    while (schedule->sent < schedule->load->n_messages && due_ns(schedule, schedule->sent) <= now) {
        if (zmq_send(schedule->socket, &schedule->sent, sizeof schedule->sent, ZMQ_SNDMORE) < 0)
            fail("cannot send: %s", zmq_strerror(errno));
        message_send(schedule->socket, &schedule->load->messages[schedule->sent++]);
    }
}

/* So many at most: what is due is sent in between. */
static void take_answers(struct schedule *schedule, struct published *sum,
                         struct samples *latencies) {
    size_t number = 0;
    for (int i = 0; i < 64; i++) {
        uint64_t refused = sum->refused;
        if (!answer_receive(schedule->socket, ZMQ_DONTWAIT, sum, &number))
            return;
        schedule->answered++;
        if (sum->refused == refused)
            samples_add(latencies, now_ns() - due_ns(schedule, number));
    }
}

static bool answers_wait(const struct schedule *schedule) {
    int events;
    size_t size = sizeof events;
    return zmq_getsockopt(schedule->socket, ZMQ_EVENTS, &events, &size) == 0 &&
           (events & ZMQ_POLLIN);
}

static void wait_for_either(const struct schedule *schedule) {
    struct pollfd readable = {schedule->readable, POLLIN, 0};
    int64_t wait = ANSWER_LIMIT_MS * INT64_C(1000000);
    if (schedule->sent < schedule->load->n_messages)
        wait = due_ns(schedule, schedule->sent) - now_ns();
    if (wait <= 0 || answers_wait(schedule))
        return;
    struct timespec limit = {wait / 1000000000, wait % 1000000000};
    if (ppoll(&readable, 1, &limit, NULL) == 0 && schedule->sent == schedule->load->n_messages)
        fail("no answer within %d s: %zu messages sent, %zu answered", ANSWER_LIMIT_MS / 1000,
             schedule->sent, schedule->answered);
}

struct published publish_open(const char *endpoint, const struct load *load, double rate,
                              struct samples *latencies) {
    struct published sum = {0};
    void *context = zmq_ctx_new();
    struct schedule schedule = {
        .load = load, .socket = socket_open(context, endpoint), .gap_ns = 1e9 / rate};
    size_t size = sizeof schedule.readable;
    zmq_getsockopt(schedule.socket, ZMQ_FD, &schedule.readable, &size);
    prctl(PR_SET_TIMERSLACK, 1);
    schedule.start_ns = now_ns() + 20000000;
    while (schedule.answered < load->n_messages) {
        wait_for_either(&schedule);
        send_due(&schedule);
        take_answers(&schedule, &sum, latencies);
    }
    sum.seconds = (double)(now_ns() - schedule.start_ns) / 1e9;
    zmq_close(schedule.socket);
    zmq_ctx_term(context);
    /* What was refused as busy would have been stored at the end at the earliest. */
    for (uint64_t i = 0; i < sum.refused; i++)
        samples_add(latencies, (int64_t)(sum.seconds * 1e9));
    sum_check(&sum, load, 1);
    return sum;
}
