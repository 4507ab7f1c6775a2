/* Prometheus' text format: exact numbers, escaped texts, one header for a family. */
#include "exposition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(const struct exposition *exposition, const char *expected) {
    assert_false(exposition->failed);
    assert_int_equal(exposition->size, strlen(expected));
    assert_memory_equal(exposition->text, expected, exposition->size);
}

static void a_family_has_its_header_once_and_its_samples(void **state) {
    (void)state;
    struct exposition exposition = {0};
    exposition_family(&exposition, "x_total", "counter", "How many.");
    exposition_sample(&exposition, 3, 0);
    exposition_family(&exposition, "y", "gauge", "By kind.");
    exposition_begin(&exposition, "");
    exposition_label(&exposition, "kind", "a");
    exposition_label(&exposition, "of", "b");
    exposition_value(&exposition, -1, 0);
    exposition_begin(&exposition, "_bucket");
    exposition_label(&exposition, "le", "+Inf");
    exposition_value(&exposition, INT64_MAX, 0);
    assert_text(&exposition, "# HELP x_total How many.\n# TYPE x_total counter\nx_total 3\n"
                             "# HELP y By kind.\n# TYPE y gauge\ny{kind=\"a\",of=\"b\"} -1\n"
                             "y_bucket{le=\"+Inf\"} 9223372036854775807\n");
    exposition_reset(&exposition);
    assert_text(&exposition, "");
    exposition_deinit(&exposition);
}

static void numbers_are_exact(void **state) {
    static const struct {
        int64_t value;
        unsigned decimals;
        const char *text;
    } cases[] = {
        {0, 0, "0"},
        {0, 6, "0"},
        {1, 6, "0.000001"},
        {1500, 6, "0.0015"},
        {1000000, 6, "1"},
        {1234567, 6, "1.234567"},
        {-1500000, 6, "-1.5"},
        {-1, 6, "-0.000001"},
        {1300, 4, "0.13"},
        {INT64_MAX, 0, "9223372036854775807"},
        {INT64_MIN, 0, "-9223372036854775808"},
        {INT64_MIN, 6, "-9223372036854.775808"},
        {5, 20, "0.000000005"}, /* nobody needs more than nine */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[32];
        assert_string_equal(exposition_number(cases[i].value, cases[i].decimals, text),
                            cases[i].text);
    }
}

static void whatever_a_label_holds_it_stays_one_line(void **state) {
    (void)state;
    struct exposition exposition = {0};
    exposition_family(&exposition, "x", "gauge", "A \\ and\na \"quote\".");
    exposition_begin(&exposition, "");
    exposition_label(&exposition, "reason", "磁盘\\已满\n\"x\" 1\n");
    exposition_label(&exposition, "none", NULL);
    exposition_value(&exposition, 1, 0);
    assert_text(&exposition, "# HELP x A \\\\ and\\na \"quote\".\n# TYPE x gauge\n"
                             "x{reason=\"磁盘\\\\已满\\n\\\"x\\\" 1\\n\",none=\"\"} 1\n");
    exposition_deinit(&exposition);
}

static void it_grows_as_far_as_it_must(void **state) {
    (void)state;
    struct exposition first = {0}, both = {0};
    exposition_family(&first, "x", "gauge", "h");
    for (int i = 0; i < 10000; i++)
        exposition_sample(&first, i, 0);
    exposition_append(&both, &first);
    exposition_append(&both, &first);
    assert_int_equal(both.size, 2 * first.size);
    assert_memory_equal(both.text + first.size, first.text, first.size);
    assert_true(first.size > 50000);
    assert_memory_equal(first.text + first.size - 7, "x 9999\n", 7);
    exposition_deinit(&first);
    exposition_deinit(&both);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_family_has_its_header_once_and_its_samples),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(whatever_a_label_holds_it_stays_one_line),
        cmocka_unit_test(it_grows_as_far_as_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
