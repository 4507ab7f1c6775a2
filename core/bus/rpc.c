#include "bus/rpc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "bus/methods.h"
#include "bus/parameters.h"
#include "util/dom.h"
#include "util/log.h"

#define BATCH_LIMIT 100
#define BATCH_BYTES (16u << 20) /* of answers; what is left of the batch is not asked */
#define DEPTH_LIMIT 32
#define VALUES_LIMIT 200000
#define STATE_LIMIT_MS 10000
#define KEPT_TEXT_BYTES (1u << 20)

enum rpc_error {
    RPC_PARSE = -32700,
    RPC_REQUEST = -32600,
    RPC_METHOD = -32601,
    RPC_PARAMS = -32602,
    RPC_INTERNAL = -32603,
    RPC_APPLICATION = -32000
};

void rpc_init(struct rpc *rpc, const struct services *services) {
    *rpc = (struct rpc){.services = services};
    rpc->host = policy_host_new(&services->policy_limits);
    rpc->parser = dom_parser_new();
    arena_init(&rpc->arena);
}

void rpc_deinit(struct rpc *rpc) {
    buf_deinit(&rpc->text);
    arena_deinit(&rpc->arena);
    dom_parser_free(rpc->parser);
    policy_host_free(rpc->host);
}

/* ---- answers ---- */

static void put_json(struct buf *out, const json_t *json) {
    char *text =
        json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) : NULL;
    buf_put_str(out, text ? str_from(text) : STR("null"));
    free(text);
}

static void answer_begin(struct buf *out, const char *member) {
    buf_put_str(out, STR("{\"jsonrpc\":\"2.0\","));
    buf_json_string(out, str_from(member));
    buf_put_byte(out, ':');
}

static void answer_end(struct buf *out, const json_t *id) {
    buf_put_str(out, STR(",\"id\":"));
    put_json(out, id);
    buf_put_byte(out, '}');
}

/* Takes `data`. */
static void put_error(struct buf *out, const json_t *id, enum rpc_error code, const char *message,
                      json_t *data) {
    answer_begin(out, "error");
    buf_printf(out, "{\"code\":%d,\"message\":", (int)code);
    buf_json_string(out, str_from(message));
    if (data) {
        buf_put_str(out, STR(",\"data\":"));
        put_json(out, data);
    }
    buf_put_byte(out, '}');
    answer_end(out, id);
    json_decref(data);
}

static json_t *problem_data(const struct problem *problem) {
    char code[48];
    json_t *data = json_object();
    json_object_set_new(data, "code", json_string(problem_code_text(problem, code)));
    if (*problem->field)
        json_object_set_new(data, "field", json_string(problem->field));
    json_object_set_new(data, "retryable", json_boolean(problem_is_retryable(problem)));
    return data;
}

static void put_problem(struct buf *out, const json_t *id, enum rpc_error code,
                        const struct problem *problem, json_t *more) {
    json_t *data = problem_data(problem);
    if (more)
        json_object_update(data, more);
    put_error(out, id, code, problem->message, data);
}

void rpc_refuse(enum problem_code code, const char *message, struct buf *out) {
    struct problem problem = {0};
    problem_set(&problem, code, "", "%s", message);
    put_problem(out, NULL, RPC_APPLICATION, &problem, NULL);
}

/* ---- parameters ---- */

struct str query_text(const struct query *query, const char *name) {
    const json_t *value = json_object_get(query->params, name);
    if (!json_is_string(value))
        return STR_NONE;
    return (struct str){json_string_value(value), json_string_length(value)};
}

int64_t query_integer(const struct query *query, const char *name, int64_t fallback) {
    const json_t *value = json_object_get(query->params, name);
    return json_is_integer(value) ? (int64_t)json_integer_value(value) : fallback;
}

bool query_boolean(const struct query *query, const char *name, bool fallback) {
    const json_t *value = json_object_get(query->params, name);
    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

int32_t query_date(const struct query *query, const char *name, int32_t fallback) {
    struct str text = query_text(query, name);
    int32_t date;
    return text.data && date_parse(text, &date) == 0 ? date : fallback;
}

json_t *query_json(const struct buf *text) {
    return json_loadb(text->data, text->size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

/* ---- one call ---- */

static const struct method *method_find(const char *name) {
    for (size_t i = 0; i < n_methods; i++)
        if (!strcmp(methods[i].name, name))
            return &methods[i];
    return NULL;
}

static void put_unknown_method(struct buf *out, const json_t *id, const char *name) {
    const char *names[256];
    size_t n = 0;
    for (; n < n_methods && n < sizeof names / sizeof *names; n++)
        names[n] = methods[n].name;
    const char *nearest = str_nearest(str_from(name), names, n);
    char message[256];
    snprintf(message, sizeof message, "there is no method %.64s%s%s%s", name,
             nearest ? "; did you mean " : "; method.list names them", nearest ? nearest : "",
             nearest ? "?" : "");
    json_t *data = nearest ? json_pack("{s:s}", "nearest", nearest) : NULL;
    put_error(out, id, RPC_METHOD, message, data);
}

/* What reads no state answers for everything that was durable when it was asked. */
static void put_result(struct buf *out, const json_t *id, uint64_t sequence, struct query *query,
                       json_t *result) {
    answer_begin(out, "result");
    if (result) {
        if (json_is_object(result) && !json_object_get(result, "sequence"))
            json_object_set_new(result, "sequence", json_integer((json_int_t)sequence));
        put_json(out, result);
    } else {
        buf_put_str(out, buf_str(query->text));
    }
    answer_end(out, id);
}

static void run_method(const struct method *method, struct query *query, struct rpc_call *call,
                       const json_t *id, struct buf *out) {
    json_t *result = NULL;
    int outcome = method->run(query, &result);
    if (outcome == 0 && !result && query->text->size == 0)
        outcome = -EPROTO; /* what it found cannot be told as JSON */
    if (outcome == QUERY_WAITS && query->wait.kind != WAIT_NONE) {
        call->wait = query->wait;
        call->deadline_us = query->deadline_us;
        call->reached = query->reached;
    } else if (outcome > 0) {
        bool about_parameters = query->problem->code == PROBLEM_MISSING_FIELD ||
                                query->problem->code == PROBLEM_UNKNOWN_FIELD;
        put_problem(out, id, about_parameters ? RPC_PARAMS : RPC_APPLICATION, query->problem,
                    query->error_data);
    } else if (outcome < 0) {
        log_error("query %s failed: %s", method->name, strerrordesc_np(-outcome));
        put_error(out, id, RPC_INTERNAL, "internal error: the daemon's log says more", NULL);
    } else {
        put_result(out, id, method->any_state ? call->after : view_head(query->view).sequence,
                   query, result);
    }
    json_decref(result);
    json_decref(query->error_data);
}

static int open_state(struct rpc *rpc, const struct method *method, const struct rpc_call *call,
                      json_t *params, struct view **ret_view, struct problem *problem) {
    struct store *store = rpc->services->store;
    bool fresh = !method->any_state && !json_is_false(json_object_get(params, "fresh"));
    if (fresh && store_wait(store, call->after, STATE_LIMIT_MS) != 0)
        return problem_set(
            problem, PROBLEM_BUSY, "",
            "the state is behind what was acknowledged: ask again, or with fresh false");
    return store_view_open(store, ret_view);
}

static struct str actor_of(json_t *params) {
    const char *by = json_string_value(json_object_get(params, "by"));
    return by && *by ? str_from(by) : STR("console");
}

static void run_on_state(struct rpc *rpc, const struct method *method, const char *called,
                         struct rpc_call *call, json_t *params, const json_t *id, struct buf *out) {
    struct problem problem = {0};
    struct view *view = NULL;
    int result = 0;
    if (call->view)
        view = call->view;
    else
        result = open_state(rpc, method, call, params, &view, &problem);
    if (result > 0) {
        put_problem(out, id, RPC_APPLICATION, &problem, NULL);
        return;
    }
    struct query query = {.services = rpc->services,
                          .method = method,
                          .called = called,
                          .view = view,
                          .host = rpc->host,
                          .arena = &rpc->arena,
                          .params = params,
                          .problem = &problem,
                          .actor = actor_of(params),
                          .parser = rpc->parser,
                          .text = &rpc->text,
                          .deadline_us = call->deadline_us,
                          .reached = call->reached,
                          .reads_only = call->reads_only,
                          .may_wait = call->may_wait};
    arena_reset(&rpc->arena);
    buf_reset(&rpc->text);
    if (result == 0 && city_get(view, &query.city) < 0)
        result = -EIO;
    if (result == 0 && !method->any_state)
        result = policy_host_sync(rpc->host, view);
    if (result < 0)
        put_error(out, id, RPC_INTERNAL, "the state cannot be read: the daemon's log says more",
                  NULL);
    else
        run_method(method, &query, call, id, out);
    if (view && !call->view)
        view_close(view);
    if (rpc->text.capacity > KEPT_TEXT_BYTES)
        buf_deinit(&rpc->text);
}

static bool id_is_valid(const json_t *id) {
    return !id || json_is_string(id) || json_is_integer(id) || json_is_null(id);
}

static const char *request_fault(json_t *request) {
    const char *version = json_string_value(json_object_get(request, "jsonrpc"));
    json_t *params = json_object_get(request, "params");
    if (!json_is_object(request))
        return "a request is an object";
    if (!version || strcmp(version, "2.0") != 0)
        return "\"jsonrpc\" must be \"2.0\"";
    if (!json_is_string(json_object_get(request, "method")))
        return "\"method\" must be a text";
    if (!id_is_valid(json_object_get(request, "id")))
        return "\"id\" must be a text, a whole number or null";
    if (params && !json_is_object(params))
        return "\"params\" must be an object with named parameters";
    return NULL;
}

/* What plugins answer; what it takes is the plugin's to say. */
static const struct method plugins_method = {
    .name = "of a plugin", .run = query_plugins_method, .any_state = true};

static void dispatch(struct rpc *rpc, struct rpc_call *call, const char *name, const json_t *id,
                     json_t *params, struct buf *out) {
    const struct method *method = method_find(name);
    struct problem problem = {0};
    if (!method && plugins_have(rpc->services->plugins, name))
        run_on_state(rpc, &plugins_method, name, call, params, id, out);
    else if (!method)
        put_unknown_method(out, id, name);
    else if (parameters_check(method, params, &problem) != 0)
        put_problem(out, id, RPC_PARAMS, &problem, NULL);
    else
        run_on_state(rpc, method, name, call, params, id, out);
}

static void put_too_large(struct buf *out, const json_t *id) {
    struct problem problem = {0};
    problem_set(&problem, PROBLEM_TOO_LARGE, "",
                "the answers of this batch are too large: ask the rest apart");
    put_problem(out, id, RPC_APPLICATION, &problem, NULL);
}

static void answer_one(struct rpc *rpc, struct rpc_call *call, json_t *request, struct buf *out) {
    const char *fault = request_fault(request);
    json_t *id = json_object_get(request, "id");
    if (fault) {
        bool params = json_is_object(request) && strstr(fault, "params");
        put_error(out, id_is_valid(id) ? id : NULL, params ? RPC_PARAMS : RPC_REQUEST, fault, NULL);
        return;
    }
    json_t *given = json_object_get(request, "params");
    json_t *params = given ? json_incref(given) : json_object();
    size_t before = out->size;
    if (before > BATCH_BYTES)
        put_too_large(out, id);
    else
        dispatch(rpc, call, json_string_value(json_object_get(request, "method")), id, params, out);
    if (!id) /* a notification: done, but not answered */
        out->size = before;
    json_decref(params);
}

/* ---- a body ---- */

static void answer_batch(struct rpc *rpc, struct rpc_call *call, json_t *requests,
                         struct buf *out) {
    if (json_array_size(requests) == 0 || json_array_size(requests) > BATCH_LIMIT) {
        put_error(out, NULL, RPC_REQUEST, "a batch holds 1 to 100 requests", NULL);
        return;
    }
    call->may_wait = false;
    size_t begin = out->size, i;
    json_t *request;
    buf_put_byte(out, '[');
    json_array_foreach(requests, i, request) {
        size_t before = out->size;
        buf_json_item(out);
        size_t item = out->size;
        answer_one(rpc, call, request, out);
        if (out->size == item)
            out->size = before;
    }
    if (out->size == begin + 1)
        out->size = begin;
    else
        buf_put_byte(out, ']');
}

/* jansson recurses, and takes some hundred bytes for each value: what is nested too deeply or has
 * too many of them is refused before it gets there. */
static bool is_too_much(struct str body) {
    size_t depth = 0, values = 0;
    bool text = false;
    for (size_t i = 0; i < body.size; i++) {
        char c = body.data[i];
        values += !text && (c == ',' || c == '[' || c == '{');
        if (text && c == '\\')
            i++;
        else if (c == '"')
            text = !text;
        else if (!text && (c == '[' || c == '{') && ++depth > DEPTH_LIMIT)
            return true;
        else if (!text && (c == ']' || c == '}') && depth > 0)
            depth--;
    }
    return values > VALUES_LIMIT;
}

void rpc_answer(struct rpc *rpc, struct rpc_call *call, struct buf *out) {
    json_error_t error;
    call->wait = (struct wait){0};
    if (is_too_much(call->body)) {
        put_error(out, NULL, RPC_PARSE, "the request is nested too deeply or has too many values",
                  NULL);
        return;
    }
    json_t *request = json_loadb(call->body.data, call->body.size,
                                 JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!request) {
        char message[256];
        snprintf(message, sizeof message, "the request is not JSON: %s", error.text);
        put_error(out, NULL, RPC_PARSE, message, NULL);
        return;
    }
    if (json_is_array(request))
        answer_batch(rpc, call, request, out);
    else
        answer_one(rpc, call, request, out);
    json_decref(request);
}

void rpc_run(struct rpc *rpc, struct rpc_call *call, const char *method, json_t *params,
             struct buf *out) {
    call->wait = (struct wait){0};
    dispatch(rpc, call, method, NULL, params, out);
}
