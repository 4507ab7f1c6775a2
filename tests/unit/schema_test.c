#include "event_example.h"

#include "event/schema.h"

static struct dom_value member(struct dom_value object, const char *name) {
    struct dom_iterator members = dom_members(object);
    struct dom_value value;
    struct str found;
    while (dom_next_member(&members, &found, &value))
        if (str_equal(found, str_from(name)))
            return value;
    fail_msg("no member %s", name);
    return object;
}

static bool holds(struct dom_value array, const char *text) {
    struct dom_iterator items = dom_items(array);
    struct dom_value item;
    while (dom_next_item(&items, &item))
        if (str_equal(dom_string(item), str_from(text)))
            return true;
    return false;
}

static void catalogue_holds_every_type(void **state) {
    struct bench *bench = *state;
    schema_of_catalogue(&bench->out);
    struct dom_value document = bench_parse(bench, buf_str(&bench->out));
    assert_true(str_equal(dom_string(member(document, "$schema")),
                          STR("https://json-schema.org/draft/2020-12/schema")));
    assert_int_equal(dom_count(member(document, "$defs")), catalogue_count());
    assert_int_equal(dom_count(member(document, "oneOf")), catalogue_count());
}

static void every_field_is_described(void **state) {
    struct bench *bench = *state;
    for (size_t i = 0; i < catalogue_count(); i++) {
        const struct event_type *type = catalogue_at(i);
        buf_reset(&bench->out);
        schema_of_type(type, &bench->out);
        struct dom_value document = bench_parse(bench, buf_str(&bench->out));
        struct dom_value properties = member(document, "properties");
        assert_true(str_equal(dom_string(member(member(properties, "type"), "const")),
                              str_from(type->name)));
        struct dom_value data = member(properties, "data");
        assert_int_equal(dom_type(member(data, "additionalProperties")), DOM_BOOLEAN);
        for (size_t j = 0; j < type->fields->n; j++) {
            const struct field *field = &type->fields->list[j];
            struct dom_value property = member(member(data, "properties"), field->name);
            assert_true(str_equal(dom_string(member(property, "title")), str_from(field->label)));
            assert_int_equal(holds(member(data, "required"), field->name),
                             (field->flags & REQUIRED) != 0);
        }
    }
}

static void limits_and_words_stand_in_it(void **state) {
    struct bench *bench = *state;
    schema_of_type(catalogue_find(STR("activity.published")), &bench->out);
    struct dom_value document = bench_parse(bench, buf_str(&bench->out));
    struct dom_value fields = member(member(member(document, "properties"), "data"), "properties");
    assert_int_equal(dom_integer(member(member(fields, "title"), "x-max-bytes")), 256);
    assert_int_equal(dom_integer(member(member(fields, "places"), "maximum")), 1000000);
    assert_true(holds(member(member(fields, "kind"), "enum"), "performance"));
    assert_true(holds(member(member(fields, "category"), "enum"), "lei_feng"));
    assert_true(
        str_equal(dom_string(member(member(fields, "region"), "pattern")), STR("^[0-9]{12}$")));
    assert_true(dom_boolean(member(member(fields, "contact"), "writeOnly")));
}

static void changes_have_neither_requirements_nor_identifiers(void **state) {
    struct bench *bench = *state;
    schema_of_type(catalogue_find(STR("activity.changed")), &bench->out);
    struct dom_value document = bench_parse(bench, buf_str(&bench->out));
    struct dom_value changes =
        member(member(member(member(document, "properties"), "data"), "properties"), "changes");
    struct dom_iterator members = dom_members(changes);
    struct dom_value value;
    struct str name;
    while (dom_next_member(&members, &name, &value))
        assert_false(str_equal(name, STR("required")));
    struct dom_value properties = member(changes, "properties");
    /* Two fields of the list are FIXED: its id, and whom it is a visit to. */
    assert_int_equal(dom_count(properties), activity_published_fields.n - 2);
    assert_int_equal(dom_count(member(member(properties, "team"), "anyOf")), 2);
    assert_int_equal(dom_type(member(member(properties, "title"), "type")), DOM_STRING);
}

static void asyncapi_names_the_three_sockets(void **state) {
    struct bench *bench = *state;
    schema_asyncapi(&bench->out);
    struct dom_value document = bench_parse(bench, buf_str(&bench->out));
    assert_true(str_equal(dom_string(member(document, "asyncapi")), STR("3.0.0")));
    struct dom_value channels = member(document, "channels");
    assert_int_equal(dom_count(channels), 3);
    assert_int_equal(dom_count(member(member(channels, "feed"), "messages")),
                     catalogue_count() + 1);
    struct dom_value messages = member(member(document, "components"), "messages");
    assert_int_equal(dom_count(messages), catalogue_count() + 4);
    member(member(member(channels, "ingest"), "messages"), "service.recorded");
    struct dom_value result =
        member(member(member(member(member(messages, "acknowledgement"), "payload"), "properties"),
                      "results"),
               "items");
    struct dom_value codes = member(member(member(result, "properties"), "code"), "enum");
    assert_true(holds(codes, "unknown_volunteer"));
    assert_true(holds(codes, "too_large"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(catalogue_holds_every_type),
        TEST(every_field_is_described),
        TEST(limits_and_words_stand_in_it),
        TEST(changes_have_neither_requirements_nor_identifiers),
        TEST(asyncapi_names_the_three_sockets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
