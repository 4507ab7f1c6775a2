/* What workers count adds up to the same, however the subjects were shared out among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "simulation/tally.h"
#include "util/calendar.h"

#define GROUPS 5
#define LOSERS 7

static uint32_t mixed(uint32_t number) {
    number = (number ^ number >> 16) * 0x45d9f3b;
    number = (number ^ number >> 16) * 0x45d9f3b;
    return number ^ number >> 16;
}

/* One subject, whatever worker counts it. */
static void count(struct tally *tally, uint32_t number) {
    uint32_t chance = mixed(number);
    size_t before = chance % CLASSES, after = (chance >> 8) % CLASSES;
    tally->judged++;
    tally->transitions[before][after]++;
    tally_person(tally, (chance >> 16) % (GROUPS + 1), (chance >> 20) % AGE_BANDS,
                 (after > before) - (after < before));
    tally->bins[difference_bin((int64_t)after - (int64_t)before)]++;
    if (after < before)
        tally_loser(tally, number, (int64_t)(before - after));
    if (chance % 11 == 0) {
        char text[32];
        snprintf(text, sizeof text, "failure %u", chance / 11 % 5);
        tally_failure(tally, AFTER, number, str_from(text));
    }
}

static void assert_same(const struct tally *a, const struct tally *b) {
    assert_int_equal(a->judged, b->judged);
    assert_int_equal(a->better, b->better);
    assert_int_equal(a->worse, b->worse);
    assert_memory_equal(a->transitions, b->transitions, sizeof a->transitions);
    assert_memory_equal(a->groups, b->groups, GROUPS * sizeof *a->groups);
    assert_memory_equal(a->ages, b->ages, sizeof a->ages);
    assert_memory_equal(a->bins, b->bins, sizeof a->bins);
    assert_int_equal(a->n_losers, b->n_losers);
    for (size_t i = 0; i < a->n_losers; i++) {
        assert_int_equal(a->losers[i].number, b->losers[i].number);
        assert_int_equal(a->losers[i].loss, b->losers[i].loss);
    }
    assert_int_equal(a->failures[AFTER].n, b->failures[AFTER].n);
}

static uint64_t times_of(const struct tally *tally, const char *text) {
    for (size_t i = 0; i < tally->failures[AFTER].n_texts; i++)
        if (strcmp(tally->failures[AFTER].texts[i].text, text) == 0)
            return tally->failures[AFTER].texts[i].n;
    return 0;
}

static void any_number_of_workers_adds_up_to_the_same(void **state) {
    (void)state;
    struct tally alone;
    tally_init(&alone, GROUPS, LOSERS);
    for (uint32_t number = 1; number <= 5000; number++)
        count(&alone, number);
    for (unsigned n = 1; n <= 6; n++) {
        struct tally sum, workers[6];
        tally_init(&sum, GROUPS, LOSERS);
        for (unsigned i = 0; i < n; i++)
            tally_init(&workers[i], GROUPS, LOSERS);
        for (uint32_t number = 1; number <= 5000; number++)
            count(&workers[mixed(number / 64 + n) % n], number);
        for (unsigned i = n; i-- > 0;)
            tally_add(&sum, &workers[i]);
        assert_same(&sum, &alone);
        for (unsigned i = 0; i < 5; i++) {
            char text[32];
            snprintf(text, sizeof text, "failure %u", i);
            assert_int_equal(times_of(&sum, text), times_of(&alone, text));
        }
        for (unsigned i = 0; i < n; i++)
            tally_deinit(&workers[i]);
        tally_deinit(&sum);
    }
    tally_deinit(&alone);
}

static void those_who_lose_most_are_kept_and_of_equals_the_first(void **state) {
    (void)state;
    struct tally tally;
    static const int64_t losses[] = {1, 3, 2, 3, 1, 2, 5};
    tally_init(&tally, 0, 4);
    for (uint32_t i = 0; i < 7; i++)
        tally_loser(&tally, i + 1, losses[i]);
    static const uint32_t numbers[] = {7, 2, 4, 3};
    assert_int_equal(tally.n_losers, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(tally.losers[i].number, numbers[i]);
    tally_deinit(&tally);
    tally_init(&tally, 0, 0); /* none are wanted */
    tally_loser(&tally, 1, 1);
    assert_int_equal(tally.n_losers, 0);
    tally_deinit(&tally);
}

static void a_failure_s_text_is_cut_between_characters(void **state) {
    (void)state;
    struct tally tally;
    struct str words = STR("错");
    char text[900];
    for (size_t i = 0; i < 300; i++)
        memcpy(text + 3 * i, words.data, 3);
    tally_init(&tally, 0, 0);
    tally_failure(&tally, BEFORE, 1, (struct str){text, sizeof text});
    assert_int_equal(strlen(tally.failures[BEFORE].texts[0].text), 255);
    assert_int_equal(255 % 3, 0);
    tally_deinit(&tally);
}

static void more_failures_than_are_kept_leave_those_of_the_first_subjects(void **state) {
    (void)state;
    struct tally tally;
    tally_init(&tally, 0, 0);
    for (uint32_t number = 100; number > 0; number--) { /* as a merge may bring them */
        char text[32];
        snprintf(text, sizeof text, "failure %u", number);
        tally_failure(&tally, AFTER, number, str_from(text));
    }
    assert_int_equal(tally.failures[AFTER].n, 100);
    assert_int_equal(tally.failures[AFTER].n_texts, FAILURE_TEXTS);
    for (size_t i = 0; i < FAILURE_TEXTS; i++)
        assert_in_range(tally.failures[AFTER].texts[i].first, 1, FAILURE_TEXTS);
    tally_deinit(&tally);
}

static void every_difference_lies_in_its_bin(void **state) {
    (void)state;
    static const int64_t differences[] = {0,       1,   -1,        9,        10,       -10,
                                          99,      100, -999999,   1000000,  -1000000, 123456789,
                                          -100001, 5,   INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++) {
        int64_t least, most;
        size_t bin = difference_bin(differences[i]);
        assert_true(bin < BINS);
        bin_bounds(bin, &least, &most);
        assert_true(least <= differences[i] && differences[i] <= most);
    }
    for (size_t bin = 0; bin + 1 < BINS; bin++) { /* without gap or overlap */
        int64_t least, most, next, unused;
        bin_bounds(bin, &least, &most);
        bin_bounds(bin + 1, &next, &unused);
        assert_true(most + 1 == next);
    }
}

static void bands_begin_with_the_birthday(void **state) {
    (void)state;
    int32_t on;
    assert_int_equal(date_parse(STR("2018-06-30"), &on), 0);
    static const struct {
        int years;
        const char *band;
    } ages[] = {{0, "under_18"}, {17, "under_18"}, {18, "18_29"}, {29, "18_29"},   {30, "30_44"},
                {44, "30_44"},   {45, "45_59"},    {59, "45_59"}, {60, "60_over"}, {99, "60_over"}};
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
        struct volunteer_row person = {.born = date_month(on) - 12 * ages[i].years};
        assert_string_equal(age_band_names[age_band(&person, on)], ages[i].band);
    }
    struct volunteer_row unknown = {.born = INT32_MIN};
    assert_string_equal(age_band_names[age_band(&unknown, on)], "unknown");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_workers_adds_up_to_the_same),
        cmocka_unit_test(those_who_lose_most_are_kept_and_of_equals_the_first),
        cmocka_unit_test(a_failure_s_text_is_cut_between_characters),
        cmocka_unit_test(more_failures_than_are_kept_leave_those_of_the_first_subjects),
        cmocka_unit_test(every_difference_lies_in_its_bin),
        cmocka_unit_test(bands_begin_with_the_birthday),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
