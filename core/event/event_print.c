/* event -> CloudEvents JSON, as on feed and journal.read. */
#include "event/codec.h"
#include "util/calendar.h"

#include <inttypes.h>

static void put_text(struct buf *out, const char *name, struct str text) {
    if (!text.size)
        return;
    buf_json_key(out, name);
    buf_json_string(out, text);
}

static void put_moment(struct buf *out, const char *name, int64_t us, int16_t offset_minutes) {
    char text[40];
    size_t size = time_format(us, offset_minutes, text);
    put_text(out, name, (struct str){text, size});
}

/* Attributes compare as text, so a sequence has as many digits as the greatest one. */
static void put_sequence(struct buf *out, const char *name, uint64_t sequence) {
    char text[22];
    buf_json_key(out, name);
    text[0] = text[21] = '"';
    for (size_t i = 20; i > 0; i--, sequence /= 10)
        text[i] = (char)('0' + sequence % 10);
    buf_put(out, text, sizeof text);
}

/* What the daemon wrote by itself carries neither in the journal: its sequence is its name. */
static void put_names(const struct event *event, struct str region, struct buf *out) {
    bool own = event->source.size == 0;
    buf_json_key(out, "id");
    if (event->id.size == 0)
        buf_printf(out, "\"%" PRIu64 "\"", event->sequence);
    else
        buf_json_string(out, event->id);
    buf_json_key(out, "source");
    if (own)
        buf_printf(out, "\"/volunteerd/%.*s\"", STR_ARG(region));
    else
        buf_json_string(out, event->source);
}

static void put_sealed_of(const struct fields *fields, const struct data *head, const char *prefix,
                          struct buf *out) {
    for (size_t i = 0; i < fields->n; i++) {
        if (!(head->sealed & bit(i)))
            continue;
        char last = out->data[out->size - 1];
        buf_printf(out, "%s%s%s", last == '"' ? "" : ",", prefix, fields->list[i].name);
    }
}

/* CloudEvents knows no lists: names with commas between them. */
static void put_sealed(const struct event *event, struct buf *out) {
    const struct fields *fields = event->type->fields;
    const struct field *changes = fields_changes(fields);
    const struct data *head = event->data;
    const struct data *inner = changes ? field_member_const(changes, event->data) : NULL;
    if (!head->sealed && !(inner && inner->sealed))
        return;
    buf_json_key(out, "sealed");
    buf_put_byte(out, '"');
    put_sealed_of(fields, head, "", out);
    if (inner)
        put_sealed_of(changes->fields, inner, "changes.", out);
    buf_put_byte(out, '"');
}

static void put_extensions(const struct event *event, struct buf *out) {
    for (size_t i = 0; i < event->n_extensions; i++) {
        buf_json_item(out);
        buf_json_string(out, event->extensions[i].name);
        buf_put_byte(out, ':');
        buf_put_str(out, event->extensions[i].value);
    }
}

void event_to_json(const struct event *event, struct str region, struct buf *out) {
    buf_put_byte(out, '{');
    put_text(out, "specversion", STR("1.0"));
    put_names(event, region, out);
    put_text(out, "type", str_from(event->type->name));
    if (event->has_time)
        put_moment(out, "time", event->time.us, event->time.offset_minutes);
    else
        put_moment(out, "time", event->recorded_us, 0);
    put_text(out, "subject", event->subject);
    put_sequence(out, "sequence", event->sequence);
    put_moment(out, "recordedtime", event->recorded_us, 0);
    if (event->cause)
        put_sequence(out, "causationid", event->cause);
    put_text(out, "policyrevision", event->revision);
    put_text(out, "batch", event->batch);
    put_text(out, "traceparent", event->traceparent);
    put_extensions(event, out);
    put_sealed(event, out);
    buf_json_key(out, "data");
    event_data_to_json(event, out);
    buf_put_byte(out, '}');
}

void event_data_to_json(const struct event *event, struct buf *out) {
    fields_to_json(event->type->fields, event->data, out);
}
