/* A body of the ingest socket, one event or an array: decoded as the bus does it. What is accepted
 * must come back from its journal record and from its own JSON as it was. */
#include "fuzz.h"

#include "event/codec.h"
#include "util/calendar.h"

#define MAX_EVENTS 10000
#define RECORDED_US INT64_C(1535000000000000)

static const struct digest_key key = {{1, 2, 3}};
static struct dom_parser *parser, *again_parser;
static struct arena arena;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    parser = dom_parser_new();
    again_parser = dom_parser_new();
    arena_init(&arena);
    return 0;
}

/* ---- its own JSON ---- */

static void put_text(struct buf *out, const char *name, struct str text) {
    if (!text.size)
        return;
    buf_json_key(out, name);
    buf_json_string(out, text);
}

static void said_put(const struct event *event, struct buf *out) {
    char text[40];
    buf_put_byte(out, '{');
    put_text(out, "specversion", STR("1.0"));
    put_text(out, "id", event->id);
    put_text(out, "source", event->source);
    put_text(out, "type", str_from(event->type->name));
    if (event->has_time) {
        size_t size = time_format(event->time.us, event->time.offset_minutes, text);
        put_text(out, "time", (struct str){text, size});
    }
    put_text(out, "subject", event->subject);
    put_text(out, "batch", event->batch);
    put_text(out, "traceparent", event->traceparent);
    for (size_t i = 0; i < event->n_extensions; i++) {
        buf_json_item(out);
        buf_json_string(out, event->extensions[i].name);
        buf_put_byte(out, ':');
        buf_put_str(out, event->extensions[i].value);
    }
    buf_json_key(out, "data");
    event_data_to_json(event, out);
    buf_put_byte(out, '}');
}

static const struct field *changes_of(const struct fields *fields) {
    for (size_t i = 0; i < fields->n; i++)
        if (fields->list[i].kind == FIELD_CHANGES)
            return &fields->list[i];
    return NULL;
}

static bool has_sealed(const struct fields *fields, const struct data *head) {
    for (size_t i = 0; i < fields->n; i++)
        if ((fields->list[i].flags & SEALED) && (head->present >> i & 1))
            return true;
    return false;
}

static bool is_personal(const struct event *event) {
    const struct field *changes = changes_of(event->type->fields);
    return has_sealed(event->type->fields, event->data) ||
           (changes && has_sealed(changes->fields,
                                  (const void *)((const char *)event->data + changes->offset)));
}

/* Sealed fields never show in JSON: an event that has some cannot come back. */
static void json_returns(const struct event *event) {
    struct buf said = {0};
    struct dom_value value;
    struct event again;
    struct problem problem = {0};
    const char *message = "";
    size_t offset;
    said_put(event, &said);
    int outcome = dom_parse(again_parser, buf_str(&said), &value, &message, &offset);
    assert(outcome == 0);
    outcome = event_from_json(value, &key, &arena, &again, &problem);
    assert(outcome == 0);
    assert(memcmp(event->digest, again.digest, DIGEST_SIZE) == 0);
    buf_deinit(&said);
    reached("JSON returned");
}

/* ---- its journal record ---- */

/* As the engine does it, with a cipher that anyone can read. */
static void seal_part(struct event *event, const struct fields *fields, struct data *head) {
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        if (!(field->flags & SEALED) || !(head->present >> i & 1))
            continue;
        struct buf plain = {0};
        field_encode(field, head, &plain);
        event->blobs[event->n_blobs++] = (struct blob){(uint32_t)i, 77, STR("0123456789abcdef"),
                                                       arena_copy(&arena, buf_str(&plain))};
        head->sealed |= UINT64_C(1) << i;
        memset((char *)head + field->offset, 0,
               field->kind == FIELD_OBJECT ? field->fields->struct_size : sizeof(struct str));
        buf_deinit(&plain);
    }
}

static void seal(struct event *event) {
    const struct fields *fields = event->type->fields;
    const struct field *changes = changes_of(fields);
    event->blobs = arena_alloc(&arena, 64 * sizeof *event->blobs);
    if (changes)
        seal_part(event, changes->fields, (void *)((char *)event->data + changes->offset));
    else
        seal_part(event, fields, event->data);
}

static void record_returns(struct event *event) {
    struct buf record = {0}, again = {0}, json = {0}, json_again = {0};
    struct event decoded;
    seal(event);
    event->recorded_us = RECORDED_US;
    event->sequence = 42;
    event_encode(event, &record);
    int outcome = event_decode(buf_str(&record), &arena, &decoded);
    assert(outcome == 0);
    decoded.sequence = 42;
    event_encode(&decoded, &again);
    assert(str_equal(buf_str(&record), buf_str(&again)));
    event_to_json(event, STR("620500000000"), &json);
    event_to_json(&decoded, STR("620500000000"), &json_again);
    assert(str_equal(buf_str(&json), buf_str(&json_again)));
    must_be_json(buf_str(&json));
    buf_deinit(&record);
    buf_deinit(&again);
    buf_deinit(&json);
    buf_deinit(&json_again);
    reached("record returned");
}

static void event_take(struct dom_value value) {
    struct event event;
    struct problem problem = {0};
    arena_reset(&arena);
    if (event_from_json(value, &key, &arena, &event, &problem) != 0) {
        assert(problem.code > PROBLEM_NONE && problem.code < PROBLEM_COUNT && *problem.message);
        if (event.type)
            reached("type known");
        return;
    }
    reached("accepted");
    if (!is_personal(&event))
        json_returns(&event);
    record_returns(&event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct dom_value body, item;
    const char *message = NULL;
    size_t offset = 0;
    reached("bodies");
    if (dom_parse(parser, input_str(data, size), &body, &message, &offset) != 0) {
        assert(message && *message && offset <= size);
        return 0;
    }
    reached("JSON");
    if (dom_type(body) == DOM_OBJECT) {
        event_take(body);
    } else if (dom_type(body) == DOM_ARRAY && dom_count(body) <= MAX_EVENTS) {
        struct dom_iterator items = dom_items(body);
        while (dom_next_item(&items, &item))
            event_take(item);
    }
    return 0;
}
