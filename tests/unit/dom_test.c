#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "util/buf.h"
#include "util/dom.h"

static int parser_make(void **state) {
    *state = dom_parser_new();
    return 0;
}

static int parser_drop(void **state) {
    dom_parser_free(*state);
    dom_parser_free(NULL);
    return 0;
}

static struct dom_value parsed(void **state, struct str text) {
    struct dom_value value = {0};
    const char *message = NULL;
    size_t offset = 0;
    if (dom_parse(*state, text, &value, &message, &offset) != 0)
        fail_msg("%s at %zu", message, offset);
    return value;
}

static void refused(void **state, struct str text, const char *part_of_message, size_t want) {
    struct dom_value value;
    const char *message = NULL;
    size_t offset = 0;
    assert_true(dom_parse(*state, text, &value, &message, &offset) > 0);
    if (!strstr(message, part_of_message) || offset != want)
        fail_msg("%s at %zu", message, offset);
}

static void an_event_is_walked_in_its_order(void **state) {
    struct dom_value event =
        parsed(state, STR("{\"id\":\"0198\",\"data\":{\"team\":\"tszyz:t7\",\"n\":[1,[2],{}]},"
                          "\"x\":null,\"y\":true,\"z\":false}"));
    struct dom_iterator members = dom_members(event);
    struct str name;
    struct dom_value value, item;
    assert_int_equal(dom_count(event), 5);
    assert_true(dom_next_member(&members, &name, &value));
    assert_true(str_equal(name, STR("id")) && str_equal(dom_string(value), STR("0198")));
    assert_true(dom_next_member(&members, &name, &value));
    assert_int_equal(dom_count(value), 2);
    struct dom_iterator data = dom_members(value);
    assert_true(dom_next_member(&data, &name, &value));
    assert_true(dom_next_member(&data, &name, &value));
    assert_int_equal(dom_type(value), DOM_ARRAY);
    struct dom_iterator items = dom_items(value);
    assert_true(dom_next_item(&items, &item) && dom_integer(item) == 1);
    assert_true(dom_next_item(&items, &item) && dom_type(item) == DOM_ARRAY);
    assert_true(dom_next_item(&items, &item) && dom_type(item) == DOM_OBJECT);
    assert_int_equal(dom_count(item), 0);
    assert_false(dom_next_item(&items, &item));
    assert_false(dom_next_member(&data, &name, &value));
    assert_true(dom_next_member(&members, &name, &value) && dom_type(value) == DOM_NULL);
    assert_true(dom_next_member(&members, &name, &value) && dom_boolean(value));
    assert_true(dom_next_member(&members, &name, &value) && !dom_boolean(value));
    assert_int_equal(dom_type(value), DOM_BOOLEAN);
    assert_false(dom_next_member(&members, &name, &value));
    assert_false(dom_next_member(&members, &name, &value));
}

static void duplicate_keys_are_visible(void **state) {
    struct dom_iterator members = dom_members(parsed(state, STR("{\"a\":1,\"a\":2}")));
    struct str name;
    struct dom_value value;
    assert_true(dom_next_member(&members, &name, &value) && dom_integer(value) == 1);
    assert_true(dom_next_member(&members, &name, &value) && dom_integer(value) == 2);
    assert_true(str_equal(name, STR("a")));
}

static void strings_are_unescaped_and_may_hold_zeros(void **state) {
    struct dom_value value =
        parsed(state, STR("\"\\u5929\\u6c34 \\\"\\\\\\/\\n\\u0000\\ud83d\\ude00\""));
    assert_true(str_equal(dom_string(value), STR("天水 \"\\/\n\0\xF0\x9F\x98\x80")));
    assert_int_equal(dom_string(parsed(state, STR("\"\""))).size, 0);
}

static void whole_numbers_are_exact_to_64_bits(void **state) {
    assert_true(dom_integer(parsed(state, STR("9223372036854775807"))) == INT64_MAX);
    assert_true(dom_integer(parsed(state, STR("-9223372036854775808"))) == INT64_MIN);
    assert_true(dom_integer(parsed(state, STR("9007199254740993"))) == 9007199254740993);
    assert_int_equal(dom_type(parsed(state, STR("0"))), DOM_INTEGER);
}

static void other_numbers_are_not_integers(void **state) {
    struct dom_value beyond = parsed(state, STR("18446744073709551615"));
    assert_int_equal(dom_type(beyond), DOM_NUMBER);
    assert_true(dom_number(beyond) == 18446744073709551616.0);
    assert_int_equal(dom_type(parsed(state, STR("1.0"))), DOM_NUMBER);
    assert_true(dom_number(parsed(state, STR("1.5e3"))) == 1500.0);
    assert_true(dom_number(parsed(state, STR("-7"))) == -7.0);
    assert_true(dom_number(parsed(state, STR("1e-400"))) == 0.0);
}

static void a_number_that_does_not_fit_is_named(void **state) {
    refused(state, STR("{\"a\":\"1e999\",\"minutes\":18446744073709551616}"), "64 bits", 23);
    refused(state, STR("[1,-9223372036854775809]"), "64 bits", 3);
    refused(state, STR("[1.5,1e309]"), "64-bit float", 5);
    refused(state, STR("[-1e309]"), "64-bit float", 1);
    refused(state, STR("[\"\\\"1e999\",1e5,\"x\",2E+400]"), "64-bit float", 19);
}

static void a_number_in_another_spelling_is_named(void **state) {
    refused(state, STR("[01]"), "number", 1);
    refused(state, STR("[1.]"), "number", 1);
    refused(state, STR("[-]"), "number", 1);
    refused(state, STR("[1e]"), "number", 1);
    refused(state, STR("[0, 1x]"), "number", 0);
}

static void what_is_not_json_is_refused_with_a_reason(void **state) {
    static const struct {
        const char *text, *message;
        size_t offset;
    } cases[] = {
        {"", "empty", 0},
        {"  ", "empty", 0},
        {"{", "not JSON", 0},
        {"{}{}", "not JSON", 0},
        {"[1,]", "not JSON", 0},
        {"{\"a\"}", "not JSON", 0},
        {"{'a':1}", "not JSON", 0},
        {"[tru]", "bare word", 0},
        {"[NaN]", "not JSON", 0},
        {"\"abc", "not closed", 4},
        {"\"\\x\"", "escape", 0},
        {"\"\\ud800\"", "escape", 0},
        {"\"a\nb\"", "control", 0},
        {"\"ab\xFF\"", "UTF-8", 3},
        {"\"\xED\xA0\x80\"", "UTF-8", 1},
        {"\xEF\xBB\xBF{}", "not JSON", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(state, str_from(cases[i].text), cases[i].message, cases[i].offset);
    refused(state, STR_NONE, "empty", 0);
    refused(state, STR("[1]\0"), "not JSON", 0);
}

static void nesting_ends_at_32_levels(void **state) {
    struct buf buf = {0};
    for (int depth = 1; depth <= 33; depth++) {
        buf_reset(&buf);
        for (int i = 0; i < depth; i++)
            buf_put_str(&buf, i % 2 ? STR("{\"a\":") : STR("["));
        buf_put_byte(&buf, '1');
        for (int i = depth; i > 0; i--)
            buf_put_byte(&buf, i % 2 ? ']' : '}');
        if (depth <= 32)
            parsed(state, buf_str(&buf));
        else
            refused(state, buf_str(&buf), "32 levels", 0);
    }
    buf_deinit(&buf);
}

static void a_hostile_pile_of_brackets_is_refused(void **state) {
    struct buf buf = {0};
    memset(buf_extend(&buf, 1000000), '[', 1000000);
    refused(state, buf_str(&buf), "", 0);
    buf_deinit(&buf);
}

static void a_parser_is_reused_for_texts_of_any_size(void **state) {
    struct buf buf = {0};
    for (int64_t n = 1; n < 200000; n = n * 7 / 2 + 1) {
        buf_reset(&buf);
        buf_put_byte(&buf, '[');
        for (int64_t i = 0; i < n; i++) {
            buf_json_item(&buf);
            buf_json_integer(&buf, i);
        }
        buf_put_byte(&buf, ']');
        struct dom_value array = parsed(state, buf_str(&buf));
        assert_int_equal(dom_count(array), n);
        struct dom_iterator items = dom_items(array);
        struct dom_value item;
        for (int64_t i = 0; i < n; i++)
            assert_true(dom_next_item(&items, &item) && dom_integer(item) == i);
        assert_false(dom_next_item(&items, &item));
        assert_int_equal(dom_integer(parsed(state, STR("5"))), 5);
    }
    buf_deinit(&buf);
}

static void a_text_at_the_end_of_its_memory_is_read_no_further(void **state) {
    /* AddressSanitizer watches the byte behind each of these. */
    for (size_t size = 1; size < 200; size++) {
        char *text = malloc(size);
        assert_non_null(text);
        memset(text, ' ', size);
        text[size - 1] = '7';
        assert_int_equal(dom_integer(parsed(state, (struct str){text, size})), 7);
        text[size - 1] = '-';
        refused(state, (struct str){text, size}, "number", size - 1);
        text[size - 1] = '"';
        refused(state, (struct str){text, size}, "not closed", size);
        free(text);
    }
}

static void what_the_writer_writes_is_read_back(void **state) {
    struct buf buf = {0};
    char text[512];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i % 128);
    struct str whole = {text, sizeof text};
    buf_json_string(&buf, whole);
    assert_true(str_equal(dom_string(parsed(state, buf_str(&buf))), whole));
    buf_reset(&buf);
    buf_json_string(&buf, STR("秦州区\xFF"));
    assert_true(str_equal(dom_string(parsed(state, buf_str(&buf))), STR("秦州区\xEF\xBF\xBD")));
    buf_deinit(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_walked_in_its_order),
        cmocka_unit_test(duplicate_keys_are_visible),
        cmocka_unit_test(strings_are_unescaped_and_may_hold_zeros),
        cmocka_unit_test(whole_numbers_are_exact_to_64_bits),
        cmocka_unit_test(other_numbers_are_not_integers),
        cmocka_unit_test(a_number_that_does_not_fit_is_named),
        cmocka_unit_test(a_number_in_another_spelling_is_named),
        cmocka_unit_test(what_is_not_json_is_refused_with_a_reason),
        cmocka_unit_test(nesting_ends_at_32_levels),
        cmocka_unit_test(a_hostile_pile_of_brackets_is_refused),
        cmocka_unit_test(a_parser_is_reused_for_texts_of_any_size),
        cmocka_unit_test(a_text_at_the_end_of_its_memory_is_read_no_further),
        cmocka_unit_test(what_the_writer_writes_is_read_back),
    };
    return cmocka_run_group_tests(tests, parser_make, parser_drop);
}
