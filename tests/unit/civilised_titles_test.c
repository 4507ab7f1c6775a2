/* Civilised titles: awarded, reviewed, withdrawn, and what was held on a past day. */
#include "network_fixture.h"

#include "domain/civilised_titles.h"

#define TITLE(kind, id, title, level, on, more)                                                    \
    "{\"subject\":{\"kind\":\"" kind "\",\"id\":\"" id "\"},\"title\":\"" title                    \
    "\",\"level\":\"" level "\",\"on\":\"" on "\"" more "}"
#define UNIT(level, on) TITLE("organisation", "o1", "unit", level, on, "")

static int held_level(struct world *world, int32_t at) {
    struct civilised_title title;
    int r = civilised_title_get(engine_view(world), CIVILISED_TITLE_UNIT, NOUN_ORGANISATION,
                                world_number(world, NOUN_ORGANISATION, "o1"), at, &title);
    return r != 0 ? -2 : title.held ? (int)title.level : -1;
}

static void a_titled_unit_is_counted_by_level_up_the_region_path(void **state) {
    struct world *world = *state;
    struct organisation_row row;
    world_city(world);
    done_on(world, "2018-06-02", "civilised_title.awarded", UNIT("municipal", "2018-01-01"));
    const char *const path[] = {STREET, QINZHOU, CITY};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(counted(world, path[i], COUNTER_units_municipal), 1);
        assert_int_equal(counted(world, path[i], COUNTER_units_without_staff_municipal), 1);
        assert_int_equal(counted(world, path[i], COUNTER_unit_volunteers_municipal), 0);
    }
    assert_int_equal(counted(world, MAIJI, COUNTER_units_municipal), 0);
    assert_int_equal(organisation_get(engine_view(world), 1, &row), 0);
    assert_int_equal(row.unit_level, TITLE_LEVEL_MUNICIPAL + 1);
    done_on(world, "2018-06-03", "figure.reported",
            "{\"figure\":\"staff\",\"subject\":{\"kind\":\"organisation\",\"id\":\"o1\"},\"value\":"
            "40,\"as_of\":\"2018-06-01\",\"origin\":\"名册\"}");
    assert_int_equal(counted(world, CITY, COUNTER_unit_staff_municipal), 40);
    assert_int_equal(counted(world, CITY, COUNTER_units_without_staff_municipal), 0);
    assert_int_equal(counted(world, CITY, COUNTER_unit_volunteers_municipal), 1); /* v1 */
}

static void an_award_at_another_level_replaces_the_one_held(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-06-02", "civilised_title.awarded", UNIT("municipal", "2018-01-01"));
    on_day(world, "2018-06-03", PROBLEM_WRONG_STATE, "civilised_title.awarded",
           UNIT("municipal", "2018-06-01"));
    assert_says(world, "data.level", "send a review");
    done_on(world, "2018-06-03", "civilised_title.awarded", UNIT("national", "2018-06-03"));
    assert_int_equal(counted(world, CITY, COUNTER_units_municipal), 0);
    assert_int_equal(counted(world, CITY, COUNTER_units_national), 1);
    assert_int_equal(held_level(world, COUNTER_NOW), TITLE_LEVEL_NATIONAL);
}

static void what_was_held_at_the_end_of_a_past_day_can_be_read(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-06-02", "civilised_title.awarded", UNIT("county", "2018-01-01"));
    done_on(world, "2018-06-10", "civilised_title.awarded", UNIT("provincial", "2018-06-01"));
    done_on(world, "2018-06-20", "civilised_title.withdrawn", UNIT("provincial", "2018-06-15"));
    done_on(world, "2018-07-01", "civilised_title.awarded", UNIT("county", "2018-06-30"));
    assert_int_equal(held_level(world, day("2018-06-01")), -2);
    assert_int_equal(held_level(world, day("2018-06-02")), TITLE_LEVEL_COUNTY);
    assert_int_equal(held_level(world, day("2018-06-09")), TITLE_LEVEL_COUNTY);
    assert_int_equal(held_level(world, day("2018-06-19")), TITLE_LEVEL_PROVINCIAL);
    assert_int_equal(held_level(world, day("2018-06-30")), -1);
    assert_int_equal(held_level(world, COUNTER_NOW), TITLE_LEVEL_COUNTY);
    assert_int_equal(
        counted_at(world, day("2018-06-10"), NOUN_REGION, CITY, COUNTER_units_provincial), 1);
    assert_int_equal(
        counted_at(world, day("2018-06-20"), NOUN_REGION, CITY, COUNTER_units_provincial), 0);
    assert_int_equal(counted_at(world, day("2018-06-20"), NOUN_REGION, CITY, COUNTER_units_county),
                     0);
    assert_int_equal(counted(world, CITY, COUNTER_units_county), 1);
}

static void a_review_keeps_the_title_and_says_how_it_went(void **state) {
    struct world *world = *state;
    struct civilised_title title;
    world_city(world);
    done_on(world, "2018-06-01", "document.registered",
            "{\"document\":\"d1\",\"title\":\"决定\",\"number\":\"1\",\"issued_by\":\"市文明委\","
            "\"on\":\"2018-01-01\"}");
    done_on(world, "2018-06-02", "civilised_title.awarded",
            TITLE("organisation", "o1", "unit", "municipal", "2018-01-01", ",\"document\":\"d1\""));
    done_on(
        world, "2018-06-03", "civilised_title.reviewed",
        TITLE("organisation", "o1", "unit", "municipal", "2018-06-03", ",\"outcome\":\"rectify\""));
    assert_int_equal(civilised_title_get(engine_view(world), CIVILISED_TITLE_UNIT,
                                         NOUN_ORGANISATION, 1, COUNTER_NOW, &title),
                     0);
    assert_true(title.held);
    assert_int_equal(title.awarded_on, day("2018-01-01"));
    assert_int_equal(title.reviewed_on, day("2018-06-03"));
    assert_int_equal(title.outcome, TITLE_OUTCOME_RECTIFY);
    assert_int_equal(title.document, world_number(world, NOUN_DOCUMENT, "d1"));
    assert_string_equal(civilised_title_state_text(&title), "held");
    assert_int_equal(counted(world, CITY, COUNTER_units_municipal), 1);
}

static int take_kind(void *context, const struct civilised_title_step *step) {
    char *kinds = context;
    kinds[strlen(kinds)] = (char)('0' + step->kind);
    return 0;
}

static void every_step_of_its_history_is_kept(void **state) {
    struct world *world = *state;
    char kinds[8] = "";
    world_city(world);
    done_on(world, "2018-06-02", "civilised_title.awarded", UNIT("county", "2018-01-01"));
    done_on(world, "2018-06-03", "civilised_title.reviewed", UNIT("county", "2018-06-01"));
    done_on(world, "2018-06-04", "civilised_title.withdrawn", UNIT("county", "2018-06-01"));
    assert_int_equal(civilised_title_each(engine_view(world), CIVILISED_TITLE_UNIT,
                                          NOUN_ORGANISATION, 1, take_kind, kinds),
                     0);
    assert_string_equal(kinds, "012");
}

static void only_what_is_held_is_reviewed_or_withdrawn(void **state) {
    struct world *world = *state;
    world_city(world);
    const char *const types[] = {"civilised_title.reviewed", "civilised_title.withdrawn"};
    for (int i = 0; i < 2; i++) {
        assert_refused(world, PROBLEM_WRONG_STATE, types[i], UNIT("municipal", "2018-06-01"));
        assert_says(world, "data.title", "does not hold");
    }
    assert_applied(world, "civilised_title.awarded", UNIT("municipal", "2018-05-01"));
    for (int i = 0; i < 2; i++) {
        assert_refused(world, PROBLEM_WRONG_STATE, types[i], UNIT("national", "2018-06-01"));
        assert_says(world, "data.level", "at the level municipal");
    }
    assert_applied(world, "civilised_title.withdrawn", UNIT("municipal", "2018-05-02"));
    for (int i = 0; i < 2; i++)
        assert_refused(world, PROBLEM_WRONG_STATE, types[i], UNIT("municipal", "2018-06-01"));
}

static void its_dates_follow_one_another_and_have_come(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_IN_FUTURE, "civilised_title.awarded",
                   UNIT("county", "2018-06-02"));
    assert_applied(world, "civilised_title.awarded", UNIT("county", "2018-05-10"));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "civilised_title.reviewed",
                   UNIT("county", "2018-05-09"));
    assert_refused(world, PROBLEM_IN_FUTURE, "civilised_title.reviewed",
                   UNIT("county", "2018-06-02"));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "civilised_title.withdrawn",
                   UNIT("county", "2018-05-09"));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "civilised_title.awarded",
                   UNIT("national", "2018-05-09"));
    assert_applied(world, "civilised_title.withdrawn", UNIT("county", "2018-05-20"));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "civilised_title.awarded",
                   UNIT("county", "2018-05-19"));
    assert_says(world, "data.on", "withdrawal");
}

static void a_title_is_held_by_what_it_is_of(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "region.defined",
                   "{\"region\":\"620502001201\",\"name\":\"村\",\"level\":\"community\","
                   "\"parent\":\"620502001000\",\"kind\":\"villagers_committee\"}");
#define TRY(code, kind, id, title)                                                                 \
    assert_refused(world, code, "civilised_title.awarded",                                         \
                   TITLE(kind, id, title, "municipal", "2018-05-01", ""))
#define TAKES(id, title)                                                                           \
    assert_applied(world, "civilised_title.awarded",                                               \
                   TITLE("region", id, title, "municipal", "2018-05-01", ""))
    TRY(PROBLEM_OUT_OF_RANGE, "region", QINZHOU, "unit");
    TRY(PROBLEM_OUT_OF_RANGE, "organisation", "o1", "city");
    TRY(PROBLEM_OUT_OF_RANGE, "volunteer", "v1", "unit");
    assert_string_equal(world->problem.field, "data.subject.kind");
    TRY(PROBLEM_OUT_OF_RANGE, "region", STREET, "community");
    assert_says(world, "data.subject.id", "a community");
    TRY(PROBLEM_OUT_OF_RANGE, "region", COMMUNITY, "village_town");
    TRY(PROBLEM_OUT_OF_RANGE, "region", QINZHOU, "village_town");
    TRY(PROBLEM_OUT_OF_RANGE, "region", STREET, "city");
    TAKES(COMMUNITY, "community");
    TAKES(STREET, "village_town");
    TAKES("620502001201", "village_town");
    TAKES(QINZHOU, "city");
    TAKES(CITY, "city");
}

static void what_it_names_must_be_known(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "civilised_title.awarded",
                   TITLE("organisation", "o9", "unit", "county", "2018-05-01", ""));
    assert_string_equal(world->problem.field, "data.subject.id");
    assert_refused(
        world, PROBLEM_UNKNOWN_NOUN, "civilised_title.awarded",
        TITLE("organisation", "o1", "unit", "county", "2018-05-01", ",\"document\":\"d9\""));
    assert_string_equal(world->problem.noun, "document");
}

static void a_dissolved_unit_is_counted_no_more_and_gets_no_award(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "civilised_title.awarded", UNIT("municipal", "2018-05-01"));
    assert_applied(world, "figure.reported",
                   "{\"figure\":\"staff\",\"subject\":{\"kind\":\"organisation\",\"id\":\"o1\"},"
                   "\"value\":40,\"as_of\":\"2018-06-01\",\"origin\":\"名册\"}");
    assert_int_equal(counted(world, CITY, COUNTER_unit_staff_municipal), 40);
    assert_int_equal(counted(world, CITY, COUNTER_unit_volunteers_municipal), 1);
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o1\"}");
    assert_int_equal(counted(world, CITY, COUNTER_units_municipal), 0);
    assert_int_equal(counted(world, CITY, COUNTER_units_without_staff_municipal), 0);
    assert_int_equal(counted(world, CITY, COUNTER_unit_staff_municipal), 0);
    assert_int_equal(counted(world, CITY, COUNTER_unit_volunteers_municipal), 0);
    assert_refused(world, PROBLEM_WRONG_STATE, "civilised_title.awarded",
                   UNIT("national", "2018-06-01"));
    /* It may still lose what it held, which counts nothing. */
    assert_applied(world, "civilised_title.withdrawn", UNIT("municipal", "2018-06-01"));
    assert_int_equal(counted(world, CITY, COUNTER_units_municipal), 0);
    assert_int_equal(held_level(world, COUNTER_NOW), -1);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_titled_unit_is_counted_by_level_up_the_region_path),
        T(an_award_at_another_level_replaces_the_one_held),
        T(what_was_held_at_the_end_of_a_past_day_can_be_read),
        T(a_review_keeps_the_title_and_says_how_it_went),
        T(every_step_of_its_history_is_kept),
        T(only_what_is_held_is_reviewed_or_withdrawn),
        T(its_dates_follow_one_another_and_have_come),
        T(a_title_is_held_by_what_it_is_of),
        T(what_it_names_must_be_known),
        T(a_dissolved_unit_is_counted_no_more_and_gets_no_award),
    };
    return cmocka_run_group_tests_name("civilised_titles", tests, NULL, NULL);
}
