#include "event_example.h"

static void category_keeps_its_order(void **state) {
    (void)state;
    static const char *const codes[] = {
        "neighbourhood", "elderly", "disability", "ecology", "courtesy",
        "lei_feng",      "party",   "traffic",    "online",  "conduct",
        "tourism",       "dining",  "rural",      "window",  "other",
    };
    assert_int_equal(dictionary_info(DICTIONARY_CATEGORY)->n, 15);
    for (size_t i = 0; i < 15; i++)
        assert_int_equal(dictionary_shipped(DICTIONARY_CATEGORY, str_from(codes[i])), i);
    assert_string_equal(dictionary_info(DICTIONARY_CATEGORY)->entries[0].title,
                        "“邻里守望”社区志愿服务");
}

static void what_is_not_listed_is_not_found(void **state) {
    (void)state;
    assert_int_equal(dictionary_shipped(DICTIONARY_CATEGORY, STR("elder")), -1);
    assert_int_equal(dictionary_shipped(DICTIONARY_CATEGORY, STR("")), -1);
    assert_int_equal(dictionary_shipped(DICTIONARY_DOMAIN, STR("法律咨询")), 8);
}

static void entries_fit_and_are_distinct(void **state) {
    (void)state;
    for (int d = 0; d < DICTIONARY_COUNT; d++) {
        const struct dictionary_info *info = dictionary_info((enum DICTIONARY_choice)d);
        assert_true(info->n > 0 && strlen(info->name) > 0 && strlen(info->label) > 0);
        for (size_t i = 0; i < info->n; i++) {
            assert_true(strlen(info->entries[i].code) <= 64 && strlen(info->entries[i].title) > 0);
            assert_int_equal(
                dictionary_shipped((enum DICTIONARY_choice)d, str_from(info->entries[i].code)), i);
        }
    }
}

static void four_are_open(void **state) {
    (void)state;
    int open = 0;
    for (int d = 0; d < DICTIONARY_COUNT; d++)
        open += dictionary_info((enum DICTIONARY_choice)d)->open;
    assert_int_equal(open, 4);
    assert_false(dictionary_info(DICTIONARY_CATEGORY)->open);
    assert_true(dictionary_info(DICTIONARY_ROLE)->open);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(category_keeps_its_order),
        cmocka_unit_test(what_is_not_listed_is_not_found),
        cmocka_unit_test(entries_fit_and_are_distinct),
        cmocka_unit_test(four_are_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
