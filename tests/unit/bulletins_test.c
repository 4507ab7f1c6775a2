/* Bulletins: numbered for each kind and region, frozen when issued. */
#include "domain_fixture.h"

#include "domain/bulletins.h"
#include "domain/export.h"

#define BULLETIN(id, kind, number, region, as_of)                                                  \
    "{\"bulletin\":\"" id "\",\"kind\":\"" kind "\",\"number\":" number                            \
    ",\"period\":\"2018-05\",\"region\":\"" region "\",\"as_of\":\"" as_of                         \
    "\",\"title\":\"通报\",\"content\":{\"title\":\"通报\",\"sections\":[]},\"revision\":"     \
    "\"bulletin_registration:1\",\"by\":\"clerk:1\"}"
#define FIRST BULLETIN("b1", "registration", "1", "620500000000", "2018-05-31")

static uint32_t found(struct world *world, enum BULLETIN_KIND_choice kind, const char *region,
                      uint32_t number) {
    uint32_t bulletin = 0;
    int r = bulletin_find(world->stepper.context.view, kind,
                          world_number(world, NOUN_REGION, region), number, &bulletin);
    assert_true(r == 0 || r == THING_NOT_FOUND);
    return bulletin;
}

static void an_issued_bulletin_is_found_by_kind_region_and_number(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "bulletin.issued", FIRST);
    assert_applied(world, "bulletin.issued",
                   BULLETIN("b2", "registration", "2", "620500000000", "2018-06-01"));
    assert_int_equal(found(world, BULLETIN_KIND_REGISTRATION, "620500000000", 1), 1);
    assert_int_equal(found(world, BULLETIN_KIND_REGISTRATION, "620500000000", 2), 2);
    assert_int_equal(found(world, BULLETIN_KIND_REGISTRATION, "620500000000", 3), 0);
    assert_int_equal(found(world, BULLETIN_KIND_STATION, "620500000000", 1), 0);
    assert_int_equal(found(world, BULLETIN_KIND_REGISTRATION, "620502000000", 1), 0);
}

static void what_it_said_is_kept(void **state) {
    struct world *world = *state;
    struct thing thing;
    world_city(world);
    assert_applied(world, "bulletin.issued", FIRST);
    assert_int_equal(
        thing_get(world->stepper.context.view, NOUN_BULLETIN, 1, &world->arena, &thing), 0);
    const struct bulletin_issued *bulletin = thing.attributes;
    assert_true(str_equal(bulletin->content, STR("{\"sections\":[],\"title\":\"通报\"}")));
    assert_true(str_equal(bulletin->period, STR("2018-05")));
    assert_int_equal(thing.state, BULLETIN_ISSUED);
}

static void a_number_is_issued_once_for_each_kind_and_region(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "bulletin.issued", FIRST);
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "bulletin.issued",
                   BULLETIN("b2", "registration", "1", "620500000000", "2018-05-31"));
    assert_string_equal(world->problem.field, "data.number");
    assert_applied(world, "bulletin.issued",
                   BULLETIN("b2", "station", "1", "620500000000", "2018-05-31"));
    assert_applied(world, "bulletin.issued",
                   BULLETIN("b3", "registration", "1", "620502000000", "2018-05-31"));
}

static void a_region_keeps_its_numbers_through_a_recode(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "bulletin.issued",
                   BULLETIN("b1", "registration", "1", "620502000000", "2018-05-31"));
    assert_applied(world, "region.recoded",
                   "{\"region\":\"620502000000\",\"into\":\"620509000000\"}");
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "bulletin.issued",
                   BULLETIN("b2", "registration", "1", "620509000000", "2018-05-31"));
}

static void bad_ones_are_refused(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "bulletin.issued", FIRST);
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "bulletin.issued",
                   BULLETIN("b1", "registration", "2", "620500000000", "2018-05-31"));
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "bulletin.issued",
                   BULLETIN("b2", "registration", "2", "620599000000", "2018-05-31"));
    assert_refused(world, PROBLEM_IN_FUTURE, "bulletin.issued",
                   BULLETIN("b2", "registration", "2", "620500000000", "2018-06-02"));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "bulletin.issued",
                   BULLETIN("b2", "registration", "0", "620500000000", "2018-05-31"));
}

static void the_export_says_what_the_key_says(void **state) {
    (void)state;
    const char key[BULLETIN_KEY_BYTES] = {BULLETIN_KIND_STATION, 0, 0, 0, 7, 0, 0, 1, 0};
    const uint32_t bulletin = 3;
    struct buf out = {0};
    buf_put_byte(&out, '{');
    domain_renders[TABLE_BULLETIN]((struct str){key, sizeof key},
                                   (struct str){(const char *)&bulletin, sizeof bulletin}, &out);
    assert_true(str_equal(buf_str(&out),
                          STR("{\"kind\":\"station\",\"region\":7,\"number\":256,\"bulletin\":3")));
    buf_deinit(&out);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(an_issued_bulletin_is_found_by_kind_region_and_number),
        T(what_it_said_is_kept),
        T(a_number_is_issued_once_for_each_kind_and_region),
        T(a_region_keeps_its_numbers_through_a_recode),
        T(bad_ones_are_refused),
        T(the_export_says_what_the_key_says),
    };
    return cmocka_run_group_tests_name("bulletins", tests, NULL, NULL);
}
