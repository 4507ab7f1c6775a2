/* Examples for the tests of core/event: the JSON of any list of fields, made from the list itself,
 * so that a type that is added to the catalogue is tested without a line here. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/event.h"

#define IDENTITY_NUMBER "11010519491231002X" /* the example of GB 11643 */

/* Which fields an example leaves out. */
struct example {
    bool required_only;
    const char *without; /* a field at the top, or NULL */
    const char *odd;     /* a field at the top that is given `odd_value` instead, or NULL */
    const char *odd_value;
    bool unsealed; /* without sealed fields */
};

static inline void example_struct(const struct fields *fields, const struct example *example,
                                  bool patch, struct buf *out);

static inline const char *example_text(const struct field *field) {
    static const struct {
        const char *name, *text;
    } special[] = {
        {"number", IDENTITY_NUMBER},
        {"credit_code", "91350100M000100Y43"},
        {"longitude", "105.7249"},
    };
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (strcmp(field->name, special[i].name) == 0 &&
            (field != &qualification_recorded_fields.list[qualification_recorded__number] &&
             field != &certificate_issued_fields.list[certificate_issued__number]))
            return special[i].text; /* a certificate's own number is none of a person's */
    return field->size_limit < 24 ? "短" : "麦积 \"北道\"\n";
}

static inline void example_list(const struct field *field, struct buf *out) {
    const struct example whole = {0};
    buf_put_byte(out, '[');
    for (int i = 0; i < 3; i++) {
        buf_json_item(out);
        if (field->kind == FIELD_LIST)
            buf_json_string(out, str_from("甲乙"));
        else
            example_struct(field->fields, &whole, false, out);
    }
    buf_put_byte(out, ']');
}

static inline void example_value(const struct field *field, bool patch, struct buf *out) {
    const struct example whole = {0};
    switch (field->kind) {
    case FIELD_ID:
        buf_printf(out, "\"%s\"", field->noun == NOUN_REGION ? "620502001000" : "tszyz:a-1_2./x");
        break;
    case FIELD_TEXT:
        buf_json_string(out, str_from(example_text(field)));
        break;
    case FIELD_CODE:
        buf_json_string(
            out,
            str_from(dictionary_info((enum DICTIONARY_choice)field->dictionary)->entries[0].code));
        break;
    case FIELD_INTEGER:
        buf_json_integer(out,
                         field->range.least > 0 ? field->range.least : field->range.least / 2 + 1);
        break;
    case FIELD_BOOLEAN:
        buf_printf(out, "true");
        break;
    case FIELD_SCALAR:
        buf_printf(out, strcmp(field->name, "value") == 0 ? "-12" : "\"2018\"");
        break;
    case FIELD_TIME:
        buf_printf(out, strcmp(field->name, "ends") == 0 ? "\"2018-08-23T11:30:00.25+08:00\""
                                                         : "\"2018-08-23T09:00:00+08:00\"");
        break;
    case FIELD_DATE:
        buf_printf(out, "\"2018-02-28\"");
        break;
    case FIELD_MONTH:
        buf_printf(out, "\"1949-12\"");
        break;
    case FIELD_CHOICE:
        /* The first kind of subject is a region, which is no unit but may be a city. */
        buf_json_string(out, str_from(field->choices == &CIVILISED_TITLE_choices
                                          ? "city"
                                          : field->choices->words[0]));
        break;
    case FIELD_OBJECT:
        example_struct(field->fields, &whole, patch, out);
        break;
    case FIELD_CHANGES:
        example_struct(field->fields, &whole, true, out);
        break;
    case FIELD_OBJECTS:
    case FIELD_LIST:
        example_list(field, out);
        break;
    case FIELD_QUANTITIES:
        buf_printf(out, "{\"垃圾袋\":-2,\"树\":12}");
        break;
    case FIELD_JSON:
        buf_printf(out, "{\"a\":[1,2.5,null,{\"x\":true}],\"b\":\"\\u0001\"}");
        break;
    }
}

static inline void example_struct(const struct fields *fields, const struct example *example,
                                  bool patch, struct buf *out) {
    buf_put_byte(out, '{');
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        bool left_out = (example->without && strcmp(example->without, field->name) == 0) ||
                        (example->required_only && !(field->flags & REQUIRED)) ||
                        (example->unsealed && (field->flags & SEALED)) ||
                        (patch && (field->flags & FIXED));
        if (left_out)
            continue;
        buf_json_key(out, field->name);
        if (example->odd && strcmp(example->odd, field->name) == 0)
            buf_put_str(out, str_from(example->odd_value));
        else
            example_value(field, patch, out);
    }
    buf_put_byte(out, '}');
}

/* A whole event of the type. */
static inline void example_event(const struct event_type *type, const struct example *example,
                                 struct buf *out) {
    buf_printf(out,
               "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"tszyz\",\"type\":\"%s\","
               "\"time\":\"2018-08-23T12:00:00+08:00\",\"data\":",
               type->name);
    example_struct(type->fields, example, false, out);
    buf_put_byte(out, '}');
}

static const struct digest_key example_key = {{1, 2, 3}};

/* What one test reads with. */
struct bench {
    struct dom_parser *parser;
    struct arena arena;
    struct buf out;
    struct problem problem;
    struct event event;
};

static inline int bench_setup(void **state) {
    static struct bench bench;
    bench = (struct bench){.parser = dom_parser_new()};
    arena_init(&bench.arena);
    *state = &bench;
    return 0;
}

static inline int bench_teardown(void **state) {
    struct bench *bench = *state;
    dom_parser_free(bench->parser);
    arena_deinit(&bench->arena);
    buf_deinit(&bench->out);
    return 0;
}

static inline struct dom_value bench_parse(struct bench *bench, struct str text) {
    const char *message = "";
    struct dom_value value = {0};
    size_t offset = 0;
    int outcome = dom_parse(bench->parser, text, &value, &message, &offset);
    if (outcome)
        fail_msg("%s: %.*s", message, STR_ARG(text));
    return value;
}

/* Reads the event in `text` and forgets the one before. */
static inline int bench_event(struct bench *bench, struct str text) {
    arena_reset(&bench->arena);
    bench->problem = (struct problem){0};
    return event_from_json(bench_parse(bench, text), &example_key, &bench->arena, &bench->event,
                           &bench->problem);
}

static inline void assert_problem(const struct problem *problem, const char *code,
                                  const char *field) {
    char text[48];
    assert_string_equal(problem_code_text(problem, text), code);
    assert_string_equal(problem->field, field);
    assert_true(strlen(problem->message) > 10);
}

static inline void assert_text(const struct buf *out, const char *expected) {
    assert_int_equal(out->size, strlen(expected));
    assert_memory_equal(out->data, expected, out->size);
}
