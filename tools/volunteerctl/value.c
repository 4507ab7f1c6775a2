#include "value.h"

#include <ctype.h>
#include <stdlib.h>

#include "util/memory.h"

#define NESTING_LIMIT 8

const char *text_at(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

int64_t integer_at(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

double number_at(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

bool flag_at(const json_t *object, const char *key) {
    return json_is_true(json_object_get(object, key));
}

bool has_at(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return value && !json_is_null(value);
}

const char *text_in(const json_t *array, size_t index) {
    const char *text = json_string_value(json_array_get(array, index));
    return text ? text : "";
}

const char *buf_text(struct buf *buf) {
    buf_reserve(buf, 1);
    buf->data[buf->size] = '\0';
    return buf->data;
}

char *str_keep(struct str s) {
    char *text = memory_checked(malloc(s.size + 1));
    if (s.size)
        memcpy(text, s.data, s.size);
    text[s.size] = 0;
    return text;
}

static void value_put(const json_t *value, unsigned depth, struct buf *out);

static void list_put(const json_t *array, unsigned depth, struct buf *out) {
    size_t index;
    json_t *item;
    json_array_foreach(array, index, item) {
        if (index)
            buf_put_str(out, STR(", "));
        value_put(item, depth + 1, out);
    }
}

static void members_put(const json_t *object, unsigned depth, struct buf *out) {
    /* Reading only: jansson's iterator has no const form. */
    json_t *members = json_incref((json_t *)(uintptr_t)object);
    const char *key;
    json_t *member;
    bool first = true;
    json_object_foreach(members, key, member) {
        if (!first)
            buf_put_byte(out, ' ');
        first = false;
        buf_printf(out, "%s=", key);
        value_put(member, depth + 1, out);
    }
    json_decref(members);
}

static void value_put(const json_t *value, unsigned depth, struct buf *out) {
    if (depth > NESTING_LIMIT)
        buf_put_str(out, STR("…"));
    else if (json_is_string(value))
        buf_put_str(out, str_from(json_string_value(value)));
    else if (json_is_integer(value))
        buf_printf(out, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        buf_printf(out, "%g", json_real_value(value));
    else if (json_is_boolean(value))
        buf_printf(out, "%s", json_is_true(value) ? "true" : "false");
    else if (json_is_array(value))
        list_put(value, depth, out);
    else if (json_is_object(value))
        members_put(value, depth, out);
}

void value_line(const json_t *value, struct buf *out) {
    value_put(value, 0, out);
}

void findings_text(const json_t *findings, struct buf *out) {
    size_t index;
    json_t *finding;
    json_array_foreach(findings, index, finding) {
        if (index)
            buf_put_str(out, STR("；"));
        const char *text = text_at(finding, "text");
        if (*text) {
            buf_put_str(out, str_from(text));
            continue;
        }
        buf_put_str(out, str_from(text_at(finding, "code")));
        if (has_at(finding, "value")) {
            buf_put_byte(out, ' ');
            value_line(json_object_get(finding, "value"), out);
        }
    }
}

static const char *digits_skip(const char *text) {
    while (isdigit((unsigned char)*text))
        text++;
    return text;
}

bool text_is_number(const char *text) {
    const char *digits = text + (*text == '-');
    const char *end = digits_skip(digits);
    if (end == digits)
        return false;
    if (*end == '.' && isdigit((unsigned char)end[1]))
        end = digits_skip(end + 1);
    return *end == '\0' || strcmp(end, "%") == 0;
}
