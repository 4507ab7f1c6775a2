#include "question.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "fail.h"
#include "sample.h"
#include "util/buf.h"

#define WARMING 3
#define TIMES_LIMIT 101
#define ANSWER_LIMIT_MS 60000

static void request_put(const char *method, const char *params, struct buf *out) {
    buf_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{", method);
    buf_put_str(out, str_from(params));
    buf_put_str(out, STR("}}"));
    buf_put_byte(out, 0);
}

static void check(const char *method, const char *answer) {
    if (!strstr(answer, "\"result\""))
        fail("%s: %.600s", method, answer);
}

char *question_ask(struct daemon *daemon, const char *method, const char *params) {
    struct buf request = {0};
    request_put(method, params, &request);
    char *text = daemon_ask(daemon, request.data);
    buf_deinit(&request);
    check(method, text);
    return text;
}

double question_number(const char *text, const char *member) {
    char mark[64];
    const char *found = NULL;
    snprintf(mark, sizeof mark, "\"%s\":", member);
    for (const char *at = text; (at = strstr(at, mark)); at++)
        found = at;
    if (!found)
        fail("there is no %s in %.600s", member, text);
    return strtod(found + strlen(mark), NULL);
}

static double once_ms(void *socket, const char *method, const struct buf *request) {
    zmq_msg_t answer;
    int64_t begun_ns = now_ns();
    zmq_msg_init(&answer);
    if (zmq_send(socket, request->data, request->size - 1, 0) < 0 ||
        zmq_msg_recv(&answer, socket, 0) < 0)
        fail("%s is not answered: %s", method, zmq_strerror(zmq_errno()));
    double ms = (double)(now_ns() - begun_ns) / 1e6;
    char *text = message_text(&answer);
    check(method, text);
    free(text);
    zmq_msg_close(&answer);
    return ms;
}

static void *query_connect(const struct daemon *daemon) {
    int limit_ms = ANSWER_LIMIT_MS, none = 0;
    void *socket = zmq_socket(daemon->context, ZMQ_REQ);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &limit_ms, sizeof limit_ms);
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    if (zmq_connect(socket, daemon->query) < 0)
        fail("cannot connect to %s: %s", daemon->query, zmq_strerror(errno));
    return socket;
}

void question_pair_ms(struct daemon *const daemons[2], const char *method, const char *params,
                      unsigned times, double ret_ms[2]) {
    double ms[2][TIMES_LIMIT];
    void *sockets[2] = {query_connect(daemons[0]), query_connect(daemons[1])};
    struct buf request = {0};
    times = times < TIMES_LIMIT ? times : TIMES_LIMIT;
    request_put(method, params, &request);
    for (unsigned i = 0; i < WARMING + times; i++)
        for (size_t k = 0; k < 2; k++) {
            double taken_ms = once_ms(sockets[k], method, &request);
            if (i >= WARMING)
                ms[k][i - WARMING] = taken_ms;
        }
    buf_deinit(&request);
    for (size_t k = 0; k < 2; k++) {
        zmq_close(sockets[k]);
        ret_ms[k] = median(ms[k], times);
    }
}
