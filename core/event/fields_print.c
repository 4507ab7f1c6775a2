/* struct -> JSON. */
#include "event/codec.h"
#include "util/calendar.h"

static void struct_print(const struct fields *fields, const void *data, struct buf *out);

static void put_literal(struct buf *out, const char *text) {
    buf_put_str(out, str_from(text));
}

static void moment_print(const struct moment *moment, struct buf *out) {
    char text[40];
    size_t size = time_format(moment->us, moment->offset_minutes, text);
    buf_json_string(out, (struct str){text, size});
}

static void scalar_print(const struct scalar *scalar, struct buf *out) {
    if (scalar->kind == SCALAR_TEXT)
        buf_json_string(out, scalar->text);
    else if (scalar->kind == SCALAR_BOOLEAN)
        put_literal(out, scalar->integer ? "true" : "false");
    else
        buf_json_integer(out, scalar->integer);
}

static void date_print(const struct field *field, int32_t value, struct buf *out) {
    char text[16];
    size_t size = field->kind == FIELD_DATE ? date_format(value, text) : month_format(value, text);
    buf_json_string(out, (struct str){text, size});
}

static void objects_print(const struct fields *fields, const struct list *list, struct buf *out) {
    buf_put_byte(out, '[');
    for (size_t i = 0; i < list->n; i++) {
        buf_json_item(out);
        struct_print(fields, (const char *)list->items + i * fields->struct_size, out);
    }
    buf_put_byte(out, ']');
}

static void texts_print(const struct list *list, struct buf *out) {
    const struct str *texts = list->items;
    buf_put_byte(out, '[');
    for (size_t i = 0; i < list->n; i++) {
        buf_json_item(out);
        buf_json_string(out, texts[i]);
    }
    buf_put_byte(out, ']');
}

static void quantities_print(const struct list *list, struct buf *out) {
    const struct quantity *quantities = list->items;
    buf_put_byte(out, '{');
    for (size_t i = 0; i < list->n; i++) {
        buf_json_item(out);
        buf_json_string(out, quantities[i].name);
        buf_put_byte(out, ':');
        buf_json_integer(out, quantities[i].amount);
    }
    buf_put_byte(out, '}');
}

static void member_print(const struct field *field, const void *member, struct buf *out) {
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_CODE:
        buf_json_string(out, *(const struct str *)member);
        break;
    case FIELD_JSON:
        buf_put_str(out, *(const struct str *)member);
        break;
    case FIELD_INTEGER:
        buf_json_integer(out, *(const int64_t *)member);
        break;
    case FIELD_BOOLEAN:
        put_literal(out, *(const bool *)member ? "true" : "false");
        break;
    case FIELD_SCALAR:
        scalar_print(member, out);
        break;
    case FIELD_TIME:
        moment_print(member, out);
        break;
    case FIELD_DATE:
    case FIELD_MONTH:
        date_print(field, *(const int32_t *)member, out);
        break;
    case FIELD_CHOICE:
        buf_json_string(out, str_from(field->choices->words[*(const int32_t *)member]));
        break;
    case FIELD_OBJECT:
    case FIELD_CHANGES:
        struct_print(field->fields, member, out);
        break;
    case FIELD_OBJECTS:
        objects_print(field->fields, member, out);
        break;
    case FIELD_LIST:
        texts_print(member, out);
        break;
    case FIELD_QUANTITIES:
        quantities_print(member, out);
        break;
    }
}

/* `removed` has bits within CHANGES only: the nulls of a merge patch. */
static void struct_print(const struct fields *fields, const void *data, struct buf *out) {
    const struct data *head = data;
    uint64_t clear = head->present & ~head->sealed;
    buf_put_byte(out, '{');
    for (size_t i = 0; i < fields->n; i++) {
        if (!((clear | head->removed) & bit(i)))
            continue;
        buf_json_key(out, fields->list[i].name);
        if (head->removed & bit(i))
            put_literal(out, "null");
        else
            member_print(&fields->list[i], field_member_const(&fields->list[i], data), out);
    }
    buf_put_byte(out, '}');
}

void fields_to_json(const struct fields *fields, const void *data, struct buf *out) {
    struct_print(fields, data, out);
}
