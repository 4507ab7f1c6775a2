/* What regions and organisations were called, and where they lay, on past days. */
#include "domain_fixture.h"

#include "domain/organisations.h"

/* By the engine's view and by a reader's. */
static void assert_called(struct world *world, uint32_t region, const char *at, const char *code,
                          const char *name) {
    struct view *views[] = {world->stepper.context.view, reader_view(world)};
    for (size_t i = 0; i < 2; i++) {
        struct region_defined attributes;
        int r = region_attributes_at(views[i], region, day(at), &world->arena, &attributes);
        if (!code) {
            assert_int_equal(r, THING_NOT_FOUND);
            continue;
        }
        assert_int_equal(r, 0);
        assert_true(str_equal(attributes.region, str_from(code)));
        assert_true(str_equal(attributes.name, str_from(name)));
    }
    view_close(views[1]);
}

static void rename_region(struct world *world, const char *name, const char *time) {
    char data[300];
    snprintf(data, sizeof data,
             "{\"region\":\"620502001001\",\"name\":\"%s\",\"level\":\"community\",\"parent\":"
             "\"620502001000\"}",
             name);
    world_assert(world, PROBLEM_NONE, "region.defined", time, data);
}

static void a_region_is_called_what_it_was_called_then(void **state) {
    struct world *world = *state;
    world_city(world); /* 2018-06-01 */
    uint32_t region = world_number(world, NOUN_REGION, "620502001001");
    rename_region(world, "甲", "2018-06-03T08:00:00+08:00");
    rename_region(world, "乙", "2018-06-03T09:00:00+08:00");
    world_assert(world, PROBLEM_NONE, "region.recoded", "2018-06-10T08:00:00+08:00",
                 "{\"region\":\"620502001001\",\"into\":\"620502001018\"}");
    assert_called(world, region, "2018-05-31", NULL, NULL);
    assert_called(world, region, "2018-06-01", "620502001001", "社区");
    assert_called(world, region, "2018-06-02", "620502001001", "社区");
    assert_called(world, region, "2018-06-03", "620502001001", "乙");
    assert_called(world, region, "2018-06-09", "620502001001", "乙");
    assert_called(world, region, "2018-06-10", "620502001018", "乙");
    assert_called(world, region, "2018-12-31", "620502001018", "乙");
}

static void a_region_lay_where_it_lay_then(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "region.defined",
                   "{\"region\":\"620503001000\",\"name\":\"道北\",\"level\":\"township\","
                   "\"parent\":\"620503000000\"}");
    uint32_t region = world_number(world, NOUN_REGION, "620502001001");
    uint32_t old = world_number(world, NOUN_REGION, "620502000000");
    uint32_t new = world_number(world, NOUN_REGION, "620503000000");
    world_assert(world, PROBLEM_NONE, "region.recoded", "2018-06-10T08:00:00+08:00",
                 "{\"region\":\"620502001001\",\"into\":\"620503001001\"}");
    /* What lies above is recoded as well: codes of that time still lead there. */
    world_assert(world, PROBLEM_NONE, "region.recoded", "2018-06-11T08:00:00+08:00",
                 "{\"region\":\"620502000000\",\"into\":\"620504000000\"}");
    struct view *views[] = {world->stepper.context.view, reader_view(world)};
    for (size_t i = 0; i < 2; i++) {
        uint32_t path[REGION_DEPTH];
        struct arena *arena = &world->arena;
        assert_true(region_lies_in_at(views[i], region, old, day("2018-06-09"), arena));
        assert_false(region_lies_in_at(views[i], region, new, day("2018-06-09"), arena));
        assert_false(region_lies_in_at(views[i], region, old, day("2018-06-10"), arena));
        assert_true(region_lies_in_at(views[i], region, new, day("2018-06-12"), arena));
        assert_int_equal(region_path_at(views[i], region, day("2018-06-09"), arena, path), 4);
        assert_int_equal(region_path_at(views[i], region, day("2018-05-31"), arena, path), 0);
    }
    view_close(views[1]);
}

static void an_organisation_was_what_and_where_it_was_then(void **state) {
    struct world *world = *state;
    struct organisation_row row;
    struct organisation_defined attributes;
    uint32_t region;
    world_city(world);
    world_assert(world, PROBLEM_NONE, "organisation.updated", "2018-06-10T08:00:00+08:00",
                 "{\"organisation\":\"o1\",\"changes\":{\"name\":\"新单位\",\"region\":"
                 "\"620503000000\"}}");
    struct view *views[] = {world->stepper.context.view, reader_view(world)};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(organisation_get(views[i], 1, &row), 0);
        assert_int_equal(
            organisation_attributes_at(views[i], 1, day("2018-06-09"), &world->arena, &attributes),
            0);
        assert_true(str_equal(attributes.name, STR("单位")));
        assert_int_equal(
            organisation_region_at(views[i], 1, &row, day("2018-06-09"), &world->arena, &region),
            0);
        assert_int_equal(region, world_number(world, NOUN_REGION, "620502001000"));
        assert_int_equal(
            organisation_region_at(views[i], 1, &row, day("2018-06-10"), &world->arena, &region),
            0);
        assert_int_equal(region, world_number(world, NOUN_REGION, "620503000000"));
    }
    view_close(views[1]);
}

#define WITH_CITY(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_CITY(a_region_is_called_what_it_was_called_then),
        WITH_CITY(a_region_lay_where_it_lay_then),
        WITH_CITY(an_organisation_was_what_and_where_it_was_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
