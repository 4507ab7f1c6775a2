/* Answers that are known are those that Lua would give: each question is asked of a host that has
 * answered before and of one that has not. */
#include "policy_fixture.h"

#include "policy/call.h"

/* A rule that reads facts with arguments, objects, lists and what they hold, and posts. */
static const char winding[] =
    "return { name = 'rule', kind = 'points', title = 't', texts = {}, "
    "parameters = { ['2000-01-01'] = { least = 30 }, ['2018-05-02'] = { least = 60 } }, "
    "decide = function(record, parameters, context) "
    "  local volunteer, sum = record.volunteer, 0 "
    "  for _, day in ipairs(record.days) do sum = sum + day.minutes + "
    "volunteer:minutes_on(day.date) end "
    "  if record.activity and record.activity.category == 'elderly' then sum = sum + 1 end "
    "  if volunteer:minutes{ from = '2018-05-01' } > 300 then finding('many', volunteer.stars) end "
    "  if volunteer.employer and volunteer.employer == record.organisation then sum = sum * 2 end "
    "  if #record.overlaps > 0 then finding('overlap', record.overlaps[1]) end "
    "  if record.minutes < parameters.least then return { postings = {} } end "
    "  finding('sum', sum, context.as_of) "
    "  return { postings = { { account = 'points', amount = sum, reason = 'r' } } } "
    "end, cases = {} }";

struct asked {
    struct answer *answers;
    size_t n;
};

static struct asked ask(struct asker *asker, struct policy_host *host, uint32_t record,
                        const char *on) {
    struct question question = {
        .kind = POLICY_KIND_POINTS, .number = record, .noun = NOUN_RECORD, .date = date(on)};
    struct view *view = asker->world->stepper.context.view;
    struct asked asked;
    assert_int_equal(policy_host_sync(host, view), 0);
    assert_int_equal(policy_points(host, view, &asker->world->stepper.city, &question, STR_NONE,
                                   STR("service.recorded"), &asker->arena, &asked.answers,
                                   &asked.n),
                     0);
    return asked;
}

static void assert_text(struct str left, struct str right) {
    if (!str_equal(left, right))
        fail_msg("%.*s, not %.*s", STR_ARG(left), STR_ARG(right));
}

static void assert_same_findings(const struct list *left, const struct list *right) {
    const struct finding *a = left->items, *b = right->items;
    assert_int_equal(left->n, right->n);
    for (size_t i = 0; i < left->n; i++) {
        assert_text(a[i].code, b[i].code);
        assert_int_equal(a[i].value.integer, b[i].value.integer);
        assert_text(a[i].value.text, b[i].value.text);
        assert_text(a[i].needed.text, b[i].needed.text);
        assert_int_equal(a[i].head.present, b[i].head.present);
    }
}

static void assert_same(const struct answer *left, const struct answer *right) {
    const struct points_posted *a = left->postings.items, *b = right->postings.items;
    assert_int_equal(left->asked, right->asked);
    assert_int_equal(left->failed, right->failed);
    assert_text(left->failure, right->failure);
    assert_text(left->facts, right->facts);
    assert_text(left->revision, right->revision);
    assert_text(left->policy, right->policy);
    assert_int_equal(left->steady, right->steady);
    assert_same_findings(&left->findings, &right->findings);
    assert_int_equal(left->postings.n, right->postings.n);
    for (size_t i = 0; i < left->postings.n; i++) {
        assert_text(a[i].account, b[i].account);
        assert_text(a[i].reason, b[i].reason);
        assert_int_equal(a[i].amount, b[i].amount);
    }
}

/* As a host without a past answers. */
static struct answer ask_both(struct asker *asker, uint32_t record, const char *on) {
    struct policy_limits limits = POLICY_LIMITS_DEFAULT;
    struct policy_host *fresh = policy_host_new(&limits);
    struct asked known = ask(asker, asker->host, record, on);
    struct asked anew = ask(asker, fresh, record, on);
    assert_int_equal(known.n, 1);
    assert_int_equal(anew.n, 1);
    struct answer answer = anew.answers[0];
    assert_same(&known.answers[0], &answer);
    policy_host_free(fresh);
    return answer;
}

static void record(struct asker *asker, unsigned n, unsigned hour, unsigned minutes) {
    char data[512];
    snprintf(data, sizeof data,
             "{\"record\":\"r%u\",\"volunteer\":\"v%u\",%s\"organisation\":\"o1\","
             "\"starts\":\"2018-05-%02uT%02u:00:00+08:00\",\"ends\":\"2018-05-%02uT%02u:%02u:00+08:"
             "00\",\"method\":\"code\",\"recorder\":\"clerk:1\"}",
             n, 1 + n % 2, n % 3 ? "" : "\"activity\":\"a1\",", 1 + n % 3, hour, 1 + n % 3,
             hour + minutes / 60, minutes % 60);
    assert_applied(asker->world, "service.recorded", data);
    snprintf(data, sizeof data, "{\"record\":\"r%u\",\"outcome\":\"accepted\",\"minutes\":%u}", n,
             minutes);
    assert_applied(asker->world, "service.decided", data);
}

static void what_is_known_is_what_would_be_answered(void **state) {
    struct asker *asker = *state;
    size_t n_posting = 0;
    activate(asker, POLICY_KIND_POINTS, NULL, "2000-01-01", NULL, winding);
    for (unsigned n = 1; n <= 60; n++) {
        record(asker, n, 6 + n % 5, 20 + 20 * (n % 4));
        for (unsigned asked = 1; asked <= n; asked += 7)
            for (int on = 1; on <= 2; on++)
                n_posting +=
                    ask_both(asker, asked, on == 1 ? "2018-05-01" : "2018-05-02").postings.n;
    }
    assert_true(n_posting > 100);
}

static const char counting[] =
    "return { name = 'rule', kind = 'points', title = 't', texts = {}, parameters = {}, "
    "decide = function(record) return { postings = { "
    "{ account = 'points', amount = record.minutes, reason = 'r' } } } end, cases = {} }";

/* How often Lua ran. */
static void note_run(void *context, struct str revision) {
    *(unsigned *)context += revision.size > 0;
}

static void lua_does_not_run_again_for_the_same_facts(void **state) {
    struct asker *asker = *state;
    unsigned n_runs = 0;
    activate(asker, POLICY_KIND_POINTS, NULL, "2000-01-01", NULL, counting);
    record(asker, 1, 8, 60);
    record(asker, 2, 8, 60);
    record(asker, 3, 8, 61);
    (void)ask(asker, asker->host, 1, "2018-05-01");
    policy_host_watch(asker->host, note_run, &n_runs);
    (void)ask(asker, asker->host, 2, "2018-05-01");
    assert_int_equal(n_runs, 0);
    (void)ask(asker, asker->host, 3, "2018-05-01");
    assert_int_equal(n_runs, 1);
    (void)ask(asker, asker->host, 3, "2018-05-01");
    assert_int_equal(n_runs, 1);
}

/* What an answer names is looked up each time. */
static void an_account_that_was_retired_is_noticed(void **state) {
    struct asker *asker = *state;
    activate(asker, POLICY_KIND_POINTS, NULL, "2000-01-01", NULL, counting);
    record(asker, 1, 8, 60);
    assert_false(ask_both(asker, 1, "2018-05-01").failed);
    assert_applied(asker->world, "dictionary.entry_set",
                   "{\"dictionary\":\"account\",\"code\":\"points\",\"title\":\"t\",\"retired\":"
                   "\"2018-05-10\"}");
    assert_false(ask_both(asker, 1, "2018-05-01").failed);
    assert_true(ask_both(asker, 1, "2018-05-20").failed);
    assert_false(ask_both(asker, 1, "2018-05-01").failed);
}

static const char groping[] =
    "return { name = 'rule', kind = 'points', title = 't', texts = {}, parameters = {}, "
    "decide = function(subject) "
    "  local there = pcall(function() return subject.minutes_on end) "
    "  return { postings = { { account = 'points', amount = there and 2 or 1, reason = 'r' } } } "
    "end, cases = {} }";

static int64_t amount_of(struct asker *asker, enum noun noun, uint32_t number) {
    struct question question = {
        .kind = POLICY_KIND_POINTS, .number = number, .noun = noun, .date = date("2018-05-01")};
    struct view *view = asker->world->stepper.context.view;
    struct answer *answers;
    size_t n;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_points(asker->host, view, &asker->world->stepper.city, &question,
                                   STR_NONE, STR("service.recorded"), &asker->arena, &answers, &n),
                     0);
    assert_int_equal(n, 1);
    return ((const struct points_posted *)answers[0].postings.items)[0].amount;
}

/* It tells a record from a person without reading a fact. */
static void what_is_asked_about_is_told_apart(void **state) {
    struct asker *asker = *state;
    activate(asker, POLICY_KIND_POINTS, NULL, "2000-01-01", NULL, groping);
    record(asker, 1, 8, 61);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(amount_of(asker, NOUN_RECORD, 1), 1);
        assert_int_equal(amount_of(asker, NOUN_VOLUNTEER, 1), 2);
    }
}

static const char failing[] =
    "return { name = 'rule', kind = 'points', title = 't', texts = {}, parameters = {}, "
    "decide = function(record) if record.minutes > 60 then error('long') end "
    "return { postings = {} } end, cases = {} }";

static void a_failure_is_asked_for_again(void **state) {
    struct asker *asker = *state;
    unsigned n_runs = 0;
    activate(asker, POLICY_KIND_POINTS, NULL, "2000-01-01", NULL, failing);
    record(asker, 1, 8, 61);
    assert_true(ask_both(asker, 1, "2018-05-01").failed);
    policy_host_watch(asker->host, note_run, &n_runs);
    assert_true(ask_both(asker, 1, "2018-05-01").failed);
    assert_int_equal(n_runs, 1);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, asker_setup, asker_teardown)
    const struct CMUnitTest tests[] = {
        T(what_is_known_is_what_would_be_answered),
        T(lua_does_not_run_again_for_the_same_facts),
        T(an_account_that_was_retired_is_noticed),
        T(what_is_asked_about_is_told_apart),
        T(a_failure_is_asked_for_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
