#include "event_example.h"

static void code_is_the_contracts_word(void **state) {
    (void)state;
    struct problem problem;
    char text[48];
    assert_int_equal(problem_set(&problem, PROBLEM_TOO_LONG, "data.title", "at most %d", 256), 1);
    assert_string_equal(problem_code_text(&problem, text), "too_long");
    assert_string_equal(problem.field, "data.title");
    assert_string_equal(problem.message, "at most 256");
    assert_false(problem_is_retryable(&problem));
}

static void unknown_noun_is_composed_and_retryable(void **state) {
    (void)state;
    struct problem problem;
    char text[48];
    assert_int_equal(problem_set_unknown(&problem, "organisation", "data.employer", STR("o:1")), 1);
    assert_string_equal(problem_code_text(&problem, text), "unknown_organisation");
    assert_true(problem_is_retryable(&problem));
    assert_non_null(strstr(problem.message, "o:1"));
    problem_set(&problem, PROBLEM_BUSY, "", "later");
    assert_string_equal(problem_code_text(&problem, text), "busy");
    assert_true(problem_is_retryable(&problem));
}

static void long_text_is_cut_at_a_characters_border(void **state) {
    (void)state;
    struct problem problem;
    char text[1500];
    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "水", 4);
        problem_set(&problem, PROBLEM_TOO_LONG, text, "%s", text);
        const struct str parts[] = {str_from(problem.message), str_from(problem.field)};
        for (size_t part = 0; part < 2; part++) {
            assert_true(parts[part].size >= 92);
            for (size_t i = 0; i < parts[part].size;) {
                size_t size =
                    str_utf8_size((struct str){parts[part].data + i, parts[part].size - i});
                assert_true(size > 0);
                i += size;
            }
        }
    }
}

static void every_code_has_a_word_of_its_own(void **state) {
    (void)state;
    char a[48], b[48];
    for (int i = 1; i < PROBLEM_COUNT; i++)
        for (int j = 1; j < i; j++) {
            struct problem first = {.code = (enum problem_code)i};
            struct problem second = {.code = (enum problem_code)j};
            assert_string_not_equal(problem_code_text(&first, a), problem_code_text(&second, b));
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_is_the_contracts_word),
        cmocka_unit_test(unknown_noun_is_composed_and_retryable),
        cmocka_unit_test(long_text_is_cut_at_a_characters_border),
        cmocka_unit_test(every_code_has_a_word_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
