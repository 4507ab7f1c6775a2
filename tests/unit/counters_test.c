/* Counters: what stands, whole months, and the end of any past day. */
#include "domain_fixture.h"

#include "domain/figures.h"

static void register_on(struct world *world, const char *id, const char *region, const char *date) {
    char data[200], time[40];
    snprintf(data, sizeof data, "{\"volunteer\":\"%s\",\"region\":\"%s\",\"employer\":\"o1\"}", id,
             region);
    snprintf(time, sizeof time, "%sT12:00:00+08:00", date);
    world_assert(world, PROBLEM_NONE, "volunteer.registered", time, data);
}

/* What the engine's view and a reader's say must be the same. */
static void assert_counted(struct world *world, const char *region, int32_t at,
                           enum counter counter, int64_t expected) {
    uint32_t number = world_number(world, NOUN_REGION, region);
    int64_t value = -1;
    assert_int_equal(
        counter_value(world->stepper.context.view, at, NOUN_REGION, number, counter, &value), 0);
    assert_int_equal(value, expected);
    struct view *view = reader_view(world);
    struct counter_row row;
    assert_int_equal(counter_value(view, at, NOUN_REGION, number, counter, &value), 0);
    assert_int_equal(value, expected);
    assert_int_equal(counter_get(view, at, NOUN_REGION, number, &row), 0);
    assert_int_equal(row.value[counter], expected);
    view_close(view);
}

static void what_stood_at_the_end_of_a_past_day_can_be_read(void **state) {
    struct world *world = *state;
    world_city(world); /* two volunteers on 2018-06-01, one of them in Qinzhou */
    register_on(world, "v3", "620502001001", "2018-06-02");
    register_on(world, "v4", "620502001001", "2018-06-02");
    register_on(world, "v5", "620502001001", "2018-06-09");
    assert_counted(world, "620502000000", day("2018-05-31"), COUNTER_volunteers, 0);
    assert_counted(world, "620502000000", day("2018-06-01"), COUNTER_volunteers, 1);
    assert_counted(world, "620502000000", day("2018-06-02"), COUNTER_volunteers, 3);
    assert_counted(world, "620502000000", day("2018-06-05"), COUNTER_volunteers, 3);
    assert_counted(world, "620502000000", day("2018-06-08"), COUNTER_volunteers, 3);
    assert_counted(world, "620502000000", day("2018-06-09"), COUNTER_volunteers, 4);
    assert_counted(world, "620502000000", COUNTER_NOW, COUNTER_volunteers, 4);
    assert_counted(world, "620500000000", day("2018-06-02"), COUNTER_volunteers, 4);
    assert_counted(world, "620503000000", day("2018-06-30"), COUNTER_volunteers, 1);
}

#define RECORD(id, starts, ends)                                                                   \
    "{\"record\":\"" id "\",\"volunteer\":\"v1\",\"activity\":\"a1\",\"organisation\":\"o1\","     \
    "\"starts\":\"" starts "\",\"ends\":\"" ends                                                   \
    "\",\"method\":\"code\",\"recorder\":\"clerk:1\"}"
#define DECIDED(id, minutes)                                                                       \
    "{\"record\":\"" id "\",\"outcome\":\"accepted\",\"minutes\":" minutes "}"

static void a_correction_changes_today_and_leaves_yesterday_as_it_was(void **state) {
    struct world *world = *state;
    world_city(world);
    world_assert(world, PROBLEM_NONE, "service.recorded", "2018-06-02T12:00:00+08:00",
                 RECORD("r1", "2018-06-02T08:00:00+08:00", "2018-06-02T10:00:00+08:00"));
    world_assert(world, PROBLEM_NONE, "service.decided", "2018-06-02T12:00:00+08:00",
                 DECIDED("r1", "120"));
    world_assert(world, PROBLEM_NONE, "service.revoked", "2018-06-03T12:00:00+08:00",
                 "{\"record\":\"r1\",\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_counted(world, "620500000000", day("2018-06-02"), COUNTER_minutes, 120);
    assert_counted(world, "620500000000", day("2018-06-03"), COUNTER_minutes, 0);
    uint32_t city = world_number(world, NOUN_REGION, "620500000000");
    int32_t june = date_month(day("2018-06-01"));
    int64_t minutes = -1;
    struct view *view = reader_view(world);
    assert_int_equal(counter_months(view, day("2018-06-02"), NOUN_REGION, city, COUNTER_minutes,
                                    june, june, &minutes),
                     0);
    assert_int_equal(minutes, 120);
    assert_int_equal(
        counter_months(view, COUNTER_NOW, NOUN_REGION, city, COUNTER_minutes, june, june, &minutes),
        0);
    assert_int_equal(minutes, 0);
    view_close(view);
}

static void months_are_summed_and_all_time_is_their_sum(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded",
                   RECORD("r1", "2018-04-30T22:00:00+08:00", "2018-05-01T02:00:00+08:00"));
    assert_applied(world, "service.decided", DECIDED("r1", "240"));
    uint32_t city = world_number(world, NOUN_REGION, "620500000000");
    int32_t april = date_month(day("2018-04-01"));
    int64_t minutes[3] = {-1, -1, -1};
    for (int i = 0; i < 2; i++)
        assert_int_equal(counter_months(world->stepper.context.view, COUNTER_NOW, NOUN_REGION, city,
                                        COUNTER_minutes, april + i, april + i, &minutes[i]),
                         0);
    assert_int_equal(counter_months(world->stepper.context.view, COUNTER_NOW, NOUN_REGION, city,
                                    COUNTER_minutes, 0, 40000, &minutes[2]),
                     0);
    assert_int_equal(minutes[0], 120);
    assert_int_equal(minutes[1], 120);
    assert_int_equal(minutes[2], 240);
    assert_counted(world, "620500000000", COUNTER_NOW, COUNTER_minutes, 240);
}

static void every_counter_is_found_by_its_name(void **state) {
    (void)state;
    for (unsigned i = 0; i < COUNTER_COUNT; i++)
        assert_int_equal(counter_find(str_from(counter_name((enum counter)i))), i);
    assert_int_equal(counter_find(STR("volunteer")), COUNTER_COUNT);
}

/* ---- figures ---- */

#define FIGURE(value, as_of)                                                                       \
    "{\"figure\":\"built_up_residents\",\"subject\":{\"kind\":\"region\",\"id\":"                  \
    "\"620502000000\"},\"value\":" value ",\"as_of\":\"" as_of "\",\"origin\":\"统计年鉴\"}"

static int64_t figure_on(struct world *world, const char *as_of, int32_t at) {
    struct figure figure;
    uint32_t number = world_number(world, NOUN_REGION, "620502000000");
    int r = figure_get(world->stepper.context.view, FIGURE_BUILT_UP_RESIDENTS, NOUN_REGION, number,
                       day(as_of), at, &figure);
    assert_true(r >= 0);
    return r == 0 ? figure.value : -1;
}

static void the_newest_figure_not_after_the_day_counts_whenever_it_was_reported(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "figure.reported", FIGURE("300000", "2018-05-31"));
    assert_applied(world, "figure.reported", FIGURE("280000", "2017-12-31"));
    assert_int_equal(figure_on(world, "2017-12-30", COUNTER_NOW), -1);
    assert_int_equal(figure_on(world, "2018-01-15", COUNTER_NOW), 280000);
    assert_int_equal(figure_on(world, "2018-06-01", COUNTER_NOW), 300000);
}

static void a_figure_was_not_known_before_it_was_reported(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "figure.reported", FIGURE("300000", "2018-05-31"));
    world_assert(world, PROBLEM_NONE, "figure.reported", "2018-06-05T09:00:00+08:00",
                 FIGURE("310000", "2018-06-01"));
    assert_int_equal(figure_on(world, "2018-06-04", day("2018-06-04")), 300000);
    assert_int_equal(figure_on(world, "2018-06-04", day("2018-06-05")), 310000);
    assert_int_equal(figure_on(world, "2018-06-04", day("2018-05-31")), -1);
}

static void bad_figures_are_refused(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "figure.reported", FIGURE("-1", "2018-05-31"));
    assert_string_equal(world->problem.field, "data.value");
    assert_refused(world, PROBLEM_IN_FUTURE, "figure.reported", FIGURE("1", "2018-06-02"));
    assert_applied(world, "figure.reported", FIGURE("300000", "2018-05-31"));
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "figure.reported",
                   FIGURE("310000", "2018-05-31"));
    assert_string_equal(world->problem.field, "data.as_of");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "figure.reported",
                   "{\"figure\":\"staff\",\"subject\":{\"kind\":\"organisation\",\"id\":\"o9\"},"
                   "\"value\":1,\"as_of\":\"2018-05-31\",\"origin\":\"x\"}");
    assert_string_equal(world->problem.noun, "organisation");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "figure.reported",
                   "{\"figure\":\"staff\",\"subject\":{\"kind\":\"region\",\"id\":"
                   "\"620502000000\"},\"value\":1,\"as_of\":\"2018-05-31\",\"origin\":\"x\"}");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "figure.reported",
                   "{\"figure\":\"staff\",\"subject\":{\"kind\":\"volunteer\",\"id\":\"v1\"},"
                   "\"value\":1,\"as_of\":\"2018-05-31\",\"origin\":\"x\"}");
    assert_string_equal(world->problem.field, "data.subject.kind");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_stood_at_the_end_of_a_past_day_can_be_read,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_correction_changes_today_and_leaves_yesterday_as_it_was,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(months_are_summed_and_all_time_is_their_sum, world_setup,
                                        world_teardown),
        cmocka_unit_test(every_counter_is_found_by_its_name),
        cmocka_unit_test_setup_teardown(
            the_newest_figure_not_after_the_day_counts_whenever_it_was_reported, world_setup,
            world_teardown),
        cmocka_unit_test_setup_teardown(a_figure_was_not_known_before_it_was_reported, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(bad_figures_are_refused, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
