#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "option.h"

static void every_default_lies_in_its_range(void **state) {
    (void)state;
    for (size_t i = 0; i < n_options; i++) {
        const struct option *option = &option_table[i];
        assert_non_null(option->help);
        if (option->kind == OPTION_INTEGER) {
            assert_non_null(option->unit);
            assert_true(option->number >= option->least && option->number <= option->most);
        } else if (option->kind == OPTION_TEXT) {
            assert_true(strlen(option->text) <= (size_t)option->most);
        }
    }
}

static void names_and_places_are_used_once(void **state) {
    (void)state;
    for (size_t i = 0; i < n_options; i++) {
        assert_ptr_equal(option_find(str_from(option_table[i].name)), &option_table[i]);
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(option_table[i].offset, option_table[j].offset);
    }
}

static void groups_are_not_options(void **state) {
    (void)state;
    assert_true(option_is_group(STR("bus")));
    assert_false(option_is_group(STR("bu")));
    assert_false(option_is_group(STR("clock")));
    assert_null(option_find(STR("bus")));
}

static void a_wrong_name_finds_the_right_one(void **state) {
    (void)state;
    assert_string_equal(option_nearest(STR("bus.querythreads")), "bus.query_threads");
    assert_string_equal(option_nearest(STR("journl")), "journal");
    assert_null(option_nearest(STR("something_else_entirely")));
}

static void defaults_differ_in_nothing_from_themselves(void **state) {
    (void)state;
    struct options a, b;
    options_default(&a);
    options_default(&b);
    for (size_t i = 0; i < n_options; i++)
        assert_false(option_differs(&option_table[i], &a, &b));
    b.query_threads++;
    b.compress = !b.compress;
    b.city_name = "another";
    b.ingest = (struct texts){1, {"ipc:///x"}};
    size_t n = 0;
    for (size_t i = 0; i < n_options; i++) {
        n += option_differs(&option_table[i], &a, &b);
        option_copy(&option_table[i], &a, &b);
    }
    assert_int_equal(n, 4);
    assert_int_equal(a.query_threads, b.query_threads);
    assert_string_equal(a.ingest.items[0], "ipc:///x");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_default_lies_in_its_range),
        cmocka_unit_test(names_and_places_are_used_once),
        cmocka_unit_test(groups_are_not_options),
        cmocka_unit_test(a_wrong_name_finds_the_right_one),
        cmocka_unit_test(defaults_differ_in_nothing_from_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
