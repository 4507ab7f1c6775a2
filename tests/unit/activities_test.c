/* Activities: who may hold one, and what happens when it is over. */
#include "network_fixture.h"

#include "domain/activities.h"

#define ACTIVITY(id, more)                                                                         \
    "{\"activity\":\"" id "\",\"title\":\"t\",\"content\":\"c\",\"category\":\"ecology\","         \
    "\"kind\":\"service\",\"region\":\"620503000000\",\"place\":{\"text\":\"p\"},\"starts\":"      \
    "\"2018-06-10T08:00:00+08:00\",\"ends\":\"2018-06-10T18:00:00+08:00\",\"places\":10,"          \
    "\"risk\":\"r\",\"domains\":[\"" DOMAIN "\"]" more "}"
#define DOMAIN "环境保护"
#define OF_O1 ",\"organisation\":\"o1\""
#define CLOSED(id) "{\"activity\":\"" id "\"}"

static uint32_t domain_uses(struct world *world) {
    struct dictionary_code entry;
    assert_int_equal(dictionary_get(engine_view(world), DICTIONARY_DOMAIN, STR(DOMAIN), &entry), 0);
    return entry.uses;
}

static void a_closed_activity_stays_counted_and_uses_no_codes(void **state) {
    struct world *world = *state;
    struct activity_summary summary;
    world_city(world);
    done_on(world, "2018-06-02", "activity.published", ACTIVITY("a2", OF_O1));
    assert_int_equal(category_uses(world, "ecology"), 1);
    assert_int_equal(domain_uses(world), 1);
    int64_t activities = counted(world, MAIJI, COUNTER_activities);
    done_on(world, "2018-06-11", "activity.closed", CLOSED("a2"));
    assert_int_equal(counted(world, MAIJI, COUNTER_activities), activities);
    assert_int_equal(category_uses(world, "ecology"), 0);
    assert_int_equal(domain_uses(world), 0);
    assert_int_equal(activity_summary(engine_view(world), 2, &summary), 0);
    assert_int_equal(summary.state, ACTIVITY_CLOSED);
    done_on(world, "2018-06-12", "dictionary.entry_set",
            "{\"dictionary\":\"category\",\"code\":\"ecology\",\"title\":\"x\",\"retired\":"
            "\"2018-06-12\"}");
}

static void an_activity_is_closed_once_and_only_after_it_began(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-06-02", "activity.published", ACTIVITY("a2", OF_O1));
    done_on(world, "2018-06-02", "activity.published", ACTIVITY("a3", OF_O1));
    world_assert(world, PROBLEM_WRONG_STATE, "activity.closed", "2018-06-10T07:59:59+08:00",
                 CLOSED("a2"));
    assert_says(world, "data.activity", "has not begun");
    world_assert(world, PROBLEM_NONE, "activity.closed", "2018-06-10T08:00:00+08:00", CLOSED("a2"));
    on_day(world, "2018-06-11", PROBLEM_WRONG_STATE, "activity.closed", CLOSED("a2"));
    assert_says(world, "data.activity", "is closed");
    done_on(world, "2018-06-11", "activity.cancelled", CLOSED("a3"));
    on_day(world, "2018-06-11", PROBLEM_WRONG_STATE, "activity.closed", CLOSED("a3"));
    assert_says(world, "data.activity", "is cancelled");
    on_day(world, "2018-06-11", PROBLEM_UNKNOWN_NOUN, "activity.closed", CLOSED("a9"));
}

static void a_closed_activity_is_neither_changed_nor_cancelled(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "activity.closed", CLOSED("a1"));
    assert_refused(world, PROBLEM_WRONG_STATE, "activity.changed",
                   "{\"activity\":\"a1\",\"changes\":{\"title\":\"x\"}}");
    assert_refused(world, PROBLEM_WRONG_STATE, "activity.cancelled", CLOSED("a1"));
}

static void service_of_a_closed_activity_may_still_be_recorded(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "activity.closed", CLOSED("a1"));
    assert_applied(world, "service.recorded",
                   "{\"record\":\"r1\",\"volunteer\":\"v1\",\"activity\":\"a1\",\"organisation\":"
                   "\"o1\",\"starts\":\"2018-05-01T08:00:00+08:00\",\"ends\":\"2018-05-01T10:00:00+"
                   "08:00\",\"method\":\"code\",\"recorder\":\"c1\"}");
}

static void what_is_dissolved_or_closed_holds_no_new_activity(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "team.formed",
                   "{\"team\":\"t1\",\"name\":\"x\",\"category\":\"elderly\",\"legal_status\":"
                   "\"filed\",\"region\":\"620503000000\"}");
    assert_applied(world, "project.defined",
                   "{\"project\":\"p1\",\"title\":\"x\",\"category\":\"elderly\",\"organisation\":"
                   "\"o1\"}");
    assert_applied(world, "activity.published",
                   ACTIVITY("a2", OF_O1 ",\"team\":\"t1\",\"project\":\"p1\""));
    assert_applied(world, "team.dissolved", "{\"team\":\"t1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "activity.published",
                   ACTIVITY("a3", ",\"team\":\"t1\""));
    assert_says(world, "data.team", "is dissolved");
    assert_applied(world, "project.closed", "{\"project\":\"p1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "activity.published",
                   ACTIVITY("a3", OF_O1 ",\"project\":\"p1\""));
    assert_says(world, "data.project", "is closed");
    assert_refused(world, PROBLEM_WRONG_STATE, "activity.changed",
                   "{\"activity\":\"a1\",\"changes\":{\"project\":\"p1\"}}");
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "activity.published", ACTIVITY("a3", OF_O1));
    assert_says(world, "data.organisation", "is dissolved");
    /* What was published before may still be changed and closed. */
    assert_applied(world, "activity.changed",
                   "{\"activity\":\"a2\",\"changes\":{\"title\":\"x\"}}");
    done_on(world, "2018-06-11", "activity.closed", CLOSED("a2"));
}

/* An activity of an earlier day may name what is retired now. */
static void what_is_retired_hinders_no_other_change(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"domain\",\"code\":\"" DOMAIN
                   "\",\"title\":\"x\",\"retired\":\"2018-05-20\"}");
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"category\",\"code\":\"ecology\",\"title\":\"x\",\"retired\":"
                   "\"2018-05-20\"}");
    done_on(world, "2018-05-19", "activity.published", ACTIVITY("a2", OF_O1));
    assert_applied(world, "activity.changed",
                   "{\"activity\":\"a2\",\"changes\":{\"title\":\"new\"}}");
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "activity.changed",
                   "{\"activity\":\"a1\",\"changes\":{\"category\":\"ecology\"}}");
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "activity.changed",
                   "{\"activity\":\"a1\",\"changes\":{\"domains\":[\"" DOMAIN "\"]}}");
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_closed_activity_stays_counted_and_uses_no_codes),
        T(an_activity_is_closed_once_and_only_after_it_began),
        T(a_closed_activity_is_neither_changed_nor_cancelled),
        T(service_of_a_closed_activity_may_still_be_recorded),
        T(what_is_dissolved_or_closed_holds_no_new_activity),
        cmocka_unit_test_setup_teardown(what_is_retired_hinders_no_other_change, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests_name("activities", tests, NULL, NULL);
}
