/* Volunteers: moved, died, linked to other platforms. */
#include "network_fixture.h"

#include "domain/volunteer_links.h"

#define MOVED(region) "{\"volunteer\":\"v1\",\"region\":\"" region "\"}"
#define DIED(on) "{\"volunteer\":\"v1\",\"on\":\"" on "\"}"
#define RECORD(id, day)                                                                            \
    "{\"record\":\"" id "\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"starts\":\"" day        \
    "T08:00:00+08:00\",\"ends\":\"" day                                                            \
    "T10:00:00+08:00\",\"method\":\"code\",\"recorder\":\"c1\"}"
#define LINKED(volunteer, system, external)                                                        \
    "{\"volunteer\":\"" volunteer "\",\"system\":\"" system "\",\"external\":\"" external "\"}"

static struct volunteer_row person(struct world *world, const char *id) {
    struct volunteer_row row;
    assert_int_equal(
        volunteer_get(engine_view(world), world_number(world, NOUN_VOLUNTEER, id), &row), 0);
    return row;
}

static void who_moves_is_counted_at_the_new_residence(void **state) {
    struct world *world = *state;
    struct thing thing;
    world_city(world);
    done_on(world, "2018-06-03", "volunteer.moved", MOVED(MAIJI));
    assert_int_equal(counted(world, COMMUNITY, COUNTER_volunteers), 0);
    assert_int_equal(counted(world, QINZHOU, COUNTER_volunteers), 0);
    assert_int_equal(counted(world, MAIJI, COUNTER_volunteers), 2);
    assert_int_equal(counted(world, MAIJI, COUNTER_stars_0), 2);
    assert_int_equal(counted(world, CITY, COUNTER_volunteers), 2);
    assert_int_equal(counted_for(world, "o1", COUNTER_volunteers), 1);
    assert_int_equal(counted_at(world, day("2018-06-02"), NOUN_REGION, QINZHOU, COUNTER_volunteers),
                     1);
    assert_int_equal(person(world, "v1").region, world_number(world, NOUN_REGION, MAIJI));
    assert_int_equal(thing_get(engine_view(world), NOUN_VOLUNTEER, 1, &world->arena, &thing), 0);
    const struct volunteer_registered *attributes = thing.attributes;
    assert_true(str_equal(attributes->region, STR(MAIJI)));
    assert_true(str_equal(attributes->employer, STR("o1")));
}

static void a_move_leads_to_another_region_that_is_known(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_WRONG_STATE, "volunteer.moved", MOVED(COMMUNITY));
    assert_says(world, "data.region", "already");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "volunteer.moved", MOVED("620509000000"));
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "volunteer.moved",
                   "{\"volunteer\":\"v9\",\"region\":\"620503000000\"}");
    assert_applied(world, "volunteer.withdrawn", "{\"volunteer\":\"v1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "volunteer.moved", MOVED(MAIJI));
    assert_string_equal(world->problem.field, "data.volunteer");
}

static void the_residence_changes_by_a_move_alone(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_NOT_ALLOWED, "volunteer.updated",
                   "{\"volunteer\":\"v1\",\"changes\":{\"region\":\"620503000000\"}}");
}

static void who_died_is_counted_no_more(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-06-10", "volunteer.died", DIED("2018-06-05"));
    struct volunteer_row row = person(world, "v1");
    assert_int_equal(row.state, VOLUNTEER_DECEASED);
    assert_int_equal(row.withdrawn_on, day("2018-06-05"));
    assert_true(volunteer_has_left(&row));
    assert_int_equal(counted(world, QINZHOU, COUNTER_volunteers), 0);
    assert_int_equal(counted(world, CITY, COUNTER_stars_0), 1);
    assert_int_equal(counted_for(world, "o1", COUNTER_volunteers), 0);
    assert_int_equal(counted_at(world, day("2018-06-09"), NOUN_REGION, QINZHOU, COUNTER_volunteers),
                     1);
}

static void the_day_of_death_lies_after_registration_and_has_come(void **state) {
    struct world *world = *state;
    world_city(world);
    on_day(world, "2018-06-10", PROBLEM_IN_FUTURE, "volunteer.died", DIED("2018-06-11"));
    on_day(world, "2018-06-10", PROBLEM_OUT_OF_RANGE, "volunteer.died", DIED("2018-05-31"));
    assert_string_equal(world->problem.field, "data.on");
    done_on(world, "2018-06-10", "volunteer.died", DIED("2018-06-10"));
}

static void nothing_is_said_of_who_died_but_service_until_that_day(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-06-10", "volunteer.died", DIED("2018-06-05"));
    done_on(world, "2018-06-11", "service.recorded", RECORD("r1", "2018-06-05"));
    on_day(world, "2018-06-11", PROBLEM_WRONG_STATE, "service.recorded",
           RECORD("r2", "2018-06-06"));
    assert_says(world, "data.volunteer", "had died");
    const struct {
        const char *type, *data;
    } later[] = {{"volunteer.died", DIED("2018-06-05")},
                 {"volunteer.moved", MOVED(MAIJI)},
                 {"volunteer.withdrawn", "{\"volunteer\":\"v1\"}"},
                 {"volunteer.updated", "{\"volunteer\":\"v1\",\"changes\":{\"sex\":\"male\"}}"},
                 {"volunteer.linked", LINKED("v1", "s", "1")}};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        on_day(world, "2018-06-11", PROBLEM_WRONG_STATE, later[i].type, later[i].data);
        assert_says(world, "data.volunteer", "has died");
    }
}

static void who_is_employed_by_a_titled_unit_counts_there_until_leaving(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "civilised_title.awarded",
                   "{\"subject\":{\"kind\":\"organisation\",\"id\":\"o1\"},\"title\":\"unit\","
                   "\"level\":\"municipal\",\"on\":\"2018-05-01\"}");
    assert_applied(world, "figure.reported",
                   "{\"figure\":\"staff\",\"subject\":{\"kind\":\"organisation\",\"id\":\"o1\"},"
                   "\"value\":10,\"as_of\":\"2018-05-01\",\"origin\":\"x\"}");
    assert_int_equal(counted(world, STREET, COUNTER_unit_volunteers_municipal), 1);
    assert_applied(world, "volunteer.moved", MOVED(MAIJI)); /* works where he or she did */
    assert_int_equal(counted(world, STREET, COUNTER_unit_volunteers_municipal), 1);
    done_on(world, "2018-06-10", "volunteer.died", DIED("2018-06-05"));
    assert_int_equal(counted(world, STREET, COUNTER_unit_volunteers_municipal), 0);
    assert_int_equal(counted(world, CITY, COUNTER_unit_volunteers_municipal), 0);
}

static void nobody_registers_with_a_dissolved_employer(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "volunteer.registered",
                   "{\"volunteer\":\"v3\",\"region\":\"620503000000\",\"employer\":\"o1\"}");
    assert_says(world, "data.employer", "is dissolved");
    assert_refused(world, PROBLEM_WRONG_STATE, "volunteer.updated",
                   "{\"volunteer\":\"v2\",\"changes\":{\"employer\":\"o1\"}}");
    /* Who was there before is not bound by it. */
    assert_applied(world, "volunteer.updated",
                   "{\"volunteer\":\"v1\",\"changes\":{\"sex\":\"female\"}}");
}

/* ---- links ---- */

static int take_link(void *context, const struct volunteer_link *link) {
    struct buf *text = context;
    buf_printf(text, "%.*s=%.*s;", STR_ARG(link->system), STR_ARG(link->external));
    return 0;
}

static void assert_links(struct world *world, uint32_t volunteer, const char *expected) {
    struct buf text = {0};
    buf_printf(&text, "%s", "");
    assert_int_equal(volunteer_links_each(engine_view(world), volunteer, take_link, &text), 0);
    if (!str_equal(buf_str(&text), str_from(expected)))
        fail_msg("%.*s, expected %s", STR_ARG(buf_str(&text)), expected);
    buf_deinit(&text);
}

static void an_id_of_another_system_leads_to_its_volunteer(void **state) {
    struct world *world = *state;
    uint32_t number;
    world_city(world);
    assert_applied(world, "volunteer.linked", LINKED("v1", "全国平台", "62050000001"));
    assert_applied(world, "volunteer.linked", LINKED("v1", "全国平台", "62050000002"));
    assert_applied(world, "volunteer.linked", LINKED("v1", "团委", "62050000001"));
    assert_applied(world, "volunteer.linked", LINKED("v2", "团委", "7"));
    assert_links(world, 1, "全国平台=62050000001;全国平台=62050000002;团委=62050000001;");
    assert_links(world, 2, "团委=7;");
    assert_int_equal(volunteer_by_link(engine_view(world), STR("团委"), STR("7"), &number), 0);
    assert_int_equal(number, 2);
    assert_int_equal(volunteer_by_link(engine_view(world), STR("团委"), STR("8"), &number),
                     THING_NOT_FOUND);
}

static void an_id_leads_to_one_volunteer(void **state) {
    struct world *world = *state;
    uint32_t number;
    world_city(world);
    assert_applied(world, "volunteer.linked", LINKED("v1", "s", "1"));
    assert_refused(world, PROBLEM_WRONG_STATE, "volunteer.linked", LINKED("v1", "s", "1"));
    assert_says(world, "data.external", "already");
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "volunteer.linked", LINKED("v2", "s", "1"));
    assert_string_equal(world->problem.field, "data.external");
    /* Who withdrew and registered anew takes the id along. */
    assert_applied(world, "volunteer.withdrawn", "{\"volunteer\":\"v1\"}");
    assert_applied(world, "volunteer.linked", LINKED("v2", "s", "1"));
    assert_int_equal(volunteer_by_link(engine_view(world), STR("s"), STR("1"), &number), 0);
    assert_int_equal(number, 2);
}

static void a_link_holds_no_number_of_identity_or_telephone(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_IDENTITY_IN_IDENTIFIER, "volunteer.linked",
                   LINKED("v1", "s", "11010519491231002X"));
    assert_refused(world, PROBLEM_IDENTITY_IN_IDENTIFIER, "volunteer.linked",
                   LINKED("v1", "s", "13812345678"));
    assert_string_equal(world->problem.field, "data.external");
    assert_refused(world, PROBLEM_WRONG_TYPE, "volunteer.linked", LINKED("v1", "a\\u0000b", "1"));
    assert_refused(world, PROBLEM_MISSING_FIELD, "volunteer.linked", LINKED("v1", "", "1"));
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "volunteer.linked", LINKED("v9", "s", "1"));
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(who_moves_is_counted_at_the_new_residence),
        T(a_move_leads_to_another_region_that_is_known),
        T(the_residence_changes_by_a_move_alone),
        T(who_died_is_counted_no_more),
        T(the_day_of_death_lies_after_registration_and_has_come),
        T(nothing_is_said_of_who_died_but_service_until_that_day),
        T(who_is_employed_by_a_titled_unit_counts_there_until_leaving),
        T(nobody_registers_with_a_dissolved_employer),
        T(an_id_of_another_system_leads_to_its_volunteer),
        T(an_id_leads_to_one_volunteer),
        T(a_link_holds_no_number_of_identity_or_telephone),
    };
    return cmocka_run_group_tests_name("volunteers", tests, NULL, NULL);
}
