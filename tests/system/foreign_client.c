/* A service written by somebody who never saw our code: libzmq and nothing else. Sends what stands
 * on its standard input, a body a line, over a DEALER with a correlation frame of its own, several
 * in flight, and prints each answer as it comes: `foreign_client ENDPOINT` */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#define IN_FLIGHT 8

static int fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
    return 1;
}

static int send_body(void *socket, const char *name, const char *body, size_t size) {
    if (zmq_send(socket, name, strlen(name), ZMQ_SNDMORE) < 0 ||
        zmq_send(socket, "", 0, ZMQ_SNDMORE) < 0)
        return -1;
    return zmq_send(socket, body, size, 0) < 0 ? -1 : 0;
}

/* The correlation frame comes back as it was, then the empty one, then the answer. */
static int print_answer(void *socket) {
    zmq_msg_t message;
    int more = 1;
    for (int frame = 0; more; frame++) {
        zmq_msg_init(&message);
        if (zmq_msg_recv(&message, socket, 0) < 0)
            return -1;
        if (frame != 1)
            printf("%.*s%c", (int)zmq_msg_size(&message), (const char *)zmq_msg_data(&message),
                   frame ? '\n' : ' ');
        more = zmq_msg_more(&message);
        zmq_msg_close(&message);
    }
    return 0;
}

int main(int argc, char **argv) {
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_DEALER);
    int patience_ms = 60000, waiting = 0;
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience_ms, sizeof patience_ms);
    if (argc != 2 || zmq_connect(socket, argv[1]) != 0)
        return fail("foreign_client ENDPOINT");
    for (int n = 0; (size = getline(&line, &room, stdin)) > 0; n++) {
        char name[32];
        snprintf(name, sizeof name, "body-%d", n);
        if (send_body(socket, name, line, (size_t)size - (line[size - 1] == '\n')) != 0)
            return fail("send");
        if (++waiting >= IN_FLIGHT && print_answer(socket) == 0)
            waiting--;
    }
    for (; waiting > 0; waiting--)
        if (print_answer(socket) != 0)
            return fail("no answer");
    free(line);
    zmq_close(socket);
    zmq_ctx_term(context);
    return 0;
}
