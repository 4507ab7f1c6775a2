/* A small HTTP server in a plugin's loop: one request a connection, answered at once by one
 * function.
 *
 * libmicrohttpd reads HTTP and has an epoll descriptor for all its connections. A client may be as
 * slow or silent as it likes: it is cut off after the deadline, and earlier where others come;
 * there are never more than HTTP_CONNECTIONS, and the newest is always let in. Threads: the loop's.
 * Memory: the server's; what a request has is lent until the handler returns, what a response has
 * is copied after that. Errors: negative errno. */
#pragma once

#include <stdbool.h>
#include <volunteerd/volunteer_plugin.h>

#define HTTP_CONNECTIONS                                                                           \
    96 /* at most: fewer where the plugin's descriptors would not do. From two                     \
          thirds on the oldest goes for each that comes */

struct http_server;

enum http_fault {
    HTTP_FINE = 0,
    HTTP_METHOD,   /* none of the methods: 405, before any body is read */
    HTTP_TOO_LARGE /* the body is larger than body_most: 413 */
};

struct http_request {
    enum http_fault fault; /* not HTTP_FINE: the handler says the body of the error */
    const char *method, *path;
    const char *body; /* ends with NUL */
    size_t body_size;
    void *connection; /* for http_header */
};
/* The value of a header, or NULL. */
const char *http_header(const struct http_request *request, const char *name);

struct http_response {
    unsigned status;  /* set: 200, or that of the fault */
    const char *type; /* of the content; NULL: there is none */
    const char *body;
    size_t size;
};

typedef void http_handler(void *context, const struct http_request *request,
                          struct http_response *response);

struct http_server_options {
    struct vol_core *core;
    const char *listen;         /* ADDRESS:PORT, as the host checked it */
    const char *const *methods; /* ends with NULL */
    size_t body_most;           /* 0: bodies are not read */
    size_t head_most;           /* of a request's first line and headers */
    unsigned deadline_s;        /* for a request and its answer */
    http_handler *handler;
    void *context;
};

int http_server_open(const struct http_server_options *options, struct http_server **ret_server);
void http_server_close(struct http_server *server);

/* Connections that are open; and those that were cut off, ever. */
uint64_t http_server_guests(const struct http_server *server);
uint64_t http_server_cut(const struct http_server *server);
