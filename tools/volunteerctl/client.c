#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#include "progress.h"
#include "util/error.h"
#include "value.h"

#define ADDRESS_SIZE 512
#define METHOD_NOT_FOUND (-32601)
#define INVALID_PARAMS (-32602)

static const struct {
    const char *file;
    const char *purpose;
} sockets[] = {
    [CLIENT_INGEST] = {"ingest.sock", N_("ingest")},
    [CLIENT_FEED] = {"feed.sock", N_("feed")},
    [CLIENT_QUERY] = {"query.sock", N_("query")},
};

void client_init(struct client *client, const char *runtime_dir, int64_t timeout_ms, bool json) {
    *client = (struct client){.runtime_dir = runtime_dir, .timeout_ms = timeout_ms, .json = json};
}

void client_deinit(struct client *client) {
    if (client->query)
        zmq_close(client->query);
    if (client->context)
        zmq_ctx_term(client->context);
    client->query = client->context = NULL;
}

void client_address(const struct client *client, enum client_socket socket, size_t size,
                    char *ret_address) {
    snprintf(ret_address, size, "ipc://%s/%s", client->runtime_dir, sockets[socket].file);
}

static int unreachable(const struct client *client, const char *path, int error) {
    const char *why = error == ENOENT         ? _("there is no such socket")
                      : error == ECONNREFUSED ? _("nobody listens there")
                      : error == EACCES       ? _("you may not open it")
                                              : strerror(error);
    const char *hint =
        error == EACCES
            ? _("Run this as a member of the daemon's group, or with sudo.")
            : _("Start the daemon (systemctl start volunteerd, or volunteerd --config FILE), or "
                "name its runtime directory with --runtime DIR.");
    return complain_json(client->json, UNREACHABLE, "not_reachable",
                         _("volunteerd is not reachable at %s: %s. %s"), path, why, hint);
}

/* ZeroMQ connects in the background for ever; a plain connection tells at once. 0, or an errno. */
static int path_probe(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = fd < 0 ? errno : 0;
    if (!error && connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        error = errno;
    if (fd >= 0)
        close(fd);
    return error;
}

static void socket_path(const struct client *client, enum client_socket socket, size_t size,
                        char *ret_path) {
    snprintf(ret_path, size, "%s/%s", client->runtime_dir, sockets[socket].file);
}

bool client_listens(struct client *client) {
    char path[ADDRESS_SIZE];
    socket_path(client, CLIENT_QUERY, sizeof path, path);
    return path_probe(path) == 0;
}

int client_reach(struct client *client, enum client_socket which) {
    char path[ADDRESS_SIZE];
    socket_path(client, which, sizeof path, path);
    int error = path_probe(path);
    return error ? unreachable(client, path, error) : DONE;
}

int client_socket(struct client *client, enum client_socket which, int type, void **ret_socket) {
    char address[ADDRESS_SIZE];
    int zero = 0;
    client_address(client, which, sizeof address, address);
    if (!client->context)
        client->context = zmq_ctx_new();
    void *socket = client->context ? zmq_socket(client->context, type) : NULL;
    if (!socket)
        return complain_json(client->json, UNREACHABLE, NULL, _("no socket could be made: %s."),
                             zmq_strerror(zmq_errno()));
    zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
    if (zmq_connect(socket, address) != 0) {
        complain_json(client->json, UNREACHABLE, NULL, _("%s cannot be connected: %s."), address,
                      zmq_strerror(zmq_errno()));
        zmq_close(socket);
        return UNREACHABLE;
    }
    *ret_socket = socket;
    return DONE;
}

int client_connect(struct client *client, enum client_socket which, int type, void **ret_socket) {
    int code = client_reach(client, which);
    return code == DONE ? client_socket(client, which, type, ret_socket) : code;
}

int client_silent(const struct client *client, enum client_socket socket) {
    char address[ADDRESS_SIZE];
    client_address(client, socket, sizeof address, address);
    return complain_json(
        client->json, UNREACHABLE, "not_reachable",
        _("volunteerd did not answer on %s within %lld s. It may be starting, busy or "
          "stuck: look at its log, or wait longer with --timeout SECONDS."),
        address, (long long)(client->timeout_ms / 1000));
}

/* ---- one message there and back ---- */

static int message_send(void *socket, const char *body, size_t size) {
    if (zmq_send(socket, "", 0, ZMQ_SNDMORE) < 0 || zmq_send(socket, body, size, 0) < 0)
        return -zmq_errno();
    return 0;
}

/* The last frame of the next message: 1 with *body, 0 where nothing came in time. */
static int message_receive(void *socket, int64_t deadline_us, zmq_msg_t *body) {
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
    int64_t left = deadline_us - now_us();
    if (zmq_poll(&item, 1, left > 0 ? (long)(left / 1000) + 1 : 0) <= 0)
        return 0;
    int more = 1;
    while (more) {
        if (zmq_msg_recv(body, socket, ZMQ_DONTWAIT) < 0)
            return 0;
        more = zmq_msg_more(body);
    }
    return 1;
}

/* The next JSON object, NULL where none came in time; *ret_garbled says that something else came.
 */
static json_t *object_receive(void *socket, int64_t deadline_us, bool *ret_garbled) {
    zmq_msg_t body;
    json_t *object = NULL;
    zmq_msg_init(&body);
    if (message_receive(socket, deadline_us, &body) > 0) {
        json_error_t error;
        object = json_loadb(zmq_msg_data(&body), zmq_msg_size(&body), JSON_ALLOW_NUL, &error);
        *ret_garbled = !json_is_object(object);
        if (*ret_garbled) {
            json_decref(object);
            object = NULL;
        }
    }
    zmq_msg_close(&body);
    return object;
}

static int garbled(const struct client *client, enum client_socket socket) {
    return complain_json(
        client->json, REFUSED, NULL,
        _("what listens on the %s socket answered something that is no answer of a "
          "volunteerd. Is --runtime the right directory?"),
        _(sockets[socket].purpose));
}

/* ---- questions ---- */

static int question_send(struct client *client, const char *method, json_t *params) {
    json_auto_t *question =
        json_pack("{s:s, s:I, s:s, s:o}", "jsonrpc", "2.0", "id", (json_int_t)++client->last_id,
                  "method", method, "params", params);
    char *text = question ? json_dumps(question, JSON_COMPACT) : NULL;
    if (!text)
        return complain(USAGE, _("the question cannot be written as JSON: is every text UTF-8?"));
    int error = message_send(client->query, text, strlen(text));
    free(text);
    if (error)
        return complain_json(client->json, UNREACHABLE, NULL,
                             _("the question could not be sent: %s."), zmq_strerror(-error));
    return DONE;
}

int client_try(struct client *client, const char *method, json_t *params, json_t **ret_result,
               json_t **ret_error) {
    int64_t wait_ms = client->timeout_ms + integer_at(params, "wait_ms");
    int code =
        client->query ? DONE : client_connect(client, CLIENT_QUERY, ZMQ_DEALER, &client->query);
    if (code != DONE) {
        json_decref(params);
        return code;
    }
    code = question_send(client, method, params);
    int64_t deadline_us = now_us() + wait_ms * 1000;
    json_auto_t *answer = NULL;
    bool is_garbled = false;
    while (code == DONE && !answer) {
        answer = object_receive(client->query, deadline_us, &is_garbled);
        if (is_garbled)
            return garbled(client, CLIENT_QUERY);
        if (!answer)
            return client_silent(client, CLIENT_QUERY);
        if (integer_at(answer, "id") != client->last_id && has_at(answer, "id")) {
            json_decref(answer); /* the late answer to an earlier question */
            answer = NULL;
        }
    }
    if (code != DONE)
        return code;
    json_t *error = json_object_get(answer, "error");
    json_t *result = json_object_get(answer, "result");
    if (!json_is_object(error) && !json_is_object(result))
        return garbled(client, CLIENT_QUERY);
    *ret_result = json_is_object(error) ? NULL : json_incref(result);
    *ret_error = json_is_object(error) ? json_incref(error) : NULL;
    return DONE;
}

int client_refused(const struct client *client, const json_t *error) {
    const json_t *data = json_object_get(error, "data");
    const char *message = text_at(error, "message");
    const char *code = text_at(data, "code");
    const char *field = text_at(data, "field");
    int64_t number = integer_at(error, "code");
    if (client->json) {
        char *text = json_dumps(error, JSON_COMPACT);
        printf("{\"error\":%s}\n", text ? text : "{}");
        free(text);
    }
    if (number == METHOD_NOT_FOUND)
        return complain(REFUSED,
                        _("this daemon does not know how to answer that (%s). Is it older "
                          "than volunteerctl %s?"),
                        message, VOLUNTEERD_VERSION);
    complain(REFUSED, "%s%s%s%s%s%s", *message ? message : _("the daemon refused"),
             *code || *field ? " [" : "", code, *code && *field ? ", " : "", field,
             *code || *field ? "]" : "");
    return number == INVALID_PARAMS ? USAGE : REFUSED;
}

int client_ask(struct client *client, const char *method, json_t *params, json_t **ret_result) {
    json_auto_t *error = NULL;
    json_t *result = NULL;
    int code = client_try(client, method, params, &result, &error);
    if (code != DONE)
        return code;
    if (!result)
        return client_refused(client, error);
    *ret_result = result;
    return DONE;
}

/* ---- events through ingest ---- */

/* An event, or an array of them. */
static int publish_over(struct client *client, void *socket, const json_t *events,
                        json_t **ret_answer) {
    char *text = json_dumps(events, JSON_COMPACT);
    int error = text ? message_send(socket, text, strlen(text)) : -ENOMEM;
    free(text);
    bool is_garbled = false;
    json_t *answer =
        error ? NULL : object_receive(socket, now_us() + client->timeout_ms * 1000, &is_garbled);
    if (is_garbled)
        return garbled(client, CLIENT_INGEST);
    if (!answer)
        return client_silent(client, CLIENT_INGEST);
    *ret_answer = answer;
    return DONE;
}

static int publish(struct client *client, json_t *events, json_t **ret_answer) {
    void *socket;
    int code = client_connect(client, CLIENT_INGEST, ZMQ_DEALER, &socket);
    if (code == DONE) {
        code = publish_over(client, socket, events, ret_answer);
        zmq_close(socket);
    }
    json_decref(events);
    return code;
}

int client_publish(struct client *client, json_t *event, json_t **ret_result) {
    json_auto_t *answer = NULL;
    int code = publish(client, event, &answer);
    if (code != DONE)
        return code;
    json_t *problem = json_object_get(answer, "error");
    json_t *result = json_array_get(json_object_get(answer, "results"), 0);
    if (json_is_object(problem)) { /* refused as a whole: the same for one event */
        json_object_set_new(problem, "status", json_string("rejected"));
        *ret_result = json_incref(problem);
        return DONE;
    }
    if (!json_is_object(result))
        return garbled(client, CLIENT_INGEST);
    *ret_result = json_incref(result);
    return DONE;
}

int client_publish_all(struct client *client, json_t *events, json_t **ret_results) {
    json_auto_t *answer = NULL;
    size_t n = json_array_size(events);
    int code = publish(client, events, &answer);
    if (code != DONE)
        return code;
    json_t *problem = json_object_get(answer, "error");
    json_t *results = json_object_get(answer, "results");
    if (json_is_object(problem))
        return complain(REFUSED, "%s: %s", text_at(problem, "code"), text_at(problem, "message"));
    if (json_array_size(results) != n)
        return garbled(client, CLIENT_INGEST);
    *ret_results = json_incref(results);
    return DONE;
}
