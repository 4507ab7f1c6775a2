/* A policy's text that is changed in place: based_on, and the parameters of a day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "policy/rewrite.h"

static const char rule[] = "-- a rule that returns { nothing } here\n"
                           "local function helper() return { name = \"inner\" } end\n"
                           "return {\n"
                           "  name = \"star_rating\", -- its name\n"
                           "  kind = \"star_rating\",\n"
                           "  parameters = {\n"
                           "    [\"2012-10-23\"] = { hours = { 100, 300 } }, -- the first\n"
                           "  },\n"
                           "  decide = function() if true then return 1 end return 0 end,\n"
                           "}\n";

static void is_rewritten(int r, struct buf *out, const char *expected) {
    assert_int_equal(r, 0);
    buf_put_byte(out, 0);
    assert_string_equal(out->data, expected);
    buf_deinit(out);
}

static void is_left(int r, struct buf *out) {
    assert_int_equal(r, REWRITE_NOT_PLAIN);
    assert_int_equal(out->size, 0);
    buf_deinit(out);
}

/* The rule with one piece of it replaced. */
static char *with(const char *piece, const char *other) {
    const char *at = strstr(rule, piece);
    char *text = malloc(sizeof rule + strlen(other));
    assert_non_null(at);
    memcpy(text, rule, (size_t)(at - rule));
    strcpy(text + (at - rule), other);
    strcat(text, at + strlen(piece));
    return text;
}

static void based_on_is_inserted_behind_the_name(void **state) {
    (void)state;
    struct buf out = {0};
    char *expected = with("-- its name\n", "-- its name\n  based_on = \"star_rating:2\",\n");
    is_rewritten(rewrite_based_on(str_from(rule), STR("star_rating:2"), &out), &out, expected);
    free(expected);
}

static void based_on_is_replaced_where_it_stands(void **state) {
    (void)state;
    struct buf out = {0};
    char *text = with("  kind", "  based_on = 'x:1' , kind");
    char *expected = with("  kind", "  based_on = \"star_rating:2\" , kind");
    is_rewritten(rewrite_based_on(str_from(text), STR("star_rating:2"), &out), &out, expected);
    free(text);
    free(expected);
}

static void a_table_that_is_not_written_out_is_left_alone(void **state) {
    (void)state;
    static const char *const texts[] = {"local t = { name = 1 }\nreturn t\n",
                                        "return setup { name = 1 }\n", "", "return\n",
                                        "do return { name = 1 } end\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buf out = {0};
        is_left(rewrite_based_on(str_from(texts[i]), STR("x:1"), &out), &out);
    }
}

static void texts_that_differ_in_based_on_alone_are_the_same(void **state) {
    (void)state;
    char *based = with("  kind", "  based_on = \"star_rating:7\",\n  kind");
    char *other = with("300", "301");
    assert_true(rewrite_is_same(str_from(rule), str_from(rule)));
    assert_true(rewrite_is_same(str_from(rule), str_from(based)));
    assert_true(rewrite_is_same(str_from(based), str_from(rule)));
    assert_false(rewrite_is_same(str_from(rule), str_from(other)));
    assert_false(rewrite_is_same(STR("return 1"), STR("return 2")));
    free(based);
    free(other);
}

static void rewritten(const char *sets, const char *cases_on, const char *text,
                      const char *expected) {
    struct buf out = {0};
    json_t *value = json_loads(sets, 0, NULL);
    assert_non_null(value);
    int r = rewrite_parameters(str_from(text), value, str_from(cases_on), &out);
    json_decref(value);
    is_rewritten(r, &out, expected);
}

static void a_later_day_comes_behind_the_others(void **state) {
    (void)state;
    char *expected =
        with("-- the first\n", "-- the first\n    [\"2027-01-01\"] = { hours = { 100, 250 } },\n");
    rewritten("{\"2027-01-01\":{\"hours\":[100,250]}}", NULL, rule, expected);
    free(expected);
}

static void an_earlier_day_comes_before_the_others(void **state) {
    (void)state;
    char *expected = with("    [\"2012", "    [\"2000-01-01\"] = { a = true },\n    [\"2012");
    rewritten("{\"2000-01-01\":{\"a\":true}}", NULL, rule, expected);
    free(expected);
}

static void the_same_day_is_replaced(void **state) {
    (void)state;
    char *expected = with("{ hours = { 100, 300 } }", "{ hours = { 1 }, note = \"a\\\"b\" }");
    rewritten("{\"2012-10-23\":{\"hours\":[1],\"note\":\"a\\\"b\"}}", NULL, rule, expected);
    free(expected);
}

static void the_day_of_the_cases_is_said_once(void **state) {
    (void)state;
    char *text = with("300", "300");
    char *expected = with("  decide", "  cases_on = \"2012-10-23\",\n  decide");
    rewritten("{}", "2012-10-23", text, expected);
    rewritten("{}", "2013-01-01", expected, expected);
    free(text);
    free(expected);
}

static void values_of_every_kind_are_written_as_lua_has_them(void **state) {
    (void)state;
    rewritten(
        "{\"2018-01-01\":{\"end\":1,\"f\":0.5,\"g\":2.0,\"list\":[],\"t\":{\"a "
        "b\":[{\"x\":false}]}}}",
        NULL, "return { parameters = {} }",
        "return { parameters = {\n    [\"2018-01-01\"] = {\n      [\"end\"] = 1,\n      f = 0.5,\n"
        "      g = 2.0,\n      list = {},\n      t = { [\"a b\"] = { { x = false } } },\n"
        "    },\n  } }");
}

static void parameters_that_are_computed_are_left_alone(void **state) {
    (void)state;
    static const char *const texts[] = {"return { parameters = make() }",
                                        "return { parameters = { [day] = {} } }",
                                        "return { parameters = { {} } }", "return { name = 1 }"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buf out = {0};
        json_t *sets = json_loads("{\"2018-01-01\":{}}", 0, NULL);
        is_left(rewrite_parameters(str_from(texts[i]), sets, STR_NONE, &out), &out);
        json_decref(sets);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(based_on_is_inserted_behind_the_name),
        cmocka_unit_test(based_on_is_replaced_where_it_stands),
        cmocka_unit_test(a_table_that_is_not_written_out_is_left_alone),
        cmocka_unit_test(texts_that_differ_in_based_on_alone_are_the_same),
        cmocka_unit_test(a_later_day_comes_behind_the_others),
        cmocka_unit_test(an_earlier_day_comes_before_the_others),
        cmocka_unit_test(the_same_day_is_replaced),
        cmocka_unit_test(the_day_of_the_cases_is_said_once),
        cmocka_unit_test(values_of_every_kind_are_written_as_lua_has_them),
        cmocka_unit_test(parameters_that_are_computed_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
