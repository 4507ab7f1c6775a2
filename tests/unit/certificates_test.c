/* Certificates as state machines: who may issue what, numbers in order, minutes and digest that
 * agree, what stays frozen, and what is counted. */
#include "network_fixture.h"

#include "domain/certificates.h"

static void city(struct world *world) {
    world_city(world);
    assert_applied(world, "organisation.defined",
                   "{\"organisation\":\"o2\",\"name\":\"社区\",\"kind\":\"self_governing\","
                   "\"region\":\"" MAIJI "\",\"parent\":\"o1\"}");
}

/* Accepted with so many credited minutes; the span is two hours. */
static void serve(struct world *world, const char *record, const char *organisation,
                  const char *date, int credited) {
    char data[512];
    snprintf(
        data, sizeof data,
        "{\"record\":\"%s\",\"volunteer\":\"v1\",\"organisation\":\"%s\",\"starts\":\"%sT08:"
        "00:00+08:00\",\"ends\":\"%sT10:00:00+08:00\",\"method\":\"code\",\"recorder\":\"c1\"}",
        record, organisation, date, date);
    assert_applied(world, "service.recorded", data);
    if (credited < 0)
        return;
    snprintf(data, sizeof data, "{\"record\":\"%s\",\"outcome\":\"accepted\",\"minutes\":%d}",
             record, credited);
    assert_applied(world, "service.decided", data);
}

#define PERIOD(id, organisation)                                                                   \
    "{\"certificate\":\"" id "\",\"volunteer\":\"v1\",\"organisation\":\"" organisation            \
    "\",\"from\":\"2018-01-01\",\"to\":\"2018-05-31\"}"
#define NAMED(id, organisation, records)                                                           \
    "{\"certificate\":\"" id "\",\"volunteer\":\"v1\",\"organisation\":\"" organisation            \
    "\",\"records\":[" records "]}"

static struct selection select_of(struct world *world, const char *certificate) {
    struct selection selection;
    assert_int_equal(certificate_select(engine_view(world), world->stepper.context.zone,
                                        &world->arena,
                                        world_number(world, NOUN_CERTIFICATE, certificate),
                                        &selection, "x", &world->problem),
                     0);
    return selection;
}

/* As the daemon would write it; `more` minutes than the records have, and another digest where
 * `digest` is given. */
static enum problem_code issue(struct world *world, const char *certificate, const char *number,
                               int more, const char *digest) {
    char data[512];
    struct str made;
    struct selection selection = select_of(world, certificate);
    assert_int_equal(selection_digest(engine_view(world), &world->arena,
                                      world_number(world, NOUN_CERTIFICATE, certificate),
                                      str_from(number), &selection, &made),
                     0);
    snprintf(data, sizeof data,
             "{\"certificate\":\"%s\",\"number\":\"%s\",\"minutes\":%lld,\"digest\":\"%.*s\","
             "\"handler\":\"c2\"}",
             certificate, number, (long long)selection.minutes + more,
             digest ? (int)strlen(digest) : (int)made.size, digest ? digest : made.data);
    return world_apply(world, "certificate.issued", WORLD_TIME, data);
}

static struct certificate certificate(struct world *world, const char *id) {
    struct certificate found;
    assert_int_equal(
        certificate_get(engine_view(world), world_number(world, NOUN_CERTIFICATE, id), &found), 0);
    return found;
}

static void a_request_names_the_persons_own_records_of_who_is_asked(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o1", "2018-05-01", 120);
    serve(world, "r2", "o2", "2018-05-02", 120);
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "certificate.requested",
                   NAMED("z1", "o1", "\"r1\",\"r9\""));
    assert_string_equal(world->problem.field, "data.records[1]");
    assert_refused(world, PROBLEM_NOT_ALLOWED, "certificate.requested",
                   NAMED("z1", "o1", "\"r1\",\"r2\""));
    assert_says(world, "data.records[1]", "record r2 was recorded by another organisation");
    assert_refused(world, PROBLEM_NOT_ALLOWED, "certificate.requested",
                   "{\"certificate\":\"z1\",\"volunteer\":\"v2\",\"organisation\":\"o1\","
                   "\"records\":[\"r1\"]}");
    assert_says(world, "data.records[0]", "record r1 is not of v2");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "certificate.requested",
                   NAMED("z1", "o1", "\"r1\",\"r1\""));
    assert_applied(world, "certificate.requested", NAMED("z1", "o1", "\"r1\""));
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "certificate.requested",
                   NAMED("z1", "o1", "\"r1\""));
}

static void a_request_says_records_or_a_time_that_is_over(void **state) {
    struct world *world = *state;
    city(world);
#define REQUEST(rest)                                                                              \
    "{\"certificate\":\"z1\",\"volunteer\":\"v1\",\"organisation\":\"o1\"" rest "}"
    assert_refused(world, PROBLEM_MISSING_FIELD, "certificate.requested", REQUEST(""));
    assert_string_equal(world->problem.field, "data.records");
    assert_refused(world, PROBLEM_MISSING_FIELD, "certificate.requested",
                   REQUEST(",\"from\":\"2018-01-01\""));
    assert_string_equal(world->problem.field, "data.to");
    assert_refused(world, PROBLEM_MISSING_FIELD, "certificate.requested",
                   REQUEST(",\"to\":\"2018-01-01\""));
    assert_string_equal(world->problem.field, "data.from");
    serve(world, "r1", "o1", "2018-05-01", 120);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "certificate.requested",
                   REQUEST(",\"records\":[\"r1\"],\"to\":\"2018-01-01\""));
    assert_says(world, "data.to", "not both at once");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "certificate.requested",
                   REQUEST(",\"from\":\"2018-02-02\",\"to\":\"2018-02-01\""));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "certificate.requested",
                   REQUEST(",\"from\":\"2018-02-02\",\"to\":\"2018-06-02\""));
    assert_says(world, "data.to", "lies after the request");
    assert_applied(world, "certificate.requested",
                   REQUEST(",\"from\":\"2018-02-02\",\"to\":\"2018-06-01\""));
}

static void a_period_takes_what_the_organisation_recorded_and_was_accepted(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o1", "2018-05-03", 120);
    serve(world, "r2", "o2", "2018-05-02", 120);
    serve(world, "r3", "o1", "2018-05-01", 120);
    serve(world, "r4", "o1", "2018-05-04", -1);
    serve(world, "r5", "o1", "2017-12-31", 120);
    assert_applied(world, "certificate.requested", PERIOD("z1", "o1"));
    struct selection selection = select_of(world, "z1");
    assert_int_equal(selection.n, 2);
    assert_int_equal(selection.items[0].record, world_number(world, NOUN_RECORD, "r3"));
    assert_int_equal(selection.items[1].record, world_number(world, NOUN_RECORD, "r1"));
    assert_int_equal(selection.minutes, 240);
}

static void a_record_over_the_end_of_a_month_is_certified_once(void **state) {
    struct world *world = *state;
    city(world);
    assert_applied(world, "service.recorded",
                   "{\"record\":\"r1\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"starts\":"
                   "\"2018-04-30T23:00:00+08:00\",\"ends\":\"2018-05-01T01:00:00+08:00\","
                   "\"method\":\"code\",\"recorder\":\"c1\"}");
    assert_applied(world, "service.decided",
                   "{\"record\":\"r1\",\"outcome\":\"accepted\",\"minutes\":120}");
    assert_applied(world, "certificate.requested", PERIOD("z1", "o1"));
    assert_int_equal(select_of(world, "z1").n, 1);
}

static void actual_minutes_are_certified_and_carried_ones_apart(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o1", "2018-05-01", 360);
    assert_applied(world, "service.carried_over",
                   "{\"record\":\"k1\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"minutes\":"
                   "600,\"from\":\"2018-01-01\",\"to\":\"2018-01-31\",\"evidence\":\"x\"}");
    assert_applied(world, "certificate.requested", PERIOD("z1", "o1"));
    assert_int_equal(issue(world, "z1", "o1-2018-000001", 0, NULL), PROBLEM_NONE);
    struct certificate_row row = certificate(world, "z1").row;
    assert_int_equal(row.minutes, 120);
    assert_int_equal(row.carried_minutes, 600);
    assert_int_equal(row.n_records, 2);
    assert_int_equal(row.closed_on, day("2018-06-01"));
}

static void minutes_and_digest_are_those_of_the_records(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o1", "2018-05-01", 120);
    assert_applied(world, "certificate.requested", PERIOD("z1", "o1"));
    assert_int_equal(issue(world, "z1", "o1-2018-000001", 1, NULL), PROBLEM_OUT_OF_RANGE);
    assert_says(world, "data.minutes", "are 120 minutes");
    assert_int_equal(issue(world, "z1", "o1-2018-000001", 0, "00"), PROBLEM_OUT_OF_RANGE);
    assert_string_equal(world->problem.field, "data.digest");
    assert_int_equal(certificate(world, "z1").row.state, CERTIFICATE_REQUESTED);
    assert_int_equal(issue(world, "z1", "o1-2018-000001", 0, NULL), PROBLEM_NONE);
    assert_int_equal(certificate(world, "z1").digest.size, CERTIFICATE_DIGEST_HEX);
}

static void a_digest_is_of_these_lines(void **state) {
    struct world *world = *state;
    struct str digest;
    city(world);
    serve(world, "r1", "o1", "2018-05-01", 120);
    assert_applied(world, "certificate.requested", PERIOD("z1", "o1"));
    struct selection selection = select_of(world, "z1");
    assert_int_equal(selection_digest(engine_view(world), &world->arena,
                                      world_number(world, NOUN_CERTIFICATE, "z1"), STR("n"),
                                      &selection, &digest),
                     0);
    /* printf 'volunteerd-certificate 1\nnumber n\ncertificate z1\nvolunteer v1\norganisation o1\n'\
     * 'record r1 2018-05-01 120\nminutes 120\ncarried_minutes 0\n' | b2sum -l 256 */
    assert_memory_equal(digest.data,
                        "dde8f15ea5476dcbe758c481225d978a6ecb3784a973a36f02c0bcbff0d24491",
                        CERTIFICATE_DIGEST_HEX);
}

static void a_record_that_is_held_or_revoked_meanwhile_stops_the_issue(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o1", "2018-05-01", 120);
    assert_applied(world, "certificate.requested", NAMED("z1", "o1", "\"r1\""));
    assert_applied(world, "service.revoked", "{\"record\":\"r1\",\"reason\":\"x\",\"by\":\"c3\"}");
#define ISSUED(id)                                                                                 \
    "{\"certificate\":\"" id "\",\"number\":\"n1\",\"minutes\":120,\"digest\":\"00\","             \
    "\"handler\":\"c2\"}"
    assert_refused(world, PROBLEM_WRONG_STATE, "certificate.issued", ISSUED("z1"));
    assert_says(world, "data.certificate", "record r1 is revoked");
    assert_applied(world, "certificate.requested", PERIOD("z2", "o1"));
    assert_refused(world, PROBLEM_WRONG_STATE, "certificate.issued", ISSUED("z2"));
    assert_says(world, "data.certificate", "refuse the request");
}

static void a_request_has_one_outcome_and_only_an_issued_one_is_revoked(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o1", "2018-05-01", 120);
    assert_applied(world, "certificate.requested", PERIOD("z1", "o1"));
    assert_applied(world, "certificate.requested", PERIOD("z2", "o1"));
#define REFUSED(id) "{\"certificate\":\"" id "\",\"reason\":\"x\"}"
#define REVOKED(id) "{\"certificate\":\"" id "\",\"reason\":\"y\",\"by\":\"c3\"}"
    assert_refused(world, PROBLEM_WRONG_STATE, "certificate.revoked", REVOKED("z1"));
    assert_int_equal(issue(world, "z1", "o1-2018-000001", 0, NULL), PROBLEM_NONE);
    assert_int_equal(issue(world, "z1", "o1-2018-000002", 0, NULL), PROBLEM_WRONG_STATE);
    assert_says(world, "data.certificate", "is issued");
    assert_refused(world, PROBLEM_WRONG_STATE, "certificate.refused", REFUSED("z1"));
    assert_applied(world, "certificate.refused", REFUSED("z2"));
    assert_refused(world, PROBLEM_WRONG_STATE, "certificate.refused", REFUSED("z2"));
    assert_refused(world, PROBLEM_WRONG_STATE, "certificate.revoked", REVOKED("z2"));
    assert_applied(world, "certificate.revoked", REVOKED("z1"));
    assert_refused(world, PROBLEM_WRONG_STATE, "certificate.revoked", REVOKED("z1"));
    struct certificate revoked = certificate(world, "z1");
    assert_int_equal(revoked.row.state, CERTIFICATE_REVOKED);
    assert_true(str_equal(revoked.reason, STR("y")));
    assert_true(str_equal(revoked.number, STR("o1-2018-000001")));
}

static void nobody_handles_their_own_certificate(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o1", "2018-05-01", 120);
    assert_applied(world, "certificate.requested", PERIOD("z1", "o1"));
    assert_refused(world, PROBLEM_SELF_REVIEW, "certificate.issued",
                   "{\"certificate\":\"z1\",\"number\":\"n1\",\"minutes\":120,\"digest\":\"00\","
                   "\"handler\":\"v1\"}");
}

static struct str next_number(struct world *world, const char *organisation, unsigned skip) {
    struct str number;
    assert_int_equal(certificate_number_next(engine_view(world), &world->arena,
                                             world_number(world, NOUN_ORGANISATION, organisation),
                                             2018, skip, &number),
                     0);
    return number;
}

static void numbers_are_given_in_order_and_once(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o1", "2018-05-01", 120);
    assert_applied(world, "certificate.requested", PERIOD("z1", "o1"));
    assert_applied(world, "certificate.requested", PERIOD("z2", "o1"));
    assert_applied(world, "certificate.requested", PERIOD("z3", "o1"));
    assert_true(str_equal(next_number(world, "o1", 0), STR("o1-2018-000001")));
    assert_int_equal(issue(world, "z1", "o1-2018-000002", 0, NULL), PROBLEM_OUT_OF_RANGE);
    assert_says(world, "data.number", "the next is o1-2018-000001");
    assert_int_equal(issue(world, "z1", "o1-2018-000001", 0, NULL), PROBLEM_NONE);
    assert_int_equal(issue(world, "z2", "o1-2018-000001", 0, NULL), PROBLEM_ALREADY_EXISTS);
    assert_true(str_equal(next_number(world, "o1", 0), STR("o1-2018-000002")));
    assert_true(str_equal(next_number(world, "o1", 1), STR("o1-2018-000003")));
    /* One of a paper register takes no place in the series. */
    assert_int_equal(issue(world, "z2", "天志证〔2018〕1号", 0, NULL), PROBLEM_NONE);
    assert_int_equal(issue(world, "z3", "o1-2018-000002", 0, NULL), PROBLEM_NONE);
    uint32_t found;
    assert_int_equal(certificate_by_number(engine_view(world), STR("天志证〔2018〕1号"), &found),
                     0);
    assert_int_equal(found, world_number(world, NOUN_CERTIFICATE, "z2"));
}

static void a_number_that_another_gave_by_hand_is_passed_over(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o1", "2018-05-01", 120);
    serve(world, "r2", "o2", "2018-05-02", 120);
    assert_applied(world, "certificate.requested", PERIOD("z1", "o1"));
    assert_applied(world, "certificate.requested", PERIOD("z2", "o2"));
    assert_int_equal(issue(world, "z2", "o1-2018-000001", 0, NULL), PROBLEM_NONE);
    assert_true(str_equal(next_number(world, "o1", 0), STR("o1-2018-000002")));
    assert_int_equal(issue(world, "z1", "o1-2018-000002", 0, NULL), PROBLEM_NONE);
}

static void a_number_is_not_a_persons(void **state) {
    struct world *world = *state;
    city(world);
    assert_refused(world, PROBLEM_IDENTITY_IN_IDENTIFIER, "certificate.issued",
                   "{\"certificate\":\"z1\",\"number\":\"13912345678\",\"minutes\":120,"
                   "\"digest\":\"00\",\"handler\":\"c2\"}");
}

/* o2 lies below o1. */
static void the_successor_certifies_else_the_organisation_above(void **state) {
    struct world *world = *state;
    city(world);
    assert_applied(world, "organisation.defined",
                   "{\"organisation\":\"o3\",\"name\":\"x\",\"kind\":\"enterprise\",\"region\":"
                   "\"" MAIJI "\"}");
    serve(world, "r1", "o2", "2018-05-01", 120);
    assert_refused(world, PROBLEM_NOT_ALLOWED, "certificate.requested",
                   NAMED("z1", "o3", "\"r1\""));
    assert_applied(world, "certificate.requested", NAMED("z0", "o2", "\"r1\""));
    assert_int_equal(counted_for(world, "o2", COUNTER_certificates_open), 1);
    assert_applied(world, "organisation.dissolved",
                   "{\"organisation\":\"o2\",\"successor\":\"o3\"}");
    assert_applied(world, "certificate.requested", NAMED("z1", "o3", "\"r1\""));
    assert_applied(world, "certificate.requested", NAMED("z2", "o2", "\"r1\""));
    assert_int_equal(issue(world, "z1", "o3-2018-000001", 0, NULL), PROBLEM_NONE);
    assert_int_equal(issue(world, "z2", "o3-2018-000002", 0, NULL), PROBLEM_NONE);
    assert_int_equal(issue(world, "z0", "o3-2018-000003", 0, NULL), PROBLEM_NONE);
    assert_int_equal(counted_for(world, "o2", COUNTER_certificates_open), 0);
    assert_int_equal(counted_for(world, "o2", COUNTER_certificates_issued), 0);
    assert_int_equal(counted_for(world, "o3", COUNTER_certificates_issued), 3);
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o3\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "certificate.requested",
                   NAMED("z3", "o3", "\"r1\""));
    assert_says(world, "data.organisation", "took over its records");
}

static void without_a_successor_the_organisation_above_certifies(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o2", "2018-05-01", 120);
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o2\"}");
    assert_applied(world, "certificate.requested", NAMED("z1", "o1", "\"r1\""));
    assert_int_equal(issue(world, "z1", "o1-2018-000001", 0, NULL), PROBLEM_NONE);
}

static bool overtaken(struct world *world, const char *id) {
    bool is = false;
    assert_int_equal(certificate_is_overtaken(engine_view(world),
                                              world_number(world, NOUN_CERTIFICATE, id),
                                              &world->arena, &is),
                     0);
    return is;
}

static void what_is_issued_stays_and_a_correction_overtakes_it(void **state) {
    struct world *world = *state;
    struct certified *items;
    size_t n;
    city(world);
    serve(world, "r1", "o1", "2018-05-01", 120);
    assert_applied(world, "certificate.requested", PERIOD("z1", "o1"));
    assert_int_equal(issue(world, "z1", "o1-2018-000001", 0, NULL), PROBLEM_NONE);
    assert_false(overtaken(world, "z1"));
    serve(world, "r2", "o1", "2018-05-02", 120);
    assert_false(overtaken(world, "z1"));
    assert_applied(world, "service.corrected",
                   "{\"record\":\"r1\",\"minutes\":60,\"reason\":\"x\",\"by\":\"c3\"}");
    assert_applied(world, "service.decided",
                   "{\"record\":\"r1\",\"outcome\":\"accepted\",\"minutes\":60}");
    assert_true(overtaken(world, "z1"));
    assert_int_equal(certificate_records(engine_view(world),
                                         world_number(world, NOUN_CERTIFICATE, "z1"), &world->arena,
                                         &items, &n),
                     0);
    assert_int_equal(n, 1);
    assert_int_equal(items[0].minutes, 120);
    assert_int_equal(certificate(world, "z1").row.minutes, 120);
}

static void certificates_are_counted_where_their_issuer_lies(void **state) {
    struct world *world = *state;
    city(world);
    serve(world, "r1", "o2", "2018-05-01", 120);
    assert_applied(world, "certificate.requested", PERIOD("z1", "o2"));
    assert_applied(world, "certificate.requested", PERIOD("z2", "o2"));
    assert_int_equal(counted(world, MAIJI, COUNTER_certificates_open), 2);
    assert_int_equal(counted(world, QINZHOU, COUNTER_certificates_open), 0);
    assert_int_equal(issue(world, "z1", "o2-2018-000001", 0, NULL), PROBLEM_NONE);
    assert_applied(world, "certificate.refused", REFUSED("z2"));
    assert_int_equal(counted(world, CITY, COUNTER_certificates_open), 0);
    assert_int_equal(counted(world, CITY, COUNTER_certificates_issued), 1);
    assert_int_equal(counted(world, CITY, COUNTER_certificates_refused), 1);
    assert_applied(world, "certificate.revoked", REVOKED("z1"));
    assert_int_equal(counted(world, MAIJI, COUNTER_certificates_issued), 1);
    assert_int_equal(counted(world, MAIJI, COUNTER_certificates_revoked), 1);
    assert_int_equal(counted_for(world, "o2", COUNTER_certificates_revoked), 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_request_names_the_persons_own_records_of_who_is_asked),
        TEST(a_request_says_records_or_a_time_that_is_over),
        TEST(a_period_takes_what_the_organisation_recorded_and_was_accepted),
        TEST(a_record_over_the_end_of_a_month_is_certified_once),
        TEST(actual_minutes_are_certified_and_carried_ones_apart),
        TEST(minutes_and_digest_are_those_of_the_records),
        TEST(a_digest_is_of_these_lines),
        TEST(a_record_that_is_held_or_revoked_meanwhile_stops_the_issue),
        TEST(a_request_has_one_outcome_and_only_an_issued_one_is_revoked),
        TEST(nobody_handles_their_own_certificate),
        TEST(numbers_are_given_in_order_and_once),
        TEST(a_number_that_another_gave_by_hand_is_passed_over),
        TEST(a_number_is_not_a_persons),
        TEST(the_successor_certifies_else_the_organisation_above),
        TEST(without_a_successor_the_organisation_above_certifies),
        TEST(what_is_issued_stays_and_a_correction_overtakes_it),
        TEST(certificates_are_counted_where_their_issuer_lies),
    };
    return cmocka_run_group_tests_name("certificates", tests, NULL, NULL);
}
