/* What rules set going by themselves, without an engine: schedules, the runs that an activation, a
 * midnight and a day that comes begin, and whose turn it is. */
#include "domain_fixture.h"

#include "domain/policies.h"
#include "domain/policy_runs.h"
#include "domain/runs.h"
#include "domain/schedules.h"

static struct view *view_of(struct world *world) {
    return world->stepper.context.view;
}

static bool falls_on(const char *schedule, const char *date) {
    return schedule_falls_on(str_from(schedule), day(date));
}

static void a_schedule_falls_on_its_days_alone(void **state) {
    (void)state;
    assert_true(falls_on("daily", "2018-03-05"));
    assert_true(falls_on("monthly:5", "2018-03-05"));
    assert_false(falls_on("monthly:5", "2018-03-15"));
    assert_false(falls_on("monthly:15", "2018-03-05"));
    assert_true(falls_on("yearly:04-30", "2018-04-30"));
    assert_false(falls_on("yearly:04-30", "2018-05-30"));
    assert_false(falls_on("yearly:04-30", "2018-05-01"));
}

static void the_29th_of_february_is_the_last_of_february(void **state) {
    (void)state;
    assert_true(falls_on("yearly:02-29", "2018-02-28"));
    assert_false(falls_on("yearly:02-29", "2018-03-01"));
    assert_false(falls_on("yearly:02-29", "2020-02-28"));
    assert_true(falls_on("yearly:02-29", "2020-02-29"));
    assert_true(falls_on("yearly:02-29", "1900-02-28"));
}

static void what_is_no_schedule_falls_on_no_day(void **state) {
    static const char *const texts[] = {"",           "weekly",      "monthly:",     "monthly:05",
                                        "monthly:31", "yearly:",     "yearly:02-30", "yearly:4-30",
                                        "dailyx",     "yearly:99-1", "monthly:x"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int32_t date = day("2019-02-01"); date <= day("2019-03-01"); date++)
            assert_false(schedule_falls_on(str_from(texts[i]), date));
    assert_false(schedule_falls_on(STR_NONE, day("2018-01-01")));
}

/* ---- what begins ---- */

static void activate(struct world *world, const char *name, const char *kind, unsigned revision,
                     const char *more) {
    char data[512];
    snprintf(data, sizeof data,
             "{\"policy\":\"%s\",\"kind\":\"%s\",\"revision\":\"%s:%u\",\"text\":\"return {}\","
             "\"by\":\"c\"%s}",
             name, kind, name, revision, more);
    assert_applied(world, "policy.activated", data);
}

static void tick(struct world *world, const char *date) {
    char data[64], time[64];
    snprintf(data, sizeof data, "{\"date\":\"%s\"}", date);
    snprintf(time, sizeof time, "%sT00:00:00+08:00", date);
    world_assert(world, PROBLEM_NONE, "clock.ticked", time, data);
}

static void people_and_records(struct world *world) {
    world_city(world);
    for (int i = 0; i < 3; i++) {
        char data[256];
        snprintf(data, sizeof data, "{\"volunteer\":\"w%d\",\"region\":\"620502000000\"}", i);
        assert_applied(world, "volunteer.registered", data);
    }
}

/* "kind/revision/as_of scheduled", for each run there is, in order. */
static void assert_runs(struct world *world, const char *expected) {
    struct buf text = {0};
    for (uint32_t number = 1; number <= run_last(view_of(world)); number++) {
        struct run_row run;
        char as_of[16];
        assert_int_equal(run_get(view_of(world), number, &run), 0);
        date_format(run.as_of, as_of);
        buf_printf(&text, "%s%s/%u/%s%s", text.size ? " " : "",
                   run_kind_text((enum run_kind)run.kind), run.revision, as_of,
                   run.scheduled ? "s" : "");
    }
    buf_put_byte(&text, 0);
    assert_string_equal((const char *)text.data, expected);
    buf_deinit(&text);
}

#define FROM_NOW ",\"retroactivity\":\"from_now\",\"effective\":\"2018-01-01\""
#define ALL ",\"retroactivity\":\"all_history\",\"effective\":"

static void an_activation_begins_a_run_by_its_kind_and_day(void **state) {
    struct world *world = *state;
    people_and_records(world);
    activate(world, "star_rating", "star_rating", 1, FROM_NOW);
    assert_runs(world, "");
    activate(world, "star_rating", "star_rating", 2, ALL "\"2018-06-01\"");
    activate(world, "star_rating", "star_rating", 3, ALL "\"2018-06-02\"");
    activate(world, "registration", "registration", 1, ALL "\"2018-06-01\"");
    assert_runs(world, "stars/2/2018-06-01");
}

static void a_midnight_begins_what_falls_on_it_in_order(void **state) {
    struct world *world = *state;
    people_and_records(world);
    activate(world, "a", "points", 1, FROM_NOW ",\"schedule\":\"daily\"");
    activate(world, "star_rating", "star_rating", 1, FROM_NOW ",\"schedule\":\"monthly:2\"");
    activate(world, "b", "points", 1, FROM_NOW ",\"schedule\":\"yearly:06-03\"");
    activate(world, "star_rating", "star_rating", 2, ALL "\"2018-06-03\"");
    tick(world, "2018-06-02");
    assert_runs(world, "person_points/1/2018-06-01s stars/2/2018-06-01s");
    tick(world, "2018-06-03");
    assert_runs(world,
                "person_points/1/2018-06-01s stars/2/2018-06-01s person_points/1/2018-06-02s "
                "person_points/3/2018-06-02s stars/4/2018-06-03");
}

static void a_set_of_parameters_begins_on_its_day(void **state) {
    struct world *world = *state;
    people_and_records(world);
    activate(world, "star_rating", "star_rating", 1,
             ALL "\"2018-06-02\",\"sets\":[\"2000-01-01\",\"2018-06-04\"]");
    for (int i = 2; i < 6; i++) {
        char date[32];
        snprintf(date, sizeof date, "2018-06-%02d", i);
        tick(world, date);
    }
    assert_runs(world, "stars/1/2018-06-02 stars/1/2018-06-04");
}

static void where_there_is_nobody_nothing_begins(void **state) {
    struct world *world = *state;
    world_city(world);
    activate(world, "acceptance", "acceptance", 1, ALL "\"2018-01-01\"");
    assert_runs(world, "");
}

/* ---- turns ---- */

static void progress(struct world *world, uint32_t run, unsigned cursor, bool done) {
    char data[256];
    snprintf(data, sizeof data,
             "{\"run\":%u,\"cause\":1,\"revision\":\"x\",\"as_of\":\"2018-06-01\",\"cursor\":%u,"
             "\"done\":%s}",
             run, cursor, done ? "true" : "false");
    assert_applied(world, "run.progressed", data);
}

static uint32_t next_after(struct world *world, uint32_t after) {
    struct run_row run;
    uint32_t number = 0;
    int r = run_open_after(view_of(world), after, &number, &run);
    return r == 0 ? number : 0;
}

static void open_runs_take_turns_until_each_is_complete(void **state) {
    struct world *world = *state;
    people_and_records(world);
    for (unsigned i = 1; i <= 3; i++)
        activate(world, "star_rating", "star_rating", i, ALL "\"2018-06-01\"");
    assert_int_equal(next_after(world, 0), 1);
    progress(world, 1, 1, false);
    assert_int_equal(next_after(world, 1), 2);
    progress(world, 2, 3, true);
    assert_int_equal(next_after(world, 2), 3);
    assert_int_equal(next_after(world, 3), 1);
    assert_int_equal(run_complete(view_of(world)), 0); /* the first is open still */
    progress(world, 1, 3, true);
    assert_int_equal(run_complete(view_of(world)), 2);
    assert_int_equal(next_after(world, 1), 3);
    assert_int_equal(next_after(world, 3), 3);
    progress(world, 3, 3, true);
    assert_int_equal(next_after(world, 3), 0);
    assert_int_equal(run_complete(view_of(world)), 3);
}

static void only_kinds_that_decide_anew_look_back(void **state) {
    (void)state;
    for (int kind = 0; kind < POLICY_KIND_COUNT; kind++) {
        bool anew = kind == POLICY_KIND_ACCEPTANCE || kind == POLICY_KIND_POINTS ||
                    kind == POLICY_KIND_STAR_RATING || kind == POLICY_KIND_STANDING ||
                    kind == POLICY_KIND_ASSESSMENT;
        assert_int_equal(policy_kind_may_be_retroactive((enum POLICY_KIND_choice)kind), anew);
    }
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schedule_falls_on_its_days_alone),
        cmocka_unit_test(the_29th_of_february_is_the_last_of_february),
        cmocka_unit_test(what_is_no_schedule_falls_on_no_day),
        cmocka_unit_test(only_kinds_that_decide_anew_look_back),
        T(an_activation_begins_a_run_by_its_kind_and_day),
        T(a_midnight_begins_what_falls_on_it_in_order),
        T(a_set_of_parameters_begins_on_its_day),
        T(where_there_is_nobody_nothing_begins),
        T(open_runs_take_turns_until_each_is_complete),
    };
    return cmocka_run_group_tests_name("runs", tests, NULL, NULL);
}
