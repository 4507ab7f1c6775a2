/* event <-> journal record.
 *
 *   varint type, varint version, recorded time (as microseconds_encode), varint key number,
 *   counted id, counted source (both empty: written by the daemon itself, then no digest), 16 bytes
 * of digest, varint of parts, then those of them that are there, in this order: time (recorded time
 * minus time as microseconds_encode, zigzag offset), cause, revision, facts, batch, subject,
 *     traceparent, extensions (varint n, then counted name and value each)
 *   data (fields_bytes.c), then blobs where the parts say so (varint n; varint field, varint slot,
 * counted match, counted cipher each)
 */
#include "event/codec.h"

#include <assert.h>

#define REVISION_LIMIT 80
#define FACTS_LIMIT 4096
#define CIPHER_LIMIT 65536
#define VALUE_LIMIT (6 * SHORT_TEXT_LIMIT + 2) /* a text of which every byte is escaped */

/* The common ones in the first seven bits: one byte. */
enum part {
    PART_TIME = 1,
    PART_CAUSE = 2,
    PART_REVISION = 4,
    PART_FACTS = 8,
    PART_BATCH = 16,
    PART_BLOBS = 32,
    PART_SUBJECT = 64,
    PART_TRACEPARENT = 128,
    PART_EXTENSIONS = 256,
    PART_ALL = 511
};

static bool is_own(const struct event *event) {
    return event->id.size == 0 && event->source.size == 0;
}

/* ---- encode ---- */

static unsigned parts_of(const struct event *event) {
    bool differs = event->time.us != event->recorded_us || event->time.offset_minutes != 0;
    return (event->has_time && differs ? PART_TIME : 0U) | (event->cause ? PART_CAUSE : 0U) |
           (event->revision.size ? PART_REVISION : 0U) | (event->facts.size ? PART_FACTS : 0U) |
           (event->batch.size ? PART_BATCH : 0U) | (event->n_blobs ? PART_BLOBS : 0U) |
           (event->subject.size ? PART_SUBJECT : 0U) |
           (event->traceparent.size ? PART_TRACEPARENT : 0U) |
           (event->n_extensions ? PART_EXTENSIONS : 0U);
}

static void extensions_encode(const struct event *event, struct buf *out) {
    buf_put_varint(out, event->n_extensions);
    for (size_t i = 0; i < event->n_extensions; i++) {
        buf_put_counted(out, event->extensions[i].name);
        buf_put_counted(out, event->extensions[i].value);
    }
}

static void parts_encode(const struct event *event, struct buf *out) {
    unsigned parts = parts_of(event);
    buf_put_varint(out, parts);
    if (parts & PART_TIME) {
        microseconds_encode(event->recorded_us - event->time.us, out);
        buf_put_signed(out, event->time.offset_minutes);
    }
    if (parts & PART_CAUSE)
        buf_put_varint(out, event->cause);
    if (parts & PART_REVISION)
        buf_put_counted(out, event->revision);
    if (parts & PART_FACTS)
        buf_put_counted(out, event->facts);
    if (parts & PART_BATCH)
        buf_put_counted(out, event->batch);
    if (parts & PART_SUBJECT)
        buf_put_counted(out, event->subject);
    if (parts & PART_TRACEPARENT)
        buf_put_counted(out, event->traceparent);
    if (parts & PART_EXTENSIONS)
        extensions_encode(event, out);
}

static void blobs_encode(const struct event *event, struct buf *out) {
    buf_put_varint(out, event->n_blobs);
    for (size_t i = 0; i < event->n_blobs; i++) {
        const struct blob *blob = &event->blobs[i];
        buf_put_varint(out, blob->field);
        buf_put_varint(out, blob->slot);
        buf_put_counted(out, blob->match);
        buf_put_counted(out, blob->cipher);
    }
}

/* Nothing that is to be sealed stands in clear. */
static bool is_sealed(const struct event *event) {
    const struct fields *fields = event->type->fields;
    const struct field *changes = fields_changes(fields);
    const struct data *head = event->data;
    uint64_t clear = head->present & ~head->sealed & fields_sealed_mask(fields);
    if (changes && !clear) {
        head = field_member_const(changes, event->data);
        clear = head->present & ~head->sealed & fields_sealed_mask(changes->fields);
    }
    return clear == 0;
}

void event_encode(const struct event *event, struct buf *out) {
    assert(is_sealed(event));
    buf_put_varint(out, event->type->number);
    buf_put_varint(out, event->type->version);
    microseconds_encode(event->recorded_us, out);
    buf_put_varint(out, event->key_number);
    buf_put_counted(out, event->id);
    buf_put_counted(out, event->source);
    if (!is_own(event))
        buf_put(out, event->digest, DIGEST_SIZE);
    parts_encode(event, out);
    fields_encode(event->type->fields, event->data, out);
    if (event->n_blobs)
        blobs_encode(event, out);
}

/* ---- decode ---- */

static bool text_decode(struct cursor *in, size_t limit, struct str *ret_text) {
    *ret_text = cursor_counted(in);
    return !in->failed && ret_text->size <= limit;
}

static bool u32_decode(struct cursor *in, uint32_t *ret_value) {
    uint64_t value = cursor_varint(in);
    *ret_value = (uint32_t)value;
    return !in->failed && value <= UINT32_MAX;
}

static bool extensions_decode(struct cursor *in, struct arena *arena, struct event *event) {
    uint64_t n = cursor_varint(in);
    bool good = !in->failed && n <= EVENT_EXTENSION_LIMIT;
    if (!good)
        return false;
    event->n_extensions = n;
    event->extensions = arena_alloc(arena, n * sizeof *event->extensions);
    for (size_t i = 0; good && i < n; i++)
        good = text_decode(in, SHORT_TEXT_LIMIT, &event->extensions[i].name) &&
               text_decode(in, VALUE_LIMIT, &event->extensions[i].value);
    return good;
}

static bool time_decode(struct cursor *in, struct event *event) {
    int64_t before = microseconds_decode(in), offset = cursor_signed(in), us;
    if (in->failed || __builtin_sub_overflow(event->recorded_us, before, &us) ||
        !moment_is_valid(us, offset))
        return false;
    event->time = (struct moment){us, (int16_t)offset};
    event->has_time = true;
    return true;
}

static bool parts_decode(struct cursor *in, struct arena *arena, struct event *event,
                         uint64_t *ret_parts) {
    uint64_t parts = *ret_parts = cursor_varint(in);
    bool good = !in->failed && parts <= PART_ALL;
    event->time.us = event->recorded_us;
    if (good && (parts & PART_TIME))
        good = time_decode(in, event);
    if (good && (parts & PART_CAUSE))
        event->cause = cursor_varint(in);
    if (good && (parts & PART_REVISION))
        good = text_decode(in, REVISION_LIMIT, &event->revision);
    if (good && (parts & PART_FACTS))
        good = text_decode(in, FACTS_LIMIT, &event->facts);
    if (good && (parts & PART_BATCH))
        good = text_decode(in, EVENT_ID_LIMIT, &event->batch);
    if (good && (parts & PART_SUBJECT))
        good = text_decode(in, SHORT_TEXT_LIMIT, &event->subject);
    if (good && (parts & PART_TRACEPARENT))
        good = text_decode(in, SHORT_TEXT_LIMIT, &event->traceparent);
    if (good && (parts & PART_EXTENSIONS))
        good = extensions_decode(in, arena, event);
    return good && !in->failed;
}

static bool blob_decode(struct cursor *in, struct blob *ret_blob) {
    return u32_decode(in, &ret_blob->field) && u32_decode(in, &ret_blob->slot) &&
           text_decode(in, DIGEST_SIZE, &ret_blob->match) &&
           (ret_blob->match.size == 0 || ret_blob->match.size == DIGEST_SIZE) &&
           text_decode(in, CIPHER_LIMIT, &ret_blob->cipher) && ret_blob->field < 64;
}

static bool blobs_decode(struct cursor *in, struct arena *arena, struct event *event) {
    uint64_t n = cursor_varint(in);
    bool good = !in->failed && n > 0 && n <= BLOB_LIMIT;
    if (!good)
        return false;
    event->n_blobs = n;
    event->blobs = arena_alloc(arena, n * sizeof *event->blobs);
    for (size_t i = 0; good && i < n; i++)
        good = blob_decode(in, &event->blobs[i]);
    return good;
}

/* Up to the digest: who said when what. */
static bool front_decode(struct cursor *in, struct event *event) {
    uint32_t number, version;
    if (!u32_decode(in, &number) || !u32_decode(in, &version))
        return false;
    event->type = catalogue_by_number(number);
    if (!event->type || version == 0 || version > event->type->version)
        return false;
    event->recorded_us = microseconds_decode(in);
    if (!u32_decode(in, &event->key_number) || !moment_is_valid(event->recorded_us, 0) ||
        !text_decode(in, EVENT_ID_LIMIT, &event->id) ||
        !text_decode(in, EVENT_SOURCE_LIMIT, &event->source))
        return false;
    if (!is_own(event))
        cursor_copy(in, event->digest, DIGEST_SIZE);
    return !in->failed;
}

int event_decode(struct str record, struct arena *arena, struct event *ret_event) {
    struct cursor in = cursor_from(record);
    struct event event = {0};
    uint64_t parts;
    if (!front_decode(&in, &event) || !parts_decode(&in, arena, &event, &parts))
        return 1;
    event.data = arena_alloc(arena, event.type->fields->struct_size);
    if (fields_decode(event.type->fields, &in, arena, event.data))
        return 1;
    if ((parts & PART_BLOBS) && !blobs_decode(&in, arena, &event))
        return 1;
    if (in.failed || cursor_left(&in) || !is_sealed(&event))
        return 1;
    *ret_event = event;
    return 0;
}
