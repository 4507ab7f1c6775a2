/* Service records, person-months, stars and counters: what an event does to the state, and that
 * corrections take back what they caused. */
#include "domain_fixture.h"

#define RECORD(id, starts, ends, minutes)                                                          \
    "{\"record\":\"" id                                                                            \
    "\",\"volunteer\":\"v1\",\"activity\":\"a1\",\"organisation\":\"o1\",\"starts\":\"" starts     \
    "\",\"ends\":\"" ends "\",\"minutes\":" minutes                                                \
    ",\"method\":\"code\",\"recorder\":\"clerk:1\"}"
#define MORNING(id) RECORD(id, "2018-05-01T08:00:00+08:00", "2018-05-01T12:00:00+08:00", "240")
#define DECIDED(id, outcome, minutes)                                                              \
    "{\"record\":\"" id "\",\"outcome\":\"" outcome "\",\"minutes\":" minutes "}"

static struct volunteer_row person(struct world *world, const char *id) {
    struct volunteer_row row;
    assert_int_equal(
        volunteer_get(world->stepper.context.view, world_number(world, NOUN_VOLUNTEER, id), &row),
        0);
    return row;
}

static struct counter_row counters(struct world *world, const char *region) {
    struct counter_row row;
    assert_int_equal(counter_get(world->stepper.context.view, COUNTER_NOW, NOUN_REGION,
                                 world_number(world, NOUN_REGION, region), &row),
                     0);
    return row;
}

static int64_t minutes(struct world *world, const struct minutes_filter *filter) {
    struct volunteer_row row = person(world, "v1");
    int64_t sum = -1;
    assert_int_equal(person_minutes(world->stepper.context.view, &world->stepper.city.zone,
                                    world_number(world, NOUN_VOLUNTEER, "v1"), row.first_service_on,
                                    row.last_service_on, filter, &sum),
                     0);
    return sum;
}

static int32_t date(const char *text) {
    int32_t date;
    assert_int_equal(date_parse(str_from(text), &date), 0);
    return date;
}

/* Of the city, in the month of that date. */
static int64_t month_value(struct world *world, enum counter counter, const char *text) {
    int64_t value = -1;
    int32_t month = date_month(date(text));
    assert_int_equal(counter_months(world->stepper.context.view, COUNTER_NOW, NOUN_REGION, 1,
                                    counter, month, month, &value),
                     0);
    return value;
}

static void an_accepted_record_counts_for_person_region_tree_and_organisation(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded", MORNING("r1"));
    assert_int_equal(person(world, "v1").minutes, 0);
    assert_applied(world, "service.decided", DECIDED("r1", "accepted", "240"));
    assert_int_equal(person(world, "v1").minutes, 240);
    assert_int_equal(person(world, "v1").n_accepted, 1);
    assert_int_equal(counters(world, "620503000000").minutes,
                     240); /* the activity's region, not the residence */
    assert_int_equal(counters(world, "620500000000").minutes, 240);
    assert_int_equal(counters(world, "620502000000").minutes, 0);
    struct counter_row row;
    assert_int_equal(
        counter_get(world->stepper.context.view, COUNTER_NOW, NOUN_ORGANISATION, 1, &row), 0);
    assert_int_equal(row.minutes, 240);
}

static void people_are_counted_at_their_residence_and_employer(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_int_equal(counters(world, "620500000000").volunteers, 2);
    assert_int_equal(counters(world, "620502001001").volunteers, 1);
    assert_int_equal(counters(world, "620503000000").volunteers, 1);
    assert_int_equal(counters(world, "620500000000").value[COUNTER_STARS + 0], 2);
    assert_applied(world, "volunteer.withdrawn", "{\"volunteer\":\"v1\"}");
    assert_int_equal(counters(world, "620500000000").volunteers, 1);
    assert_int_equal(counters(world, "620502001001").value[COUNTER_STARS + 0], 0);
    assert_refused(world, PROBLEM_WRONG_STATE, "volunteer.withdrawn", "{\"volunteer\":\"v1\"}");
}

static void a_held_record_waits_and_is_settled_by_another_person(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded", MORNING("r1"));
    assert_applied(world, "service.decided", DECIDED("r1", "held", "240"));
    assert_int_equal(person(world, "v1").n_held, 1);
    assert_int_equal(counters(world, "620500000000").held, 1);
    assert_refused(world, PROBLEM_SELF_REVIEW, "service.reviewed",
                   "{\"record\":\"r1\",\"outcome\":\"accepted\",\"reviewer\":\"clerk:1\"}");
    assert_applied(world, "service.reviewed",
                   "{\"record\":\"r1\",\"outcome\":\"accepted\",\"reviewer\":\"clerk:2\"}");
    assert_int_equal(person(world, "v1").n_held, 0);
    assert_int_equal(person(world, "v1").minutes, 240);
    assert_int_equal(counters(world, "620500000000").held, 0);
    assert_refused(world, PROBLEM_WRONG_STATE, "service.reviewed",
                   "{\"record\":\"r1\",\"outcome\":\"refused\",\"reviewer\":\"clerk:2\"}");
}

static void a_revoked_record_takes_back_everything_it_caused(void **state) {
    struct world *world = *state;
    world_city(world);
    struct counter_row before = counters(world, "620500000000");
    assert_applied(world, "service.recorded", MORNING("r1"));
    assert_applied(world, "service.decided", DECIDED("r1", "accepted", "240"));
    assert_applied(world, "service.revoked",
                   "{\"record\":\"r1\",\"reason\":\"false\",\"by\":\"clerk:2\"}");
    struct counter_row after = counters(world, "620500000000");
    assert_int_equal(after.records_revoked, 1); /* that something was taken back stays known */
    after.records_revoked = 0;
    assert_memory_equal(&before, &after, sizeof before);
    struct volunteer_row row = person(world, "v1");
    assert_int_equal(row.minutes, 0);
    assert_int_equal(row.n_accepted, 0);
    assert_int_equal(row.first_service_on, 0);
    assert_int_equal(row.last_service_on, 0);
    assert_refused(world, PROBLEM_WRONG_STATE, "service.revoked",
                   "{\"record\":\"r1\",\"reason\":\"again\",\"by\":\"clerk:2\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "service.corrected",
                   "{\"record\":\"r1\",\"minutes\":10,\"reason\":\"again\",\"by\":\"clerk:2\"}");
}

static void a_correction_reverses_and_asks_again(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded", MORNING("r1"));
    assert_applied(world, "service.decided", DECIDED("r1", "accepted", "240"));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "service.corrected",
                   "{\"record\":\"r1\",\"minutes\":241,\"reason\":\"more\",\"by\":\"clerk:2\"}");
    assert_int_equal(person(world, "v1").minutes, 240); /* refused: nothing of it stays */
    assert_applied(
        world, "service.corrected",
        "{\"record\":\"r1\",\"minutes\":60,\"reason\":\"left early\",\"by\":\"clerk:2\"}");
    assert_int_equal(person(world, "v1").minutes, 0);
    assert_int_equal(world->stepper.context.n_questions, 2);
    assert_int_equal(world->stepper.context.questions[0].kind, POLICY_KIND_ACCEPTANCE);
    assert_int_equal(world->stepper.context.questions[1].kind, POLICY_KIND_POINTS);
    assert_applied(world, "service.decided", DECIDED("r1", "accepted", "60"));
    assert_int_equal(person(world, "v1").minutes, 60);
    assert_int_equal(counters(world, "620500000000").minutes, 60);
    assert_int_equal(counters(world, "620500000000").records, 1);
}

static void a_shift_across_the_year_end_is_split_at_the_citys_midnight(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded",
                   RECORD("r1", "2017-12-31T22:00:00+08:00", "2018-01-01T03:00:00+08:00", "300"));
    assert_applied(world, "service.decided", DECIDED("r1", "accepted", "300"));
    struct minutes_filter last_year = {.to = date("2017-12-31")},
                          this_year = {.from = date("2018-01-01")};
    struct minutes_filter first_day = {.from = date("2018-01-01"), .to = date("2018-01-01")},
                          all = {0};
    assert_int_equal(minutes(world, &last_year), 120);
    assert_int_equal(minutes(world, &this_year), 180);
    assert_int_equal(minutes(world, &first_day), 180);
    assert_int_equal(minutes(world, &all), 300);
    assert_int_equal(month_value(world, COUNTER_minutes, "2018-01-01"), 180);
    assert_int_equal(month_value(world, COUNTER_records, "2018-01-01"),
                     0); /* the record stands in the month it began in */
    assert_applied(world, "service.revoked",
                   "{\"record\":\"r1\",\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_int_equal(month_value(world, COUNTER_minutes, "2018-01-01"), 0);
}

/* Two records; one is taken back: what is left is as if it had stood alone. */
static void a_service_that_starts_within_a_minute_ends_on_the_day_of_its_last_minute(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded",
                   RECORD("r1", "2018-03-31T23:00:30+08:00", "2018-04-01T00:00:30+08:00", "60"));
    assert_applied(world, "service.decided", DECIDED("r1", "accepted", "60"));
    assert_int_equal(person(world, "v1").last_service_on, date("2018-03-31"));
    assert_applied(world, "service.recorded", MORNING("r2"));
    assert_applied(world, "service.decided", DECIDED("r2", "accepted", "240"));
    assert_applied(world, "service.revoked",
                   "{\"record\":\"r2\",\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_int_equal(person(world, "v1").first_service_on, date("2018-03-31"));
    assert_int_equal(person(world, "v1").last_service_on, date("2018-03-31"));
}

static void what_is_credited_beyond_the_span_counts_on_its_last_day(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded",
                   RECORD("r1", "2018-03-31T22:00:00+08:00", "2018-03-31T23:00:00+08:00", "60"));
    assert_applied(world, "service.decided", DECIDED("r1", "accepted", "600"));
    struct minutes_filter march = {.from = date("2018-03-01"), .to = date("2018-03-31")},
                          last_day = {.from = date("2018-03-31"), .to = date("2018-03-31")};
    assert_int_equal(minutes(world, &march), 600);
    assert_int_equal(minutes(world, &last_day), 600);
    assert_int_equal(person(world, "v1").last_service_on, date("2018-03-31"));
    assert_int_equal(month_value(world, COUNTER_minutes, "2018-03-31"), 600);
}

static void an_accepted_record_without_minutes_is_taken_back_whole_too(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded", MORNING("r1"));
    assert_applied(world, "service.decided", DECIDED("r1", "accepted", "0"));
    assert_int_equal(person(world, "v1").first_service_on, date("2018-05-01"));
    assert_applied(world, "service.recorded",
                   RECORD("r2", "2018-05-03T08:00:00+08:00", "2018-05-03T09:00:00+08:00", "60"));
    assert_applied(world, "service.decided", DECIDED("r2", "accepted", "60"));
    assert_applied(world, "service.revoked",
                   "{\"record\":\"r2\",\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_int_equal(person(world, "v1").first_service_on, date("2018-05-01"));
    assert_int_equal(person(world, "v1").last_service_on, date("2018-05-01"));
}

static void years_that_nobody_counts_are_refused(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "service.recorded",
                   RECORD("r1", "1970-01-01T08:00:00+08:00", "1970-01-01T12:00:00+08:00", "240"));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "service.recorded",
                   RECORD("r1", "1969-12-31T08:00:00+08:00", "1969-12-31T12:00:00+08:00", "240"));
    static const char *const years[] = {"0000", "0218", "1969", "2200", "9999"};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        char data[256];
        snprintf(data, sizeof data,
                 "{\"activity\":\"a1\",\"changes\":{\"starts\":\"%s-05-01T08:00:00Z\",\"ends\":"
                 "\"9999-12-01T08:00:00Z\"}}",
                 years[i]);
        assert_refused(world, PROBLEM_OUT_OF_RANGE, "activity.changed", data);
    }
    assert_applied(world, "activity.changed",
                   "{\"activity\":\"a1\",\"changes\":{\"starts\":\"2199-12-31T08:00:00Z\","
                   "\"ends\":\"9999-12-01T08:00:00Z\"}}");
}

/* One message may bring 10,000 events about one person. */
static void a_full_month_takes_no_more_memory_than_an_empty_one(void **state) {
    struct world *world = *state;
    size_t first = 0;
    world_city(world);
    for (unsigned i = 0; i < 300; i++) {
        char data[512];
        snprintf(data, sizeof data,
                 "{\"record\":\"r%u\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"starts\":"
                 "\"2018-05-01T08:00:00+08:00\",\"ends\":\"2018-05-01T12:00:00+08:00\",\"method\":"
                 "\"code\",\"recorder\":\"clerk:1\"}",
                 i + 100);
        assert_applied(world, "service.recorded", data);
        first = first ? first : world->arena.used_bytes;
    }
    assert_in_range(world->arena.used_bytes, first, first + 64); /* ids grow longer */
}

static void totals_are_kept_by_category_and_method(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded", MORNING("r1"));
    assert_applied(world, "service.decided", DECIDED("r1", "accepted", "240"));
    int elderly = dictionary_shipped(DICTIONARY_CATEGORY, STR("elderly")) + 1;
    struct minutes_filter of_category = {.category = elderly}, other = {.category = elderly + 1};
    struct minutes_filter by_code = {.method = METHOD_CODE + 1},
                          by_hand = {.method = METHOD_MANUAL + 1};
    struct minutes_filter without = {.except = 1};
    assert_int_equal(minutes(world, &of_category), 240);
    assert_int_equal(minutes(world, &other), 0);
    assert_int_equal(minutes(world, &by_code), 240);
    assert_int_equal(minutes(world, &by_hand), 0);
    assert_int_equal(minutes(world, &without), 0);
}

static void overlapping_records_are_found_and_touching_ones_are_not(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "service.recorded", MORNING("r1"));
    assert_applied(world, "service.recorded",
                   RECORD("r2", "2018-05-01T12:00:00+08:00", "2018-05-01T14:00:00+08:00", "120"));
    assert_applied(world, "service.recorded",
                   RECORD("r3", "2018-05-01T11:59:00+08:00", "2018-05-01T12:30:00+08:00", "31"));
    assert_applied(world, "service.recorded",
                   RECORD("r4", "2018-04-30T20:00:00+08:00", "2018-05-01T08:30:00+08:00", "750"));
    uint32_t found[8];
    for (uint32_t number = 1; number <= 4; number++) {
        static const int expected[] = {0, 2, 1, 2, 1};
        struct record record;
        assert_int_equal(record_get(world->stepper.context.view, number, &record), 0);
        int n = person_overlaps(world->stepper.context.view, &world->stepper.city.zone,
                                record.row.volunteer, (uint32_t)(record.row.starts_s / 60),
                                record.row.span_s / 60, number, found, 8);
        assert_int_equal(n, expected[number]);
    }
    assert_applied(world, "service.decided", DECIDED("r1", "refused", "0"));
    struct record third;
    assert_int_equal(record_get(world->stepper.context.view, 3, &third), 0);
    assert_int_equal(person_overlaps(world->stepper.context.view, &world->stepper.city.zone, 1,
                                     (uint32_t)(third.row.starts_s / 60), third.row.span_s / 60, 3,
                                     found, 8),
                     1); /* what was refused stands in nobody's way */
    assert_int_equal(found[0], 2);
}

static void what_is_named_must_exist_and_fit(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(
        world, PROBLEM_UNKNOWN_NOUN, "service.recorded",
        "{\"record\":\"r1\",\"volunteer\":\"nobody\",\"organisation\":\"o1\",\"starts\":"
        "\"2018-05-01T08:00:00+08:00\",\"ends\":\"2018-05-01T09:00:00+08:00\",\"method\":\"code\","
        "\"recorder\":\"c\"}");
    assert_string_equal(world->problem.noun, "volunteer");
    assert_true(problem_is_retryable(&world->problem));
    assert_refused(world, PROBLEM_OUT_OF_RANGE,
                   "service.recorded", /* ends after the event's own time */
                   RECORD("r1", "2018-06-01T11:00:00+08:00", "2018-06-01T13:00:00+08:00", "120"));
    assert_applied(world, "service.recorded", MORNING("r1"));
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "service.recorded", MORNING("r1"));
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "service.revoked",
                   "{\"record\":\"r9\",\"reason\":\"x\",\"by\":\"c\"}");
}

static void a_cancelled_activity_takes_no_records_and_no_changes(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(
        world, "activity.changed",
        "{\"activity\":\"a1\",\"changes\":{\"title\":\"new\",\"region\":\"620502001001\"}}");
    assert_int_equal(counters(world, "620502000000").activities, 1);
    assert_int_equal(counters(world, "620503000000").activities, 0);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "activity.changed",
                   "{\"activity\":\"a1\",\"changes\":{\"ends\":\"2018-05-01T07:00:00+08:00\"}}");
    assert_applied(world, "activity.cancelled", "{\"activity\":\"a1\",\"reason\":\"rain\"}");
    assert_int_equal(counters(world, "620500000000").activities, 0);
    assert_refused(world, PROBLEM_WRONG_STATE, "activity.changed",
                   "{\"activity\":\"a1\",\"changes\":{\"title\":\"x\"}}");
    assert_refused(world, PROBLEM_WRONG_STATE, "service.recorded", MORNING("r1"));
}

static void stars_are_known_for_any_past_day(void **state) {
    struct world *world = *state;
    world_city(world);
    world_assert(world, PROBLEM_NONE, "star.changed", "2018-06-10T12:00:00+08:00",
                 "{\"volunteer\":\"v1\",\"from\":0,\"to\":1}");
    world_assert(world, PROBLEM_NONE, "star.changed", "2018-06-20T12:00:00+08:00",
                 "{\"volunteer\":\"v1\",\"from\":1,\"to\":3}");
    struct volunteer_row row = person(world, "v1");
    static const struct {
        const char *on;
        uint8_t stars;
    } days[] = {{"2018-06-09", 0},
                {"2018-06-10", 1},
                {"2018-06-19", 1},
                {"2018-06-20", 3},
                {"2018-07-01", 3}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        uint8_t stars;
        assert_int_equal(stars_on(world->stepper.context.view, 1, &row, date(days[i].on), &stars),
                         0);
        assert_int_equal(stars, days[i].stars);
    }
    assert_int_equal(counters(world, "620502001001").value[COUNTER_STARS + 3], 1);
    assert_int_equal(counters(world, "620500000000").value[COUNTER_STARS + 0], 1);
}

static void age_is_counted_from_the_last_day_of_the_birth_month(void **state) {
    (void)state;
    struct volunteer_row row = {.born = 2000 * 12 + 1}; /* February 2000 */
    assert_int_equal(volunteer_age(&row, date("2018-02-27")), 17);
    assert_int_equal(volunteer_age(&row, date("2018-02-28")), 18);
    assert_int_equal(volunteer_age(&row, date("2018-03-01")), 18);
    assert_int_equal(volunteer_age(&row, date("2018-01-31")), 17);
    row.born = INT32_MIN;
    assert_int_equal(volunteer_age(&row, date("2018-01-31")), -1);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(an_accepted_record_counts_for_person_region_tree_and_organisation),
        T(people_are_counted_at_their_residence_and_employer),
        T(a_held_record_waits_and_is_settled_by_another_person),
        T(a_revoked_record_takes_back_everything_it_caused),
        T(a_correction_reverses_and_asks_again),
        T(a_shift_across_the_year_end_is_split_at_the_citys_midnight),
        T(a_service_that_starts_within_a_minute_ends_on_the_day_of_its_last_minute),
        T(what_is_credited_beyond_the_span_counts_on_its_last_day),
        T(an_accepted_record_without_minutes_is_taken_back_whole_too),
        T(years_that_nobody_counts_are_refused),
        T(a_full_month_takes_no_more_memory_than_an_empty_one),
        T(totals_are_kept_by_category_and_method),
        T(overlapping_records_are_found_and_touching_ones_are_not),
        T(what_is_named_must_exist_and_fit),
        T(a_cancelled_activity_takes_no_records_and_no_changes),
        T(stars_are_known_for_any_past_day),
        T(age_is_counted_from_the_last_day_of_the_birth_month),
    };
    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
