/* The client's side of the bus: questions to the query socket, events to the ingest socket, each
 * with a time limit. Addresses follow from the daemon's runtime_dir. Threads: one. Errors:
 * functions that return an exit code have explained on stderr what is not DONE; nothing that a
 * daemon answers is trusted to have its shape. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client {
    const char *runtime_dir;
    int64_t timeout_ms;
    bool json; /* refusals are printed as JSON too */
    void *context;
    void *query; /* NULL until the first question */
    int64_t last_id;
};

void client_init(struct client *client, const char *runtime_dir, int64_t timeout_ms, bool json);
void client_deinit(struct client *client);

/* Asks and waits; `params` is taken. On DONE *ret_result is the caller's. A parameter wait_ms adds
 * to the time limit. */
int client_ask(struct client *client, const char *method, json_t *params, json_t **ret_result);
/* The same, but a refusal by the daemon is not explained: DONE with *ret_result NULL and *ret_error
 * its error object. */
int client_try(struct client *client, const char *method, json_t *params, json_t **ret_result,
               json_t **ret_error);
/* Explains a refusal as client_ask does and returns its exit code. */
int client_refused(const struct client *client, const json_t *error);
/* One event through ingest; `event` is taken. On DONE *ret_result is its result: "status" says
 * more. */
int client_publish(struct client *client, json_t *event, json_t **ret_result);
/* An array of them in one message (taken); on DONE their results, in order. */
int client_publish_all(struct client *client, json_t *events, json_t **ret_results);

enum client_socket { CLIENT_INGEST, CLIENT_FEED, CLIENT_QUERY };
/* "ipc:///run/volunteerd/ingest.sock" */
void client_address(const struct client *client, enum client_socket socket, size_t size,
                    char *ret_address);
/* Whether something listens on the query socket; says nothing. */
bool client_listens(struct client *client);
/* DONE where something listens; else explains how to start the daemon. */
int client_reach(struct client *client, enum client_socket socket);
/* A ZeroMQ socket of that type (ZMQ_DEALER, ZMQ_SUB), to be closed by zmq_close, that connects as
 * soon as somebody listens; client_connect wants somebody to listen now. */
int client_socket(struct client *client, enum client_socket socket, int type, void **ret_socket);
int client_connect(struct client *client, enum client_socket socket, int type, void **ret_socket);
int client_silent(const struct client *client,
                  enum client_socket socket); /* complains: UNREACHABLE */
