/* Questions of the plugin, each answered before it goes on. */
#include "plugin/host/host.h"
#include <errno.h>

#define MANY_LIMIT 1000

static json_t *error_value(const char *code, const char *field, const char *message) {
    return json_pack("{s:{s:s, s:s, s:s}}", "error", "code", code, "field", field, "message",
                     message);
}

/* The result, or {"error": ...} as it is. Takes the body. */
static json_t *ask(struct host *host, enum frame_kind kind, json_t *body) {
    uint64_t number = ++host->last_number;
    if (body)
        host_send_json(host, kind, number, body);
    else
        host_send(host, kind, number, STR("{}"));
    json_decref(body);
    json_t *answer = host_await(host, number);
    json_t *result = json_object_get(answer, "result");
    if (!result)
        return answer;
    json_incref(result);
    json_decref(answer);
    return result;
}

/* NULL where it is no object. */
static json_t *read_parameters(const char *text) {
    json_t *value = text ? json_read(text, strlen(text)) : json_object();
    if (json_is_object(value))
        return value;
    json_decref(value);
    return NULL;
}

static const struct vol_value *ask_method(struct host *host, const char *method,
                                          json_t *parameters) {
    json_t *body = method && parameters
                       ? json_pack("{s:s, s:O}", "method", method, "params", parameters)
                       : NULL;
    json_decref(parameters);
    return lent_value(&host->lent, body ? ask(host, FRAME_ASK, body)
                                        : error_value("malformed_json", "params",
                                                      "the parameters must be a JSON object"));
}

const struct vol_value *service_ask(struct vol_core *core, const char *method,
                                    const char *parameters) {
    return ask_method(host_of(core), method, read_parameters(parameters));
}

const struct vol_value *service_get_many(struct vol_core *core, const char *noun,
                                         const char *const *ids, size_t n_ids) {
    struct host *host = host_of(core);
    json_t *list = json_array();
    for (size_t i = 0; i < n_ids && i <= MANY_LIMIT; i++)
        json_array_append_new(list, json_string(ids[i] ? ids[i] : ""));
    /* What is not UTF-8 is not appended. */
    json_t *body = json_array_size(list) == n_ids && n_ids <= MANY_LIMIT
                       ? json_pack("{s:s, s:O}", "noun", noun, "ids", list)
                       : NULL;
    json_decref(list);
    return lent_value(&host->lent, body ? ask(host, FRAME_GET_MANY, body)
                                        : error_value("out_of_range", "ids",
                                                      "up to 1,000 ids, each a text in UTF-8"));
}

const struct vol_value *service_page(struct vol_core *core, const char *noun, const char *filters,
                                     const char *cursor, size_t limit) {
    char method[64];
    json_t *parameters = read_parameters(filters);
    if (parameters)
        json_object_set_new(parameters, "limit", json_integer((json_int_t)limit));
    if (parameters && cursor)
        json_object_set_new(parameters, "cursor", json_string(cursor));
    snprintf(method, sizeof method, "%s.list", noun);
    return ask_method(host_of(core), method, parameters);
}

int service_snapshot_begin(struct vol_core *core) {
    json_t *answer = ask(host_of(core), FRAME_SNAPSHOT_BEGIN, NULL);
    int result = !answer ? -ETIMEDOUT : json_object_get(answer, "error") ? -EBUSY : 0;
    json_decref(answer);
    return result;
}

void service_snapshot_end(struct vol_core *core) {
    host_send(host_of(core), FRAME_SNAPSHOT_END, 0, STR("{}"));
}
