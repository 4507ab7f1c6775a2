/* struct <-> bytes.
 *
 *   struct   varint present, within CHANGES varint removed, varint sealed, then the fields that are
 * present and not sealed, in the list's order ID TEXT CODE JSON   varint size, bytes INTEGER DATE
 * MONTH   zigzag varint BOOLEAN   one byte                             CHOICE               varint
 *   TIME      zigzag varint of seconds * 2, or of microseconds * 2 + 1; zigzag varint of the offset
 * in minutes SCALAR    byte of its kind, value              OBJECT CHANGES       struct OBJECTS
 * LIST QUANTITIES   varint count, items (a quantity: counted name, zigzag varint)
 */
#include "event/codec.h"
#include "util/calendar.h"

#include <assert.h>

#define YEAR_0000_S INT64_C(-62167219200)
#define YEAR_10000_S INT64_C(253402300800)

static void struct_encode(const struct fields *fields, const void *data, bool patch,
                          struct buf *out);
static bool struct_decode(const struct fields *fields, struct cursor *in, struct arena *arena,
                          bool patch, void *data);

void microseconds_encode(int64_t us, struct buf *out) {
    buf_put_signed(out, us % MICROSECONDS == 0 ? us / MICROSECONDS * 2 : us * 2 + 1);
}

int64_t microseconds_decode(struct cursor *in) {
    int64_t coded = cursor_signed(in), odd = coded & 1, value = (coded - odd) / 2;
    if (odd)
        return value;
    in->failed |= value > INT64_MAX / MICROSECONDS || value < INT64_MIN / MICROSECONDS;
    return in->failed ? 0 : value * MICROSECONDS;
}

bool moment_is_valid(int64_t us, int64_t offset_minutes) {
    const int64_t first = YEAR_0000_S * MICROSECONDS, behind = YEAR_10000_S * MICROSECONDS;
    if (us < first || us >= behind || offset_minutes <= -DAY_MINUTES ||
        offset_minutes >= DAY_MINUTES)
        return false;
    int64_t local = us + offset_minutes * 60 * MICROSECONDS;
    return local >= first && local < behind;
}

void moment_encode(struct moment moment, struct buf *out) {
    microseconds_encode(moment.us, out);
    buf_put_signed(out, moment.offset_minutes);
}

static bool moment_decode(struct cursor *in, struct moment *ret_moment) {
    int64_t us = microseconds_decode(in), offset = cursor_signed(in);
    *ret_moment = (struct moment){us, (int16_t)offset};
    return !in->failed && moment_is_valid(us, offset);
}

/* ---- encode ---- */

static void scalar_encode(const struct scalar *scalar, struct buf *out) {
    buf_put_byte(out, (uint8_t)scalar->kind);
    if (scalar->kind == SCALAR_TEXT)
        buf_put_counted(out, scalar->text);
    else
        buf_put_signed(out, scalar->integer);
}

static void objects_encode(const struct fields *fields, const struct list *list, struct buf *out) {
    buf_put_varint(out, list->n);
    for (size_t i = 0; i < list->n; i++)
        struct_encode(fields, (const char *)list->items + i * fields->struct_size, false, out);
}

static void texts_encode(const struct list *list, struct buf *out) {
    const struct str *texts = list->items;
    buf_put_varint(out, list->n);
    for (size_t i = 0; i < list->n; i++)
        buf_put_counted(out, texts[i]);
}

static void quantities_encode(const struct list *list, struct buf *out) {
    const struct quantity *quantities = list->items;
    buf_put_varint(out, list->n);
    for (size_t i = 0; i < list->n; i++) {
        buf_put_counted(out, quantities[i].name);
        buf_put_signed(out, quantities[i].amount);
    }
}

static void member_encode(const struct field *field, const void *member, bool patch,
                          struct buf *out) {
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_JSON:
        buf_put_counted(out, *(const struct str *)member);
        break;
    case FIELD_INTEGER:
        buf_put_signed(out, *(const int64_t *)member);
        break;
    case FIELD_BOOLEAN:
        buf_put_byte(out, *(const bool *)member);
        break;
    case FIELD_SCALAR:
        scalar_encode(member, out);
        break;
    case FIELD_TIME:
        moment_encode(*(const struct moment *)member, out);
        break;
    case FIELD_DATE:
    case FIELD_MONTH:
        buf_put_signed(out, *(const int32_t *)member);
        break;
    case FIELD_CHOICE:
        buf_put_varint(out, (uint64_t) * (const int32_t *)member);
        break;
    case FIELD_OBJECT:
        struct_encode(field->fields, member, patch && !(field->flags & SEALED), out);
        break;
    case FIELD_CHANGES:
        struct_encode(field->fields, member, true, out);
        break;
    case FIELD_OBJECTS:
        objects_encode(field->fields, member, out);
        break;
    case FIELD_LIST:
        texts_encode(member, out);
        break;
    case FIELD_QUANTITIES:
        quantities_encode(member, out);
        break;
    }
}

static void struct_encode(const struct fields *fields, const void *data, bool patch,
                          struct buf *out) {
    const struct data *head = data;
    uint64_t clear = head->present & ~head->sealed;
    assert((head->sealed & ~head->present) == 0);
    buf_put_varint(out, head->present);
    if (patch)
        buf_put_varint(out, head->removed);
    buf_put_varint(out, head->sealed);
    for (size_t i = 0; i < fields->n; i++)
        if (clear & bit(i))
            member_encode(&fields->list[i], field_member_const(&fields->list[i], data), patch, out);
}

void fields_encode(const struct fields *fields, const void *data, struct buf *out) {
    struct_encode(fields, data, false, out);
}

void field_encode(const struct field *field, const void *data, struct buf *out) {
    member_encode(field, field_member_const(field, data), false, out);
}

/* ---- how long it can become ---- */

static size_t list_limit(const struct field *field, const struct list *list) {
    size_t limit = VARINT_BYTES;
    for (size_t i = 0; i < list->n; i++) {
        if (field->kind == FIELD_OBJECTS)
            limit += fields_encoded_limit(field->fields, (const char *)list->items +
                                                             i * field->fields->struct_size);
        else if (field->kind == FIELD_LIST)
            limit += VARINT_BYTES + ((const struct str *)list->items)[i].size;
        else
            limit += 2 * VARINT_BYTES + ((const struct quantity *)list->items)[i].name.size;
    }
    return limit;
}

static size_t member_limit(const struct field *field, const void *member) {
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_JSON:
        return VARINT_BYTES + ((const struct str *)member)->size;
    case FIELD_SCALAR:
        return 2 * VARINT_BYTES + ((const struct scalar *)member)->text.size;
    case FIELD_OBJECT:
    case FIELD_CHANGES:
        return fields_encoded_limit(field->fields, member);
    case FIELD_OBJECTS:
    case FIELD_LIST:
    case FIELD_QUANTITIES:
        return list_limit(field, member);
    default:
        return 2 * VARINT_BYTES;
    }
}

size_t fields_encoded_limit(const struct fields *fields, const void *data) {
    const struct data *head = data;
    /* Three bitmaps, and one more since a buffer reserves a longest varint before it writes a short
     * one. */
    size_t limit = 4 * VARINT_BYTES + 1;
    for (size_t i = 0; i < fields->n; i++)
        if (head->present & bit(i))
            limit += member_limit(&fields->list[i], field_member_const(&fields->list[i], data));
    return limit;
}

/* ---- decode ---- */

static bool text_decode(struct cursor *in, size_t limit, struct str *ret_text) {
    *ret_text = cursor_counted(in);
    return !in->failed && ret_text->size <= limit;
}

/* Only ever written from an object; none at all would break the JSON that it is put into. */
static bool object_decode(struct cursor *in, size_t limit, struct str *ret_text) {
    return text_decode(in, limit, ret_text) && ret_text->size >= 2 && ret_text->data[0] == '{' &&
           ret_text->data[ret_text->size - 1] == '}';
}

static bool integer_decode(struct cursor *in, int64_t least, int64_t most, int64_t *ret_value) {
    *ret_value = cursor_signed(in);
    return !in->failed && *ret_value >= least && *ret_value <= most;
}

/* Dates, months and choices: whole numbers that are kept in 32 bits. */
static bool small_decode(int64_t value, int64_t least, int64_t most, const struct cursor *in,
                         int32_t *ret_value) {
    *ret_value = (int32_t)value;
    return !in->failed && value >= least && value <= most;
}

static bool boolean_decode(struct cursor *in, bool *ret_value) {
    uint8_t byte = cursor_byte(in);
    *ret_value = byte == 1;
    return !in->failed && byte <= 1;
}

static bool scalar_decode(struct cursor *in, struct scalar *ret_scalar) {
    uint8_t kind = cursor_byte(in);
    if (in->failed || kind > SCALAR_TEXT)
        return false;
    ret_scalar->kind = (enum scalar_kind)kind;
    if (kind == SCALAR_TEXT)
        return text_decode(in, SHORT_TEXT_LIMIT, &ret_scalar->text);
    int64_t most = kind == SCALAR_BOOLEAN ? 1 : INT64_MAX;
    return integer_decode(in, kind == SCALAR_BOOLEAN ? 0 : INT64_MIN, most, &ret_scalar->integer);
}

/* Every item takes a byte at least: a count beyond that is a lie, and no memory is taken for it. */
static bool count_decode(struct cursor *in, size_t limit, size_t item_size, struct arena *arena,
                         struct list *ret_list) {
    uint64_t n = cursor_varint(in);
    if (in->failed || n > limit || n > cursor_left(in))
        return false;
    ret_list->n = n;
    ret_list->items = arena_alloc(arena, n * item_size);
    return true;
}

static bool objects_decode(const struct fields *fields, struct cursor *in, struct arena *arena,
                           struct list *list) {
    bool good = count_decode(in, OBJECTS_LIMIT, fields->struct_size, arena, list);
    for (size_t i = 0; good && i < list->n; i++)
        good =
            struct_decode(fields, in, arena, false, (char *)list->items + i * fields->struct_size);
    return good;
}

static bool texts_decode(size_t limit, struct cursor *in, struct arena *arena, struct list *list) {
    bool good = count_decode(in, LIST_LIMIT, sizeof(struct str), arena, list);
    for (size_t i = 0; good && i < list->n; i++)
        good = text_decode(in, limit, &((struct str *)list->items)[i]);
    return good;
}

static bool quantities_decode(struct cursor *in, struct arena *arena, struct list *list) {
    bool good = count_decode(in, QUANTITIES_LIMIT, sizeof(struct quantity), arena, list);
    for (size_t i = 0; good && i < list->n; i++) {
        struct quantity *quantity = &((struct quantity *)list->items)[i];
        good = text_decode(in, CODE_LIMIT, &quantity->name) &&
               integer_decode(in, INT64_MIN, INT64_MAX, &quantity->amount);
    }
    return good;
}

static bool date_decode(struct cursor *in, int32_t *ret_date) {
    const int64_t first = YEAR_0000_S / DAY_SECONDS, behind = YEAR_10000_S / DAY_SECONDS;
    return small_decode(cursor_signed(in), first, behind - 1, in, ret_date);
}

static bool member_decode(const struct field *field, struct cursor *in, struct arena *arena,
                          bool patch, void *member) {
    switch (field->kind) {
    case FIELD_ID:
        return text_decode(in, EVENT_ID_LIMIT, member);
    case FIELD_CODE:
        return text_decode(in, CODE_LIMIT, member);
    case FIELD_TEXT:
        return text_decode(in, field->size_limit, member);
    case FIELD_JSON:
        return object_decode(in, field->size_limit, member);
    case FIELD_INTEGER:
        return integer_decode(in, field->range.least, field->range.most, member);
    case FIELD_BOOLEAN:
        return boolean_decode(in, member);
    case FIELD_SCALAR:
        return scalar_decode(in, member);
    case FIELD_TIME:
        return moment_decode(in, member);
    case FIELD_DATE:
        return date_decode(in, member);
    case FIELD_MONTH:
        return small_decode(cursor_signed(in), 0, 10000 * 12 - 1, in, member);
    case FIELD_CHOICE: {
        uint64_t word = cursor_varint(in);
        *(int32_t *)member = word < field->choices->n ? (int32_t)word : 0;
        return !in->failed && word < field->choices->n;
    }
    case FIELD_OBJECT:
        return struct_decode(field->fields, in, arena, patch && !(field->flags & SEALED), member);
    case FIELD_CHANGES:
        return struct_decode(field->fields, in, arena, true, member);
    case FIELD_OBJECTS:
        return objects_decode(field->fields, in, arena, member);
    case FIELD_LIST:
        return texts_decode(field->size_limit, in, arena, member);
    case FIELD_QUANTITIES:
        return quantities_decode(in, arena, member);
    }
    return false;
}

static bool head_decode(const struct fields *fields, struct cursor *in, bool patch,
                        struct data *ret_head) {
    ret_head->present = cursor_varint(in);
    ret_head->removed = patch ? cursor_varint(in) : 0;
    ret_head->sealed = cursor_varint(in);
    uint64_t known = fields->n == 64 ? UINT64_MAX : bit(fields->n) - 1;
    return !in->failed && ((ret_head->present | ret_head->removed) & ~known) == 0 &&
           (ret_head->present & ret_head->removed) == 0 &&
           (ret_head->sealed & ~(ret_head->present & fields_sealed_mask(fields))) == 0;
}

static bool struct_decode(const struct fields *fields, struct cursor *in, struct arena *arena,
                          bool patch, void *data) {
    struct data *head = data;
    bool good = head_decode(fields, in, patch, head);
    uint64_t clear = head->present & ~head->sealed;
    for (size_t i = 0; good && i < fields->n; i++)
        if (clear & bit(i))
            good = member_decode(&fields->list[i], in, arena, patch,
                                 field_member(&fields->list[i], data));
    return good;
}

struct str fields_decode_id(struct cursor *in) {
    struct data head = {.present = cursor_varint(in), .sealed = cursor_varint(in)};
    return head.present & bit(0) ? cursor_counted(in) : STR_NONE;
}

int fields_decode(const struct fields *fields, struct cursor *in, struct arena *arena,
                  void *ret_data) {
    memset(ret_data, 0, fields->struct_size);
    return struct_decode(fields, in, arena, false, ret_data) ? 0 : 1;
}

int field_decode(const struct field *field, struct cursor *in, struct arena *arena, void *data) {
    return member_decode(field, in, arena, false, field_member(field, data)) ? 0 : 1;
}
