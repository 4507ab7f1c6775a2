/* Rules of kind points: what an answer must look like, what they may read, and what their cases
 * expect. Posting is points_test's. */
#include "policy_fixture.h"

#include <jansson.h>

#include "policy/check.h"

#define ON "2018-06-01"
#define POSTING(members) "return { postings = { { " members " } } }"
#define SOUND "account = 'points', amount = 50, reason = 'r'"

/* The only rule in force, asked about v1. */
static struct answer ask(struct asker *asker, const char *decide) {
    struct view *view = asker->world->stepper.context.view;
    struct question question = {.kind = POLICY_KIND_POINTS,
                                .number = world_number(asker->world, NOUN_VOLUNTEER, "v1"),
                                .date = date(ON),
                                .noun = NOUN_VOLUNTEER};
    char text[2048];
    struct answer *answers;
    size_t n;
    snprintf(text, sizeof text, "return { decide = function(s, p, c) %s end }", decide);
    activate(asker, POLICY_KIND_POINTS, NULL, "2018-01-01", NULL, text);
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_true(policy_host_knows(asker->host, POLICY_KIND_POINTS));
    assert_int_equal(policy_points(asker->host, view, &asker->world->stepper.city, &question,
                                   STR_NONE, STR("volunteer.registered"), &asker->arena, &answers,
                                   &n),
                     0);
    assert_int_equal(n, 1);
    return answers[0];
}

static void assert_failure(struct asker *asker, const char *decide, const char *words) {
    struct answer answer = ask(asker, decide);
    if (!answer.failed || !strstr(arena_string(&asker->arena, answer.failure), words))
        fail_msg("%s: %s, not '%s'", decide,
                 answer.failed ? arena_string(&asker->arena, answer.failure) : "it did not fail",
                 words);
}

static void postings_are_read_whole(void **state) {
    struct asker *asker = *state;
    struct answer answer =
        ask(asker, "finding('x', 1) return { postings = { { " SOUND ", expires = '2019-12-31' }, { "
                   "account = 'time_bank', amount = -60, reason = c.subject, volunteer = 'v2' } } "
                   "}");
    assert_false(answer.failed);
    assert_int_equal(answer.findings.n, 1);
    assert_int_equal(answer.postings.n, 2);
    const struct points_posted *first = answer.postings.items, *second = first + 1;
    assert_true(str_equal(first->account, STR("points")));
    assert_int_equal(first->amount, 50);
    assert_int_equal(first->expires, date("2019-12-31"));
    assert_false(HAS(first, points_posted, volunteer));
    assert_int_equal(second->amount, -60);
    assert_true(str_equal(second->volunteer, STR("v2")));
    assert_true(str_equal(second->reason, STR("volunteer")));
    assert_false(HAS(second, points_posted, expires));
    assert_int_equal(ask(asker, "return { postings = {} }").postings.n, 0);
}

static void an_answer_of_another_shape_fails(void **state) {
    struct asker *asker = *state;
    assert_failure(asker, "return 1", "a list of { account =, amount =, reason = }");
    assert_failure(asker, "return {}", "it is missing");
    assert_failure(asker, "return { posting = {} }", "did you mean postings");
    assert_failure(asker, "return { postings = { 5 } }", "a list of { account =");
    assert_failure(asker,
                   "return { postings = { account = 'exchange', amount = 1, reason = 'r' } }",
                   "must be a list of { account =");
    assert_failure(asker, POSTING("amount = 1, reason = 'r'"), "account: a code");
    assert_failure(asker, POSTING("account = 'pionts', amount = 1, reason = 'r'"),
                   "there is no account 'pionts'");
    assert_failure(asker, POSTING("account = 'points', reason = 'r'"), "amount: a whole number");
    assert_failure(asker, POSTING("account = 'points', amount = 0, reason = 'r'"), "other than 0");
    assert_failure(asker, POSTING("account = 'points', amount = 1.5, reason = 'r'"),
                   "amount: a whole number");
    assert_failure(asker, POSTING("account = 'points', amount = 1000000001, reason = 'r'"),
                   "amount: a whole number");
    assert_failure(asker, POSTING("account = 'points', amount = 1"), "reason: a text");
    assert_failure(asker, POSTING(SOUND ", expire = '2019-12-31'"), "did you mean expires");
    assert_failure(asker, POSTING(SOUND ", expires = '2019-13-31'"), "expires: a date");
    assert_failure(asker,
                   POSTING("account = 'time_bank', amount = 1, reason = 'r', expires = "
                           "'2019-12-31'"),
                   "nothing expires on account 'time_bank'");
    assert_failure(asker,
                   POSTING("account = 'points', amount = -1, reason = 'r', expires = "
                           "'2019-12-31'"),
                   "what is taken has no last day");
    assert_failure(asker, POSTING(SOUND ", volunteer = 'nobody'"),
                   "there is no volunteer 'nobody'");
    assert_failure(asker, POSTING(SOUND ", volunteer = 7"), "the id of a volunteer");
    assert_failure(asker,
                   "local list = {} for i = 1, 65 do list[i] = { " SOUND
                   " } end return { postings = list }",
                   "at most 64 postings");
}

static void an_account_that_is_retired_on_that_day_is_none(void **state) {
    struct asker *asker = *state;
    assert_applied(asker->world, "dictionary.entry_set",
                   "{\"dictionary\":\"account\",\"code\":\"points\",\"title\":\"x\",\"decimals\":2,"
                   "\"may_expire\":true,\"retired\":\"2018-06-01\"}");
    assert_failure(asker, POSTING(SOUND), "on this day there is no account 'points'");
}

#define POST(members) "{\"volunteer\":\"v1\",\"account\":\"points\",\"reason\":\"r\"," members "}"
/* The answer's only posting says what the fact was, + 1 because 0 is no amount. */
#define READ(arguments)                                                                            \
    "return { postings = { { account = 'points', amount = s:points{ " arguments                    \
    " } + 1, reason = 'r' } } }"

static int64_t read_points(struct asker *asker, const char *decide) {
    struct answer answer = ask(asker, decide);
    if (answer.failed)
        fail_msg("%s: %s", decide, arena_string(&asker->arena, answer.failure));
    return ((const struct points_posted *)answer.postings.items)->amount - 1;
}

static void a_rule_reads_balances_and_what_was_earned(void **state) {
    struct asker *asker = *state;
    assert_int_equal(read_points(asker, READ("account = 'points'")), 0);
    world_assert(asker->world, PROBLEM_NONE, "points.posted", "2018-05-10T12:00:00+08:00",
                 POST("\"amount\":100,\"expires\":\"2018-05-31\""));
    world_assert(asker->world, PROBLEM_NONE, "points.posted", "2018-05-20T12:00:00+08:00",
                 POST("\"amount\":30"));
    assert_applied(asker->world, "points.adjusted",
                   "{\"adjustment\":\"a\",\"volunteer\":\"v1\",\"account\":\"points\",\"amount\":7,"
                   "\"reason\":\"x\",\"by\":\"clerk:1\"}");
    assert_int_equal(read_points(asker, READ("account = 'points'")), 37);
    assert_int_equal(read_points(asker, READ("account = 'points', what = 'balance'")), 37);
    assert_int_equal(read_points(asker, READ("account = 'points', what = 'earned'")), 130);
    assert_int_equal(read_points(asker, READ("account = 'points', what = 'spent'")), 0);
    assert_int_equal(
        read_points(asker, READ("account = 'points', what = 'earned', from = '2018-05-11'")), 30);
    assert_int_equal(
        read_points(asker, READ("account = 'points', what = 'earned', to = '2018-05-19'")), 100);
    assert_int_equal(read_points(asker, READ("account = 'time_bank', what = 'earned'")), 0);
    struct answer answer =
        ask(asker, READ("account = 'points', what = 'earned', to = '2018-05-19'"));
    buf_reset(&asker->json);
    facts_to_json(answer.facts, &asker->json);
    buf_put_byte(&asker->json, 0);
    assert_non_null(strstr(asker->json.data,
                           "{\"fact\":\"points\",\"arguments\":\"to=2018-05-19,account=points,"
                           "what=earned\",\"value\":100}"));
}

static void a_rule_reads_what_will_be_over(void **state) {
    struct asker *asker = *state;
    world_assert(asker->world, PROBLEM_NONE, "points.posted", "2018-05-10T12:00:00+08:00",
                 POST("\"amount\":50,\"expires\":\"2018-12-31\""));
    world_assert(asker->world, PROBLEM_NONE, "points.posted", "2018-05-20T12:00:00+08:00",
                 POST("\"amount\":30"));
#define OVER(day) READ("account = 'points', expires_by = '" day "'")
    assert_int_equal(read_points(asker, OVER("2018-12-31")), 50);
    assert_int_equal(read_points(asker, OVER("2018-12-30")), 0);
    assert_int_equal(read_points(asker, OVER("2030-01-01")), 50);
    assert_int_equal(read_points(asker, OVER("2001-01-01")), 0);
    assert_failure(asker, READ("account = 'points', what = 'earned', expires_by = '2018-01-01'"),
                   "expires_by goes with what");
}

static void what_cannot_be_answered_is_said(void **state) {
    struct asker *asker = *state;
    assert_failure(asker, READ(""), "which account?");
    assert_failure(asker, READ("account = 'point'"), "did you mean 'points'");
    assert_failure(asker, READ("account = 'points', what = 'owned'"), "balance, earned or spent");
    assert_failure(asker, READ("account = 'points', from = '2018-01-01'"),
                   "from and to go with what");
    assert_failure(asker, READ("account = 'points', served_on = '2018-01-01'"),
                   "served_on and role go with what");
    assert_failure(asker, READ("account = 'points', what = 'spent', role = 'x'"),
                   "served_on and role go with what");
}

/* Two records of one day and one of another, in two roles; what was earned without a record has no
 * day of service. */
static void what_was_earned_is_asked_by_day_of_service_and_role(void **state) {
    struct asker *asker = *state;
    static const struct {
        const char *id, *day, *role;
        int amount;
    } records[] = {{"a", "2018-05-01", "leader", 10},
                   {"b", "2018-05-01", "member", 20},
                   {"c", "2018-05-02", "leader", 40}};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        char data[512];
        snprintf(data, sizeof data,
                 "{\"record\":\"%s\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"starts\":"
                 "\"%sT0%zu:00:00+08:00\",\"ends\":\"%sT0%zu:30:00+08:00\",\"method\":\"code\","
                 "\"recorder\":\"clerk:1\",\"role\":\"%s\"}",
                 records[i].id, records[i].day, i + 1, records[i].day, i + 1, records[i].role);
        assert_applied(asker->world, "service.recorded", data);
        snprintf(data, sizeof data,
                 "{\"volunteer\":\"v1\",\"account\":\"points\",\"reason\":\"r\",\"record\":\"%s\","
                 "\"amount\":%d}",
                 records[i].id, records[i].amount);
        assert_applied(asker->world, "points.posted", data);
    }
    assert_applied(asker->world, "points.posted", POST("\"amount\":80"));
#define EARNED(more) READ("account = 'points', what = 'earned', " more)
    assert_int_equal(read_points(asker, EARNED("served_on = '2018-05-01'")), 30);
    assert_int_equal(read_points(asker, EARNED("served_on = '2018-05-01', role = 'leader'")), 10);
    assert_int_equal(read_points(asker, EARNED("role = 'leader'")), 50);
    assert_int_equal(read_points(asker, EARNED("role = 'leader', from = '2018-05-02'")), 40);
    assert_int_equal(read_points(asker, EARNED("served_on = '2018-06-01'")), 0);
    assert_int_equal(read_points(asker, EARNED("from = '2018-01-01'")), 150);
}

/* ---- cases ---- */

static void assert_case(const char *test, const char *message) {
    static const struct policy_limits limits = {1000000, UINT64_C(16) << 20, 65536};
    char text[2048];
    struct buf out = {0};
    snprintf(text, sizeof text,
             "return { name = 'rule', kind = 'points', title = 'r',\n"
             "decide = function(s, p, c)\n"
             "  if c.subject == 'volunteer' then\n"
             "    return { postings = { { account = 'points', amount = 1 + s:points{ account = "
             "'points' }, reason = 'person', volunteer = 'v9', expires = '2019-12-31' } } }\n"
             "  end\n"
             "  return { postings = { { account = 'points', amount = s.counted_minutes, reason = "
             "'record' } } }\n"
             "end,\ncases = { { name = 'one', %s } } }",
             test);
    struct policy_source source = {STR("rule.lua"), str_from(text), 0, NULL, STR_NONE};
    assert_int_equal(policy_check(&source, &limits, &out), *message ? 1 : 0);
    json_t *verdict = json_loadb(out.data, out.size, 0, NULL);
    json_t *result = json_array_get(json_object_get(verdict, "cases"), 0);
    const char *got = json_string_value(json_object_get(result, "message"));
    if (!got || !strstr(got, message) || (!*message && *got))
        fail_msg("%s: %s, not '%s'", test, got ? got : out.data, message);
    json_decref(verdict);
    buf_deinit(&out);
}

static void cases_expect_exactly_the_postings(void **state) {
    (void)state;
#define RECORD "given = { counted_minutes = 5 }, expect = { postings = "
    assert_case(RECORD "{ { account = 'points', amount = 5 } } }", "");
    assert_case(RECORD "{ { account = 'points', amount = 5, reason = 'record' } } }", "");
    assert_case(RECORD "{ { account = 'points', amount = 6 } } }",
                "the policy answered: postings = { { account = \"points\", amount = 5 } }");
    assert_case(RECORD "{} }", "expected other postings");
    assert_case(RECORD "{ { account = 'points', amount = 5, reason = 'x' } } }",
                "expected other postings");
    assert_case(RECORD "{ { account = 'points', amount = 5 }, { account = 'points', amount = 5 } } "
                       "}",
                "expected other postings");
    assert_case("given = { counted_minutes = 0 }, expect = { postings = {} }", "other than 0");
}

static void cases_say_whom_they_are_about(void **state) {
    (void)state;
#define PERSON "context = { subject = 'volunteer' }, expect = { postings = { { account = 'points', "
    assert_case(PERSON "amount = 41, volunteer = 'v9', expires = '2019-12-31' } } }, given = { "
                       "points = 40 }",
                "");
    assert_case(PERSON "amount = 41, volunteer = 'v9', expires = '2019-12-31' } } }, given = { "
                       "points = { { account = 'points', value = 40 }, { account = 'time_bank', "
                       "value = 7 } } }",
                "");
    assert_case(PERSON "amount = 1, volunteer = 'v9' } } }, given = {}", "expires = ");
    assert_case(PERSON "amount = 1, expires = '2019-12-31' } } }, given = {}", "volunteer = ");
    assert_case(PERSON "amount = 1 } } }, given = { counted_minutes = 5 }", "has no fact");
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, asker_setup, asker_teardown)
    const struct CMUnitTest tests[] = {
        T(postings_are_read_whole),
        T(an_answer_of_another_shape_fails),
        T(an_account_that_is_retired_on_that_day_is_none),
        T(a_rule_reads_balances_and_what_was_earned),
        T(a_rule_reads_what_will_be_over),
        T(what_cannot_be_answered_is_said),
        T(what_was_earned_is_asked_by_day_of_service_and_role),
        cmocka_unit_test(cases_expect_exactly_the_postings),
        cmocka_unit_test(cases_say_whom_they_are_about),
    };
    return cmocka_run_group_tests_name("points_rule", tests, NULL, NULL);
}
