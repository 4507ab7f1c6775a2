/* JSON -> struct: one reader per kind of field. A value's place is a chain of slots on the stack,
 * written out as a path only for a complaint. What stands in sealed fields is never repeated in
 * one. */
#include "event/codec.h"
#include "event/dom_text.h"
#include "util/calendar.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct reader {
    struct arena *arena;
    struct problem *problem;
};

struct slot {
    const struct slot *up; /* NULL: the root, whose name is a path */
    struct str name;       /* none: item `index` of a list */
    size_t index;
    const struct field *field;
    void *member;
    enum completeness around; /* of the struct it stands in */
};

static int struct_read(struct reader *reader, const struct fields *fields, struct dom_value value,
                       const struct slot *slot, enum completeness completeness, void *data);

/* ---- complaints ---- */

static void slot_path(const struct slot *slot, struct buf *out) {
    if (slot->up)
        slot_path(slot->up, out);
    if (!slot->name.data)
        buf_printf(out, "[%zu]", slot->index);
    else
        buf_printf(out, "%s%.*s", slot->up ? "." : "",
                   (int)(slot->name.size < 64 ? slot->name.size : 64), slot->name.data);
}

static int complain(const struct reader *reader, const struct slot *slot, enum problem_code code,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
static int complain(const struct reader *reader, const struct slot *slot, enum problem_code code,
                    const char *format, ...) {
    __attribute__((cleanup(buf_deinit))) struct buf path = {0};
    char message[sizeof reader->problem->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    slot_path(slot, &path);
    buf_put_byte(&path, '\0');
    return problem_set(reader->problem, code, path.data, "%s", message);
}

static const char *type_word(struct dom_value value) {
    static const char *const words[] = {
        [DOM_NULL] = "null",        [DOM_BOOLEAN] = "true or false",
        [DOM_INTEGER] = "a number", [DOM_NUMBER] = "a number with a fraction",
        [DOM_STRING] = "a text",    [DOM_ARRAY] = "a list",
        [DOM_OBJECT] = "an object",
    };
    return words[dom_type(value)];
}

static int complain_type(const struct reader *reader, const struct slot *slot,
                         struct dom_value value, const char *wanted) {
    if (dom_type(value) == DOM_NULL)
        return complain(reader, slot, PROBLEM_WRONG_TYPE,
                        "write %s here, or leave the field out; null stands only in changes",
                        wanted);
    return complain(reader, slot, PROBLEM_WRONG_TYPE, "write %s here; this is %s", wanted,
                    type_word(value));
}

/* ---- texts ---- */

static int text_read(struct reader *reader, const struct slot *slot, struct dom_value value,
                     size_t limit, struct str *ret_text) {
    if (dom_type(value) != DOM_STRING)
        return complain_type(reader, slot, value, "a text in quotes");
    struct str text = dom_string(value);
    if (text.size > limit)
        return complain(reader, slot, PROBLEM_TOO_LONG,
                        "shorten this to at most %zu bytes of UTF-8; it has %zu", limit, text.size);
    if (str_holds_zero(text))
        return complain(reader, slot, PROBLEM_WRONG_TYPE, WITHOUT_ZERO);
    *ret_text = arena_copy(reader->arena, text);
    return 0;
}

static int required_text_read(struct reader *reader, const struct slot *slot,
                              struct dom_value value, size_t limit) {
    struct str *text = slot->member;
    int outcome = text_read(reader, slot, value, limit, text);
    if (outcome == 0 && text->size == 0 && (slot->field->flags & REQUIRED))
        return complain(reader, slot, PROBLEM_MISSING_FIELD, "%s (%s) is required; it is empty",
                        slot->field->name, slot->field->label);
    return outcome;
}

static int read_text(struct reader *reader, const struct slot *slot, struct dom_value value) {
    return required_text_read(reader, slot, value, slot->field->size_limit);
}

static int read_code(struct reader *reader, const struct slot *slot, struct dom_value value) {
    return required_text_read(reader, slot, value, CODE_LIMIT);
}

static bool is_region_code(struct str id) {
    if (id.size != 12)
        return false;
    for (size_t i = 0; i < id.size; i++)
        if (id.data[i] < '0' || id.data[i] > '9')
            return false;
    return true;
}

static int read_id(struct reader *reader, const struct slot *slot, struct dom_value value) {
    struct str *id = slot->member;
    int outcome = text_read(reader, slot, value, EVENT_ID_LIMIT, id);
    if (outcome)
        return outcome;
    if (slot->field->noun == NOUN_REGION)
        return is_region_code(*id)
                   ? 0
                   : complain(reader, slot, PROBLEM_WRONG_TYPE,
                              "a division is named by its code of 12 digits, such as "
                              "620502001000");
    if (!identifier_is_valid(*id))
        return complain(reader, slot, PROBLEM_WRONG_TYPE,
                        "an identifier has 1 to %d letters, digits or - _ . : / and nothing else",
                        EVENT_ID_LIMIT);
    if (identifier_is_personal(*id))
        return complain(reader, slot, PROBLEM_IDENTITY_IN_IDENTIFIER,
                        "this looks like an identity or mobile number; use an identifier of your "
                        "own system instead and send numbers only in data.identity");
    return 0;
}

/* ---- numbers, truth, words ---- */

static int integer_read(struct reader *reader, const struct slot *slot, struct dom_value value,
                        struct range range, int64_t *ret_value) {
    enum dom_type type = dom_type(value);
    /* What does not fit 64 bits arrives as a floating number. */
    bool huge = type == DOM_NUMBER && (dom_number(value) >= 9.2e18 || dom_number(value) <= -9.2e18);
    if (type != DOM_INTEGER && !huge)
        return complain_type(reader, slot, value, "a whole number without quotes");
    if (huge || dom_integer(value) < range.least || dom_integer(value) > range.most)
        return complain(reader, slot, PROBLEM_OUT_OF_RANGE,
                        "write a whole number from %lld to %lld", (long long)range.least,
                        (long long)range.most);
    *ret_value = dom_integer(value);
    return 0;
}

static int read_integer(struct reader *reader, const struct slot *slot, struct dom_value value) {
    return integer_read(reader, slot, value, slot->field->range, slot->member);
}

static int read_boolean(struct reader *reader, const struct slot *slot, struct dom_value value) {
    if (dom_type(value) != DOM_BOOLEAN)
        return complain_type(reader, slot, value, "true or false without quotes");
    *(bool *)slot->member = dom_boolean(value);
    return 0;
}

static int read_scalar(struct reader *reader, const struct slot *slot, struct dom_value value) {
    struct scalar *scalar = slot->member;
    switch (dom_type(value)) {
    case DOM_INTEGER:
        scalar->integer = dom_integer(value);
        return 0;
    case DOM_BOOLEAN:
        scalar->kind = SCALAR_BOOLEAN;
        scalar->integer = dom_boolean(value);
        return 0;
    case DOM_STRING:
        scalar->kind = SCALAR_TEXT;
        return text_read(reader, slot, value, SHORT_TEXT_LIMIT, &scalar->text);
    default:
        return complain_type(reader, slot, value, "a whole number, true, false or a text");
    }
}

static void words_put(const struct choices *choices, struct buf *out) {
    for (size_t i = 0; i < choices->n; i++)
        buf_printf(out, "%s%s", i ? ", " : "", choices->words[i]);
    buf_put_byte(out, '\0');
}

static int read_choice(struct reader *reader, const struct slot *slot, struct dom_value value) {
    const struct choices *choices = slot->field->choices;
    __attribute__((cleanup(buf_deinit))) struct buf words = {0};
    if (dom_type(value) != DOM_STRING)
        return complain_type(reader, slot, value, "one of the catalogue's words in quotes");
    struct str word = dom_string(value);
    for (size_t i = 0; i < choices->n; i++)
        if (name_is(choices->words[i], word)) {
            *(int32_t *)slot->member = (int32_t)i;
            return 0;
        }
    words_put(choices, &words);
    return complain(reader, slot, PROBLEM_NOT_IN_DICTIONARY, "write one of: %s", words.data);
}

/* ---- times ---- */

static int complain_time(const struct reader *reader, const struct slot *slot,
                         struct dom_value value, const char *form) {
    if (dom_type(value) != DOM_STRING)
        return complain_type(reader, slot, value, form);
    return complain(reader, slot, PROBLEM_BAD_TIME, "write %s that exists", form);
}

static int read_time(struct reader *reader, const struct slot *slot, struct dom_value value) {
    struct moment *moment = slot->member;
    if (dom_type(value) != DOM_STRING ||
        time_parse(dom_string(value), &moment->us, &moment->offset_minutes))
        return complain_time(reader, slot, value,
                             "a time with its offset, such as \"2018-08-23T09:00:00+08:00\",");
    return 0;
}

static int read_date(struct reader *reader, const struct slot *slot, struct dom_value value) {
    if (dom_type(value) != DOM_STRING || date_parse(dom_string(value), slot->member))
        return complain_time(reader, slot, value, "a date, such as \"2018-08-23\",");
    return 0;
}

static int read_month(struct reader *reader, const struct slot *slot, struct dom_value value) {
    if (dom_type(value) != DOM_STRING || month_parse(dom_string(value), slot->member))
        return complain_time(reader, slot, value, "a month, such as \"1985-07\",");
    return 0;
}

/* ---- what holds others ---- */

static int read_object(struct reader *reader, const struct slot *slot, struct dom_value value) {
    return struct_read(reader, slot->field->fields, value, slot,
                       completeness_within(slot->field, slot->around), slot->member);
}

static int read_changes(struct reader *reader, const struct slot *slot, struct dom_value value) {
    int outcome =
        struct_read(reader, slot->field->fields, value, slot, PATCH_PARTIAL, slot->member);
    const struct data *changes = slot->member;
    if (outcome == 0 && !(changes->present | changes->removed))
        return complain(reader, slot, PROBLEM_MISSING_FIELD,
                        "name at least one field that changes, with its new value or null");
    return outcome;
}

static int list_begin(struct reader *reader, const struct slot *slot, struct dom_value value,
                      size_t limit, size_t item_size) {
    struct list *list = slot->member;
    if (dom_type(value) != DOM_ARRAY)
        return complain_type(reader, slot, value, "a list in square brackets");
    list->n = dom_count(value);
    if (list->n > limit)
        return complain(reader, slot, PROBLEM_TOO_LONG,
                        "a list holds at most %zu items; this one has %zu", limit, list->n);
    list->items = arena_alloc(reader->arena, list->n * item_size);
    return 0;
}

static int read_objects(struct reader *reader, const struct slot *slot, struct dom_value value) {
    const struct fields *fields = slot->field->fields;
    struct list *list = slot->member;
    struct dom_value item_value;
    int outcome = list_begin(reader, slot, value, OBJECTS_LIMIT, fields->struct_size);
    if (outcome)
        return outcome;
    struct dom_iterator items = dom_items(value);
    struct slot item = {.up = slot};
    for (; outcome == 0 && dom_next_item(&items, &item_value); item.index++)
        outcome = struct_read(reader, fields, item_value, &item, COMPLETE,
                              (char *)list->items + item.index * fields->struct_size);
    return outcome;
}

static int read_list(struct reader *reader, const struct slot *slot, struct dom_value value) {
    struct list *list = slot->member;
    struct dom_value item_value;
    int outcome = list_begin(reader, slot, value, LIST_LIMIT, sizeof(struct str));
    if (outcome)
        return outcome;
    struct dom_iterator items = dom_items(value);
    struct slot item = {.up = slot};
    for (; outcome == 0 && dom_next_item(&items, &item_value); item.index++)
        outcome = text_read(reader, &item, item_value, slot->field->size_limit,
                            &((struct str *)list->items)[item.index]);
    return outcome;
}

static int quantity_compare(const void *a, const void *b) {
    return str_compare(((const struct quantity *)a)->name, ((const struct quantity *)b)->name);
}

/* By name, so that the order in which they were sent makes no other event. */
static int quantities_sort(const struct reader *reader, const struct slot *slot) {
    const struct list *list = slot->member;
    struct quantity *quantities = list->items;
    qsort(quantities, list->n, sizeof *quantities, quantity_compare);
    for (size_t i = 1; i < list->n; i++)
        if (str_equal(quantities[i - 1].name, quantities[i].name))
            return complain(reader, slot, PROBLEM_MALFORMED_JSON,
                            "the member \"%.*s\" stands twice; keep one",
                            STR_ARG(quantities[i].name));
    return 0;
}

static int read_quantities(struct reader *reader, const struct slot *slot, struct dom_value value) {
    const struct range any = {INT64_MIN, INT64_MAX};
    struct list *list = slot->member;
    struct dom_value amount;
    struct str name;
    if (dom_type(value) != DOM_OBJECT)
        return complain_type(reader, slot, value, "an object of names and whole numbers");
    list->n = dom_count(value);
    if (list->n > QUANTITIES_LIMIT)
        return complain(reader, slot, PROBLEM_TOO_LONG, "at most %d quantities fit; here are %zu",
                        QUANTITIES_LIMIT, list->n);
    struct quantity *quantity = arena_alloc(reader->arena, list->n * sizeof *quantity);
    list->items = quantity;
    struct dom_iterator members = dom_members(value);
    for (; dom_next_member(&members, &name, &amount); quantity++) {
        const struct slot item = {.up = slot, .name = name};
        if (name.size == 0 || name.size > CODE_LIMIT)
            return complain(reader, slot, PROBLEM_TOO_LONG, "a quantity's name has 1 to %d bytes",
                            CODE_LIMIT);
        if (str_holds_zero(name))
            return complain(reader, slot, PROBLEM_WRONG_TYPE, WITHOUT_ZERO);
        quantity->name = arena_copy(reader->arena, name);
        int outcome = integer_read(reader, &item, amount, any, &quantity->amount);
        if (outcome)
            return outcome;
    }
    return list->n > 1 ? quantities_sort(reader, slot) : 0;
}

static int read_json(struct reader *reader, const struct slot *slot, struct dom_value value) {
    struct str twice = STR_NONE;
    if (dom_type(value) != DOM_OBJECT)
        return complain_type(reader, slot, value, "an object");
    switch (dom_text(value, slot->field->size_limit, reader->arena, slot->member, &twice)) {
    case DOM_TEXT_DONE:
        return 0;
    case DOM_TEXT_DUPLICATE:
        return complain(reader, slot, PROBLEM_MALFORMED_JSON,
                        "the member \"%.*s\" stands twice in one object; keep one",
                        (int)(twice.size < 64 ? twice.size : 64), twice.data);
    case DOM_TEXT_ZERO:
        return complain(reader, slot, PROBLEM_WRONG_TYPE, WITHOUT_ZERO);
    default:
        return complain(reader, slot, PROBLEM_TOO_LONG,
                        "shorten this object to at most %zu bytes of JSON",
                        slot->field->size_limit);
    }
}

static int (*const readers[])(struct reader *reader, const struct slot *slot,
                              struct dom_value value) = {
    [FIELD_ID] = read_id,           [FIELD_TEXT] = read_text,
    [FIELD_CODE] = read_code,       [FIELD_INTEGER] = read_integer,
    [FIELD_BOOLEAN] = read_boolean, [FIELD_SCALAR] = read_scalar,
    [FIELD_TIME] = read_time,       [FIELD_DATE] = read_date,
    [FIELD_MONTH] = read_month,     [FIELD_CHOICE] = read_choice,
    [FIELD_OBJECT] = read_object,   [FIELD_OBJECTS] = read_objects,
    [FIELD_LIST] = read_list,       [FIELD_QUANTITIES] = read_quantities,
    [FIELD_CHANGES] = read_changes, [FIELD_JSON] = read_json,
};

/* ---- structs ---- */

static int complain_unknown(const struct reader *reader, const struct slot *slot,
                            const struct fields *fields) {
    const char *names[64];
    __attribute__((cleanup(buf_deinit))) struct buf all = {0};
    for (size_t i = 0; i < fields->n; i++) {
        names[i] = fields->list[i].name;
        buf_printf(&all, "%s%s", i ? ", " : "", names[i]);
    }
    buf_put_byte(&all, '\0');
    const char *nearest = str_nearest(slot->name, names, fields->n);
    if (nearest)
        return complain(reader, slot, PROBLEM_UNKNOWN_FIELD,
                        "there is no such field here; did you mean \"%s\"?", nearest);
    return complain(reader, slot, PROBLEM_UNKNOWN_FIELD,
                    "there is no such field here; what is your own belongs in data.ext, and the "
                    "fields are: %s",
                    all.data);
}

/* The field of that name: mostly the one behind the last, since many write in the catalogue's
 * order. */
static size_t field_next(const struct fields *fields, size_t expected, struct str name) {
    for (size_t i = expected; i < fields->n; i++)
        if (name_is(fields->list[i].name, name))
            return i;
    return fields_find(fields, name);
}

static int null_read(const struct reader *reader, const struct slot *slot, size_t index,
                     struct data *head) {
    if (slot->field->flags & REQUIRED)
        return complain(reader, slot, PROBLEM_MISSING_FIELD,
                        "%s (%s) is required and cannot be removed; give its new value",
                        slot->field->name, slot->field->label);
    head->removed |= bit(index);
    return 0;
}

static int member_read(struct reader *reader, const struct slot *slot, struct dom_value value,
                       size_t index, struct data *head) {
    if ((head->present | head->removed) & bit(index))
        return complain(reader, slot, PROBLEM_MALFORMED_JSON,
                        "the member \"%s\" stands twice; keep one", slot->field->name);
    if (slot->around != COMPLETE && (slot->field->flags & FIXED))
        return complain(reader, slot, PROBLEM_NOT_ALLOWED,
                        "%s (%s) is never changed in this way; leave it out", slot->field->name,
                        slot->field->label);
    if (slot->around != COMPLETE && dom_type(value) == DOM_NULL)
        return null_read(reader, slot, index, head);
    head->present |= bit(index);
    return readers[slot->field->kind](reader, slot, value);
}

static int required_check(const struct reader *reader, const struct fields *fields,
                          const struct slot *slot, const struct data *head) {
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        if (!(field->flags & REQUIRED) || (head->present & bit(i)))
            continue;
        const struct slot missing = {.up = slot, .name = str_from(field->name)};
        return complain(reader, &missing, PROBLEM_MISSING_FIELD, "add %s (%s): it is required",
                        field->name, field->label);
    }
    return 0;
}

static int struct_read(struct reader *reader, const struct fields *fields, struct dom_value value,
                       const struct slot *slot, enum completeness completeness, void *data) {
    struct data *head = data;
    struct slot member = {.up = slot, .around = completeness};
    struct dom_value member_value;
    size_t expected = 0;
    if (dom_type(value) != DOM_OBJECT)
        return complain_type(reader, slot, value, "an object in curly brackets");
    struct dom_iterator members = dom_members(value);
    while (dom_next_member(&members, &member.name, &member_value)) {
        size_t index = field_next(fields, expected, member.name);
        if (index == NOT_FOUND_FIELD)
            return complain_unknown(reader, &member, fields);
        member.field = &fields->list[index];
        member.member = field_member(member.field, data);
        int outcome = member_read(reader, &member, member_value, index, head);
        if (outcome)
            return outcome;
        expected = index + 1;
    }
    return completeness == PATCH_PARTIAL ? 0 : required_check(reader, fields, slot, head);
}

int fields_from_json(const struct fields *fields, struct dom_value value, const char *path,
                     struct arena *arena, void *ret_data, struct problem *problem) {
    struct reader reader = {arena, problem};
    const struct slot root = {.name = str_from(path)};
    memset(ret_data, 0, fields->struct_size);
    return struct_read(&reader, fields, value, &root, COMPLETE, ret_data);
}
