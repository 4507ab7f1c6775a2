#include "hook_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/http_server.h"
#include "recruitment.h"

#define HEAD_MOST (8u << 10)

struct hook_server {
    struct recruitment *recruitment;
    struct http_server *server;
    char answer[400]; /* what was refused, as a problem object */
};

/* ---- answers ---- */

static void refuse(struct hook_server *self, struct http_response *response, unsigned status,
                   const char *code, const char *title) {
    vol_count(self->recruitment->core, COUNTER_WEBHOOKS_REFUSED, 1);
    int size =
        snprintf(self->answer, sizeof self->answer,
                 "{\"type\":\"about:blank\",\"title\":\"%.200s\",\"status\":%u,\"code\":\"%.60s\"}",
                 title, status, code);
    *response =
        (struct http_response){status, "application/problem+json", self->answer, (size_t)size};
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

static void judge(struct hook_server *self, const struct http_request *request,
                  struct http_response *response) {
    struct recruitment *recruitment = self->recruitment;
    const char *id = http_header(request, "webhook-id");
    char wrong[200];
    int64_t now_s = now_ms() / 1000;
    int r = signature_check(&recruitment->keys, id, http_header(request, "webhook-timestamp"),
                            http_header(request, "webhook-signature"), request->body,
                            request->body_size, now_s);
    if (r == SIGNATURE_STALE) {
        refuse(self, response, 400, "stale_timestamp",
               "signed more than five minutes before or after now");
        return;
    }
    if (r != 0) {
        refuse(self, response, 401, "bad_signature",
               "webhook-id, webhook-timestamp and webhook-signature do not fit the body");
        return;
    }
    json_t *body = json_loadb(request->body, request->body_size, 0, NULL);
    bool seen = body && sql_number(&recruitment->sql, 0, "SELECT count(*) FROM hooks WHERE id = ?",
                                   "s", id) != 0;
    bool good = seen || (body && take(recruitment, body, wrong, sizeof wrong));
    if (!good)
        refuse(self, response, 400, "bad_request", body ? wrong : "the body is no JSON");
    else
        response->status = 204;
    if (good && !seen && note_id(recruitment, id, now_s))
        vol_count(recruitment->core, COUNTER_WEBHOOKS_IN, 1);
    sql_abort(&recruitment->sql); /* an error here is no reason to keep the platform waiting */
    json_decref(body);
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response) {
    struct hook_server *self = context;
    if (request->fault == HTTP_METHOD)
        refuse(self, response, 405, "bad_request", "webhooks are posted");
    else if (request->fault == HTTP_TOO_LARGE)
        refuse(self, response, 413, "too_large", "a webhook has at most 256 KiB");
    else
        judge(self, request, response);
}

/* ---- the server in the plugin's loop ---- */

struct hook_server *hook_server_start(struct recruitment *recruitment, const char *address) {
    static const char *const methods[] = {"POST", NULL};
    struct hook_server *self = calloc(1, sizeof *self);
    if (!self)
        abort();
    self->recruitment = recruitment;
    const struct http_server_options options = {.core = recruitment->core,
                                                .listen = address,
                                                .methods = methods,
                                                .body_most = HOOK_BODY_MOST,
                                                .head_most = HEAD_MOST,
                                                .deadline_s = HOOK_TIMEOUT_S,
                                                .handler = handle,
                                                .context = self};
    int r = http_server_open(&options, &self->server);
    if (r == 0)
        return self;
    log_line(recruitment, VOL_ERROR, "%s cannot be listened to: %s", address, strerror(-r));
    free(self);
    return NULL;
}

void hook_server_stop(struct hook_server *server) {
    if (!server)
        return;
    http_server_close(server->server);
    free(server);
}
