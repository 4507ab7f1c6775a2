/* What the revisions of a host were asked, and what it took: counted apart for each, and for ever.
 */
#include "policy_fixture.h"

#include "policy/meter.h"

static const char minutes_rule[] =
    "return { name = 'rule', kind = 'points', title = 't', texts = {}, parameters = {}, "
    "decide = function(record) return { postings = { "
    "{ account = 'points', amount = record.minutes, reason = 'r' } } } end, cases = {} }";
static const char long_rule[] =
    "return { name = 'rule', kind = 'points', title = 't', texts = {}, parameters = {}, "
    "decide = function(record) local n = 0 for i = 1, 20000 do n = n + record.minutes end "
    "return { postings = { { account = 'points', amount = n, reason = 'r' } } } end, cases = {} }";
static const char failing_rule[] =
    "return { name = 'rule', kind = 'points', title = 't', texts = {}, parameters = {}, "
    "decide = function(record) error('no') end, cases = {} }";

static void ask(struct asker *asker, uint32_t record) {
    struct question question = {.kind = POLICY_KIND_POINTS,
                                .number = record,
                                .noun = NOUN_RECORD,
                                .date = date("2018-05-01")};
    struct view *view = asker->world->stepper.context.view;
    struct answer *answers;
    size_t n;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_points(asker->host, view, &asker->world->stepper.city, &question,
                                   STR_NONE, STR("service.recorded"), &asker->arena, &answers, &n),
                     0);
    assert_int_equal(n, 1);
}

static void record(struct asker *asker, unsigned n, unsigned minutes) {
    char data[512];
    snprintf(
        data, sizeof data,
        "{\"record\":\"r%u\",\"volunteer\":\"v1\",\"organisation\":\"o1\","
        "\"starts\":\"2018-05-01T%02u:00:00+08:00\",\"ends\":\"2018-05-01T%02u:%02u:00+08:00\","
        "\"method\":\"code\",\"recorder\":\"clerk:1\"}",
        n, 8 + n, 8 + n, minutes);
    assert_applied(asker->world, "service.recorded", data);
    snprintf(data, sizeof data, "{\"record\":\"r%u\",\"outcome\":\"accepted\",\"minutes\":%u}", n,
             minutes);
    assert_applied(asker->world, "service.decided", data);
}

static const struct meter_use *use_of(const struct meter *meter, const char *revision) {
    for (const struct meter_use *use = meter_first(meter); use; use = use->next)
        if (!strcmp(use->revision, revision))
            return use;
    return NULL;
}

static void what_is_known_counts_as_a_call_but_not_as_a_run(void **state) {
    struct asker *asker = *state;
    struct meter *meter = meter_new();
    policy_host_meter(asker->host, meter);
    const char *revision =
        activate(asker, POLICY_KIND_POINTS, NULL, "2000-01-01", NULL, minutes_rule);
    record(asker, 1, 30);
    record(asker, 2, 30);
    record(asker, 3, 31);
    for (uint32_t n = 1; n <= 3; n++)
        ask(asker, n);
    const struct meter_use *use = use_of(meter, revision);
    assert_non_null(use);
    assert_string_equal(use->policy, "rule");
    assert_int_equal(use->kind, POLICY_KIND_POINTS);
    assert_int_equal(use->calls, 3);
    assert_int_equal(use->known, 1);
    assert_int_equal(use->runs, 2);
    assert_int_equal(use->failures, 0);
    assert_true(use->run_ns > 0 && use->run_most_ns <= use->run_ns);
    policy_host_meter(asker->host, NULL);
    meter_free(meter);
}

static void each_revision_is_counted_apart_and_what_was_counted_stays(void **state) {
    struct asker *asker = *state;
    struct meter *meter = meter_new();
    policy_host_meter(asker->host, meter);
    record(asker, 1, 30);
    const char *first = activate(asker, POLICY_KIND_POINTS, NULL, "2000-01-01", NULL, long_rule);
    ask(asker, 1);
    const char *second =
        activate(asker, POLICY_KIND_POINTS, NULL, "2000-01-01", NULL, failing_rule);
    ask(asker, 1);
    ask(asker, 1);
    const struct meter_use *of_first = use_of(meter, first), *of_second = use_of(meter, second);
    assert_int_equal(of_first->calls, 1);
    assert_int_equal(of_first->failures, 0);
    /* Four or so instructions a round, by the thousand. */
    assert_true(of_first->instructions >= 40000 && of_first->instructions <= 200000);
    assert_int_equal(of_first->instructions_most, of_first->instructions);
    assert_int_equal(of_second->calls, 2);
    assert_int_equal(of_second->failures, 2);
    assert_ptr_equal(meter_first(meter), of_second);
    assert_ptr_equal(of_second->next, of_first);
    assert_null(of_first->next);
    policy_host_meter(asker->host, NULL);
    meter_free(meter);
}

static void what_does_not_load_is_a_failure_without_a_run(void **state) {
    struct asker *asker = *state;
    struct meter *meter = meter_new();
    policy_host_meter(asker->host, meter);
    record(asker, 1, 30);
    const char *revision =
        activate(asker, POLICY_KIND_POINTS, NULL, "2000-01-01", NULL, "return nothing.at_all");
    ask(asker, 1);
    const struct meter_use *use = use_of(meter, revision);
    assert_int_equal(use->calls, 1);
    assert_int_equal(use->failures, 1);
    assert_int_equal(use->runs, 0);
    policy_host_meter(asker->host, NULL);
    meter_free(meter);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, asker_setup, asker_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_known_counts_as_a_call_but_not_as_a_run),
        TEST(each_revision_is_counted_apart_and_what_was_counted_stays),
        TEST(what_does_not_load_is_a_failure_without_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
