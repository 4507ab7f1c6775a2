#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/str.h"

static void strings_with_zeros_compare_by_bytes(void **state) {
    (void)state;
    assert_true(str_equal(STR("a\0b"), STR("a\0b")));
    assert_false(str_equal(STR("a\0b"), STR("a\0c")));
    assert_false(str_equal(STR("a"), STR("ab")));
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_compare(STR("b"), STR("ab")) > 0);
    assert_true(str_compare(STR("\xE5"), STR("a")) > 0);
    assert_int_equal(str_compare(STR("ab"), STR("ab")), 0);
}

static void nothing_equals_the_empty_string(void **state) {
    (void)state;
    assert_true(str_equal(STR_NONE, STR("")));
    assert_int_equal(str_compare(STR_NONE, STR("")), 0);
    assert_int_equal(str_from(NULL).size, 0);
    assert_true(str_starts_with(STR("x"), STR_NONE));
    assert_true(str_starts_with(STR("data.minutes"), STR("data.")));
    assert_false(str_starts_with(STR("dat"), STR("data.")));
}

static void well_formed_utf8_is_measured(void **state) {
    (void)state;
    assert_int_equal(str_utf8_size(STR("a")), 1);
    assert_int_equal(str_utf8_size(STR("\0")), 1);
    assert_int_equal(str_utf8_size(STR("é!")), 2);
    assert_int_equal(str_utf8_size(STR("天水")), 3);
    assert_int_equal(str_utf8_size(STR("\xF0\x9F\x98\x80")), 4);
    assert_int_equal(str_utf8_size(STR("\xF4\x8F\xBF\xBF")), 4);
}

static void broken_utf8_has_no_size(void **state) {
    (void)state;
    static const char *const broken[] = {
        "\x80",             /* a middle byte */
        "\xC0\xAF",         /* overlong */
        "\xE0\x80\x80",     /* overlong */
        "\xF0\x80\x80\x80", /* overlong */
        "\xED\xA0\x80",     /* a surrogate */
        "\xF4\x90\x80\x80", /* beyond U+10FFFF */
        "\xFF",
        "\xE5\xA4", /* cut short */
        "\xE5\xA4z",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(str_utf8_size(str_from(broken[i])), 0);
    assert_int_equal(str_utf8_size(STR("")), 0);
}

static const char *const options[] = {"data_dir", "runtime_dir", "policy_dir", "plugin_dir"};

static const char *nearest(const char *word) {
    return str_nearest(str_from(word), options, sizeof options / sizeof *options);
}

static void a_typing_error_finds_the_right_name(void **state) {
    (void)state;
    assert_string_equal(nearest("data_dri"), "data_dir");
    assert_string_equal(nearest("datadir"), "data_dir");
    assert_string_equal(nearest("Runtime_Dir"), "runtime_dir");
    assert_string_equal(nearest("polcy_dir"), "policy_dir");
    assert_string_equal(nearest("plugin_dir"), "plugin_dir");
}

static void a_different_word_finds_nothing(void **state) {
    (void)state;
    static const char *const short_names[] = {"on", "by"};
    char long_word[1000];
    memset(long_word, 'd', sizeof long_word);
    assert_null(nearest("minutes"));
    assert_null(nearest(""));
    assert_null(str_nearest((struct str){long_word, sizeof long_word}, options, 4));
    assert_null(str_nearest(STR("x"), short_names, 2));
    assert_null(str_nearest(STR("minutes"), NULL, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_with_zeros_compare_by_bytes),
        cmocka_unit_test(nothing_equals_the_empty_string),
        cmocka_unit_test(well_formed_utf8_is_measured),
        cmocka_unit_test(broken_utf8_has_no_size),
        cmocka_unit_test(a_typing_error_finds_the_right_name),
        cmocka_unit_test(a_different_word_finds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
