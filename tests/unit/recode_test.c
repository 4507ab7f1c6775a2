/* Recoding regions: people, stations and history follow, and no total changes. */
#include "domain_fixture.h"

static int64_t count(struct world *world, const char *region, enum counter counter) {
    int64_t value = -1;
    assert_int_equal(counter_value(world->stepper.context.view, COUNTER_NOW, NOUN_REGION,
                                   world_number(world, NOUN_REGION, region), counter, &value),
                     0);
    return value;
}

static void serve(struct world *world) {
    assert_applied(world, "activity.published",
                   "{\"activity\":\"a2\",\"title\":\"t\",\"content\":\"c\",\"category\":"
                   "\"elderly\",\"kind\":\"service\",\"organisation\":\"o1\",\"region\":"
                   "\"620502001001\",\"place\":{\"text\":\"p\"},\"starts\":"
                   "\"2018-05-01T08:00:00+08:00\",\"ends\":\"2018-05-01T18:00:00+08:00\","
                   "\"places\":10,\"risk\":\"r\"}");
    assert_applied(world, "service.recorded",
                   "{\"record\":\"r1\",\"volunteer\":\"v1\",\"activity\":\"a2\",\"organisation\":"
                   "\"o1\",\"starts\":\"2018-05-01T08:00:00+08:00\",\"ends\":"
                   "\"2018-05-01T10:00:00+08:00\",\"method\":\"code\",\"recorder\":\"clerk:1\"}");
    assert_applied(world, "service.decided",
                   "{\"record\":\"r1\",\"outcome\":\"accepted\",\"minutes\":120}");
}

static void a_recoded_region_keeps_people_service_and_its_former_code(void **state) {
    struct world *world = *state;
    struct str code;
    int32_t until, expected;
    world_city(world);
    serve(world);
    assert_applied(world, "region.recoded",
                   "{\"region\":\"620502001001\",\"into\":\"620502001018\"}");
    uint32_t region = world_number(world, NOUN_REGION, "620502001018");
    assert_int_equal(world_number(world, NOUN_REGION, "620502001001"), region);
    assert_int_equal(count(world, "620502001018", COUNTER_volunteers), 1);
    assert_int_equal(count(world, "620502001018", COUNTER_minutes), 120);
    assert_int_equal(count(world, "620500000000", COUNTER_volunteers), 2);
    assert_int_equal(region_former_code(world->stepper.context.view, region, 1, &code, &until), 0);
    assert_true(str_equal(code, STR("620502001001")));
    assert_int_equal(date_parse(STR("2018-06-01"), &expected), 0);
    assert_int_equal(until, expected);
    assert_int_equal(region_former_code(world->stepper.context.view, region, 2, &code, &until),
                     THING_NOT_FOUND);
    struct str id;
    assert_int_equal(thing_id(world->stepper.context.view, NOUN_REGION, region, &world->arena, &id),
                     0);
    assert_true(str_equal(id, STR("620502001018")));
}

static void who_still_writes_the_former_code_reaches_the_region(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "region.recoded",
                   "{\"region\":\"620502001001\",\"into\":\"620502001018\"}");
    assert_applied(world, "volunteer.registered",
                   "{\"volunteer\":\"v3\",\"region\":\"620502001001\"}");
    assert_applied(world, "volunteer.registered",
                   "{\"volunteer\":\"v4\",\"region\":\"620502001018\"}");
    assert_int_equal(count(world, "620502001018", COUNTER_volunteers), 3);
    /* Defined again under the former code it takes the name and keeps its code. */
    assert_applied(world, "region.defined",
                   "{\"region\":\"620502001001\",\"name\":\"新名\",\"level\":\"community\","
                   "\"parent\":\"620502001000\"}");
    struct region_defined region;
    assert_int_equal(region_attributes(world->stepper.context.view,
                                       world_number(world, NOUN_REGION, "620502001001"),
                                       &world->arena, &region),
                     0);
    assert_true(str_equal(region.region, STR("620502001018")));
    assert_true(str_equal(region.name, STR("新名")));
}

static void a_code_below_another_region_moves_people_service_and_every_month(void **state) {
    struct world *world = *state;
    struct counter_row before, after;
    int64_t may = -1;
    world_city(world);
    serve(world);
    assert_applied(world, "region.defined",
                   "{\"region\":\"620503001000\",\"name\":\"道北\",\"level\":\"township\","
                   "\"parent\":\"620503000000\"}");
    struct view *view = world->stepper.context.view;
    assert_int_equal(counter_get(view, COUNTER_NOW, NOUN_REGION, 1, &before), 0);
    assert_applied(world, "region.recoded",
                   "{\"region\":\"620502001001\",\"into\":\"620503001009\"}");
    assert_int_equal(counter_get(view, COUNTER_NOW, NOUN_REGION, 1, &after), 0);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(count(world, "620502000000", COUNTER_volunteers), 0);
    assert_int_equal(count(world, "620502000000", COUNTER_minutes), 0);
    assert_int_equal(count(world, "620503000000", COUNTER_volunteers), 2);
    assert_int_equal(count(world, "620503001000", COUNTER_minutes), 120);
    int32_t date;
    assert_int_equal(date_parse(STR("2018-05-01"), &date), 0);
    assert_int_equal(counter_months(view, COUNTER_NOW, NOUN_REGION,
                                    world_number(world, NOUN_REGION, "620503000000"),
                                    COUNTER_minutes, date_month(date), date_month(date), &may),
                     0);
    assert_int_equal(may, 120);
    /* New service counts along the new path. */
    assert_applied(world, "volunteer.registered",
                   "{\"volunteer\":\"v3\",\"region\":\"620502001001\"}");
    assert_int_equal(count(world, "620503001000", COUNTER_volunteers), 2);
    assert_int_equal(count(world, "620502001000", COUNTER_volunteers), 0);
}

static void a_whole_county_is_recoded_from_the_top_down(void **state) {
    struct world *world = *state;
    world_city(world);
    serve(world);
    assert_applied(world, "region.recoded",
                   "{\"region\":\"620502000000\",\"into\":\"620504000000\"}");
    assert_applied(world, "region.recoded",
                   "{\"region\":\"620502001000\",\"into\":\"620504001000\"}");
    assert_applied(world, "region.recoded",
                   "{\"region\":\"620502001001\",\"into\":\"620504001001\"}");
    assert_int_equal(count(world, "620504000000", COUNTER_volunteers), 1);
    assert_int_equal(count(world, "620504001001", COUNTER_minutes), 120);
    assert_int_equal(count(world, "620500000000", COUNTER_volunteers), 2);
    uint32_t path[REGION_DEPTH];
    assert_int_equal(region_path(world->stepper.context.view,
                                 world_number(world, NOUN_REGION, "620504001001"), path),
                     4);
    assert_int_equal(path[2], world_number(world, NOUN_REGION, "620502000000"));
}

static void bad_recodes_are_refused(void **state) {
    struct world *world = *state;
    world_city(world);
    /* onto itself, onto a code that exists, in a circle */
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "region.recoded",
                   "{\"region\":\"620502001001\",\"into\":\"620502001001\"}");
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "region.recoded",
                   "{\"region\":\"620502001001\",\"into\":\"620502001000\"}");
    assert_applied(world, "region.recoded",
                   "{\"region\":\"620502001001\",\"into\":\"620502001002\"}");
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "region.recoded",
                   "{\"region\":\"620502001002\",\"into\":\"620502001001\"}");
    assert_non_null(strstr(world->problem.message, "circle"));
    /* from a code that is no longer its own, from none, below none, too short, a wrong level */
    assert_refused(world, PROBLEM_WRONG_STATE, "region.recoded",
                   "{\"region\":\"620502001001\",\"into\":\"620502001003\"}");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "region.recoded",
                   "{\"region\":\"620509001001\",\"into\":\"620502001003\"}");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "region.recoded",
                   "{\"region\":\"620502001002\",\"into\":\"620509001003\"}");
    assert_string_equal(world->problem.field, "data.into");
    assert_refused(world, PROBLEM_WRONG_TYPE, "region.recoded",
                   "{\"region\":\"620502001002\",\"into\":\"620502\"}");
    assert_applied(world, "region.recoded",
                   "{\"region\":\"620502001002\",\"into\":\"620502001003\"}");
}

static void each_of_many_former_codes_is_kept_in_its_order(void **state) {
    struct world *world = *state;
    enum { CODES = 40 };
    char data[100], expected[40];
    struct str code;
    int32_t until;
    world_city(world);
    for (int i = 1; i <= CODES; i++) {
        snprintf(data, sizeof data, "{\"region\":\"620502001%03d\",\"into\":\"620502001%03d\"}", i,
                 i + 1);
        assert_applied(world, "region.recoded", data);
    }
    uint32_t region = world_number(world, NOUN_REGION, "620502001001");
    for (int i = 1; i <= CODES; i++) {
        snprintf(expected, sizeof expected, "620502001%03d", i);
        assert_int_equal(world_number(world, NOUN_REGION, expected), region);
        assert_int_equal(
            region_former_code(world->stepper.context.view, region, (uint32_t)i, &code, &until), 0);
        assert_true(str_equal(code, str_from(expected)));
    }
    assert_int_equal(
        region_former_code(world->stepper.context.view, region, CODES + 1, &code, &until),
        THING_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_recoded_region_keeps_people_service_and_its_former_code,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(who_still_writes_the_former_code_reaches_the_region,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(
            a_code_below_another_region_moves_people_service_and_every_month, world_setup,
            world_teardown),
        cmocka_unit_test_setup_teardown(a_whole_county_is_recoded_from_the_top_down, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(bad_recodes_are_refused, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(each_of_many_former_codes_is_kept_in_its_order, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
