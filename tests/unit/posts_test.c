/* Duty calendars: how they read and which days they ask for; and days of duty that are over while
 * nobody looked. */
#include "engine_fixture.h"

#include "domain/counters.h"
#include "domain/duties.h"
#include "domain/duty_calendar.h"
#include "domain/runs.h"

/* ---- the line of text ---- */

static struct duty_calendar calendar(const char *text) {
    struct duty_calendar calendar;
    assert_int_equal(duty_calendar_parse(str_from(text), &calendar), 0);
    return calendar;
}

static const char *day_after(const char *text, const char *after) {
    static char day[16];
    const struct duty_calendar read = calendar(text);
    int32_t date;
    assert_int_equal(date_parse(str_from(after), &date), 0);
    assert_int_equal(duty_calendar_next(&read, date, &date), 0);
    date_format(date, day);
    return day;
}

static void a_calendar_is_rules_of_days_and_a_time(void **state) {
    (void)state;
    const struct duty_calendar read = calendar(" mon-wed , sat 07:30-09:00 ;sun 22:00-06:00 ; ");
    assert_int_equal(read.n, 2);
    assert_int_equal(read.rules[0].days, 0x27);
    assert_int_equal(read.rules[0].from_minute, 450);
    assert_int_equal(read.rules[0].to_minute, 540);
    assert_int_equal(read.rules[1].days, 0x40);
    assert_int_equal(read.rules[1].to_minute, 360);
    assert_int_equal(calendar("fri-mon 08:00-24:00").rules[0].days, 0x71);
}

static void what_is_no_calendar_is_refused(void **state) {
    static const char *const wrong[] = {"",
                                        " ",
                                        ";",
                                        "; sat 07:30-09:00",
                                        "sat",
                                        "07:30-09:00",
                                        "sat 07:30",
                                        "sat 07:30-",
                                        "sat -09:00",
                                        "sat 7:30-09:00",
                                        "sat 24:00-25:00",
                                        "sat 24:00-06:00",
                                        "sat 07:60-09:00",
                                        "sat 07:30-07:30",
                                        "sat07:30-09:00",
                                        "sat, 07:30-09:00",
                                        ",sat 07:30-09:00",
                                        "sat-sat 07:30-09:00",
                                        "sat- 07:30-09:00",
                                        "daily-sat 07:30-09:00",
                                        "workday-sun 07:30-09:00",
                                        "Sat 07:30-09:00",
                                        "sat 07:30-09:00 x",
                                        "sat\t07:30-09:00"};
    struct duty_calendar read;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (duty_calendar_parse(str_from(wrong[i]), &read) == 0)
            fail_msg("taken for a calendar: %s", wrong[i]);
}

static void the_next_day_is_the_first_one_that_is_asked_for(void **state) {
    (void)state;
    assert_string_equal(day_after("sat 07:30-09:00", "2018-08-31"), "2018-09-01");
    assert_string_equal(day_after("sat 07:30-09:00", "2018-09-01"), "2018-09-08");
    assert_string_equal(day_after("mon 07:30-09:00;thu 07:30-09:00", "2018-09-03"), "2018-09-06");
    assert_string_equal(day_after("daily 07:30-09:00", "2018-12-31"), "2019-01-01");
    /* Which days are worked the city may still say: each is looked at. */
    assert_string_equal(day_after("workday 07:30-09:00", "2018-08-31"), "2018-09-01");
}

/* ---- while nobody looked ---- */

static void await_runs(struct machine *machine, struct view **ret_view) {
    for (int i = 0; i < 20000 && !machine->failure; i++) {
        struct run_row run;
        uint32_t number;
        machine_commit(machine);
        assert_int_equal(store_view_open(machine->store, ret_view), 0);
        if (run_last(*ret_view) && run_open(*ret_view, &number, &run) == THING_NOT_FOUND)
            return;
        view_close(*ret_view);
        usleep(1000);
    }
    fail_msg("runs do not end");
}

#define POST(id, calendar)                                                                         \
    "{\"post\":\"" id "\",\"kind\":\"crossing\",\"region\":\"620502000000\",\"duty\":\"d\","       \
    "\"duty_calendar\":\"" calendar "\"}"

/* However many midnights come at once, each day of duty is told of once. */
static void days_of_a_standstill_are_told_of_once(void **state) {
    struct machine *machine = *state;
    struct view *view = NULL;
    struct post_row row;
    uint32_t post;
    int64_t missed = 0;
    machine_city(machine);
    assert_stored(machine_send(machine, "post.defined", POST("p1", "daily 08:00-18:00")));
    assert_stored(machine_send(machine, "post.defined", POST("p2", "daily 08:00-18:00")));
    assert_stored(machine_send(machine, "post.closed", "{\"post\":\"p2\"}"));
    machine_stop(machine);
    machine_move(machine, 6 * DAY_SECONDS * MICROSECONDS);
    assert_int_equal(machine_start(machine), 0);
    for (int i = 0; i < 3; i++) {
        assert_stored(machine_send(machine, "post.defined", POST("p3", "daily 08:00-18:00")));
        await_runs(machine, &view);
        assert_int_equal(thing_find(view, NOUN_POST, STR("p1"), &post), 0);
        assert_int_equal(post_get(view, post, &row), 0);
        /* Asked for from the day after it was defined; today is not over. */
        assert_int_equal(row.n_days, 5 + i);
        assert_int_equal(row.n_missed, 5 + i);
        assert_int_equal(
            counter_value(view, COUNTER_NOW, NOUN_REGION, 1, COUNTER_duties_missed, &missed), 0);
        assert_int_equal(missed, 5 + i + (i > 1));
        view_close(view);
        machine_move(machine, DAY_SECONDS * MICROSECONDS);
        uint64_t head = journal_head(machine->journal).sequence;
        for (int wait = 0; wait < 5000 && journal_head(machine->journal).sequence == head; wait++)
            usleep(1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_calendar_is_rules_of_days_and_a_time),
        cmocka_unit_test(what_is_no_calendar_is_refused),
        cmocka_unit_test(the_next_day_is_the_first_one_that_is_asked_for),
        cmocka_unit_test_setup_teardown(days_of_a_standstill_are_told_of_once, machine_setup,
                                        machine_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
