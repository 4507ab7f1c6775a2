/* The dictionaries and the calendar of a city, as events set them. */
#include "domain_fixture.h"

#include "domain/days.h"
#include "domain/dictionaries.h"
#include "domain/organisations.h"

static void a_new_entry_may_be_used_and_gets_the_next_number(void **state) {
    struct world *world = *state;
    struct dictionary_code entry;
    world_city(world);
    uint32_t n = dictionary_count(world->stepper.context.view, DICTIONARY_CATEGORY);
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"rescue\",\"title\":\"应急救援\"}");
    assert_int_equal(
        dictionary_get(world->stepper.context.view, DICTIONARY_CATEGORY, STR("rescue"), &entry), 0);
    assert_int_equal(entry.number, n);
    assert_int_equal(dictionary_at(world->stepper.context.view, DICTIONARY_CATEGORY, n, &entry), 0);
    assert_true(str_equal(entry.code, STR("rescue")));
    assert_true(str_equal(entry.title, STR("应急救援")));
    /* Set again it keeps its number. */
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"rescue\",\"title\":\"救援\"}");
    assert_int_equal(dictionary_count(world->stepper.context.view, DICTIONARY_CATEGORY), n + 1);
}

#define ACTIVITY(id, category)                                                                     \
    "{\"activity\":\"" id "\",\"title\":\"t\",\"content\":\"c\",\"category\":\"" category          \
    "\",\"kind\":\"service\",\"organisation\":\"o1\",\"region\":\"620503000000\",\"place\":"       \
    "{\"text\":\"p\"},\"starts\":\"2018-05-01T08:00:00+08:00\",\"ends\":"                          \
    "\"2018-05-01T18:00:00+08:00\",\"places\":10,\"risk\":\"r\"}"

static void what_is_not_listed_is_refused_and_the_nearest_is_named(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "activity.published",
                   ACTIVITY("a2", "eldery"));
    assert_string_equal(world->problem.field, "data.category");
    assert_non_null(strstr(world->problem.message, "did you mean elderly"));
}

static void an_entry_in_use_cannot_be_retired_until_nothing_open_names_it(void **state) {
    struct world *world = *state;
    const char *retire = "{\"dictionary\":\"category\",\"code\":\"elderly\",\"title\":\"敬老\","
                         "\"retired\":\"2018-06-01\"}";
    world_city(world); /* a1 is of this category */
    assert_refused(world, PROBLEM_WRONG_STATE, "dictionary.entry_set", retire);
    assert_string_equal(world->problem.field, "data.retired");
    assert_applied(world, "activity.changed",
                   "{\"activity\":\"a1\",\"changes\":{\"category\":\"ecology\"}}");
    assert_applied(world, "dictionary.entry_set", retire);
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "activity.published",
                   ACTIVITY("a2", "elderly"));
    assert_applied(world, "activity.cancelled", "{\"activity\":\"a1\"}");
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"ecology\",\"title\":\"生态\","
                   "\"retired\":\"2018-06-01\"}");
}

static void an_entry_holds_from_its_first_day_to_the_day_before_it_retires(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"games\",\"title\":\"赛会\",\"from\":"
                   "\"2018-06-02\",\"retired\":\"2018-06-05\"}");
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "activity.published", ACTIVITY("a2", "games"));
    world_assert(world, PROBLEM_NONE, "activity.published", "2018-06-02T00:00:00+08:00",
                 ACTIVITY("a2", "games"));
    world_assert(world, PROBLEM_NOT_IN_DICTIONARY, "activity.published",
                 "2018-06-05T00:00:00+08:00", ACTIVITY("a3", "games"));
}

static void bad_entries_are_refused(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"x\",\"title\":\"x\",\"decimals\":2}");
    assert_string_equal(world->problem.field, "data.decimals");
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"x\",\"title\":\"x\",\"parent\":\"y\"}");
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"x\",\"title\":\"x\",\"parent\":\"x\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "dictionary.entry_set",
                   "{\"dictionary\":\"account\",\"code\":\"points\",\"title\":\"x\","
                   "\"decimals\":0}");
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"account\",\"code\":\"points\",\"title\":\"积分\"}");
    struct dictionary_code entry;
    assert_int_equal(
        dictionary_get(world->stepper.context.view, DICTIONARY_ACCOUNT, STR("points"), &entry), 0);
    assert_int_equal(entry.decimals, 2);
    assert_true(entry.may_expire);
}

/* ---- the calendar ---- */

static int32_t date(const char *text) {
    int32_t date;
    assert_int_equal(date_parse(str_from(text), &date), 0);
    return date;
}

static enum DAY_KIND_choice kind(struct world *world, const char *text) {
    struct day day;
    assert_int_equal(day_get(world->stepper.context.view, date(text), &day), 0);
    return day.kind;
}

static void a_day_that_nobody_set_is_worked_from_monday_to_friday(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_int_equal(kind(world, "2018-09-21"), DAY_KIND_WORKDAY); /* a Friday */
    assert_int_equal(kind(world, "2018-09-22"), DAY_KIND_REST);
    assert_int_equal(kind(world, "2018-09-23"), DAY_KIND_REST);
    assert_int_equal(kind(world, "2018-09-24"), DAY_KIND_WORKDAY);
}

static void workdays_pass_over_holidays_and_count_worked_weekends(void **state) {
    struct world *world = *state;
    int32_t found;
    world_city(world);
    for (int day = 1; day <= 7; day++) {
        char data[120];
        snprintf(data, sizeof data,
                 "{\"date\":\"2018-10-0%d\",\"kind\":\"holiday\",\"name\":\"国庆节\"}", day);
        assert_applied(world, "calendar.day_set", data);
    }
    assert_applied(world, "calendar.day_set", "{\"date\":\"2018-09-29\",\"kind\":\"workday\"}");
    assert_int_equal(kind(world, "2018-10-01"), DAY_KIND_HOLIDAY);
    struct view *view = world->stepper.context.view;
    assert_int_equal(day_after_workdays(view, date("2018-09-28"), 1, &found), 0);
    assert_int_equal(found, date("2018-09-29"));
    /* Friday; then the worked Saturday and Sunday; then the first Monday after the holidays */
    assert_int_equal(day_after_workdays(view, date("2018-09-29"), 1, &found), 0);
    assert_int_equal(found, date("2018-10-08"));
    assert_int_equal(day_after_workdays(view, date("2018-09-29"), 0, &found), 0);
    assert_int_equal(found, date("2018-09-29"));
    assert_int_equal(day_after_workdays(view, date("2018-09-29"), 4000, &found), THING_NOT_FOUND);
}

/* ---- organisations ---- */

static void a_dissolved_organisation_names_its_successor_and_takes_no_change(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "organisation.defined",
                   "{\"organisation\":\"o2\",\"name\":\"b\",\"kind\":\"school\",\"region\":"
                   "\"620503000000\"}");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "organisation.dissolved",
                   "{\"organisation\":\"o1\",\"successor\":\"o1\"}");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "organisation.dissolved",
                   "{\"organisation\":\"o1\",\"successor\":\"o9\"}");
    assert_applied(world, "organisation.dissolved",
                   "{\"organisation\":\"o1\",\"successor\":\"o2\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "organisation.dissolved",
                   "{\"organisation\":\"o1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "organisation.updated",
                   "{\"organisation\":\"o1\",\"changes\":{\"name\":\"x\"}}");
    assert_refused(world, PROBLEM_WRONG_STATE, "organisation.dissolved",
                   "{\"organisation\":\"o2\",\"successor\":\"o1\"}");
}

static const char *successor_of(struct world *world, const char *id) {
    struct str name = STR_NONE;
    uint32_t number;
    assert_int_equal(organisation_successor(world->stepper.context.view,
                                            world_number(world, NOUN_ORGANISATION, id), &number),
                     0);
    if (number)
        assert_int_equal(
            thing_id(world->stepper.context.view, NOUN_ORGANISATION, number, &world->arena, &name),
            0);
    return number ? arena_string(&world->arena, name) : "none";
}

static void a_chain_of_successors_leads_to_who_stands_today(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "organisation.defined",
                   "{\"organisation\":\"o2\",\"name\":\"b\",\"kind\":\"school\",\"region\":"
                   "\"620503000000\"}");
    assert_applied(world, "organisation.defined",
                   "{\"organisation\":\"o3\",\"name\":\"c\",\"kind\":\"school\",\"region\":"
                   "\"620503000000\"}");
    assert_string_equal(successor_of(world, "o1"), "o1");
    assert_applied(world, "organisation.dissolved",
                   "{\"organisation\":\"o1\",\"successor\":\"o2\"}");
    assert_string_equal(successor_of(world, "o1"), "o2");
    assert_applied(world, "organisation.dissolved",
                   "{\"organisation\":\"o2\",\"successor\":\"o3\"}");
    assert_string_equal(successor_of(world, "o1"), "o3");
    assert_string_equal(successor_of(world, "o2"), "o3");
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o3\"}");
    assert_string_equal(successor_of(world, "o1"), "none");
    assert_string_equal(successor_of(world, "o3"), "none");
}

static void an_organisation_is_updated_field_by_field(void **state) {
    struct world *world = *state;
    struct organisation_defined attributes;
    world_city(world);
    assert_applied(world, "organisation.updated",
                   "{\"organisation\":\"o1\",\"changes\":{\"name\":\"新单位\",\"line\":\"民政\"}}");
    assert_int_equal(
        organisation_attributes(world->stepper.context.view, 1, &world->arena, &attributes), 0);
    assert_true(str_equal(attributes.name, STR("新单位")));
    assert_true(HAS(&attributes, organisation_defined, line));
    assert_int_equal(attributes.kind, ORGANISATION_KIND_ENTERPRISE);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "organisation.updated",
                   "{\"organisation\":\"o1\",\"changes\":{\"parent\":\"o1\"}}");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "organisation.updated",
                   "{\"organisation\":\"o1\",\"changes\":{\"region\":\"620509000000\"}}");
}

#define WITH_CITY(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

static void parents_do_not_go_in_a_circle(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"a\",\"title\":\"x\"}");
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"b\",\"title\":\"x\",\"parent\":\"a\"}");
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"c\",\"title\":\"x\",\"parent\":\"b\"}");
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"a\",\"title\":\"x\",\"parent\":\"c\"}");
    assert_string_equal(world->problem.field, "data.parent");
}

/* An event of an earlier day may name it still. */
static void an_entry_in_use_that_is_retired_already_may_get_another_title(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"games\",\"title\":\"x\",\"retired\":"
                   "\"2018-05-20\"}");
    world_assert(world, PROBLEM_NONE, "activity.published", "2018-05-10T00:00:00+08:00",
                 ACTIVITY("a2", "games"));
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"games\",\"title\":\"y\",\"retired\":"
                   "\"2018-05-20\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"games\",\"title\":\"y\",\"retired\":"
                   "\"2018-05-01\"}");
}

static void a_bad_credit_code_is_refused_in_changes_too(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(
        world, PROBLEM_BAD_CREDIT_CODE, "organisation.updated",
        "{\"organisation\":\"o1\",\"changes\":{\"credit_code\":\"911205000000000000\"}}");
    assert_string_equal(world->problem.field, "data.changes.credit_code");
    assert_applied(world, "organisation.updated",
                   "{\"organisation\":\"o1\",\"changes\":{\"credit_code\":null}}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_CITY(a_new_entry_may_be_used_and_gets_the_next_number),
        WITH_CITY(what_is_not_listed_is_refused_and_the_nearest_is_named),
        WITH_CITY(an_entry_in_use_cannot_be_retired_until_nothing_open_names_it),
        WITH_CITY(an_entry_holds_from_its_first_day_to_the_day_before_it_retires),
        WITH_CITY(bad_entries_are_refused),
        WITH_CITY(a_day_that_nobody_set_is_worked_from_monday_to_friday),
        WITH_CITY(workdays_pass_over_holidays_and_count_worked_weekends),
        WITH_CITY(a_dissolved_organisation_names_its_successor_and_takes_no_change),
        WITH_CITY(a_chain_of_successors_leads_to_who_stands_today),
        WITH_CITY(an_organisation_is_updated_field_by_field),
        cmocka_unit_test_setup_teardown(parents_do_not_go_in_a_circle, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(
            an_entry_in_use_that_is_retired_already_may_get_another_title, world_setup,
            world_teardown),
        cmocka_unit_test_setup_teardown(a_bad_credit_code_is_refused_in_changes_too, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
