/* Totals carried over from earlier years: kept apart from served minutes, counted once, corrected
 * and revoked. */
#include "domain_fixture.h"

#include "domain/carried_over.h"

#define TOTAL(id, minutes, from, to, more)                                                         \
    "{\"record\":\"" id "\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"minutes\":" minutes     \
    ",\"from\":\"" from "\",\"to\":\"" to "\",\"evidence\":\"原平台证明\"" more "}"
#define OF_SYSTEM ",\"system\":\"gszyz\""
#define YEARS(id) TOTAL(id, "6000", "2015-01-01", "2016-12-31", OF_SYSTEM)

static struct view *view_of(struct world *world) {
    return world->stepper.context.view;
}

static struct volunteer_row person(struct world *world, const char *id) {
    struct volunteer_row row;
    assert_int_equal(volunteer_get(view_of(world), world_number(world, NOUN_VOLUNTEER, id), &row),
                     0);
    return row;
}

static int64_t carried(struct world *world, enum noun noun, const char *id) {
    int64_t value = -1;
    assert_int_equal(counter_value(view_of(world), COUNTER_NOW, noun, world_number(world, noun, id),
                                   COUNTER_carried_minutes, &value),
                     0);
    return value;
}

static void assert_totals(struct world *world, int64_t minutes) {
    assert_int_equal(person(world, "v1").carried_minutes, minutes);
    assert_int_equal(carried(world, NOUN_REGION, "620500000000"), minutes);
    assert_int_equal(carried(world, NOUN_REGION, "620502001000"), minutes);
    assert_int_equal(carried(world, NOUN_ORGANISATION, "o1"), minutes);
    assert_int_equal(person(world, "v1").minutes, 0);
}

static void a_total_is_kept_apart_from_served_minutes(void **state) {
    struct world *world = *state;
    struct record record;
    uint32_t number;
    int32_t from, to;
    world_city(world);
    assert_applied(world, "service.carried_over", YEARS("c1"));
    assert_totals(world, 6000);
    assert_int_equal(world->stepper.context.n_questions, 1);
    assert_int_equal(world->stepper.context.questions[0].kind, POLICY_KIND_STAR_RATING);
    assert_int_equal(person(world, "v1").n_accepted, 0);
    assert_int_equal(person(world, "v1").first_service_on, 0);
    assert_int_equal(carried_get(view_of(world), 1, 1, &number, &record), 0);
    assert_int_equal(number, world_number(world, NOUN_RECORD, "c1"));
    assert_true(record_is_carried(&record.row));
    assert_int_equal(record.row.state, RECORD_ACCEPTED);
    assert_true(str_equal(record.id, STR("c1")));
    assert_true(str_equal(record.system, STR("gszyz")));
    assert_true(str_equal(record.evidence, STR("原平台证明")));
    carried_days(&world->stepper.city.zone, &record.row, &from, &to);
    assert_int_equal(from, date_from_civil(2015, 1, 1));
    assert_int_equal(to, date_from_civil(2016, 12, 31));
    assert_int_equal(carried_get(view_of(world), 1, 2, &number, &record), THING_NOT_FOUND);
}

static void a_total_is_corrected_and_revoked(void **state) {
    struct world *world = *state;
    struct record record;
    uint32_t number;
    world_city(world);
    assert_applied(world, "service.carried_over", YEARS("c1"));
    assert_applied(world, "service.corrected",
                   "{\"record\":\"c1\",\"minutes\":4000,\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_totals(world, 4000);
    assert_int_equal(world->stepper.context.n_questions, 1);
    assert_applied(world, "service.corrected",
                   "{\"record\":\"c1\",\"minutes\":7000,\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_totals(world, 7000);
    assert_int_equal(carried_get(view_of(world), 1, 1, &number, &record), 0);
    assert_int_equal(record.row.corrected, 2);
    assert_true(str_equal(record.evidence, STR("原平台证明")));
    assert_applied(world, "service.revoked",
                   "{\"record\":\"c1\",\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_totals(world, 0);
    assert_refused(world, PROBLEM_WRONG_STATE, "service.revoked",
                   "{\"record\":\"c1\",\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "service.corrected",
                   "{\"record\":\"c1\",\"minutes\":1,\"reason\":\"x\",\"by\":\"clerk:2\"}");
}

static void a_total_is_never_held_so_nobody_reviews_it(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.carried_over", YEARS("c1"));
    assert_refused(world, PROBLEM_WRONG_STATE, "service.reviewed",
                   "{\"record\":\"c1\",\"outcome\":\"accepted\",\"reviewer\":\"clerk:3\"}");
}

static void the_same_days_of_one_system_are_carried_over_once(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.carried_over", YEARS("c1"));
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "service.carried_over",
                   TOTAL("c1", "60", "2017-01-01", "2017-12-31", OF_SYSTEM));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "service.carried_over",
                   TOTAL("c2", "60", "2016-12-31", "2017-12-31", OF_SYSTEM));
    assert_non_null(strstr(world->problem.message, "total c1"));
    assert_applied(world, "service.carried_over",
                   TOTAL("c2", "60", "2017-01-01", "2017-12-31", OF_SYSTEM));
    assert_applied(world, "service.carried_over",
                   TOTAL("c3", "60", "2015-01-01", "2016-12-31", ",\"system\":\"other\""));
    assert_applied(world, "service.carried_over",
                   TOTAL("c4", "60", "2015-01-01", "2016-12-31", ""));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "service.carried_over",
                   TOTAL("c5", "60", "2016-06-01", "2016-06-30", ""));
    assert_applied(world, "service.revoked",
                   "{\"record\":\"c1\",\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_applied(world, "service.carried_over", YEARS("c6"));
    assert_totals(world, 6000 + 60 + 60 + 60);
}

static void days_and_minutes_must_be_possible(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "service.carried_over",
                   TOTAL("c1", "60", "2016-12-31", "2016-12-30", ""));
    assert_string_equal(world->problem.field, "data.to");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "service.carried_over",
                   TOTAL("c1", "60", "2018-01-01", "2018-06-02", ""));
    assert_string_equal(world->problem.field, "data.to");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "service.carried_over",
                   TOTAL("c1", "1441", "2016-12-31", "2016-12-31", ""));
    assert_string_equal(world->problem.field, "data.minutes");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "service.carried_over",
                   TOTAL("c1", "60", "1969-12-31", "1970-12-31", ""));
    assert_string_equal(world->problem.field, "data.from");
    assert_applied(world, "service.carried_over",
                   TOTAL("c1", "1440", "2016-12-31", "2016-12-31", ""));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "service.corrected",
                   "{\"record\":\"c1\",\"minutes\":1441,\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_totals(world, 1440);
}

static void who_left_before_has_nothing_to_carry_over(void **state) {
    struct world *world = *state;
    world_city(world);
    world_assert(world, PROBLEM_NONE, "volunteer.withdrawn", "2018-06-10T12:00:00+08:00",
                 "{\"volunteer\":\"v1\",\"on\":\"2018-06-05\"}");
    world_assert(world, PROBLEM_WRONG_STATE, "service.carried_over", "2018-06-20T12:00:00+08:00",
                 TOTAL("c1", "60", "2018-06-06", "2018-06-07", ""));
    world_assert(world, PROBLEM_NONE, "service.carried_over", "2018-06-20T12:00:00+08:00",
                 TOTAL("c1", "60", "2018-06-05", "2018-06-05", ""));
}

static void a_dissolved_organisation_carries_nothing_over(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "service.carried_over", YEARS("c1"));
    assert_string_equal(world->problem.field, "data.organisation");
}

static void a_total_of_a_life_is_corrected_too(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.carried_over",
                   TOTAL("c1", "900000", "1988-01-01", "2017-12-31", ""));
    assert_applied(world, "service.corrected",
                   "{\"record\":\"c1\",\"minutes\":600000,\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_totals(world, 600000);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_total_is_kept_apart_from_served_minutes),
        T(a_total_is_corrected_and_revoked),
        T(a_total_is_never_held_so_nobody_reviews_it),
        T(the_same_days_of_one_system_are_carried_over_once),
        T(days_and_minutes_must_be_possible),
        T(who_left_before_has_nothing_to_carry_over),
        T(a_dissolved_organisation_carries_nothing_over),
        T(a_total_of_a_life_is_corrected_too),
    };
    return cmocka_run_group_tests_name("carried_over", tests, NULL, NULL);
}
