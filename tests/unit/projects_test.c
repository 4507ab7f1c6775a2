/* Projects: defined by an organisation, until they are closed. */
#include "network_fixture.h"

#include "domain/projects.h"

#define PROJECT(id, organisation, category, more)                                                  \
    "{\"project\":\"" id "\",\"title\":\"项目\",\"category\":\"" category                          \
    "\",\"organisation\":\"" organisation "\"" more "}"
#define ORGANISATION(id, region)                                                                   \
    "{\"organisation\":\"" id "\",\"name\":\"x\",\"kind\":\"enterprise\",\"region\":\"" region "\"}"

static enum project_state project_state(struct world *world, const char *id) {
    struct project_defined project;
    enum project_state state;
    assert_int_equal(project_get(engine_view(world), world_number(world, NOUN_PROJECT, id),
                                 &world->arena, &project, &state),
                     0);
    return state;
}

static void a_project_is_counted_for_its_organisation_and_where_that_is(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-06-02", "project.defined", PROJECT("p1", "o1", "ecology", ""));
    assert_int_equal(counted(world, STREET, COUNTER_projects), 1);
    assert_int_equal(counted(world, CITY, COUNTER_projects), 1);
    assert_int_equal(counted(world, MAIJI, COUNTER_projects), 0);
    assert_int_equal(counted_for(world, "o1", COUNTER_projects), 1);
    assert_int_equal(category_uses(world, "ecology"), 1);
    done_on(world, "2018-06-03", "project.closed", "{\"project\":\"p1\",\"reason\":\"完成\"}");
    assert_int_equal(counted(world, CITY, COUNTER_projects), 0);
    assert_int_equal(counted_for(world, "o1", COUNTER_projects), 0);
    assert_int_equal(category_uses(world, "ecology"), 0);
    assert_int_equal(counted_at(world, day("2018-06-02"), NOUN_REGION, CITY, COUNTER_projects), 1);
    assert_string_equal(project_state_text(project_state(world, "p1")), "closed");
}

static void defined_again_it_takes_the_new_attributes_and_counters_follow(void **state) {
    struct world *world = *state;
    struct project_defined project;
    enum project_state open;
    world_city(world);
    assert_applied(world, "organisation.defined", ORGANISATION("o2", MAIJI));
    assert_applied(world, "project.defined", PROJECT("p1", "o1", "ecology", ",\"brand\":true"));
    assert_applied(world, "project.defined", PROJECT("p1", "o2", "rural", ""));
    assert_int_equal(counted(world, QINZHOU, COUNTER_projects), 0);
    assert_int_equal(counted(world, MAIJI, COUNTER_projects), 1);
    assert_int_equal(counted(world, CITY, COUNTER_projects), 1);
    assert_int_equal(counted_for(world, "o1", COUNTER_projects), 0);
    assert_int_equal(counted_for(world, "o2", COUNTER_projects), 1);
    assert_int_equal(category_uses(world, "ecology"), 0);
    assert_int_equal(category_uses(world, "rural"), 1);
    assert_int_equal(project_get(engine_view(world), 1, &world->arena, &project, &open), 0);
    assert_false(HAS(&project, project_defined, brand));
    assert_int_equal(open, PROJECT_OPEN);
}

static void projects_move_with_their_organisation(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "project.defined", PROJECT("p1", "o1", "ecology", ""));
    assert_applied(world, "project.defined", PROJECT("p2", "o1", "ecology", ""));
    assert_applied(world, "organisation.updated",
                   "{\"organisation\":\"o1\",\"changes\":{\"region\":\"620503000000\"}}");
    assert_int_equal(counted(world, STREET, COUNTER_projects), 0);
    assert_int_equal(counted(world, QINZHOU, COUNTER_projects), 0);
    assert_int_equal(counted(world, MAIJI, COUNTER_projects), 2);
    assert_int_equal(counted(world, CITY, COUNTER_projects), 2);
    assert_applied(world, "project.closed", "{\"project\":\"p1\"}");
    assert_int_equal(counted(world, MAIJI, COUNTER_projects), 1);
    assert_int_equal(counted(world, CITY, COUNTER_projects), 1);
}

static void a_closed_project_is_neither_defined_nor_closed_again(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "project.defined", PROJECT("p1", "o1", "ecology", ""));
    assert_applied(world, "project.closed", "{\"project\":\"p1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "project.defined",
                   PROJECT("p1", "o1", "ecology", ""));
    assert_says(world, "data.project", "is closed");
    assert_refused(world, PROBLEM_WRONG_STATE, "project.closed", "{\"project\":\"p1\"}");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "project.closed", "{\"project\":\"p9\"}");
}

static void what_a_project_names_must_be_there(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "project.defined",
                   PROJECT("p1", "o9", "ecology", ""));
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "project.defined",
                   PROJECT("p1", "o1", "ecolgy", ""));
    assert_says(world, "data.category", "ecology");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "project.defined",
                   PROJECT("p1", "o1", "ecology", ",\"station\":\"s1\""));
    assert_string_equal(world->problem.noun, "station");
    assert_applied(world, "station.planned",
                   "{\"station\":\"s1\",\"region\":\"620502001001\",\"name\":\"站\",\"due\":"
                   "\"2018-10-31\"}");
    assert_applied(world, "project.defined", PROJECT("p1", "o1", "ecology", ",\"station\":\"s1\""));
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "project.defined",
                   PROJECT("p2", "o1", "ecology", ""));
    assert_string_equal(world->problem.field, "data.organisation");
    /* What is open may be closed, whoever it was of. */
    assert_applied(world, "project.closed", "{\"project\":\"p1\"}");
    assert_int_equal(counted(world, CITY, COUNTER_projects), 0);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_project_is_counted_for_its_organisation_and_where_that_is),
        T(defined_again_it_takes_the_new_attributes_and_counters_follow),
        T(projects_move_with_their_organisation),
        T(a_closed_project_is_neither_defined_nor_closed_again),
        T(what_a_project_names_must_be_there),
    };
    return cmocka_run_group_tests_name("projects", tests, NULL, NULL);
}
