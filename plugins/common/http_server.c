#include "http_server.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG 128
#define OWN_DESCRIPTORS 20 /* of the host, libmicrohttpd and the listener */
#define CONNECTIONS_LEAST 3
#define SWEEP_MS 1000
#define TURNS_MOST 16 /* of libmicrohttpd at a time; the rest when the loop comes round */

/* A connection that is open: libmicrohttpd ends one that says nothing, but not one that says a byte
 * now and then. */
struct guest {
    int fd; /* < 0: the place is free */
    bool cut;
    int64_t came_s;
    uint64_t number; /* in the order in which they came */
};

struct http_server {
    struct http_server_options options;
    struct vol_core *core;
    char allow[64]; /* the methods, as a header says them */
    int socket;     /* until libmicrohttpd has it */
    int epoll;
    int timer;
    int again; /* a timer; < 0: none */
    struct MHD_Daemon *daemon;
    uint64_t n_guests;
    struct guest guests[HTTP_CONNECTIONS];
    uint64_t n_open, n_cut;
    unsigned n_ending; /* cut off, and not closed yet */
    unsigned most;     /* connections */
};

static int64_t now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* ---- guests ---- */

/* libmicrohttpd sees the end of the connection and closes it. */
static void cut(struct http_server *server, struct guest *guest) {
    shutdown(guest->fd, SHUT_RDWR);
    guest->cut = true;
    server->n_cut++;
    server->n_ending++;
}

static struct guest *oldest(struct http_server *server) {
    struct guest *found = NULL;
    for (size_t i = 0; i < HTTP_CONNECTIONS; i++) {
        struct guest *guest = &server->guests[i];
        if (guest->fd >= 0 && !guest->cut && (!found || guest->number < found->number))
            found = guest;
    }
    return found;
}

static struct guest *free_place(struct http_server *server) {
    for (size_t i = 0; i < HTTP_CONNECTIONS; i++)
        if (server->guests[i].fd < 0)
            return &server->guests[i];
    return NULL;
}

static void came(struct http_server *server, int fd) {
    if (++server->n_open - server->n_ending > server->most * 2 / 3) {
        struct guest *first = oldest(server);
        if (first)
            cut(server, first);
    }
    struct guest *place = free_place(server);
    if (place)
        *place = (struct guest){fd, false, now_s(), ++server->n_guests};
}

static void left(struct http_server *server, int fd) {
    server->n_open--;
    for (size_t i = 0; i < HTTP_CONNECTIONS; i++) {
        struct guest *guest = &server->guests[i];
        if (guest->fd != fd)
            continue;
        server->n_ending -= guest->cut;
        guest->fd = -1;
    }
}

static void notify(void *context, struct MHD_Connection *connection, void **socket_context,
                   enum MHD_ConnectionNotificationCode code) {
    (void)socket_context;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    int fd = info ? info->connect_fd : -1;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        came(context, fd);
    else
        left(context, fd);
}

/* ---- answers ---- */

/* A request whose body comes in. */
struct gathering {
    char *body;
    size_t size;
    bool is_too_large;
};

const char *http_header(const struct http_request *request, const char *name) {
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result reply(struct http_server *server, struct MHD_Connection *connection,
                             const struct http_response *answer) {
    /* libmicrohttpd copies and does not write through it. */
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->size, (void *)(uintptr_t)answer->body, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    if (answer->type)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, server->allow);
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer(struct http_server *server, struct http_request *request) {
    static const unsigned statuses[] = {[HTTP_FINE] = MHD_HTTP_OK,
                                        [HTTP_METHOD] = MHD_HTTP_METHOD_NOT_ALLOWED,
                                        [HTTP_TOO_LARGE] = MHD_HTTP_CONTENT_TOO_LARGE};
    struct http_response response = {.status = statuses[request->fault], .body = ""};
    server->options.handler(server->options.context, request, &response);
    return reply(server, request->connection, &response);
}

static bool is_one_of(const char *const *methods, const char *method) {
    for (; *methods; methods++)
        if (!strcmp(*methods, method))
            return true;
    return false;
}

static bool says_too_much(const struct http_server *server, struct MHD_Connection *connection) {
    const char *length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length && strtoull(length, NULL, 10) > server->options.body_most;
}

static void gather(struct gathering *gathering, const char *data, size_t size, size_t most) {
    char *body =
        gathering->size + size > most ? NULL : realloc(gathering->body, gathering->size + size + 1);
    gathering->is_too_large = gathering->is_too_large || !body;
    if (gathering->is_too_large)
        return;
    memcpy(body + gathering->size, data, size);
    gathering->body = body;
    gathering->size += size;
    body[gathering->size] = '\0';
}

/* Called for the head, then for each piece of a body, then once more. */
static enum MHD_Result take(void *context, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *data,
                            size_t *data_size, void **of_request) {
    struct http_server *server = context;
    struct gathering *gathering = *of_request;
    struct http_request request = {
        .method = method, .path = url, .body = "", .connection = connection};
    (void)version;
    if (!gathering) {
        if (!is_one_of(server->options.methods, method))
            request.fault = HTTP_METHOD;
        else if (server->options.body_most && says_too_much(server, connection))
            request.fault = HTTP_TOO_LARGE;
        if (request.fault || !server->options.body_most)
            return answer(server, &request);
        *of_request = calloc(1, sizeof *gathering);
        return *of_request ? MHD_YES : MHD_NO;
    }
    if (*data_size) {
        gather(gathering, data, *data_size, server->options.body_most);
        *data_size = 0;
        return MHD_YES;
    }
    request.fault = gathering->is_too_large ? HTTP_TOO_LARGE : HTTP_FINE;
    request.body = gathering->body ? gathering->body : "";
    request.body_size = gathering->size;
    return answer(server, &request);
}

static void taken(void *context, struct MHD_Connection *connection, void **of_request,
                  enum MHD_RequestTerminationCode code) {
    struct gathering *gathering = *of_request;
    (void)context;
    (void)connection;
    (void)code;
    if (gathering)
        free(gathering->body);
    free(gathering);
    *of_request = NULL;
}

/* ---- the loop ---- */

static void again(void *context);

/* What libmicrohttpd has read and not dealt with makes its epoll descriptor say nothing; nor does
 * it listen again, where it had too many connections, before it is run once more after their end.
 */
static void run(struct http_server *server) {
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    for (int turn = 0; turn < TURNS_MOST; turn++) {
        bool ended = server->n_ending > 0;
        MHD_run(server->daemon);
        bool idle = MHD_get_timeout(server->daemon, &wait_ms) != MHD_YES || wait_ms > 0;
        if (idle && !ended && server->n_ending == 0)
            return;
    }
    if (server->again < 0)
        server->again = vol_timer(server->core, 1, 0, again, server);
}

static void again(void *context) {
    struct http_server *server = context;
    server->again = -1;
    run(server);
}

static void is_ready(void *context, int fd, int events) {
    (void)fd;
    (void)events;
    run(context);
}

static void sweep(void *context) {
    struct http_server *server = context;
    int64_t before_s = now_s() - (int64_t)server->options.deadline_s;
    for (size_t i = 0; i < HTTP_CONNECTIONS; i++)
        if (server->guests[i].fd >= 0 && !server->guests[i].cut &&
            server->guests[i].came_s < before_s)
            cut(server, &server->guests[i]);
    run(server);
}

/* ---- open and close ---- */

/* "127.0.0.1:9464" or "[::1]:9464". */
static int find_address(const char *listen, struct addrinfo **ret_address) {
    char host[64];
    const char *colon = strrchr(listen, ':');
    bool brackets = *listen == '[';
    const char *begin = listen + brackets;
    size_t size = colon ? (size_t)(colon - begin) - brackets : 0;
    if (!colon || colon <= begin || size >= sizeof host)
        return -EINVAL;
    memcpy(host, begin, size);
    host[size] = '\0';
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM};
    return getaddrinfo(host, colon + 1, &hints, ret_address) == 0 ? 0 : -EINVAL;
}

static int open_socket(const char *where) {
    struct addrinfo *address;
    const int on = 1;
    int r = find_address(where, &address);
    if (r < 0)
        return r;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(fd, address->ai_addr, address->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0) {
        r = -errno;
        if (fd >= 0)
            close(fd);
    }
    freeaddrinfo(address);
    return r < 0 ? r : fd;
}

/* limits.descriptors of the configuration leaves so many. */
static unsigned most_connections(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur >= HTTP_CONNECTIONS + OWN_DESCRIPTORS)
        return HTTP_CONNECTIONS;
    return limit.rlim_cur > OWN_DESCRIPTORS + CONNECTIONS_LEAST
               ? (unsigned)limit.rlim_cur - OWN_DESCRIPTORS
               : CONNECTIONS_LEAST;
}

static int start_daemon(struct http_server *server) {
    server->daemon =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_PEDANTIC_CHECKS, 0, NULL, NULL, take, server,
                         MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_CONNECTION_LIMIT,
                         server->most, MHD_OPTION_CONNECTION_TIMEOUT, server->options.deadline_s,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, 2 * server->options.head_most,
                         MHD_OPTION_NOTIFY_COMPLETED, taken, server, MHD_OPTION_NOTIFY_CONNECTION,
                         notify, server, MHD_OPTION_END);
    if (!server->daemon)
        return -ENOMEM;
    server->socket = -1;
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    server->epoll = info ? info->epoll_fd : -1;
    int r = vol_watch(server->core, server->epoll, VOL_READABLE, is_ready, server);
    if (r < 0)
        return r;
    server->timer = vol_timer(server->core, SWEEP_MS, SWEEP_MS, sweep, server);
    return server->timer < 0 ? server->timer : 0;
}

static void write_allow(struct http_server *server) {
    for (const char *const *method = server->options.methods; *method; method++) {
        size_t size = strlen(server->allow);
        snprintf(server->allow + size, sizeof server->allow - size, "%s%s", size ? ", " : "",
                 *method);
    }
}

int http_server_open(const struct http_server_options *options, struct http_server **ret_server) {
    struct http_server *server = calloc(1, sizeof *server);
    if (!server)
        return -ENOMEM;
    *server = (struct http_server){.options = *options,
                                   .core = options->core,
                                   .epoll = -1,
                                   .timer = -1,
                                   .again = -1,
                                   .most = most_connections()};
    write_allow(server);
    for (size_t i = 0; i < HTTP_CONNECTIONS; i++)
        server->guests[i].fd = -1;
    server->socket = open_socket(options->listen);
    int r = server->socket < 0 ? server->socket : start_daemon(server);
    if (r < 0) {
        http_server_close(server);
        return r;
    }
    *ret_server = server;
    return 0;
}

void http_server_close(struct http_server *server) {
    if (!server)
        return;
    if (server->timer >= 0)
        vol_timer_stop(server->core, server->timer);
    if (server->again >= 0)
        vol_timer_stop(server->core, server->again);
    if (server->epoll >= 0)
        vol_watch(server->core, server->epoll, 0, NULL, NULL);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    if (server->socket >= 0)
        close(server->socket);
    free(server);
}

uint64_t http_server_guests(const struct http_server *server) {
    return server->n_open;
}

uint64_t http_server_cut(const struct http_server *server) {
    return server->n_cut;
}
