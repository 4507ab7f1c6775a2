/* What the plugin publishes: checked as far as its own frame needs it, the rest is the daemon's;
 * and what became of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/host/host.h"
#include "util/log.h"
#include "util/memory.h"

#define ID_BYTES 64
#define PUT_OFF_MS 1000

static bool is_object(const char *text) {
    json_t *value = json_read(text, text ? strlen(text) : 0);
    bool is = json_is_object(value);
    json_decref(value);
    return is;
}

static bool is_publishable(const struct vol_publication *event) {
    size_t size = event->id ? strnlen(event->id, ID_BYTES + 1) : 0;
    return event->type && size > 0 && size <= ID_BYTES && is_object(event->data);
}

static void put_member(struct buf *out, const char *name, const char *text) {
    if (!text)
        return;
    buf_json_key(out, name);
    buf_json_string(out, str_from(text));
}

/* Without a time it happened when it is recorded: then the same event sent again after a kill is
 * the same. */
static void put_event(struct buf *out, const struct vol_publication *event, const char *source) {
    buf_put_str(out, STR("{\"specversion\":\"1.0\""));
    put_member(out, "id", event->id);
    put_member(out, "source", event->source ? event->source : source ? source : "");
    put_member(out, "type", event->type);
    put_member(out, "time", event->time);
    put_member(out, "subject", event->subject);
    buf_put_str(out, STR(",\"data\":"));
    buf_put_str(out, str_from(event->data));
    buf_put_byte(out, '}');
}

static struct publication *free_place(struct host *host) {
    for (size_t i = 0; i < PUBLISH_CALLS; i++)
        if (!host->publications[i].number)
            return &host->publications[i];
    return NULL;
}

static int refuse(struct host *host, const char *why, size_t at) {
    char line[200];
    snprintf(line, sizeof line, "vol_publish: %s (event %zu of the call)", why, at);
    service_log(&host->core, VOL_ERROR, line);
    return -EINVAL;
}

static int check(struct host *host, const struct vol_publication *events, size_t n_events,
                 size_t *ret_bytes) {
    size_t bytes = 0;
    if (n_events == 0 || n_events > EVENTS_AT_ONCE)
        return refuse(host, "a call has 1 to 1,000 events", n_events);
    for (size_t i = 0; i < n_events; i++) {
        if (!is_publishable(&events[i]))
            return refuse(host, "an event has a type, an id of 1 to 64 bytes and a JSON object", i);
        bytes += strlen(events[i].data);
    }
    *ret_bytes = bytes;
    return bytes > PUBLISH_BYTES ? refuse(host, "a call has at most 8 MiB", n_events) : 0;
}

int service_publish(struct vol_core *core, const struct vol_publication *events, size_t n_events,
                    vol_published *done, void *context) {
    struct host *host = host_of(core);
    struct publication *place = free_place(host);
    size_t bytes = 0;
    int result = check(host, events, n_events, &bytes);
    if (result < 0)
        return result;
    if (!place || host->published_bytes + bytes > PUBLISH_BYTES)
        return -EAGAIN;
    struct buf body = {0};
    for (size_t i = 0; i < n_events; i++) {
        buf_put_byte(&body, i ? ',' : '[');
        put_event(&body, &events[i], host->loaded.plugin.source);
    }
    buf_put_byte(&body, ']');
    *place = (struct publication){.number = ++host->last_number,
                                  .n_events = n_events,
                                  .bytes = bytes,
                                  .done = done,
                                  .context = context,
                                  .holds = host->in_events && !done};
    host->published_bytes += bytes;
    host_send(host, FRAME_PUBLISH, place->number, buf_str(&body));
    if (place->holds)
        place->body = body;
    else
        buf_deinit(&body);
    return 0;
}

uint64_t publication_holding(const struct host *host, uint64_t last) {
    uint64_t number = 0;
    for (size_t i = 0; i < PUBLISH_CALLS; i++) {
        const struct publication *place = &host->publications[i];
        if (place->holds && place->number <= last && place->number > number)
            number = place->number;
    }
    return number;
}

/* ---- results ---- */

static void read_result(const json_t *row, struct vol_result *ret_result) {
    const char *status = json_text(row, "status");
    const json_t *decisions = json_object_get(row, "decisions");
    *ret_result = (struct vol_result){
        .status = !strcmp(status, "stored")      ? VOL_STORED
                  : !strcmp(status, "duplicate") ? VOL_DUPLICATE
                                                 : VOL_REJECTED,
        .sequence = (uint64_t)json_integer_value(json_object_get(row, "sequence")),
        .decisions = (const struct vol_value *)(const void *)decisions};
    if (ret_result->status != VOL_REJECTED)
        return;
    ret_result->code = json_text(row, "code");
    ret_result->field = json_text(row, "field");
    ret_result->message = json_text(row, "message");
    ret_result->retryable = json_is_true(json_object_get(row, "retryable"));
}

/* The daemon answered for the call as a whole: that goes for each of its events. */
static void read_error(const json_t *answer, size_t n, struct vol_result *ret_results) {
    const json_t *error = json_object_get(answer, "error");
    const char *code = json_text(error, "code");
    for (size_t i = 0; i < n; i++)
        ret_results[i] = (struct vol_result){.status = VOL_REJECTED,
                                             .code = code,
                                             .field = json_text(error, "field"),
                                             .message = json_text(error, "message"),
                                             .retryable = !strcmp(code, "busy")};
}

static void read_results(struct host *host, const json_t *answer, size_t n,
                         struct vol_result *ret_results) {
    const json_t *rows = json_object_get(answer, "results");
    if (json_array_size(rows) != n) {
        read_error(answer, n, ret_results);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        read_result(json_array_get(rows, i), &ret_results[i]);
        if (ret_results[i].sequence > host->head)
            host->head = ret_results[i].sequence;
    }
}

/* ---- what holds events back ---- */

static void send_again(void *context) {
    struct host *host = context;
    for (size_t i = 0; i < PUBLISH_CALLS; i++) {
        struct publication *place = &host->publications[i];
        if (place->number && place->is_put_off) {
            place->is_put_off = false;
            host_send(host, FRAME_PUBLISH, place->number, buf_str(&place->body));
        }
    }
}

/* The daemon is full or only reads: the same again after a while, until it takes it. Of other
 * refusals that are worth another attempt nobody knows how many it takes: those are the plugin's,
 * which asks for them with `done`. */
static bool is_put_off(struct host *host, struct publication *place,
                       const struct vol_result *results) {
    bool again = false;
    for (size_t i = 0; i < place->n_events; i++)
        again =
            again || (results[i].status == VOL_REJECTED && results[i].retryable &&
                      (!strcmp(results[i].code, "busy") || !strcmp(results[i].code, "read_only")));
    if (!again || loop_timer(&host->loop, PUT_OFF_MS, 0, send_again, host) < 0)
        return false;
    place->is_put_off = true;
    return true;
}

static void tell_refusals(struct host *host, const struct vol_result *results, size_t n) {
    char line[400];
    for (size_t i = 0; i < n; i++) {
        if (results[i].status != VOL_REJECTED)
            continue;
        snprintf(line, sizeof line, "what it published was refused: %s%s%s: %s", results[i].code,
                 *results[i].field ? ", " : "", results[i].field, results[i].message);
        service_log(&host->core, VOL_WARNING, line);
    }
}

/* ---- a result ---- */

static struct publication *publication_find(struct host *host, uint64_t number) {
    for (size_t i = 0; number && i < PUBLISH_CALLS; i++)
        if (host->publications[i].number == number)
            return &host->publications[i];
    return NULL;
}

static void finish(struct host *host, struct publication *place, const struct vol_result *results) {
    struct publication done = *place;
    *place = (struct publication){0}; /* there is room again, for who publishes from `done` */
    host->published_bytes -= done.bytes;
    buf_deinit(&done.body);
    if (done.done)
        done.done(done.context, results, done.n_events);
    else
        tell_refusals(host, results, done.n_events);
    if (done.holds)
        events_released(host);
}

void publication_done(struct host *host, const struct frame *frame) {
    struct publication *place = publication_find(host, frame->number);
    if (!place || place->is_put_off)
        return;
    json_t *answer = json_read(frame->body.data, frame->body.size);
    struct vol_result *results = memory_checked(calloc(place->n_events, sizeof *results));
    read_results(host, answer, place->n_events, results);
    if (!place->holds || !is_put_off(host, place, results))
        finish(host, place, results);
    host_called(host);
    free(results);
    json_decref(answer);
}
