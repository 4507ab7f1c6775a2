#include "hook_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "recruitment.h"

#define MEMORY_OF_CONNECTION (32u << 10)
#define TICK_MS 1000

struct hook_server {
    struct recruitment *recruitment;
    struct MHD_Daemon *daemon;
    int timer;
};

/* A request while its body comes in. */
struct hook {
    char *body;
    size_t size;
    bool too_large;
};

/* ---- answers ---- */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *code,
                              const char *title) {
    char body[400] = "";
    if (code)
        snprintf(body, sizeof body,
                 "{\"type\":\"about:blank\",\"title\":\"%.200s\",\"status\":%u,\"code\":\"%.60s\"}",
                 title, status, code);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_COPY);
    if (code)
        MHD_add_response_header(response, "Content-Type", "application/problem+json");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", "POST");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct hook_server *server, struct MHD_Connection *connection,
                              unsigned status, const char *code, const char *title) {
    vol_count(server->recruitment->core, COUNTER_WEBHOOKS_REFUSED, 1);
    return answer(connection, status, code, title);
}

/* ---- what it says ---- */

/* False: it was seen before. */
static bool note_id(struct recruitment *recruitment, const char *id, int64_t now_s) {
    sql_run(&recruitment->sql, "DELETE FROM hooks WHERE at_s < ?", "i",
            now_s - 2 * SIGNATURE_TOLERANCE_S);
    sql_run(&recruitment->sql, "INSERT OR IGNORE INTO hooks VALUES (?, ?)", "si", id, now_s);
    return sql_changed(&recruitment->sql) == 1;
}

static bool take(struct recruitment *recruitment, const json_t *body, char *ret_wrong,
                 size_t size) {
    const json_t *data = json_object_get(body, "data");
    json_t *items = json_object_get(data, "items");
    const char *type = json_string_value(json_object_get(body, "type"));
    enum resource resource = resource_find(json_string_value(json_object_get(data, "resource")));
    if (!type || strcmp(type, "items.changed") != 0 || resource == RESOURCES) {
        snprintf(ret_wrong, size, "it must be items.changed of a known resource");
        return false;
    }
    if (items && !items_are_right(items, ret_wrong, size))
        return false;
    if (json_array_size(items))
        pull_items(recruitment, resource, items);
    else
        pull_soon(recruitment);
    return true;
}

static enum MHD_Result judge(struct hook_server *server, struct MHD_Connection *connection,
                             const struct hook *hook) {
    struct recruitment *recruitment = server->recruitment;
    const char *id = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "webhook-id");
    char wrong[200];
    int64_t now_s = now_ms() / 1000;
    int r = signature_check(
        &recruitment->keys, id,
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "webhook-timestamp"),
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "webhook-signature"),
        hook->body ? hook->body : "", hook->size, now_s);
    if (r == SIGNATURE_STALE)
        return refuse(server, connection, MHD_HTTP_BAD_REQUEST, "stale_timestamp",
                      "signed more than five minutes before or after now");
    if (r != 0)
        return refuse(server, connection, MHD_HTTP_UNAUTHORIZED, "bad_signature",
                      "webhook-id, webhook-timestamp and webhook-signature do not fit the body");
    json_t *body = json_loadb(hook->body ? hook->body : "", hook->size, 0, NULL);
    bool seen = body && sql_number(&recruitment->sql, 0, "SELECT count(*) FROM hooks WHERE id = ?",
                                   "s", id) != 0;
    bool good = seen || (body && take(recruitment, body, wrong, sizeof wrong));
    json_decref(body);
    if (!good)
        return refuse(server, connection, MHD_HTTP_BAD_REQUEST, "bad_request",
                      body ? wrong : "the body is no JSON");
    if (!seen && note_id(recruitment, id, now_s))
        vol_count(recruitment->core, COUNTER_WEBHOOKS_IN, 1);
    sql_abort(&recruitment->sql); /* an error here is no reason to keep the platform waiting */
    return answer(connection, MHD_HTTP_NO_CONTENT, NULL, "");
}

/* ---- requests ---- */

static void gather(struct hook *hook, const char *data, size_t size) {
    if (hook->too_large || hook->size + size > HOOK_BODY_MOST) {
        hook->too_large = true;
        return;
    }
    char *body = realloc(hook->body, hook->size + size + 1);
    if (!body) {
        hook->too_large = true;
        return;
    }
    memcpy(body + hook->size, data, size);
    hook->body = body;
    hook->size += size;
    hook->body[hook->size] = '\0';
}

static bool says_too_much(struct MHD_Connection *connection) {
    const char *length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length && strtoull(length, NULL, 10) > HOOK_BODY_MOST;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **of_connection) {
    struct hook_server *server = context;
    struct hook *hook = *of_connection;
    (void)url;
    (void)version;
    if (!hook) {
        hook = *of_connection = calloc(1, sizeof *hook);
        if (!hook)
            return MHD_NO;
        if (strcmp(method, MHD_HTTP_METHOD_POST) != 0)
            return refuse(server, connection, MHD_HTTP_METHOD_NOT_ALLOWED, "bad_request",
                          "webhooks are posted");
        if (says_too_much(connection))
            return refuse(server, connection, MHD_HTTP_CONTENT_TOO_LARGE, "too_large",
                          "a webhook has at most 256 KiB");
        return MHD_YES;
    }
    if (*data_size) {
        gather(hook, data, *data_size);
        *data_size = 0;
        return MHD_YES;
    }
    if (hook->too_large)
        return refuse(server, connection, MHD_HTTP_CONTENT_TOO_LARGE, "too_large",
                      "a webhook has at most 256 KiB");
    return judge(server, connection, hook);
}

static void ended(void *context, struct MHD_Connection *connection, void **of_connection,
                  enum MHD_RequestTerminationCode code) {
    struct hook *hook = *of_connection;
    (void)context;
    (void)connection;
    (void)code;
    if (hook)
        free(hook->body);
    free(hook);
    *of_connection = NULL;
}

/* ---- the server in the plugin's loop ---- */

static void ready(void *context, int fd, int events) {
    (void)fd;
    (void)events;
    MHD_run(((struct hook_server *)context)->daemon);
}

static void tick(void *context) {
    MHD_run(((struct hook_server *)context)->daemon);
}

static bool read_address(const char *text, struct sockaddr_storage *ret_address) {
    const char *colon = strrchr(text, ':');
    char host[64];
    if (!colon || colon - text >= (ptrdiff_t)sizeof host)
        return false;
    size_t size = (size_t)(colon - text);
    if (size > 1 && text[0] == '[' && colon[-1] == ']')
        snprintf(host, sizeof host, "%.*s", (int)size - 2, text + 1);
    else
        snprintf(host, sizeof host, "%.*s", (int)size, text);
    in_port_t port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    memset(ret_address, 0, sizeof *ret_address);
    struct sockaddr_in *in4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret_address;
    if (inet_pton(AF_INET, host, &in4->sin_addr) == 1) {
        in4->sin_family = AF_INET;
        in4->sin_port = port;
        return true;
    }
    in6->sin6_family = AF_INET6;
    in6->sin6_port = port;
    return inet_pton(AF_INET6, host, &in6->sin6_addr) == 1;
}

static struct MHD_Daemon *listen_at(struct hook_server *server,
                                    const struct sockaddr_storage *address) {
    unsigned flags = MHD_USE_EPOLL | (address->ss_family == AF_INET6 ? MHD_USE_IPv6 : 0u);
    return MHD_start_daemon(flags, 0, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR,
                            (const struct sockaddr *)address, MHD_OPTION_CONNECTION_LIMIT,
                            (unsigned)HOOK_CONNECTIONS_MOST, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)HOOK_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            (size_t)MEMORY_OF_CONNECTION, MHD_OPTION_NOTIFY_COMPLETED, ended,
                            server, MHD_OPTION_END);
}

struct hook_server *hook_server_start(struct recruitment *recruitment, const char *address) {
    struct sockaddr_storage where;
    struct hook_server *server = calloc(1, sizeof *server);
    if (!server)
        abort();
    server->recruitment = recruitment;
    if (read_address(address, &where))
        server->daemon = listen_at(server, &where);
    const union MHD_DaemonInfo *info =
        server->daemon ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    if (!info || vol_watch(recruitment->core, info->epoll_fd, VOL_READABLE, ready, server) < 0) {
        log_line(recruitment, VOL_ERROR, "%s cannot be listened to: %s", address, strerror(errno));
        hook_server_stop(server);
        return NULL;
    }
    server->timer = vol_timer(recruitment->core, TICK_MS, TICK_MS, tick, server);
    return server;
}

void hook_server_stop(struct hook_server *server) {
    if (!server)
        return;
    if (server->timer > 0)
        vol_timer_stop(server->recruitment->core, server->timer);
    if (server->daemon) {
        const union MHD_DaemonInfo *info =
            MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
        if (info)
            vol_watch(server->recruitment->core, info->epoll_fd, 0, NULL, NULL);
        MHD_stop_daemon(server->daemon);
    }
    free(server);
}
