/* Teams and their members. */
#include "network_fixture.h"

#include "domain/teams.h"

#define TEAM(id, more)                                                                             \
    "{\"team\":\"" id                                                                              \
    "\",\"name\":\"队\",\"category\":\"elderly\",\"legal_status\":\"filed\"" more "}"
#define OF_O1 ",\"organisation\":\"o1\""
#define PAIR(team, volunteer) "{\"team\":\"" team "\",\"volunteer\":\"" volunteer "\"}"

static struct team_row team(struct world *world, const char *id) {
    struct team_row row;
    assert_int_equal(team_get(engine_view(world), world_number(world, NOUN_TEAM, id), &row), 0);
    return row;
}

static void a_team_is_counted_where_it_is_and_for_its_organisation(void **state) {
    struct world *world = *state;
    world_city(world);
    uint32_t uses = category_uses(world, "elderly");
    assert_applied(world, "team.formed", TEAM("t1", OF_O1)); /* where o1 is: the street */
    assert_applied(world, "team.formed", TEAM("t2", ",\"region\":\"620503000000\""));
    assert_applied(world, "team.formed", TEAM("t3", OF_O1 ",\"region\":\"620503000000\""));
    assert_int_equal(counted(world, STREET, COUNTER_teams), 1);
    assert_int_equal(counted(world, QINZHOU, COUNTER_teams), 1);
    assert_int_equal(counted(world, MAIJI, COUNTER_teams), 2);
    assert_int_equal(counted(world, CITY, COUNTER_teams), 3);
    assert_int_equal(counted_for(world, "o1", COUNTER_teams), 2);
    assert_int_equal(category_uses(world, "elderly"), uses + 3);
    assert_int_equal(team(world, "t1").region, world_number(world, NOUN_REGION, STREET));
}

static void what_a_team_names_must_be_there(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_MISSING_FIELD, "team.formed", TEAM("t1", ""));
    assert_string_equal(world->problem.field, "data.organisation");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "team.formed",
                   TEAM("t1", ",\"organisation\":\"o9\""));
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "team.formed",
                   TEAM("t1", ",\"region\":\"620509000000\""));
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "team.formed",
                   "{\"team\":\"t1\",\"name\":\"x\",\"category\":\"eldery\",\"legal_status\":"
                   "\"filed\",\"organisation\":\"o1\"}");
    assert_applied(world, "team.formed", TEAM("t1", OF_O1));
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "team.formed", TEAM("t1", OF_O1));
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "team.formed", TEAM("t2", OF_O1));
    assert_string_equal(world->problem.field, "data.organisation");
}

static void an_update_moves_counters_and_uses(void **state) {
    struct world *world = *state;
    struct team_formed attributes;
    world_city(world);
    assert_applied(world, "team.formed", TEAM("t1", OF_O1));
    uint32_t uses = category_uses(world, "elderly");
    assert_applied(
        world, "team.updated",
        "{\"team\":\"t1\",\"changes\":{\"region\":\"620503000000\",\"organisation\":null,"
        "\"category\":\"ecology\",\"name\":\"新\"}}");
    assert_int_equal(counted(world, STREET, COUNTER_teams), 0);
    assert_int_equal(counted(world, MAIJI, COUNTER_teams), 1);
    assert_int_equal(counted(world, CITY, COUNTER_teams), 1);
    assert_int_equal(counted_for(world, "o1", COUNTER_teams), 0);
    assert_int_equal(category_uses(world, "elderly"), uses - 1);
    assert_int_equal(category_uses(world, "ecology"), 1);
    assert_int_equal(team_attributes(engine_view(world), 1, &world->arena, &attributes), 0);
    assert_true(str_equal(attributes.name, STR("新")));
    assert_refused(world, PROBLEM_MISSING_FIELD, "team.updated",
                   "{\"team\":\"t1\",\"changes\":{\"region\":null}}");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "team.updated",
                   "{\"team\":\"t9\",\"changes\":{\"name\":\"x\"}}");
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "team.updated",
                   "{\"team\":\"t1\",\"changes\":{\"category\":\"nothing\"}}");
    assert_int_equal(category_uses(world, "ecology"), 1);
}

static void a_team_of_a_dissolved_organisation_may_still_be_changed(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "team.formed", TEAM("t1", OF_O1));
    assert_applied(world, "team.formed", TEAM("t2", ",\"region\":\"620503000000\""));
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o1\"}");
    assert_applied(world, "team.updated", "{\"team\":\"t1\",\"changes\":{\"name\":\"x\"}}");
    assert_refused(world, PROBLEM_WRONG_STATE, "team.updated",
                   "{\"team\":\"t2\",\"changes\":{\"organisation\":\"o1\"}}");
}

static void a_dissolved_team_is_counted_no_more_and_takes_nothing(void **state) {
    struct world *world = *state;
    world_city(world);
    uint32_t uses = category_uses(world, "elderly");
    done_on(world, "2018-06-02", "team.formed", TEAM("t1", OF_O1));
    done_on(world, "2018-06-02", "team.formed", TEAM("t2", OF_O1));
    done_on(world, "2018-06-03", "team.joined", PAIR("t1", "v1"));
    done_on(world, "2018-06-04", "team.dissolved", "{\"team\":\"t1\",\"successor\":\"t2\"}");
    struct team_row row = team(world, "t1");
    assert_int_equal(row.state, TEAM_DISSOLVED);
    assert_int_equal(row.successor, world_number(world, NOUN_TEAM, "t2"));
    assert_int_equal(row.dissolved_on, day("2018-06-04"));
    assert_int_equal(row.n_members, 1);
    assert_int_equal(counted(world, CITY, COUNTER_teams), 1);
    assert_int_equal(counted_at(world, day("2018-06-03"), NOUN_REGION, CITY, COUNTER_teams), 2);
    assert_int_equal(counted_for(world, "o1", COUNTER_teams), 1);
    assert_int_equal(category_uses(world, "elderly"), uses + 1);
    const struct {
        const char *type, *data;
    } later[] = {{"team.updated", "{\"team\":\"t1\",\"changes\":{\"name\":\"x\"}}"},
                 {"team.dissolved", "{\"team\":\"t1\"}"},
                 {"team.joined", PAIR("t1", "v2")},
                 {"team.left", PAIR("t1", "v1")}};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        on_day(world, "2018-06-05", PROBLEM_WRONG_STATE, later[i].type, later[i].data);
        assert_says(world, "data.team", "is dissolved");
    }
}

static void a_successor_is_another_team_that_is_active(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "team.formed", TEAM("t1", OF_O1));
    assert_applied(world, "team.formed", TEAM("t2", OF_O1));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "team.dissolved",
                   "{\"team\":\"t1\",\"successor\":\"t1\"}");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "team.dissolved",
                   "{\"team\":\"t1\",\"successor\":\"t9\"}");
    assert_applied(world, "team.dissolved", "{\"team\":\"t2\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "team.dissolved",
                   "{\"team\":\"t1\",\"successor\":\"t2\"}");
    assert_string_equal(world->problem.field, "data.successor");
}

/* ---- members ---- */

static int take_number(void *context, uint32_t number, const struct member_row *row) {
    uint32_t *sum = context;
    *sum = *sum * 10 + number;
    return row->n == 0; /* ends the walk */
}

static uint32_t members(struct world *world, uint32_t number) {
    uint32_t sum = 0;
    struct view *view = reader_view(world);
    assert_int_equal(team_members_each(view, number, take_number, &sum), 0);
    view_close(view);
    return sum;
}

/* For the engine's view and a reader's alike. */
static uint32_t teams_of(struct world *world, uint32_t volunteer) {
    uint32_t sum = 0, again = 0;
    struct view *view = reader_view(world);
    assert_int_equal(volunteer_teams_each(engine_view(world), volunteer, take_number, &sum), 0);
    assert_int_equal(volunteer_teams_each(view, volunteer, take_number, &again), 0);
    view_close(view);
    assert_int_equal(sum, again);
    return sum;
}

static void volunteers_join_and_leave(void **state) {
    struct world *world = *state;
    struct member_row row;
    world_city(world);
    done_on(world, "2018-06-02", "team.formed", TEAM("t1", OF_O1));
    done_on(world, "2018-06-02", "team.formed", TEAM("t2", OF_O1));
    done_on(world, "2018-06-03", "team.joined", PAIR("t2", "v1"));
    done_on(world, "2018-06-04", "team.joined", PAIR("t1", "v1"));
    done_on(world, "2018-06-05", "team.joined", PAIR("t1", "v2"));
    assert_int_equal(team(world, "t1").n_members, 2);
    assert_int_equal(teams_of(world, 1), 21);
    assert_int_equal(teams_of(world, 2), 1);
    assert_int_equal(teams_of(world, 3), 0);
    assert_int_equal(members(world, 1), 12);
    assert_int_equal(members(world, 2), 1);
    assert_int_equal(members(world, 3), 0);
    done_on(world, "2018-06-06", "team.left", PAIR("t1", "v1"));
    assert_int_equal(team(world, "t1").n_members, 1);
    assert_int_equal(team_member_get(engine_view(world), 1, 1, &row), 0);
    assert_int_equal(row.joined_on, day("2018-06-04"));
    assert_int_equal(row.left_on, day("2018-06-06"));
    /* Back again: the same membership. */
    done_on(world, "2018-06-07", "team.joined", PAIR("t1", "v1"));
    assert_int_equal(team_member_get(engine_view(world), 1, 1, &row), 0);
    assert_int_equal(row.joined_on, day("2018-06-07"));
    assert_int_equal(row.left_on, 0);
    assert_int_equal(row.n_times, 2);
    assert_int_equal(teams_of(world, 1), 21);
    assert_int_equal(team(world, "t1").n_members, 2);
}

static void nobody_joins_twice_or_leaves_what_they_are_not_in(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-06-02", "team.formed", TEAM("t1", OF_O1));
    on_day(world, "2018-06-02", PROBLEM_WRONG_STATE, "team.left", PAIR("t1", "v1"));
    assert_says(world, "data.volunteer", "not in this team");
    on_day(world, "2018-06-02", PROBLEM_UNKNOWN_NOUN, "team.joined", PAIR("t9", "v1"));
    on_day(world, "2018-06-02", PROBLEM_UNKNOWN_NOUN, "team.joined", PAIR("t1", "v9"));
    on_day(world, "2018-06-02", PROBLEM_UNKNOWN_NOUN, "team.left", PAIR("t1", "v9"));
    done_on(world, "2018-06-03", "team.joined", PAIR("t1", "v1"));
    on_day(world, "2018-06-04", PROBLEM_WRONG_STATE, "team.joined", PAIR("t1", "v1"));
    assert_says(world, "data.volunteer", "already");
    on_day(world, "2018-06-02", PROBLEM_OUT_OF_RANGE, "team.left", PAIR("t1", "v1"));
    done_on(world, "2018-06-05", "team.left", PAIR("t1", "v1"));
    on_day(world, "2018-06-06", PROBLEM_WRONG_STATE, "team.left", PAIR("t1", "v1"));
    on_day(world, "2018-06-04", PROBLEM_OUT_OF_RANGE, "team.joined", PAIR("t1", "v1"));
    assert_int_equal(team(world, "t1").n_members, 0);
}

static void a_membership_has_a_day_that_is_kept(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-06-02", "team.formed", TEAM("t1", OF_O1));
    on_day(world, "1970-01-01", PROBLEM_OUT_OF_RANGE, "team.joined", PAIR("t1", "v1"));
    assert_string_equal(world->problem.field, "time");
    done_on(world, "1970-01-02", "team.joined", PAIR("t1", "v1"));
    on_day(world, "1970-01-01", PROBLEM_OUT_OF_RANGE, "team.left", PAIR("t1", "v1"));
    assert_int_equal(team(world, "t1").n_members, 1);
}

static void who_withdraws_or_dies_is_no_member_and_cannot_join(void **state) {
    struct world *world = *state;
    struct member_row row;
    world_city(world);
    done_on(world, "2018-06-02", "team.formed", TEAM("t1", OF_O1));
    done_on(world, "2018-06-02", "team.formed", TEAM("t2", OF_O1));
    done_on(world, "2018-06-03", "team.joined", PAIR("t1", "v1"));
    done_on(world, "2018-06-03", "team.joined", PAIR("t2", "v1"));
    done_on(world, "2018-06-03", "team.joined", PAIR("t1", "v2"));
    done_on(world, "2018-06-04", "team.dissolved", "{\"team\":\"t2\"}");
    done_on(world, "2018-06-05", "volunteer.withdrawn", "{\"volunteer\":\"v1\"}");
    assert_int_equal(team(world, "t1").n_members, 1);
    assert_int_equal(team(world, "t2").n_members, 1); /* as it was when it was dissolved */
    assert_int_equal(team_member_get(engine_view(world), 1, 1, &row), 0);
    assert_int_equal(row.left_on, day("2018-06-05"));
    done_on(world, "2018-06-06", "volunteer.died", "{\"volunteer\":\"v2\",\"on\":\"2018-06-06\"}");
    assert_int_equal(team(world, "t1").n_members, 0);
    on_day(world, "2018-06-07", PROBLEM_WRONG_STATE, "team.joined", PAIR("t1", "v1"));
    assert_says(world, "data.volunteer", "withdrawn");
    on_day(world, "2018-06-07", PROBLEM_WRONG_STATE, "team.joined", PAIR("t1", "v2"));
    assert_says(world, "data.volunteer", "died");
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_team_is_counted_where_it_is_and_for_its_organisation),
        T(what_a_team_names_must_be_there),
        T(an_update_moves_counters_and_uses),
        T(a_team_of_a_dissolved_organisation_may_still_be_changed),
        T(a_dissolved_team_is_counted_no_more_and_takes_nothing),
        T(a_successor_is_another_team_that_is_active),
        T(volunteers_join_and_leave),
        T(nobody_joins_twice_or_leaves_what_they_are_not_in),
        T(a_membership_has_a_day_that_is_kept),
        T(who_withdraws_or_dies_is_no_member_and_cannot_join),
    };
    return cmocka_run_group_tests_name("teams", tests, NULL, NULL);
}
