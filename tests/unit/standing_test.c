/* Standing by day, who is counted, and what is kept of a person: lists, training, complaints. */
#include "network_fixture.h"

#include "domain/person_lists.h"
#include "domain/record_notes.h"
#include "domain/standing.h"
#include "domain/trainings.h"

static struct volunteer_row person(struct world *world, const char *id) {
    struct volunteer_row row;
    assert_int_equal(
        volunteer_get(engine_view(world), world_number(world, NOUN_VOLUNTEER, id), &row), 0);
    return row;
}

static void a_suspension_is_over_after_its_last_day(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "volunteer.suspended",
                   "{\"volunteer\":\"v1\",\"reason\":\"x\",\"until\":\"2018-06-10\"}");
    struct volunteer_row row = person(world, "v1");
    assert_int_equal(volunteer_standing(&row, day("2018-06-01")), STANDING_SUSPENDED);
    assert_int_equal(volunteer_standing(&row, day("2018-06-10")), STANDING_SUSPENDED);
    assert_int_equal(volunteer_standing(&row, day("2018-06-11")), STANDING_GOOD);
    assert_applied(world, "volunteer.suspended", "{\"volunteer\":\"v1\",\"reason\":\"x\"}");
    row = person(world, "v1");
    assert_int_equal(volunteer_standing(&row, day("2199-12-31")), STANDING_SUSPENDED);
}

static void whoever_is_deregistered_is_not_counted_and_keeps_the_stars(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "star.changed", "{\"volunteer\":\"v1\",\"from\":0,\"to\":2}");
    int64_t before = counted(world, CITY, COUNTER_volunteers);
    assert_int_equal(counted(world, CITY, COUNTER_stars_2), 1);
    assert_applied(world, "volunteer.suspended", "{\"volunteer\":\"v1\",\"reason\":\"x\"}");
    assert_int_equal(counted(world, CITY, COUNTER_volunteers), before);
    assert_applied(world, "standing.changed",
                   "{\"volunteer\":\"v1\",\"from\":\"suspended\",\"to\":\"deregistered\"}");
    assert_int_equal(counted(world, CITY, COUNTER_volunteers), before - 1);
    assert_int_equal(counted(world, CITY, COUNTER_stars_2), 0);
    assert_int_equal(person(world, "v1").stars, 2);
    assert_applied(world, "volunteer.moved", "{\"volunteer\":\"v1\",\"region\":\"620503000000\"}");
    assert_int_equal(counted(world, CITY, COUNTER_volunteers), before - 1);
    assert_applied(world, "volunteer.restored", "{\"volunteer\":\"v1\",\"reason\":\"x\"}");
    assert_int_equal(counted(world, CITY, COUNTER_volunteers), before);
    assert_int_equal(counted(world, MAIJI, COUNTER_stars_2), 1);
}

static void a_list_replaces_and_drops_by_number(void **state) {
    struct world *world = *state;
    struct person_entries entries;
    world_city(world);
    struct context *context = &world->stepper.context;
    stepper_begin(&world->stepper, &world->arena, &world->problem);
    for (uint32_t number = 1; number <= 3; number++) {
        struct person_entry entry = {.number = number, .on = (int32_t)number};
        assert_int_equal(person_list_put(context, 1, LIST_ABSENCES, &entry, "x"), 0);
    }
    struct person_entry again = {.number = 2, .on = 20};
    assert_int_equal(person_list_put(context, 1, LIST_ABSENCES, &again, "x"), 0);
    assert_int_equal(person_list_get(context->view, 1, LIST_ABSENCES, &entries), 0);
    assert_int_equal(entries.n, 3);
    assert_int_equal(person_entry_at(&entries, 1).on, 20);
    assert_int_equal(person_list_drop(context, 1, LIST_ABSENCES, 1), 0);
    assert_int_equal(person_list_drop(context, 1, LIST_ABSENCES, 9), 0);
    assert_int_equal(person_list_get(context->view, 1, LIST_ABSENCES, &entries), 0);
    assert_int_equal(entries.n, 2);
    assert_int_equal(person_entry_at(&entries, 0).number, 2);
    assert_int_equal(person_list_get(context->view, 1, LIST_COMPLAINTS, &entries), 0);
    assert_int_equal(entries.n, 0);
}

static void a_list_has_an_end(void **state) {
    struct world *world = *state;
    world_city(world);
    struct context *context = &world->stepper.context;
    stepper_begin(&world->stepper, &world->arena, &world->problem);
    for (uint32_t number = 1; number <= PERSON_LIST_LIMIT; number++) {
        struct person_entry entry = {.number = number};
        assert_int_equal(person_list_put(context, 1, LIST_TRAININGS, &entry, "data.x"), 0);
    }
    struct person_entry more = {.number = PERSON_LIST_LIMIT + 1};
    assert_true(person_list_put(context, 1, LIST_TRAININGS, &more, "data.x") > 0);
    assert_string_equal(world->problem.field, "data.x");
    more.number = 7;
    assert_int_equal(person_list_put(context, 1, LIST_TRAININGS, &more, "data.x"), 0);
}

static struct person_entry training(struct world *world, size_t i) {
    struct person_entries entries;
    assert_int_equal(person_list_get(engine_view(world), world_number(world, NOUN_VOLUNTEER, "v1"),
                                     LIST_TRAININGS, &entries),
                     0);
    assert_true(i < entries.n);
    return person_entry_at(&entries, i);
}

static void training_holds_by_whole_months(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "course.defined",
                   "{\"course\":\"c1\",\"title\":\"t\",\"topic\":\"skill\",\"minutes\":60,"
                   "\"valid_months\":1}");
    assert_applied(world, "training.completed",
                   "{\"training\":\"t1\",\"volunteer\":\"v1\",\"course\":\"c1\",\"minutes\":60,"
                   "\"passed\":true,\"on\":\"2018-01-31\"}");
    assert_applied(world, "training.completed",
                   "{\"training\":\"t2\",\"volunteer\":\"v1\",\"course\":\"c1\",\"minutes\":60,"
                   "\"passed\":false,\"on\":\"2018-02-15\"}");
    struct person_entry first = training(world, 0), second = training(world, 1);
    assert_int_equal(first.until, day("2018-02-28"));
    assert_int_equal(second.until, day("2018-03-15"));
    assert_false(training_holds(&first, day("2018-01-30")));
    assert_true(training_holds(&first, day("2018-02-28")));
    assert_false(training_holds(&first, day("2018-03-01")));
    assert_false(training_holds(&second, day("2018-02-20")));
}

static struct record_note note(struct world *world) {
    struct record_note note;
    assert_int_equal(
        record_note_get(engine_view(world), world_number(world, NOUN_RECORD, "r1"), &note), 0);
    return note;
}

static void complaints_count_at_their_record_by_state(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded",
                   "{\"record\":\"r1\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"starts\":"
                   "\"2018-05-01T08:00:00+08:00\",\"ends\":\"2018-05-01T10:00:00+08:00\","
                   "\"method\":\"code\",\"recorder\":\"c1\"}");
#define FILED(id)                                                                                  \
    "{\"complaint\":\"" id "\",\"subject\":{\"kind\":\"record\",\"id\":\"r1\"},\"text\":\"x\"}"
#define RESOLVED(id, outcome) "{\"complaint\":\"" id "\",\"outcome\":\"" outcome "\",\"by\":\"c2\"}"
    assert_applied(world, "complaint.filed", FILED("k1"));
    assert_applied(world, "complaint.filed", FILED("k2"));
    assert_applied(world, "complaint.referred", "{\"complaint\":\"k2\",\"to\":\"x\"}");
    assert_int_equal(note(world).n_open, 2);
    assert_applied(world, "complaint.resolved", RESOLVED("k1", "upheld"));
    assert_int_equal(note(world).n_open, 1);
    assert_int_equal(note(world).n_upheld, 1);
    assert_applied(world, "complaint.resolved", RESOLVED("k2", "dismissed"));
    assert_int_equal(note(world).n_open, 0);
    assert_int_equal(note(world).n_upheld, 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_suspension_is_over_after_its_last_day),
        TEST(whoever_is_deregistered_is_not_counted_and_keeps_the_stars),
        TEST(a_list_replaces_and_drops_by_number),
        TEST(a_list_has_an_end),
        TEST(training_holds_by_whole_months),
        TEST(complaints_count_at_their_record_by_state),
    };
    return cmocka_run_group_tests_name("standing", tests, NULL, NULL);
}
