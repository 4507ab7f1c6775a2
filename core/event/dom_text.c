#include "event/dom_text.h"
#include "util/buf.h"

#include <stdlib.h>

#define MEMBER_BYTES 5 /* of the shortest: "":0, */

struct writer {
    struct buf out;
    size_t limit_bytes;
    struct arena *arena;
    struct str twice;
};

struct member {
    struct str name;
    struct dom_value value;
};

static enum dom_text_outcome value_write(struct writer *writer, struct dom_value value);

static int member_compare(const void *a, const void *b) {
    return str_compare(((const struct member *)a)->name, ((const struct member *)b)->name);
}

/* The members by name, or NULL where they are too many to fit: nothing is sorted that will be
 * refused. */
static struct member *members_sort(const struct writer *writer, struct dom_value object, size_t n) {
    if (n > writer->limit_bytes / MEMBER_BYTES + 1)
        return NULL;
    struct member *members = arena_alloc(writer->arena, n * sizeof *members);
    struct dom_iterator it = dom_members(object);
    for (size_t i = 0; i < n; i++)
        dom_next_member(&it, &members[i].name, &members[i].value);
    if (n > 1)
        qsort(members, n, sizeof *members, member_compare);
    return members;
}

static enum dom_text_outcome object_write(struct writer *writer, struct dom_value object) {
    size_t n = dom_count(object);
    struct member *members = members_sort(writer, object, n);
    enum dom_text_outcome outcome = members ? DOM_TEXT_DONE : DOM_TEXT_TOO_LONG;
    buf_put_byte(&writer->out, '{');
    for (size_t i = 0; outcome == DOM_TEXT_DONE && i < n; i++) {
        if (i && str_equal(members[i - 1].name, members[i].name)) {
            writer->twice = members[i].name;
            return DOM_TEXT_DUPLICATE;
        }
        if (str_holds_zero(members[i].name))
            return DOM_TEXT_ZERO;
        buf_json_item(&writer->out);
        buf_json_string(&writer->out, members[i].name);
        buf_put_byte(&writer->out, ':');
        outcome = value_write(writer, members[i].value);
    }
    buf_put_byte(&writer->out, '}');
    return outcome;
}

static enum dom_text_outcome array_write(struct writer *writer, struct dom_value array) {
    enum dom_text_outcome outcome = DOM_TEXT_DONE;
    struct dom_value value;
    struct dom_iterator it = dom_items(array);
    buf_put_byte(&writer->out, '[');
    while (outcome == DOM_TEXT_DONE && dom_next_item(&it, &value)) {
        buf_json_item(&writer->out);
        outcome = value_write(writer, value);
    }
    buf_put_byte(&writer->out, ']');
    return outcome;
}

/* The fewest digits that read back as the same number. */
static void number_write(struct buf *out, double number) {
    size_t start = out->size;
    for (int digits = 15; digits <= 17; digits++) {
        out->size = start;
        buf_printf(out, "%.*g", digits, number);
        if (strtod(out->data + start, NULL) == number)
            return;
    }
}

static enum dom_text_outcome value_write(struct writer *writer, struct dom_value value) {
    enum dom_text_outcome outcome = DOM_TEXT_DONE;
    switch (dom_type(value)) {
    case DOM_NULL:
        buf_put_str(&writer->out, STR("null"));
        break;
    case DOM_BOOLEAN:
        buf_put_str(&writer->out, dom_boolean(value) ? STR("true") : STR("false"));
        break;
    case DOM_INTEGER:
        buf_json_integer(&writer->out, dom_integer(value));
        break;
    case DOM_NUMBER:
        number_write(&writer->out, dom_number(value));
        break;
    case DOM_STRING:
        if (str_holds_zero(dom_string(value)))
            return DOM_TEXT_ZERO;
        buf_json_string(&writer->out, dom_string(value));
        break;
    case DOM_ARRAY:
        outcome = array_write(writer, value);
        break;
    case DOM_OBJECT:
        outcome = object_write(writer, value);
        break;
    }
    bool fits = writer->out.size <= writer->limit_bytes;
    return outcome == DOM_TEXT_DONE && !fits ? DOM_TEXT_TOO_LONG : outcome;
}

enum dom_text_outcome dom_text(struct dom_value value, size_t limit_bytes, struct arena *arena,
                               struct str *ret_text, struct str *ret_twice) {
    struct writer writer = {.limit_bytes = limit_bytes, .arena = arena};
    enum dom_text_outcome outcome = value_write(&writer, value);
    if (outcome == DOM_TEXT_DONE)
        *ret_text = arena_copy(arena, buf_str(&writer.out));
    else
        *ret_twice = writer.twice;
    buf_deinit(&writer.out);
    return outcome;
}
