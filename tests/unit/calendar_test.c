#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "util/calendar.h"

static int shanghai_load(void **state) {
    static struct zone shanghai;
    *state = &shanghai;
    return zone_load("Asia/Shanghai", &shanghai);
}

static int64_t at(const char *text) {
    int64_t time_us = 0;
    int16_t offset;
    if (time_parse(str_from(text), &time_us, &offset) != 0)
        fail_msg("not a time: %s", text);
    return time_us;
}

static int32_t on(const char *text) {
    int32_t date = 0;
    if (date_parse(str_from(text), &date) != 0)
        fail_msg("not a date: %s", text);
    return date;
}

static void every_day_of_ten_thousand_years_has_one_number(void **state) {
    (void)state;
    int32_t year, month, day, last_month = -1;
    int32_t first = date_from_civil(0, 1, 1), end = date_from_civil(10000, 1, 1);
    assert_int_equal(first, -719528);
    assert_int_equal(date_from_civil(1970, 1, 1), 0);
    for (int32_t date = first; date < end; date++) {
        date_to_civil(date, &year, &month, &day);
        if (date_from_civil(year, month, day) != date || date_month(date) != year * 12 + month - 1)
            fail_msg("%d is %d-%d-%d", date, year, month, day);
        if (day == 1) {
            assert_int_equal(date_month(date), last_month + 1);
            assert_int_equal(month_first_date(date_month(date)), date);
            last_month = date_month(date);
        }
    }
    assert_int_equal(last_month, 119999);
}

static void dates_and_months_are_read_strictly(void **state) {
    (void)state;
    static const char *const bad_dates[] = {
        "2023-02-29", "1900-02-29", "2023-13-01", "2023-00-01",  "2023-04-31",  "2023-04-00",
        "2023-4-01",  "23-04-01",   "2023/04/01", "2023-04-01 ", " 2023-04-01", "2023-04",
        "",           "+023-04-01", "2023-04-0a", "2023-04-01T"};
    static const char *const bad_months[] = {"2023-13", "2023-00",  "2023",
                                             "2023-1",  "2023-011", ""};
    int32_t untouched = 77;
    for (size_t i = 0; i < sizeof bad_dates / sizeof *bad_dates; i++)
        assert_true(date_parse(str_from(bad_dates[i]), &untouched) > 0);
    for (size_t i = 0; i < sizeof bad_months / sizeof *bad_months; i++)
        assert_true(month_parse(str_from(bad_months[i]), &untouched) > 0);
    assert_int_equal(untouched, 77);
    assert_int_equal(on("2024-02-29"), on("2024-03-01") - 1);
    assert_int_equal(on("2000-02-29"), 11016);
    assert_int_equal(month_parse(STR("2023-12"), &untouched), 0);
    assert_int_equal(untouched, 2023 * 12 + 11);
}

static void assert_period(const char *text, const char *first, const char *last) {
    int32_t from = 0, to = 0;
    assert_int_equal(period_parse(str_from(text), &from, &to), first != NULL);
    assert_int_equal(from, first ? on(first) : 0);
    assert_int_equal(to, last ? on(last) : 0);
}

static void a_period_is_a_year_a_quarter_or_a_month(void **state) {
    (void)state;
    assert_period("2018", "2018-01-01", "2018-12-31");
    assert_period("2018-Q1", "2018-01-01", "2018-03-31");
    assert_period("2018-Q4", "2018-10-01", "2018-12-31");
    assert_period("2024-02", "2024-02-01", "2024-02-29");
    static const char *const bad[] = {"",        "18",      "2018-Q5", "2018-Q0", "2018Q1",
                                      "2018/Q1", "2018-13", "2018-1",  "201a",    "2018-01-01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_period(bad[i], NULL, NULL);
}

static void times_are_read_with_their_offset(void **state) {
    (void)state;
    int64_t time_us;
    int16_t offset;
    assert_int_equal(time_parse(STR("2018-08-23T09:00:00+08:00"), &time_us, &offset), 0);
    assert_true(time_us == INT64_C(1534986000) * MICROSECONDS);
    assert_int_equal(offset, 480);
    assert_int_equal(time_parse(STR("1969-12-31t23:59:59.5z"), &time_us, &offset), 0);
    assert_true(time_us == -500000);
    assert_int_equal(offset, 0);
    assert_int_equal(time_parse(STR("2020-01-01T00:00:00-23:59"), &time_us, &offset), 0);
    assert_int_equal(offset, -1439);
    assert_true(at("2020-01-01T00:00:00-00:00") == at("2020-01-01T00:00:00Z"));
}

static void digits_beyond_the_microsecond_are_cut_off(void **state) {
    (void)state;
    assert_true(at("1970-01-01T00:00:00.1Z") == 100000);
    assert_true(at("1970-01-01T00:00:00.000001Z") == 1);
    assert_true(at("1970-01-01T00:00:00.123456999Z") == 123456);
}

static void times_are_read_strictly(void **state) {
    (void)state;
    static const char *const bad[] = {"2018-08-23T09:00:00",
                                      "2018-08-23 09:00:00Z",
                                      "2018-08-23T24:00:00Z",
                                      "2018-08-23T09:60:00Z",
                                      "2018-12-31T23:59:60Z",
                                      "2018-08-23T09:00Z",
                                      "2018-08-23T09:00:00.Z",
                                      "2018-08-23T09:00:00,5Z",
                                      "2018-08-23T09:00:00+0800",
                                      "2018-08-23T09:00:00.0123456789Z",
                                      "2018-08-23T09:00:00+24:00",
                                      "2018-08-23T09:00:00+08:60",
                                      "2018-08-23T09:00:00+08",
                                      "2018-08-23T09:00:00ZZ",
                                      "2018-02-30T09:00:00Z",
                                      "2018-08-23",
                                      "",
                                      "0000-01-01T00:00:00+00:01",
                                      "9999-12-31T23:59:59-00:01",
                                      "12018-08-23T09:00:00Z",
                                      "2018-08-23T9:00:00Z"};
    int64_t untouched = 77;
    int16_t offset = 77;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (time_parse(str_from(bad[i]), &untouched, &offset) <= 0)
            fail_msg("taken: %s", bad[i]);
    assert_true(untouched == 77 && offset == 77);
}

static void times_are_written_as_they_were_read(void **state) {
    (void)state;
    static const char *const texts[] = {
        "2018-08-23T09:00:00+08:00", "0000-01-01T00:00:00Z",      "9999-12-31T23:59:59.999999Z",
        "1969-12-31T23:59:59.5Z",    "1970-01-01T00:00:00.001Z",  "2020-02-29T00:00:00.1-23:59",
        "1986-05-04T03:00:00+09:00", "2024-12-31T23:59:00-00:30", "0000-01-01T23:58:00+23:58"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t time_us;
        int16_t offset;
        char text[40];
        assert_int_equal(time_parse(str_from(texts[i]), &time_us, &offset), 0);
        assert_int_equal(time_format(time_us, offset, text), strlen(texts[i]));
        assert_string_equal(text, texts[i]);
    }
}

static void dates_and_months_are_written(void **state) {
    (void)state;
    char text[16];
    assert_int_equal(date_format(on("2012-10-23"), text), 10);
    assert_string_equal(text, "2012-10-23");
    assert_int_equal(date_format(on("0000-01-01"), text), 10);
    assert_string_equal(text, "0000-01-01");
    assert_int_equal(month_format(2012 * 12 + 9, text), 7);
    assert_string_equal(text, "2012-10");
}

static void the_ends_of_the_number_range_write_inside_their_space(void **state) {
    (void)state;
    static const int32_t numbers[] = {INT32_MIN, INT32_MIN + 1, -1, 0, INT32_MAX};
    char date[16], time[40];
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        size_t size = date_format(numbers[i], date);
        assert_int_equal(size, strlen(date));
        size = month_format(numbers[i], date);
        assert_int_equal(size, strlen(date));
    }
    size_t size = time_format(INT64_MAX, INT16_MAX, time);
    assert_int_equal(size, strlen(time));
    size = time_format(INT64_MIN, INT16_MIN, time);
    assert_int_equal(size, strlen(time));
}

static void shanghai_kept_summer_time_from_1986_to_1991(void **state) {
    const struct zone *zone = *state;
    assert_int_equal(zone_offset_at(zone, at("2024-07-01T00:00:00Z")), 8 * 3600);
    assert_int_equal(zone_offset_at(zone, at("1985-07-01T00:00:00Z")), 8 * 3600);
    for (int year = 1986; year <= 1991; year++) {
        char text[] = "1986-07-01T00:00:00Z";
        text[3] = (char)('0' + year % 10);
        text[2] = (char)('0' + year / 10 % 10);
        assert_int_equal(zone_offset_at(zone, at(text)), 9 * 3600);
    }
    assert_int_equal(zone_offset_at(zone, at("1992-07-01T00:00:00Z")), 8 * 3600);
    /* To the second, where it begins and ends. */
    assert_int_equal(zone_offset_at(zone, at("1986-05-04T01:59:59.999999+08:00")), 8 * 3600);
    assert_int_equal(zone_offset_at(zone, at("1986-05-04T02:00:00+08:00")), 9 * 3600);
    assert_int_equal(zone_offset_at(zone, at("1991-09-15T01:59:59+09:00")), 9 * 3600);
    assert_int_equal(zone_offset_at(zone, at("1991-09-15T02:00:00+09:00")), 8 * 3600);
}

static void a_loaded_zone_agrees_with_the_machine(void **state) {
    const struct zone *zone = *state;
    const char *before = getenv("TZ");
    char *kept = before ? strdup(before) : NULL;
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    for (int64_t time_s = -2208988800; time_s < 4102444800; time_s += 9001 * 13) {
        time_t time = time_s;
        struct tm local;
        localtime_r(&time, &local);
        assert_int_equal(zone_offset_at(zone, time_s * MICROSECONDS), local.tm_gmtoff);
    }
    if (kept)
        setenv("TZ", kept, 1);
    else
        unsetenv("TZ");
    tzset();
    free(kept);
}

static void a_date_begins_at_its_first_microsecond(void **state) {
    const struct zone *zone = *state;
    for (int32_t date = on("1900-01-02"); date < on("2050-01-01"); date++) {
        int64_t midnight = zone_midnight(zone, date);
        if (zone_date(zone, midnight) != date || zone_date(zone, midnight - 1) != date - 1)
            fail_msg("date %d", date);
    }
    assert_true(zone_midnight(zone, on("2024-01-01")) == at("2024-01-01T00:00:00+08:00"));
    assert_int_equal(zone_date(zone, at("2023-12-31T16:00:00Z")), on("2024-01-01"));
    assert_int_equal(zone_date(zone, at("2023-12-31T15:59:59.999999Z")), on("2023-12-31"));
    /* A day of 23 and one of 25 hours. */
    assert_true(zone_midnight(zone, on("1986-05-05")) - zone_midnight(zone, on("1986-05-04")) ==
                23 * 3600 * MICROSECONDS);
    assert_true(zone_midnight(zone, on("1991-09-16")) - zone_midnight(zone, on("1991-09-15")) ==
                25 * 3600 * MICROSECONDS);
}

static void midnights_that_are_skipped_or_doubled_have_an_answer(void **state) {
    (void)state;
    const int64_t change = 10 * DAY_SECONDS; /* local midnight by the first offset, 0 */
    const struct zone skipped = {2, {{INT64_MIN, 0}, {change, 3600}}};
    assert_true(zone_midnight(&skipped, 10) == change * MICROSECONDS);
    assert_int_equal(zone_date(&skipped, change * MICROSECONDS), 10);
    const struct zone doubled = {2, {{INT64_MIN, 0}, {change + 1800, -3600}}};
    assert_true(zone_midnight(&doubled, 10) == change * MICROSECONDS);
    const struct zone date_missing = {2, {{INT64_MIN, 0}, {change, 86400}}};
    assert_true(zone_midnight(&date_missing, 10) == change * MICROSECONDS);
    assert_true(zone_midnight(&date_missing, 11) == change * MICROSECONDS);
}

static void unknown_zones_are_refused_and_nothing_is_touched(void **state) {
    (void)state;
    static const char *const unknown[] = {
        "Asia/Tianshui",
        "",
        "/usr/share/zoneinfo/Asia/Shanghai",
        "../zoneinfo/Asia/Shanghai",
        "Asia/../Asia/Shanghai",
        "Asia",
        "zone.tab",
        "tzdata.zi",
        "Asia/Shanghai\n",
        "CST-8",
        "A234567890123456789012345678901234567890123456789012345678901234567890"};
    struct zone zone = {.n_offsets = 77};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_true(zone_load(unknown[i], &zone) > 0);
    /* Summer time for ever does not fit. */
    assert_true(zone_load("America/New_York", &zone) > 0);
    assert_int_equal(zone.n_offsets, 77);
}

static void the_machine_keeps_its_own_zone(void **state) {
    (void)state;
    struct zone zone;
    setenv("TZ", "Asia/Kolkata", 1);
    tzset();
    assert_int_equal(zone_load("Asia/Shanghai", &zone), 0);
    assert_string_equal(getenv("TZ"), "Asia/Kolkata");
    assert_int_equal(timezone, -19800);
    unsetenv("TZ");
    assert_int_equal(zone_load("UTC", &zone), 0);
    assert_null(getenv("TZ"));
    assert_int_equal(zone.n_offsets, 1);
    assert_int_equal(zone_date(&zone, -1), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_ten_thousand_years_has_one_number),
        cmocka_unit_test(dates_and_months_are_read_strictly),
        cmocka_unit_test(a_period_is_a_year_a_quarter_or_a_month),
        cmocka_unit_test(times_are_read_with_their_offset),
        cmocka_unit_test(digits_beyond_the_microsecond_are_cut_off),
        cmocka_unit_test(times_are_read_strictly),
        cmocka_unit_test(times_are_written_as_they_were_read),
        cmocka_unit_test(dates_and_months_are_written),
        cmocka_unit_test(the_ends_of_the_number_range_write_inside_their_space),
        cmocka_unit_test(shanghai_kept_summer_time_from_1986_to_1991),
        cmocka_unit_test(a_loaded_zone_agrees_with_the_machine),
        cmocka_unit_test(a_date_begins_at_its_first_microsecond),
        cmocka_unit_test(midnights_that_are_skipped_or_doubled_have_an_answer),
        cmocka_unit_test(unknown_zones_are_refused_and_nothing_is_touched),
        cmocka_unit_test(the_machine_keeps_its_own_zone),
    };
    return cmocka_run_group_tests(tests, shanghai_load, NULL);
}
