/* Regions and organisations: the tree must be a tree. */
#include "domain_fixture.h"

#include "domain/policies.h"

static void a_region_lies_one_level_below_its_parent(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "region.defined",
                   "{\"region\":\"620502001002\",\"name\":\"x\",\"level\":\"community\",\"parent\":"
                   "\"620502000000\"}");
    assert_refused(world, PROBLEM_MISSING_FIELD, "region.defined",
                   "{\"region\":\"620502001002\",\"name\":\"x\",\"level\":\"community\"}");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "region.defined",
                   "{\"region\":\"620502001002\",\"name\":\"x\",\"level\":\"community\",\"parent\":"
                   "\"620502009000\"}");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "region.defined",
                   "{\"region\":\"620600000000\",\"name\":\"x\",\"level\":\"city\",\"parent\":"
                   "\"620500000000\"}");
    uint32_t path[REGION_DEPTH];
    assert_int_equal(region_path(world->stepper.context.view,
                                 world_number(world, NOUN_REGION, "620502001001"), path),
                     4);
    assert_int_equal(path[3], world_number(world, NOUN_REGION, "620500000000"));
}

static void a_region_defined_again_takes_the_new_name_and_keeps_its_place(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "region.defined",
                   "{\"region\":\"620502001001\",\"name\":\"新名\",\"level\":\"community\","
                   "\"parent\":\"620502001000\"}");
    struct region_defined region;
    assert_int_equal(region_attributes(world->stepper.context.view,
                                       world_number(world, NOUN_REGION, "620502001001"),
                                       &world->arena, &region),
                     0);
    assert_true(str_equal(region.name, STR("新名")));
    assert_refused(world, PROBLEM_WRONG_STATE, "region.defined",
                   "{\"region\":\"620502001000\",\"name\":\"x\",\"level\":\"township\",\"parent\":"
                   "\"620503000000\"}");
}

static void an_organisation_is_not_its_own_superior(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "organisation.defined",
                   "{\"organisation\":\"o2\",\"name\":\"b\",\"kind\":\"school\",\"region\":"
                   "\"620502001000\",\"parent\":\"o1\"}");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "organisation.defined",
                   "{\"organisation\":\"o1\",\"name\":\"a\",\"kind\":\"school\",\"region\":"
                   "\"620502001000\",\"parent\":\"o2\"}");
}

static void a_store_belongs_to_one_city(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_WRONG_STATE, "city.configured",
                   "{\"region\":\"620600000000\",\"name\":\"x\",\"time_zone\":\"UTC\",\"offsets\":["
                   "{\"from\":0,\"seconds\":0}]}");
}

static void a_city_is_renamed_but_keeps_its_zone_once_people_are_registered(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "city.configured",
                   "{\"region\":\"620500000000\",\"name\":\"新名\",\"time_zone\":\"Asia/"
                   "Shanghai\",\"offsets\":[{\"from\":0,\"seconds\":28800}]}");
    assert_string_equal(world->stepper.city.name, "新名");
    assert_refused(world, PROBLEM_WRONG_STATE, "city.configured",
                   "{\"region\":\"620500000000\",\"name\":\"新名\",\"time_zone\":\"UTC\","
                   "\"offsets\":[{\"from\":0,\"seconds\":0}]}");
}

static void a_zone_of_the_same_name_with_other_offsets_is_refused_too(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_WRONG_STATE, "city.configured",
                   "{\"region\":\"620500000000\",\"name\":\"x\",\"time_zone\":\"Asia/"
                   "Shanghai\",\"offsets\":[{\"from\":0,\"seconds\":28800},{\"from\":515520000,"
                   "\"seconds\":32400}]}");
    assert_string_equal(world->problem.field, "data.offsets");
}

static void an_update_patches_and_moves_the_counters(void **state) {
    struct world *world = *state;
    world_city(world);
    struct counter_row row;
    assert_applied(
        world, "volunteer.updated",
        "{\"volunteer\":\"v1\",\"changes\":{\"employer\":null,\"party_status\":\"in_service\"}}");
    assert_int_equal(
        counter_get(world->stepper.context.view, COUNTER_NOW, NOUN_ORGANISATION, 1, &row), 0);
    assert_int_equal(row.volunteers, 0);
    assert_int_equal(counter_get(world->stepper.context.view, COUNTER_NOW, NOUN_REGION, 1, &row),
                     0);
    assert_int_equal(row.in_service_party_members, 1);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "volunteer.updated",
                   "{\"volunteer\":\"v1\",\"changes\":{\"referred_by\":\"v1\"}}");
}

static void a_policy_revision_is_activated_once_and_can_be_set_aside_once(void **state) {
    static const char activation[] =
        "{\"policy\":\"star_rating\",\"kind\":\"star_rating\",\"revision\":\"star_rating:1\","
        "\"text\":\"return {}\","
        "\"effective\":\"2018-01-01\",\"retroactivity\":\"from_now\",\"by\":\"console\"}";
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "policy.activated", activation);
    assert_int_equal(policy_generation(world->stepper.context.view), 1);
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "policy.activated", activation);
    struct str next =
        policy_next_revision(world->stepper.context.view, STR("star_rating"), &world->arena);
    assert_true(str_equal(next, STR("star_rating:2")));
    assert_applied(
        world, "policy.set_aside",
        "{\"policy\":\"star_rating\",\"revision\":\"star_rating:1\",\"reason\":\"stuck\"}");
    assert_refused(
        world, PROBLEM_WRONG_STATE, "policy.set_aside",
        "{\"policy\":\"star_rating\",\"revision\":\"star_rating:1\",\"reason\":\"stuck\"}");
    assert_refused(
        world, PROBLEM_UNKNOWN_NOUN, "policy.set_aside",
        "{\"policy\":\"star_rating\",\"revision\":\"star_rating:9\",\"reason\":\"stuck\"}");
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_region_lies_one_level_below_its_parent),
        T(a_region_defined_again_takes_the_new_name_and_keeps_its_place),
        T(an_organisation_is_not_its_own_superior),
        T(a_store_belongs_to_one_city),
        T(a_city_is_renamed_but_keeps_its_zone_once_people_are_registered),
        T(a_zone_of_the_same_name_with_other_offsets_is_refused_too),
        T(an_update_patches_and_moves_the_counters),
        T(a_policy_revision_is_activated_once_and_can_be_set_aside_once),
    };
    return cmocka_run_group_tests_name("regions", tests, NULL, NULL);
}
