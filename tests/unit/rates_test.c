/* Rates of reports: compared as whole numbers, "more than" is strict, gaps are people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bus/report.h"

#define LARGE INT64_C(1000000000000)

static void exactly_the_target_is_not_met(void **state) {
    (void)state;
    assert_string_equal(rate_state(13, 100, 13), "not_met");
    assert_string_equal(rate_state(14, 100, 13), "met");
    assert_string_equal(rate_state(100000, 769230, 13), "met");
    assert_string_equal(rate_state(100000, 769231, 13), "not_met");
}

static void without_a_denominator_there_is_no_data(void **state) {
    (void)state;
    assert_string_equal(rate_state(5, 0, 13), "no_data");
    assert_string_equal(rate_state(5, -1, 13), "no_data");
    assert_true(json_is_null(point_percent(5, 0)));
}

/* The gap is the smallest number that makes it met, whatever the numbers. */
static void the_gap_is_the_fewest_people_that_help(void **state) {
    (void)state;
    const int64_t percents[] = {13, 50, 90};
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++)
        for (int64_t whole = 1; whole <= 120; whole++)
            for (int64_t part = 0; part <= whole; part++) {
                int64_t gap = rate_gap(part, whole, percents[i]);
                assert_string_equal(rate_state(part + gap, whole, percents[i]), "met");
                if (gap > 0)
                    assert_string_equal(rate_state(part + gap - 1, whole, percents[i]), "not_met");
            }
}

static void the_largest_figures_do_not_overflow(void **state) {
    (void)state;
    assert_true(rate_compare(LARGE, LARGE + 1, LARGE - 1, LARGE) > 0);
    assert_true(rate_compare(LARGE - 1, LARGE, LARGE, LARGE + 1) < 0);
    assert_int_equal(rate_compare(LARGE / 2, LARGE, 1, 2), 0);
    assert_int_equal(rate_gap(0, LARGE, 13), LARGE / 100 * 13 + 1);
}

static void percents_are_cut_never_rounded_up(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    assert_true(str_equal(percent_text(&arena, 12999999, 100000000), STR("12.99%")));
    assert_true(str_equal(percent_text(&arena, 1, 3), STR("33.33%")));
    assert_true(str_equal(percent_text(&arena, 7, 100), STR("7.00%")));
    assert_true(str_equal(percent_text(&arena, 7, 0), STR("无数据")));
    arena_deinit(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_target_is_not_met),
        cmocka_unit_test(without_a_denominator_there_is_no_data),
        cmocka_unit_test(the_gap_is_the_fewest_people_that_help),
        cmocka_unit_test(the_largest_figures_do_not_overflow),
        cmocka_unit_test(percents_are_cut_never_rounded_up),
    };
    return cmocka_run_group_tests_name("rates", tests, NULL, NULL);
}
