/* HTTP for whoever scrapes: GET and HEAD of a few pages, answered at once, one request a
 * connection.
 *
 * It lives in the plugin's loop: libmicrohttpd has an epoll descriptor for all its connections. A
 * client may be as slow or silent as it likes: it is cut off after SERVER_DEADLINE_S, and earlier
 * where others come; there are never more than SERVER_CONNECTIONS, and the newest is always let in.
 * Threads: the loop's. Memory: the server's. Errors: negative errno. */
#pragma once

#include <stdbool.h>
#include <volunteerd/volunteer_plugin.h>

#define SERVER_CONNECTIONS                                                                         \
    96 /* at most: fewer where the plugin's descriptors would not do. From two                     \
          thirds on the oldest goes for each that comes */
#define SERVER_DEADLINE_S 5 /* for a request and its answer */
#define SERVER_REQUEST_BYTES 4096

struct server;

struct server_page {
    const char *type; /* of the content */
    const char *body;
    size_t size;
};

/* False: there is no such page. What it fills in is lent until it is called again. */
typedef bool server_pages(void *context, const char *path, struct server_page *ret_page);

/* `listen` is ADDRESS:PORT, as the host checked it. */
int server_open(struct vol_core *core, const char *listen, server_pages *pages, void *context,
                struct server **ret_server);
void server_close(struct server *server);

/* Connections that are open; and those that were cut off, ever. */
uint64_t server_guests(const struct server *server);
uint64_t server_cut(const struct server *server);
