/* Shifts, enrolments, claims of posts and attendance: rows, lists and counts; decisions are given
 * as in a replay. */
#include "network_fixture.h"

#include "domain/attendance.h"
#include "domain/posts.h"

#define FIELDS(id, more)                                                                           \
    "{\"activity\":\"" id "\",\"title\":\"t\",\"content\":\"c\",\"category\":\"elderly\","         \
    "\"kind\":\"service\",\"organisation\":\"o1\",\"region\":\"620503000000\","                    \
    "\"place\":{\"text\":\"p\"},\"places\":2,\"risk\":\"r\"" more "}"
#define JULY(id)                                                                                   \
    FIELDS(id, ",\"starts\":\"2018-07-01T08:00:00+08:00\",\"ends\":\"2018-07-01T10:00:00+08:00\"")
#define SHIFT(id, starts, ends)                                                                    \
    "{\"shift\":\"" id "\",\"starts\":\"2018-07-01T" starts                                        \
    ":00+08:00\",\"ends\":\"2018-07-01T" ends ":00+08:00\",\"places\":1}"
#define SHIFTED(id, shifts)                                                                        \
    FIELDS(id, ",\"starts\":\"2018-07-01T08:00:00+08:00\",\"ends\":\"2018-07-01T12:00:00+08:00\"," \
               "\"shifts\":[" shifts "]")
#define WHO(activity, volunteer, more)                                                             \
    "{\"activity\":\"" activity "\",\"volunteer\":\"" volunteer "\"" more "}"

static void enrol(struct world *world, const char *activity, const char *volunteer,
                  const char *shift, const char *outcome) {
    char data[300], more[64] = "";
    if (*shift)
        snprintf(more, sizeof more, ",\"shift\":\"%s\"", shift);
    snprintf(data, sizeof data, "{\"activity\":\"%s\",\"volunteer\":\"%s\"%s,\"by\":\"self\"}",
             activity, volunteer, more);
    assert_applied(world, "enrolment.requested", data);
    snprintf(data, sizeof data, "{\"activity\":\"%s\",\"volunteer\":\"%s\"%s,\"outcome\":\"%s\"}",
             activity, volunteer, more, outcome);
    assert_applied(world, "enrolment.decided", data);
}

static struct shift_row shift(struct world *world, const char *activity, const char *id) {
    struct shift_row row;
    assert_int_equal(shift_get(engine_view(world), world_number(world, NOUN_ACTIVITY, activity),
                               str_from(id), &row),
                     0);
    return row;
}

static struct enrolment enrolment(struct world *world, uint32_t number) {
    struct enrolment enrolment;
    assert_int_equal(enrolment_get(engine_view(world), number, &enrolment), 0);
    return enrolment;
}

static void a_person_in_a_shift_counts_there_and_in_the_whole(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "activity.published",
                   SHIFTED("a2", SHIFT("s1", "08:00", "10:00") "," SHIFT("s2", "10:00", "12:00")));
    enrol(world, "a2", "v1", "s1", "accepted");
    enrol(world, "a2", "v2", "s1", "waitlisted");
    enrol(world, "a2", "v1", "s2", "accepted");
    assert_int_equal(shift(world, "a2", "s1").n_accepted, 1);
    assert_int_equal(shift(world, "a2", "s1").n_waitlisted, 1);
    struct shift_row whole = shift(world, "a2", ""), first = shift(world, "a2", "s1");
    assert_int_equal(whole.n_accepted, 2);
    assert_int_equal(whole.n_waitlisted, 1);
    assert_int_equal(shift_places_left(&whole), 0);
    assert_int_equal(shift_places_left(&first), 0);
    assert_applied(world, "enrolment.cancelled", WHO("a2", "v1", ",\"shift\":\"s1\""));
    assert_int_equal(shift(world, "a2", "s1").n_accepted, 0);
    assert_int_equal(shift(world, "a2", "s2").n_accepted, 1);
    assert_int_equal(shift(world, "a2", "").n_accepted, 1);
}

static void a_shift_has_an_id_of_its_own(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "activity.published",
                   SHIFTED("a2", SHIFT("s1", "08:00", "10:00") "," SHIFT("s1", "10:00", "12:00")));
    assert_string_equal(world->problem.field, "data.shifts");
}

static void a_shift_that_is_left_out_keeps_what_was_counted(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "activity.published",
                   SHIFTED("a2", SHIFT("s1", "08:00", "10:00") "," SHIFT("s2", "10:00", "12:00")));
    enrol(world, "a2", "v1", "s1", "accepted");
    assert_applied(
        world, "activity.changed",
        "{\"activity\":\"a2\",\"changes\":{\"shifts\":[" SHIFT("s2", "10:00", "12:00") "]}}");
    assert_true(shift(world, "a2", "s1").gone);
    assert_false(shift(world, "a2", "s2").gone);
    assert_int_equal(shift(world, "a2", "s1").n_accepted, 1);
    assert_applied(
        world, "activity.changed",
        "{\"activity\":\"a2\",\"changes\":{\"shifts\":[" SHIFT("s1", "09:00", "10:00") "]}}");
    assert_false(shift(world, "a2", "s1").gone);
    assert_int_equal(shift(world, "a2", "s1").n_accepted, 1);
    assert_applied(world, "activity.cancelled", "{\"activity\":\"a2\"}");
    assert_true(shift(world, "a2", "s1").gone && shift(world, "a2", "").gone);
}

static void lists_lead_from_person_activity_and_post(void **state) {
    struct world *world = *state;
    struct view *view;
    uint32_t count, number;
    world_city(world);
    view = engine_view(world);
    assert_applied(world, "activity.published", JULY("a2"));
    assert_applied(world, "post.defined",
                   "{\"post\":\"p1\",\"kind\":\"crossing\",\"region\":\"620503000000\","
                   "\"duty\":\"d\"}");
    enrol(world, "a2", "v1", "", "accepted");
    enrol(world, "a2", "v2", "", "refused");
    assert_applied(world, "post.claimed", "{\"post\":\"p1\",\"volunteer\":\"v1\"}");
    uint32_t v1 = world_number(world, NOUN_VOLUNTEER, "v1");
    uint32_t a2 = world_number(world, NOUN_ACTIVITY, "a2");
    uint32_t p1 = world_number(world, NOUN_POST, "p1");
    assert_int_equal(enrolment_count(view, NOUN_VOLUNTEER, v1, &count), 0);
    assert_int_equal(count, 2);
    assert_int_equal(enrolment_nth(view, NOUN_VOLUNTEER, v1, 2, &number), 0);
    assert_int_equal(enrolment(world, number).row.post, p1);
    assert_int_equal(enrolment_nth(view, NOUN_VOLUNTEER, v1, 3, &number), THING_NOT_FOUND);
    assert_int_equal(enrolment_count(view, NOUN_ACTIVITY, a2, &count), 0);
    assert_int_equal(count, 2);
    assert_int_equal(enrolment_find(view, NOUN_ACTIVITY, a2, v1, STR_NONE, &number), 0);
    assert_int_equal(enrolment(world, number).row.state, ENROLMENT_ACCEPTED);
    assert_int_equal(enrolment_find(view, NOUN_ACTIVITY, a2, v1, STR("s1"), &number),
                     THING_NOT_FOUND);
    /* Asked for again, it is the same one. */
    assert_applied(world, "enrolment.cancelled", WHO("a2", "v1", ""));
    enrol(world, "a2", "v1", "", "waitlisted");
    assert_int_equal(enrolment_count(view, NOUN_ACTIVITY, a2, &count), 0);
    assert_int_equal(count, 2);
    assert_int_equal(enrolment(world, number).row.n_requests, 2);
}

static void overlaps_are_of_accepted_enrolments_that_take_place(void **state) {
    struct world *world = *state;
    uint32_t numbers[4], number;
    world_city(world);
    struct view *view = engine_view(world);
    assert_applied(world, "activity.published", JULY("a2"));
    assert_applied(world, "activity.published", JULY("a3"));
    assert_applied(world, "activity.published", JULY("a4"));
    enrol(world, "a2", "v1", "", "accepted");
    enrol(world, "a3", "v1", "", "waitlisted");
    enrol(world, "a4", "v1", "", "accepted");
    uint32_t v1 = world_number(world, NOUN_VOLUNTEER, "v1");
    assert_int_equal(enrolment_find(view, NOUN_ACTIVITY, world_number(world, NOUN_ACTIVITY, "a3"),
                                    v1, STR_NONE, &number),
                     0);
    struct enrolment asked = enrolment(world, number);
    assert_int_equal(enrolment_overlaps(view, number, &asked, numbers, 4), 2);
    assert_int_equal(enrolment_overlaps(view, number, &asked, numbers, 1), 1);
    assert_int_equal(enrolment(world, numbers[0]).row.activity,
                     world_number(world, NOUN_ACTIVITY, "a4"));
    assert_applied(world, "activity.cancelled", "{\"activity\":\"a4\"}");
    assert_int_equal(enrolment_overlaps(view, number, &asked, numbers, 4), 1);
}

static void of_many_enrolments_the_newest_are_looked_at(void **state) {
    struct world *world = *state;
    uint32_t numbers[4], number;
    char data[600];
    world_city(world);
    struct view *view = engine_view(world);
    assert_applied(world, "activity.published", JULY("a2"));
    enrol(world, "a2", "v1", "", "accepted");
    for (int i = 0; i < ENROLMENT_OVERLAPS_LOOKED; i++) {
        snprintf(data, sizeof data,
                 FIELDS("b%d", ",\"starts\":\"2018-08-01T08:00:00+08:00\","
                               "\"ends\":\"2018-08-01T10:00:00+08:00\""),
                 i);
        assert_applied(world, "activity.published", data);
        if (i == ENROLMENT_OVERLAPS_LOOKED - 1)
            assert_applied(world, "activity.published", JULY("a9"));
        snprintf(data, sizeof data, "b%d", i);
        enrol(world, i == ENROLMENT_OVERLAPS_LOOKED - 1 ? "a9" : data, "v1", "", "refused");
    }
    uint32_t v1 = world_number(world, NOUN_VOLUNTEER, "v1");
    assert_int_equal(enrolment_find(view, NOUN_ACTIVITY, world_number(world, NOUN_ACTIVITY, "a9"),
                                    v1, STR_NONE, &number),
                     0);
    struct enrolment asked = enrolment(world, number);
    assert_int_equal(enrolment_overlaps(view, number, &asked, numbers, 4), 0);
    asked.row.volunteer = world_number(world, NOUN_VOLUNTEER, "v2");
    enrol(world, "a2", "v2", "", "accepted");
    assert_int_equal(enrolment_overlaps(view, number, &asked, numbers, 4), 1);
}

static void a_post_without_places_takes_everybody(void **state) {
    struct world *world = *state;
    struct enrolment claim;
    uint32_t number, left;
    world_city(world);
    assert_applied(world, "post.defined",
                   "{\"post\":\"p1\",\"kind\":\"crossing\",\"region\":\"620503000000\","
                   "\"duty\":\"d\"}");
    assert_applied(world, "post.claimed", "{\"post\":\"p1\",\"volunteer\":\"v1\"}");
    assert_int_equal(enrolment_find(engine_view(world), NOUN_POST,
                                    world_number(world, NOUN_POST, "p1"),
                                    world_number(world, NOUN_VOLUNTEER, "v1"), STR_NONE, &number),
                     0);
    claim = enrolment(world, number);
    assert_int_equal(enrolment_places_left(engine_view(world), &claim, &left), ENROLMENT_UNLIMITED);
    assert_applied(world, "post.defined",
                   "{\"post\":\"p1\",\"kind\":\"crossing\",\"region\":\"620503000000\","
                   "\"duty\":\"d\",\"places\":3}");
    assert_applied(world, "post.decided",
                   "{\"post\":\"p1\",\"volunteer\":\"v1\",\"outcome\":\"accepted\"}");
    assert_int_equal(enrolment_places_left(engine_view(world), &claim, &left), 0);
    assert_int_equal(left, 2);
}

static int count_step(void *context, const struct attendance_step *step) {
    (void)step;
    return ++*(int *)context < 0;
}

static void attendance_is_kept_step_by_step(void **state) {
    struct world *world = *state;
    const char *time = "2018-07-01T12:00:00+08:00";
    uint32_t number;
    int n = 0;
    world_city(world);
    assert_applied(world, "activity.published", JULY("a2"));
    assert_int_equal(world_apply(world, "attendance.checked_in", time,
                                 WHO("a2", "v1",
                                     ",\"at\":\"2018-07-01T08:00:00+08:00\","
                                     "\"method\":\"qr\"")),
                     0);
    assert_int_equal(world_apply(world, "attendance.checked_out", time,
                                 WHO("a2", "v1",
                                     ",\"at\":\"2018-07-01T10:00:00+08:00\","
                                     "\"method\":\"qr\"")),
                     0);
    assert_int_equal(world_apply(world, "attendance.checked_out", time,
                                 WHO("a2", "v1",
                                     ",\"at\":\"2018-07-01T10:30:00+08:00\","
                                     "\"method\":\"qr\"")),
                     PROBLEM_WRONG_STATE);
    assert_int_equal(enrolment_find(engine_view(world), NOUN_ACTIVITY,
                                    world_number(world, NOUN_ACTIVITY, "a2"),
                                    world_number(world, NOUN_VOLUNTEER, "v1"), STR_NONE, &number),
                     0);
    assert_int_equal(attendance_each(engine_view(world), number, count_step, &n), 0);
    assert_int_equal(n, 2);
    struct enrolment present = enrolment(world, number);
    assert_int_equal(present.row.state, ENROLMENT_NONE);
    assert_int_equal(present.row.n_check_ins, 1);
    assert_false(present.row.is_here);
    assert_int_equal(shift(world, "a2", "").n_attended, 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_person_in_a_shift_counts_there_and_in_the_whole),
        TEST(a_shift_has_an_id_of_its_own),
        TEST(a_shift_that_is_left_out_keeps_what_was_counted),
        TEST(lists_lead_from_person_activity_and_post),
        TEST(overlaps_are_of_accepted_enrolments_that_take_place),
        TEST(of_many_enrolments_the_newest_are_looked_at),
        TEST(a_post_without_places_takes_everybody),
        TEST(attendance_is_kept_step_by_step),
    };
    return cmocka_run_group_tests_name("enrolments", tests, NULL, NULL);
}
