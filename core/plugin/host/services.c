/* The table that a plugin calls, and what of it is only a wrapper. */
#include "plugin/host/services.h"
#include <errno.h>

#include <stdarg.h>

#include "plugin/host/host.h"
#include "plugin/host/http.h"

static uint64_t service_head(struct vol_core *core) {
    return host_of(core)->head;
}

static int service_timer(struct vol_core *core, uint32_t first_ms, uint32_t every_ms, vol_due *due,
                         void *context) {
    return due ? loop_timer(&host_of(core)->loop, first_ms, every_ms, due, context) : -EINVAL;
}

static int service_timer_stop(struct vol_core *core, int number) {
    return loop_timer_stop(&host_of(core)->loop, number);
}

static int service_watch(struct vol_core *core, int fd, int events, vol_ready *ready,
                         void *context) {
    struct host *host = host_of(core);
    if (fd == host->channel.fd || (events && !ready))
        return -EINVAL;
    return loop_watch(&host->loop, fd, events, ready, context);
}

/* ---- JSON ---- */

static const struct vol_value *lent_member(const json_t *value) {
    return (const struct vol_value *)(const void *)value;
}

static const struct vol_value *service_parse(struct vol_core *core, const char *text, size_t size) {
    return lent_value(&host_of(core)->lent, json_read(text, size));
}

/* Only the data is read, half of the text: within texts a quote has a backslash before it, so that
 * this is the first member of that name that is not within another. */
static const struct vol_value *service_event_data(struct vol_core *core,
                                                  const struct vol_event *event) {
    static const char mark[] = ",\"data\":";
    const char *end = event->json + event->json_size;
    const char *at = memmem(event->json, event->json_size, mark, sizeof mark - 1);
    if (!at)
        return NULL;
    at += sizeof mark - 1;
    return lent_value(&host_of(core)->lent,
                      json_loadb(at, (size_t)(end - at), JSON_DISABLE_EOF_CHECK, NULL));
}

static enum vol_kind service_value_kind(const struct vol_value *value) {
    if (!value)
        return VOL_NOTHING;
    switch (json_typeof(value_json(value))) {
    case JSON_OBJECT:
        return VOL_OBJECT;
    case JSON_ARRAY:
        return VOL_ARRAY;
    case JSON_STRING:
        return VOL_TEXT;
    case JSON_INTEGER:
        return VOL_INTEGER;
    case JSON_REAL:
        return VOL_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return VOL_BOOLEAN;
    default:
        return VOL_NOTHING;
    }
}

static const struct vol_value *service_value_member(const struct vol_value *value,
                                                    const char *name) {
    return lent_member(json_object_get(value_json(value), name));
}

static const struct vol_value *service_value_item(const struct vol_value *value, size_t index) {
    return lent_member(json_array_get(value_json(value), index));
}

static size_t service_value_count(const struct vol_value *value) {
    const json_t *json = value_json(value);
    return json_is_object(json) ? json_object_size(json) : json_array_size(json);
}

static const char *service_value_text(const struct vol_value *value) {
    return json_string_value(value_json(value));
}

static int64_t service_value_integer(const struct vol_value *value, int64_t fallback) {
    const json_t *json = value_json(value);
    if (json_is_boolean(json))
        return json_is_true(json);
    return json_is_integer(json) ? json_integer_value(json) : fallback;
}

static const char *lent_json(struct host *host, const json_t *value) {
    struct buf text = {0};
    json_put(&text, value);
    const char *lent = lent_text(&host->lent, buf_str(&text));
    buf_deinit(&text);
    return lent;
}

static const char *service_value_json(struct vol_core *core, const struct vol_value *value) {
    return value ? lent_json(host_of(core), value_json(value)) : NULL;
}

static const char *service_json(struct vol_core *core, const char *pattern, ...) {
    va_list arguments;
    va_start(arguments, pattern);
    json_t *value = json_vpack_ex(NULL, 0, pattern, arguments);
    va_end(arguments);
    const char *text = value ? lent_json(host_of(core), value) : NULL;
    json_decref(value);
    return text;
}

const struct vol_services host_services = {
    .size = sizeof(struct vol_services),
    .publish = service_publish,
    .ask = service_ask,
    .get_many = service_get_many,
    .page = service_page,
    .snapshot_begin = service_snapshot_begin,
    .snapshot_end = service_snapshot_end,
    .follow = service_follow,
    .resume = service_resume,
    .head = service_head,
    .timer = service_timer,
    .timer_stop = service_timer_stop,
    .watch = service_watch,
    .log = service_log,
    .count = service_count,
    .answer = service_answer,
    .refuse = service_refuse,
    .http = service_http,
    .option_text = settings_text,
    .option_number = settings_number,
    .complain = complaints_add,
    .parse = service_parse,
    .event_data = service_event_data,
    .value_kind = service_value_kind,
    .value_member = service_value_member,
    .value_item = service_value_item,
    .value_count = service_value_count,
    .value_text = service_value_text,
    .value_integer = service_value_integer,
    .value_json = service_value_json,
    .json = service_json,
};
