/* What passes to a successor, chunk by chunk as the run's progress is applied. */
#include "network_fixture.h"

#include "domain/activities.h"
#include "domain/runs.h"
#include "domain/successions.h"
#include "domain/teams.h"

#define ORGANISATION(id, region)                                                                   \
    "{\"organisation\":\"" id "\",\"name\":\"x\",\"kind\":\"enterprise\",\"region\":\"" region "\"}"
#define TEAM(id, more)                                                                             \
    "{\"team\":\"" id "\",\"name\":\"队\",\"category\":\"party\",\"legal_status\":\"filed\"" more  \
    "}"

/* The open run of that kind, one chunk further: up to `cursor`, or its end where that is 0. */
static void progress(struct world *world, enum run_kind kind, uint32_t cursor) {
    struct run_row run;
    uint32_t number;
    char data[300];
    int r = run_open(engine_view(world), &number, &run);
    while (r == 0 && run.kind != (uint32_t)kind)
        r = number < run_last(engine_view(world)) ? run_get(engine_view(world), ++number, &run)
                                                  : THING_NOT_FOUND;
    assert_int_equal(r, 0);
    assert_true(run_is_succession(kind));
    if (!cursor)
        cursor = run.last;
    snprintf(
        data, sizeof data,
        "{\"run\":%u,\"cause\":%llu,\"revision\":\"%s\",\"as_of\":\"2018-06-01\",\"cursor\":%u,"
        "\"done\":%s}",
        number, (unsigned long long)run.cause, run_kind_text(kind), cursor,
        cursor == run.last ? "true" : "false");
    assert_applied(world, "run.progressed", data);
}

static void assert_no_run(struct world *world) {
    struct run_row run;
    uint32_t number;
    assert_int_equal(run_open(engine_view(world), &number, &run), THING_NOT_FOUND);
}

static void an_organisation_passes_on_what_there_is_of_each_kind(void **state) {
    struct world *world = *state;
    struct activity_summary activity;
    world_city(world);
    assert_applied(world, "organisation.defined", ORGANISATION("o2", MAIJI));
    assert_applied(world, "team.formed", TEAM("t1", ",\"organisation\":\"o1\""));
    assert_applied(world, "team.formed", TEAM("t2", ",\"organisation\":\"o2\""));
    assert_applied(world, "organisation.dissolved",
                   "{\"organisation\":\"o1\",\"successor\":\"o2\"}");
    assert_int_equal(counted_for(world, "o1", COUNTER_teams), 1);
    progress(world, RUN_PASS_TEAMS, 0);
    assert_int_equal(counted_for(world, "o1", COUNTER_teams), 0);
    assert_int_equal(counted_for(world, "o2", COUNTER_teams), 2);
    assert_int_equal(counted(world, MAIJI, COUNTER_teams), 2);
    assert_int_equal(counted(world, CITY, COUNTER_teams), 2);
    assert_int_equal(counted_for(world, "o2", COUNTER_activities), 0);
    progress(world, RUN_PASS_ACTIVITIES, 0);
    assert_int_equal(counted_for(world, "o1", COUNTER_activities), 0);
    assert_int_equal(counted_for(world, "o2", COUNTER_activities), 1);
    assert_int_equal(counted(world, CITY, COUNTER_activities), 1);
    assert_int_equal(
        activity_summary(engine_view(world), world_number(world, NOUN_ACTIVITY, "a1"), &activity),
        0);
    assert_int_equal(activity.organisation, world_number(world, NOUN_ORGANISATION, "o2"));
    assert_int_equal(category_uses(world, "elderly"), 1);
    /* There is neither a project nor a post: no run was begun for them. */
    assert_no_run(world);
}

static void members_go_over_a_chunk_at_a_time_and_once(void **state) {
    struct world *world = *state;
    struct member_row member;
    struct team_row team;
    world_city(world);
    assert_applied(world, "team.formed", TEAM("t1", ",\"region\":\"620502001001\""));
    assert_applied(world, "team.formed", TEAM("t2", ",\"region\":\"620502001001\""));
    assert_applied(world, "team.joined", "{\"team\":\"t1\",\"volunteer\":\"v1\"}");
    assert_applied(world, "team.joined", "{\"team\":\"t1\",\"volunteer\":\"v2\"}");
    assert_applied(world, "team.joined", "{\"team\":\"t2\",\"volunteer\":\"v2\"}");
    assert_applied(world, "team.dissolved", "{\"team\":\"t1\",\"successor\":\"t2\"}");
    uint32_t second = world_number(world, NOUN_TEAM, "t2");
    progress(world, RUN_PASS_MEMBERS, 1);
    assert_int_equal(team_get(engine_view(world), second, &team), 0);
    assert_int_equal(team.n_members, 2);
    progress(world, RUN_PASS_MEMBERS, 0);
    assert_int_equal(team_get(engine_view(world), second, &team), 0);
    assert_int_equal(team.n_members, 2);
    assert_int_equal(team_member_get(engine_view(world), second,
                                     world_number(world, NOUN_VOLUNTEER, "v1"), &member),
                     0);
    assert_int_equal(member.joined_on, day("2018-06-01"));
    assert_int_equal(member.n_times, 1);
}

static void whoever_is_dissolved_last_passes_nothing_on(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "organisation.defined", ORGANISATION("o2", MAIJI));
    assert_applied(world, "team.formed", TEAM("t1", ",\"organisation\":\"o1\""));
    assert_applied(world, "organisation.dissolved",
                   "{\"organisation\":\"o1\",\"successor\":\"o2\"}");
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o2\"}");
    progress(world, RUN_PASS_TEAMS, 0);
    assert_int_equal(counted_for(world, "o1", COUNTER_teams), 1);
    assert_int_equal(counted_for(world, "o2", COUNTER_teams), 0);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(an_organisation_passes_on_what_there_is_of_each_kind),
        T(members_go_over_a_chunk_at_a_time_and_once),
        T(whoever_is_dissolved_last_passes_nothing_on),
    };
    return cmocka_run_group_tests_name("successions", tests, NULL, NULL);
}
