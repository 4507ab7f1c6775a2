#include "event_example.h"

#include <stdio.h>

#define ALL_TYPES(type)                                                                            \
    for (size_t type##_i = 0; type##_i < catalogue_count(); type##_i++)                            \
        for (const struct event_type *type = catalogue_at(type##_i); type; type = NULL)

/* JSON of one list of fields -> struct, in fresh memory. */
static int read(struct bench *bench, const struct fields *fields, struct str text,
                void **ret_data) {
    arena_reset(&bench->arena);
    bench->problem = (struct problem){0};
    *ret_data = arena_alloc(&bench->arena, fields->struct_size);
    return fields_from_json(fields, bench_parse(bench, text), "data", &bench->arena, *ret_data,
                            &bench->problem);
}

static void *read_good(struct bench *bench, const struct fields *fields, const char *text) {
    void *data;
    if (read(bench, fields, str_from(text), &data))
        fail_msg("%s: %s", bench->problem.field, bench->problem.message);
    return data;
}

static void refused(struct bench *bench, const struct fields *fields, const char *text,
                    const char *code, const char *field) {
    void *data;
    assert_int_equal(read(bench, fields, str_from(text), &data), 1);
    assert_problem(&bench->problem, code, field);
}

/* The example of a list with one field given as `value`, expecting a problem there. */
static void refused_value(struct bench *bench, const struct fields *fields, const char *field,
                          const char *value, const char *code) {
    const struct example example = {.odd = field, .odd_value = value};
    char path[96];
    snprintf(path, sizeof path, "data.%s", field);
    buf_reset(&bench->out);
    example_struct(fields, &example, false, &bench->out);
    buf_put_byte(&bench->out, '\0');
    refused(bench, fields, bench->out.data, code, path);
}

/* ---- round trips ---- */

static void round_trip(struct bench *bench, const struct fields *fields,
                       const struct example *example) {
    __attribute__((cleanup(buf_deinit))) struct buf text = {0}, bytes = {0}, again = {0};
    void *data;
    buf_reset(&bench->out);
    example_struct(fields, example, false, &bench->out);
    if (read(bench, fields, buf_str(&bench->out), &data))
        fail_msg("%s %s: %s", fields->name, bench->problem.field, bench->problem.message);
    fields_to_json(fields, data, &text);
    fields_encode(fields, data, &bytes);
    void *decoded = arena_alloc(&bench->arena, fields->struct_size);
    struct cursor in = cursor_from(buf_str(&bytes));
    assert_int_equal(fields_decode(fields, &in, &bench->arena, decoded), 0);
    assert_int_equal(cursor_left(&in), 0);
    fields_to_json(fields, decoded, &again);
    assert_true(str_equal(buf_str(&text), buf_str(&again)));
    /* The examples are written as the daemon writes. */
    assert_true(str_equal(buf_str(&text), buf_str(&bench->out)));
}

static void every_list_survives_json_and_bytes(void **state) {
    static const struct example whole = {0}, least = {.required_only = true};
    ALL_TYPES(type) {
        round_trip(*state, type->fields, &whole);
        round_trip(*state, type->fields, &least);
    }
    round_trip(*state, &place_fields, &whole);
}

static void times_keep_offset_and_fraction(void **state) {
    static const char *const times[] = {
        "1969-12-31T23:59:59.999999Z", "1950-01-01T00:00:00.5-03:30", "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",        "2018-08-23T09:00:00+08:00",   "1970-01-01T00:00:00Z",
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        const struct example example = {.odd = "starts", .odd_value = NULL};
        struct example changed = example;
        char quoted[64];
        snprintf(quoted, sizeof quoted, "\"%s\"", times[i]);
        changed.odd_value = quoted;
        round_trip(bench, &shift_fields, &changed);
    }
}

/* ---- problems ---- */

static void whatever_is_required_is_missed(void **state) {
    struct bench *bench = *state;
    ALL_TYPES(type) for (size_t i = 0; i < type->fields->n; i++) {
        const struct field *field = &type->fields->list[i];
        const struct example example = {.without = field->name};
        char path[96];
        void *data;
        snprintf(path, sizeof path, "data.%s", field->name);
        buf_reset(&bench->out);
        example_struct(type->fields, &example, false, &bench->out);
        int outcome = read(bench, type->fields, buf_str(&bench->out), &data);
        assert_int_equal(outcome, (field->flags & REQUIRED) != 0);
        if (outcome)
            assert_problem(&bench->problem, "missing_field", path);
    }
}

static void every_field_knows_its_json_type(void **state) {
    ALL_TYPES(type) for (size_t i = 0; i < type->fields->n; i++) {
        const struct field *field = &type->fields->list[i];
        bool is_list = field->kind == FIELD_LIST || field->kind == FIELD_OBJECTS;
        refused_value(*state, type->fields, field->name, is_list ? "{}" : "[]", "wrong_type");
        refused_value(*state, type->fields, field->name, "null", "wrong_type");
        if (field->kind != FIELD_SCALAR)
            refused_value(*state, type->fields, field->name, "1.5", "wrong_type");
    }
}

static void unknown_fields_get_the_nearest_name(void **state) {
    struct bench *bench = *state;
    refused(bench, &service_recorded_fields, "{\"minuts\":5}", "unknown_field", "data.minuts");
    assert_non_null(strstr(bench->problem.message, "\"minutes\""));
    refused(bench, &service_recorded_fields, "{\"favourite_colour\":5}", "unknown_field",
            "data.favourite_colour");
    assert_non_null(strstr(bench->problem.message, "record, volunteer"));
    refused(bench, &activity_published_fields, "{\"place\":{\"txt\":1}}", "unknown_field",
            "data.place.txt");
    refused(bench, &activity_published_fields, "{\"\":1}", "unknown_field", "data.");
}

static void a_member_that_stands_twice_is_refused(void **state) {
    struct bench *bench = *state;
    refused(bench, &service_recorded_fields, "{\"record\":\"a\",\"record\":\"a\"}",
            "malformed_json", "data.record");
    assert_non_null(strstr(bench->problem.message, "\"record\""));
    refused(bench, &activity_published_fields, "{\"place\":{\"text\":\"a\",\"text\":\"b\"}}",
            "malformed_json", "data.place.text");
    refused(bench, &service_recorded_fields, "{\"quantities\":{\"a\":1,\"b\":2,\"a\":1}}",
            "malformed_json", "data.quantities");
    refused(bench, &service_recorded_fields, "{\"ext\":{\"x\":[{\"a\":1,\"b\":2,\"a\":1}]}}",
            "malformed_json", "data.ext");
    refused(bench, &activity_changed_fields, "{\"changes\":{\"team\":null,\"team\":\"t\"}}",
            "malformed_json", "data.changes.team");
    refused(bench, &activity_published_fields,
            "{\"shifts\":[{\"shift\":\"s\",\"starts\":\"2018-08-23T09:00:00+08:00\",\"ends\":"
            "\"2018-08-23T09:00:00+08:00\",\"places\":1},{\"shift\":\"s\",\"shift\":\"s\"}]}",
            "malformed_json", "data.shifts[1].shift");
}

static void texts_hold_no_zero(void **state) {
    struct bench *bench = *state;
    refused(bench, &organisation_defined_fields, "{\"name\":\"a\\u0000b\"}", "wrong_type",
            "data.name");
    refused(bench, &service_recorded_fields, "{\"quantities\":{\"a\\u0000\":1}}", "wrong_type",
            "data.quantities");
    refused(bench, &service_recorded_fields, "{\"ext\":{\"x\":[{\"\\u0000\":1}]}}", "wrong_type",
            "data.ext");
    refused(bench, &service_recorded_fields, "{\"ext\":{\"x\":[\"\\u0000\"]}}", "wrong_type",
            "data.ext");
}

static void identifiers_are_checked(void **state) {
    struct bench *bench = *state;
    const struct fields *fields = &service_recorded_fields;
    refused_value(bench, fields, "record", "\"\"", "wrong_type");
    refused_value(bench, fields, "record", "\"a b\"", "wrong_type");
    refused_value(bench, fields, "record", "\"志愿者\"", "wrong_type");
    refused_value(bench, fields, "volunteer",
                  "\"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg\"",
                  "too_long");
    refused_value(bench, fields, "volunteer", "\"" IDENTITY_NUMBER "\"", "identity_in_identifier");
    refused_value(bench, fields, "volunteer", "\"tszyz:13812345678\"", "identity_in_identifier");
    refused_value(bench, &region_defined_fields, "region", "\"62050200100\"", "wrong_type");
    refused_value(bench, &region_defined_fields, "parent", "\"62050200100a\"", "wrong_type");
}

static void ranges_and_sizes_are_kept(void **state) {
    struct bench *bench = *state;
    __attribute__((cleanup(buf_deinit))) struct buf value = {0};
    refused_value(bench, &service_recorded_fields, "minutes", "0", "out_of_range");
    refused_value(bench, &service_recorded_fields, "minutes", "527041", "out_of_range");
    refused_value(bench, &service_recorded_fields, "minutes", "-1", "out_of_range");
    refused_value(bench, &service_recorded_fields, "minutes", "18446744073709551615",
                  "out_of_range");
    refused_value(bench, &service_recorded_fields, "minutes", "\"60\"", "wrong_type");
    refused_value(bench, &region_defined_fields, "name", "\"\"", "missing_field");
    buf_put_byte(&value, '"');
    for (int i = 0; i < 43; i++)
        buf_printf(&value, "水");
    buf_put(&value, "\"", 2);
    refused_value(bench, &region_defined_fields, "name", value.data, "too_long");
    assert_non_null(strstr(bench->problem.message, "128"));
}

/* n times the value: in a list, or as members q0, q1, ... of an object. */
static void repeat(struct buf *out, const char *value, int n, bool object) {
    buf_reset(out);
    buf_put_byte(out, object ? '{' : '[');
    for (int i = 0; i < n; i++) {
        buf_json_item(out);
        if (object)
            buf_printf(out, "\"q%d\":", i);
        buf_put_str(out, str_from(value));
    }
    buf_put(out, object ? "}" : "]", 2);
}

static void lists_have_an_end(void **state) {
    struct bench *bench = *state;
    __attribute__((cleanup(buf_deinit))) struct buf value = {0};
    repeat(&value, "\"s\"", 1001, false);
    refused_value(bench, &activity_published_fields, "domains", value.data, "too_long");
    repeat(&value, "{}", 10001, false);
    refused_value(bench, &activity_published_fields, "shifts", value.data, "too_long");
    repeat(&value, "1", 65, true);
    refused_value(bench, &service_recorded_fields, "quantities", value.data, "too_long");
    repeat(&value, "1", 1000, true);
    refused_value(bench, &service_recorded_fields, "ext", value.data, "too_long");
    repeat(&value, "[\"abc\",\"def\"]", 300, true);
    refused_value(bench, &service_recorded_fields, "ext", value.data, "too_long");
}

static void items_are_named_by_their_place(void **state) {
    struct bench *bench = *state;
    refused(bench, &activity_published_fields, "{\"domains\":[\"a\",5]}", "wrong_type",
            "data.domains[1]");
    refused(bench, &service_recorded_fields, "{\"quantities\":{\"树\":1.5}}", "wrong_type",
            "data.quantities.树");
    refused(bench, &service_recorded_fields, "{\"quantities\":{\"\":1}}", "too_long",
            "data.quantities");
    refused(bench, &activity_published_fields, "{\"shifts\":[{\"shift\":\"s\"}]}", "missing_field",
            "data.shifts[0].starts");
}

static void dates_and_times_exist(void **state) {
    struct bench *bench = *state;
    refused_value(bench, &service_recorded_fields, "starts", "\"2018-08-23T09:00:00\"", "bad_time");
    refused_value(bench, &service_recorded_fields, "starts", "\"2018-02-30T09:00:00Z\"",
                  "bad_time");
    refused_value(bench, &volunteer_withdrawn_fields, "on", "\"2018-02-30\"", "bad_time");
    refused_value(bench, &volunteer_withdrawn_fields, "on", "20180228", "wrong_type");
    refused_value(bench, &volunteer_registered_fields, "born", "\"1985-13\"", "bad_time");
}

static void words_come_from_the_catalogue(void **state) {
    struct bench *bench = *state;
    refused_value(bench, &service_recorded_fields, "method", "\"magic\"", "not_in_dictionary");
    assert_non_null(strstr(bench->problem.message, "automatic, code, manual, import"));
    refused_value(bench, &activity_published_fields, "category", "\"\"", "missing_field");
}

static void depth_is_limited(void **state) {
    struct bench *bench = *state;
    char text[2 * 40 + 16] = "{\"ext\":{\"a\":";
    struct dom_value value;
    const char *message = NULL;
    size_t offset, size = strlen(text);
    memset(text + size, '[', 35);
    memset(text + size + 35, ']', 35);
    memcpy(text + size + 70, "}}", 3);
    assert_int_equal(dom_parse(bench->parser, str_from(text), &value, &message, &offset), 1);
    assert_non_null(message);
}

/* ---- JSON kept as it is ---- */

static void kept_json_is_sorted_and_exact(void **state) {
    struct bench *bench = *state;
    const struct service_revoked *data = read_good(
        bench, &service_revoked_fields,
        "{\"record\":\"r\",\"reason\":\"x\",\"by\":\"p\",\"ext\":{ \"b\" : [0.1, 1e300, -0.0, "
        "9223372036854775807, \"\\n\"], \"a\":{}, \"\":null}}");
    assert_true(str_equal(
        data->ext, STR("{\"\":null,\"a\":{},\"b\":[0.1,1e+300,-0,9223372036854775807,\"\\n\"]}")));
}

static void quantities_are_sorted(void **state) {
    struct bench *bench = *state;
    const struct fields *fields = &service_recorded_fields;
    const struct example example = {.odd = "quantities",
                                    .odd_value = "{\"c\":3,\"a\":1,\"b\":-9223372036854775808}"};
    void *data;
    example_struct(fields, &example, false, &bench->out);
    assert_int_equal(read(bench, fields, buf_str(&bench->out), &data), 0);
    const struct service_recorded *record = data;
    const struct quantity *quantities = record->quantities.items;
    assert_int_equal(record->quantities.n, 3);
    assert_true(str_equal(quantities[0].name, STR("a")) && quantities[0].amount == 1);
    assert_true(quantities[1].amount == INT64_MIN && quantities[2].amount == 3);
}

/* ---- changes ---- */

static void changes_may_not_touch_what_is_fixed(void **state) {
    struct bench *bench = *state;
    const struct fields *fields = &volunteer_updated_fields;
    refused(bench, fields, "{\"changes\":{\"volunteer\":\"v:2\"}}", "not_allowed",
            "data.changes.volunteer");
    refused(bench, fields, "{\"changes\":{\"region\":null}}", "not_allowed", "data.changes.region");
    refused(bench, fields, "{\"changes\":{}}", "missing_field", "data.changes");
    refused(bench, &activity_changed_fields, "{\"changes\":{\"title\":null}}", "missing_field",
            "data.changes.title");
    refused(bench, &activity_changed_fields, "{\"changes\":{\"place\":{\"text\":null}}}",
            "missing_field", "data.changes.place.text");
}

/* What may be absent comes whole, or a merge could leave it without what it requires. */
static void optional_objects_change_whole(void **state) {
    struct bench *bench = *state;
    refused(bench, &volunteer_updated_fields,
            "{\"changes\":{\"guardian_consent\":{\"by\":\"母亲\"}}}", "missing_field",
            "data.changes.guardian_consent.on");
    refused(bench, &volunteer_updated_fields, "{\"changes\":{\"identity\":{\"phone\":null}}}",
            "wrong_type", "data.changes.identity.phone");
    refused(bench, &volunteer_updated_fields, "{\"changes\":{\"identity\":{\"name\":\"甲\"}}}",
            "missing_field", "data.changes.identity.document_kind");
    refused(bench, &activity_changed_fields,
            "{\"changes\":{\"place\":{\"position\":{\"longitude\":\"1\"}}}}", "missing_field",
            "data.changes.place.position.latitude");
}

static void patched(struct bench *bench, const char *changes, const char *expected) {
    static const char before[] =
        "{\"activity\":\"a\",\"title\":\"t\",\"content\":\"c\",\"category\":\"rural\",\"kind\":"
        "\"service\",\"organisation\":\"o\",\"region\":\"620502001000\",\"place\":{\"text\":"
        "\"广场\",\"position\":{\"longitude\":\"1\",\"latitude\":\"2\"}},\"starts\":"
        "\"2018-08-23T09:00:00+08:00\",\"ends\":\"2018-08-23T11:00:00+08:00\",\"places\":5,"
        "\"risk\":\"r\"%s}";
    __attribute__((cleanup(buf_deinit))) struct buf text = {0}, bytes = {0}, out = {0};
    struct activity_published *activity;
    buf_printf(&text, before, "");
    buf_put_byte(&text, '\0');
    activity = read_good(bench, &activity_published_fields, text.data);
    struct activity_published copy = *activity;
    struct arena arena;
    arena_init(&arena);
    struct activity_changed changed;
    assert_int_equal(fields_from_json(&activity_changed_fields,
                                      bench_parse(bench, str_from(changes)), "data", &arena,
                                      &changed, &bench->problem),
                     0);
    /* The patch goes through bytes, as between engine and domain. */
    fields_encode(&activity_changed_fields, &changed, &bytes);
    struct cursor in = cursor_from(buf_str(&bytes));
    assert_int_equal(fields_decode(&activity_changed_fields, &in, &arena, &changed), 0);
    fields_patch(&activity_published_fields, &copy, &changed.changes);
    fields_to_json(&activity_published_fields, &copy, &out);
    buf_put_byte(&out, '\0');
    if (!strstr(out.data, expected))
        fail_msg("%s does not hold %s", out.data, expected);
    arena_deinit(&arena);
}

static void patches_merge(void **state) {
    struct bench *bench = *state;
    patched(bench, "{\"activity\":\"a\",\"changes\":{\"title\":\"新\",\"organisation\":null}}",
            "\"title\":\"新\",\"content\":\"c\",\"category\":\"rural\",\"kind\":\"service\","
            "\"region\"");
    patched(bench, "{\"activity\":\"a\",\"changes\":{\"place\":{\"text\":\"河滩\"}}}",
            "{\"text\":\"河滩\",\"position\":{\"longitude\":\"1\",\"latitude\":\"2\"}}");
    patched(bench, "{\"activity\":\"a\",\"changes\":{\"place\":{\"position\":null}}}",
            "\"place\":{\"text\":\"广场\"}");
    patched(bench, "{\"activity\":\"a\",\"changes\":{\"needs\":{\"min_age\":18,\"max_age\":null}}}",
            "\"needs\":{\"min_age\":18}}");
    patched(bench, "{\"activity\":\"a\",\"changes\":{\"domains\":[\"x\"],\"places\":7}}",
            "\"domains\":[\"x\"]");
}

static void nulls_are_written_in_changes_only(void **state) {
    struct bench *bench = *state;
    const char *text = "{\"activity\":\"a\",\"changes\":{\"organisation\":null,\"places\":3}}";
    fields_to_json(&activity_changed_fields, read_good(bench, &activity_changed_fields, text),
                   &bench->out);
    assert_text(&bench->out, text);
}

static void a_sealed_change_replaces_what_was_sealed(void **state) {
    (void)state;
    const uint64_t identity = UINT64_C(1) << FIELD_INDEX(volunteer_registered, identity);
    struct volunteer_registered full = {0}, changes = {0};
    full.head.present = identity;
    full.identity.name = STR("甲");
    changes.head.present = changes.head.sealed = identity;
    fields_patch(&volunteer_registered_fields, &full, &changes);
    assert_true(full.head.sealed == identity && full.head.present == identity);
    assert_null(full.identity.name.data);
    changes.head.sealed = 0;
    changes.identity.name = STR("乙");
    fields_patch(&volunteer_registered_fields, &full, &changes);
    assert_true(full.head.sealed == 0 && str_equal(full.identity.name, STR("乙")));
    changes.head = (struct data){.removed = identity};
    fields_patch(&volunteer_registered_fields, &full, &changes);
    assert_true(full.head.present == 0);
}

/* ---- bytes ---- */

static void one_field_alone_survives(void **state) {
    struct bench *bench = *state;
    __attribute__((cleanup(buf_deinit))) struct buf bytes = {0};
    const struct field *identity =
        &volunteer_registered_fields.list[FIELD_INDEX(volunteer_registered, identity)];
    struct volunteer_registered *data =
        read_good(bench, &volunteer_registered_fields,
                  "{\"volunteer\":\"v\",\"region\":\"620502001000\",\"identity\":{\"name\":\"甲\","
                  "\"document_kind\":\"passport\",\"number\":\"E1\"}}");
    struct volunteer_registered opened = {0};
    field_encode(identity, data, &bytes);
    struct cursor in = cursor_from(buf_str(&bytes));
    assert_int_equal(field_decode(identity, &in, &bench->arena, &opened), 0);
    assert_true(str_equal(opened.identity.name, STR("甲")));
    assert_int_equal(opened.identity.document_kind, DOCUMENT_KIND_PASSPORT);
    assert_false(HAS(&opened.identity, identity, phone));
}

static void sealed_fields_are_passed_over(void **state) {
    struct bench *bench = *state;
    __attribute__((cleanup(buf_deinit))) struct buf bytes = {0};
    const uint64_t identity = UINT64_C(1) << FIELD_INDEX(volunteer_registered, identity);
    struct volunteer_registered data = {.volunteer = STR("v")}, decoded;
    data.head.sealed = identity;
    data.head.present = identity | 1;
    fields_encode(&volunteer_registered_fields, &data, &bytes);
    struct cursor in = cursor_from(buf_str(&bytes));
    assert_int_equal(fields_decode(&volunteer_registered_fields, &in, &bench->arena, &decoded), 0);
    assert_true(decoded.head.sealed == identity);
    fields_to_json(&volunteer_registered_fields, &decoded, &bench->out);
    assert_text(&bench->out, "{\"volunteer\":\"v\"}");
}

/* Whatever is decoded can be written out again. */
static void decode_hostile(struct bench *bench, const struct fields *fields, struct str bytes) {
    arena_reset(&bench->arena);
    /* A copy of exactly that size, so that AddressSanitizer sees one byte too far. */
    char *copy = test_malloc(bytes.size + 1);
    memcpy(copy, bytes.data, bytes.size);
    struct cursor in = cursor_from((struct str){copy, bytes.size});
    void *data = arena_alloc(&bench->arena, fields->struct_size);
    buf_reset(&bench->out);
    if (fields_decode(fields, &in, &bench->arena, data) == 0) {
        fields_to_json(fields, data, &bench->out);
        fields_encode(fields, data, &bench->out);
    }
    test_free(copy);
}

static void hostile_bytes_do_no_harm(void **state) {
    struct bench *bench = *state;
    static const struct example whole = {0};
    ALL_TYPES(type) {
        __attribute__((cleanup(buf_deinit))) struct buf bytes = {0};
        void *data;
        buf_reset(&bench->out);
        example_struct(type->fields, &whole, false, &bench->out);
        assert_int_equal(read(bench, type->fields, buf_str(&bench->out), &data), 0);
        fields_encode(type->fields, data, &bytes);
        for (size_t size = 0; size < bytes.size; size++)
            decode_hostile(bench, type->fields, (struct str){bytes.data, size});
        for (size_t i = 0; i < bytes.size; i++)
            for (int flip = 1; flip < 256; flip = flip * 2 + (flip == 64)) {
                bytes.data[i] = (char)(bytes.data[i] ^ flip);
                decode_hostile(bench, type->fields, buf_str(&bytes));
                bytes.data[i] = (char)(bytes.data[i] ^ flip);
            }
    }
}

static void counts_beyond_the_bytes_take_no_memory(void **state) {
    struct bench *bench = *state;
    __attribute__((cleanup(buf_deinit))) struct buf bytes = {0};
    buf_put_varint(&bytes, UINT64_C(1) << FIELD_INDEX(activity_published, shifts));
    buf_put_varint(&bytes, 0);
    buf_put_varint(&bytes, 9999);
    struct cursor in = cursor_from(buf_str(&bytes));
    struct activity_published data;
    assert_int_equal(fields_decode(&activity_published_fields, &in, &bench->arena, &data), 1);
    assert_true(bench->arena.used_bytes < 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_list_survives_json_and_bytes),
        TEST(times_keep_offset_and_fraction),
        TEST(whatever_is_required_is_missed),
        TEST(every_field_knows_its_json_type),
        TEST(unknown_fields_get_the_nearest_name),
        TEST(a_member_that_stands_twice_is_refused),
        TEST(texts_hold_no_zero),
        TEST(identifiers_are_checked),
        TEST(ranges_and_sizes_are_kept),
        TEST(lists_have_an_end),
        TEST(items_are_named_by_their_place),
        TEST(dates_and_times_exist),
        TEST(words_come_from_the_catalogue),
        TEST(depth_is_limited),
        TEST(kept_json_is_sorted_and_exact),
        TEST(quantities_are_sorted),
        TEST(changes_may_not_touch_what_is_fixed),
        TEST(optional_objects_change_whole),
        TEST(patches_merge),
        TEST(nulls_are_written_in_changes_only),
        TEST(a_sealed_change_replaces_what_was_sealed),
        TEST(one_field_alone_survives),
        TEST(sealed_fields_are_passed_over),
        TEST(hostile_bytes_do_no_harm),
        TEST(counts_beyond_the_bytes_take_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
