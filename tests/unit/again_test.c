/* A past question asked again over the facts that were stored with its answer. */
#include "policy_fixture.h"

#include "policy/again.h"

static const struct policy_limits limits = {1000000, UINT64_C(16) << 20, 65536};

struct round {
    struct answer answer; /* of the state */
    struct answer again;  /* of the stored facts */
    struct str missing;
};

static struct policy_revision revision_of(struct asker *asker) {
    struct policy_revision revision;
    assert_int_equal(policy_revision_get(asker->world->stepper.context.view, asker->n_revisions,
                                         &asker->arena, &revision),
                     0);
    return revision;
}

static int ask_again(struct asker *asker, enum object_kind subject, const char *on,
                     struct str facts, struct round *round) {
    struct policy_revision *revision = arena_alloc(&asker->arena, sizeof *revision);
    *revision = revision_of(asker);
    struct past_question question = {&revision->data, subject, date(on), facts};
    return policy_ask_again(&limits, &question, &asker->arena, &round->again, &round->missing);
}

static struct round ask(struct asker *asker, enum POLICY_KIND_choice kind, const char *id,
                        const char *on) {
    bool of_record = kind == POLICY_KIND_ACCEPTANCE;
    struct question question = {
        .kind = kind,
        .number = world_number(asker->world, of_record ? NOUN_RECORD : NOUN_VOLUNTEER, id),
        .date = date(on)};
    struct view *view = asker->world->stepper.context.view;
    struct round round;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_evaluate(asker->host, view, &asker->world->stepper.city, &question,
                                     CAUSE_EVENT, STR("service.recorded"), &asker->arena,
                                     &round.answer),
                     0);
    assert_int_equal(ask_again(asker, of_record ? OBJECT_RECORD : OBJECT_VOLUNTEER, on,
                               round.answer.facts, &round),
                     0);
    return round;
}

static const char *facts_of(struct asker *asker, struct str facts) {
    struct buf json = {0};
    facts_to_json(facts, &json);
    const char *text = arena_string(&asker->arena, buf_str(&json));
    buf_deinit(&json);
    return text;
}

static void assert_same(struct asker *asker, const struct round *round) {
    const struct answer *a = &round->answer, *b = &round->again;
    const struct finding *left = a->findings.items, *right = b->findings.items;
    if (a->failed || b->failed)
        fail_msg("%.*s / %.*s (%.*s)", STR_ARG(a->failure), STR_ARG(b->failure),
                 STR_ARG(round->missing));
    assert_int_equal(a->stars, b->stars);
    assert_int_equal(a->outcome, b->outcome);
    assert_int_equal(a->minutes, b->minutes);
    assert_int_equal(a->findings.n, b->findings.n);
    for (size_t i = 0; i < a->findings.n; i++)
        assert_true(str_equal(left[i].code, right[i].code) &&
                    left[i].value.integer == right[i].value.integer &&
                    str_equal(left[i].value.text, right[i].value.text) &&
                    str_equal(left[i].needed.text, right[i].needed.text));
    assert_string_equal(facts_of(asker, a->facts), facts_of(asker, b->facts));
    assert_true(str_equal(a->facts, b->facts));
    assert_int_equal(round->missing.size, 0);
}

static void serve(struct asker *asker, int n) {
    char data[512];
    for (int i = 0; i < n; i++) {
        snprintf(data, sizeof data,
                 "{\"record\":\"r:%d\",\"volunteer\":\"v1\",\"activity\":\"a1\",\"organisation\":"
                 "\"o1\",\"starts\":\"2018-05-%02dT22:00:00+08:00\",\"ends\":"
                 "\"2018-05-%02dT01:00:00+08:00\",\"method\":\"code\",\"quantities\":{\"trees\":%d}"
                 ",\"recorder\":\"clerk:1\"}",
                 i, i + 1, i + 2, i + 1);
        assert_applied(asker->world, "service.recorded", data);
        snprintf(data, sizeof data,
                 "{\"record\":\"r:%d\",\"outcome\":\"accepted\",\"minutes\":180}", i);
        assert_applied(asker->world, "service.decided", data);
    }
}

static void stars(struct asker *asker, const char *body) {
    char text[4096];
    snprintf(text, sizeof text, "return { decide = function(v, p, context)\n%s\nend }", body);
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL, text);
    struct round round = ask(asker, POLICY_KIND_STAR_RATING, "v1", "2018-06-01");
    assert_same(asker, &round);
}

static void what_was_read_is_read_again(void **state) {
    struct asker *asker = *state;
    serve(asker, 3);
    stars(asker, "finding('a', v:minutes{}, v.id) finding('b', v:minutes{ from = '2018-05-02', "
                 "activity = 'a1' }) return v.stars");
    stars(asker, "finding('a', v.region.parent.name) finding('b', v.employer.kind, "
                 "v.region.parent.parent.id) return 1");
    stars(asker, "return v.referred_by == nil and v.party_status == nil and v:age('2018-01-01') == "
                 "nil and not v.guardian_consent and 2 or 0");
    stars(asker, "finding('y', context.year, context.quarter_start) finding('c', context.cause, "
                 "context.region.name) return context.calendar:kind('2018-05-01') == 'workday' and "
                 "context.region:count('minutes') > 0 and 3 or 0");
    stars(asker, "return v:quantity{ name = 'trees' } > 5 and 1 or 0");
}

static void tables_come_back_as_they_were(void **state) {
    struct asker *asker = *state;
    serve(asker, 3);
    activate(
        asker, POLICY_KIND_ACCEPTANCE, NULL, "2018-01-01", NULL,
        "return { decide = function(r)\n"
        "local sum = 0\n"
        "for _, day in ipairs(r.days) do sum = sum + day.minutes finding('day', day.date) end\n"
        "for name, amount in pairs(r.quantities) do finding('amount', name, amount) end\n"
        "finding('overlaps', #r.overlaps)\n"
        "return 'accepted', sum end }");
    struct round round = ask(asker, POLICY_KIND_ACCEPTANCE, "r:1", "2018-05-02");
    assert_same(asker, &round);
    assert_int_equal(round.again.minutes, 180);
    assert_int_equal(round.again.findings.n, 4);
}

static void objects_of_lists_are_told_apart(void **state) {
    struct asker *asker = *state;
    serve(asker, 20); /* more than objects are reused */
    stars(asker, "local sum = 0\n"
                 "for _, record in ipairs(v:records{}) do sum = sum + record.quantities.trees end\n"
                 "finding('sum', sum) return 1");
    stars(asker, "local first = v:records{ to = '2018-05-02' }\n"
                 "local last = v:records{ from = '2018-05-18' }\n"
                 "finding('both', first[1].on, last[1].on) return #first");
    stars(asker, "for _, region in ipairs(context.region.children) do finding('child', "
                 "region.name, #region.children) end return 1");
}

/* The employer lies where the parent of the home is: one object, reached in two ways. */
static void one_object_may_be_reached_in_two_ways(void **state) {
    struct asker *asker = *state;
    const char *const both = "finding('home', v.region.parent.name) finding('work', "
                             "v.employer.region.level, v.employer.region.name) return "
                             "v.region.parent == v.employer.region and 1 or 0";
    stars(asker, both);
    struct round round = ask(asker, POLICY_KIND_STAR_RATING, "v1", "2018-06-01");
    assert_int_equal(round.again.stars, 1);
    assert_non_null(strstr(facts_of(asker, round.answer.facts),
                           "{\"fact\":\"employer.region\",\"arguments\":\"\",\"value\":{\"same\":"
                           "\"region.parent\"}}"));
    stars(asker, "for _, part in ipairs(v.region.parent.children) do finding('part', part.name, "
                 "v.region.name) end return 1");
    stars(asker, "local home = v.region for _, part in ipairs(v.region.parent.children) do "
                 "finding('part', part.name, part == home) end return 1");
    serve(asker, 1);
    stars(asker,
          "local r = v:records{}[1] finding('self', r.volunteer.id, r.volunteer == v) return "
          "1");
}

static void parameters_are_those_of_the_day(void **state) {
    struct asker *asker = *state;
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", "{\"2018-05-01\":{\"stars\":2}}",
             "return { parameters = { ['2018-01-01'] = { stars = 1 }, ['2018-07-01'] = { stars = 3 "
             "} }, decide = function(v, p) return p.stars end }");
    struct round round = ask(asker, POLICY_KIND_STAR_RATING, "v1", "2018-04-30");
    assert_same(asker, &round);
    assert_int_equal(round.again.stars, 1);
    round = ask(asker, POLICY_KIND_STAR_RATING, "v1", "2018-06-30");
    assert_same(asker, &round);
    assert_int_equal(round.again.stars, 2);
    assert_int_equal(ask_again(asker, OBJECT_VOLUNTEER, "2017-12-31", STR_NONE, &round), 1);
}

/* ---- what differs ---- */

static struct str with(struct asker *asker, struct str facts, const char *from, const char *to) {
    struct str copy = arena_copy(&asker->arena, facts);
    char *at = memmem(copy.data, copy.size, from, strlen(from));
    assert_non_null(at);
    memcpy(at, to, strlen(to));
    return copy;
}

static void other_facts_give_another_answer(void **state) {
    struct asker *asker = *state;
    serve(asker, 2);
    stars(asker, "finding('total', v:minutes{}) return v.id == 'v1' and 1 or 0");
    struct round round = ask(asker, POLICY_KIND_STAR_RATING, "v1", "2018-06-01");
    struct str facts = with(asker, round.answer.facts, "v1", "v2");
    assert_int_equal(ask_again(asker, OBJECT_VOLUNTEER, "2018-06-01", facts, &round), 0);
    assert_int_equal(round.answer.stars, 1);
    assert_int_equal(round.again.stars, 0);
    facts = with(asker, round.answer.facts, "minutes", "minuets");
    assert_int_equal(ask_again(asker, OBJECT_VOLUNTEER, "2018-06-01", facts, &round), 0);
    assert_true(round.again.failed);
    assert_true(str_equal(round.missing, STR("minutes")));
}

static void a_fact_that_was_not_read_then_is_named(void **state) {
    struct asker *asker = *state;
    struct round round;
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL,
             "return { decide = function(v) return pcall(function() return "
             "v.region:count('minutes', { from = '2018-01-01' }) end) and 1 or 2 end }");
    assert_int_equal(ask_again(asker, OBJECT_VOLUNTEER, "2018-06-01", STR_NONE, &round), 0);
    assert_true(round.again.failed);
    assert_true(str_equal(round.missing, STR("region.count(from=2018-01-01,name=minutes)")));
}

static void damaged_facts_are_refused(void **state) {
    struct asker *asker = *state;
    struct round round;
    stars(asker, "return v.stars");
    struct str facts = ask(asker, POLICY_KIND_STAR_RATING, "v1", "2018-06-01").answer.facts;
    const struct str bad[] = {{facts.data, facts.size - 1},
                              STR("\x02"
                                  "0123456789abcdef"),
                              STR("\x07"),
                              STR("\x01\x01s\x00\x09"),
                              STR("\x01\x05stars")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(ask_again(asker, OBJECT_VOLUNTEER, "2018-06-01", bad[i], &round), 1);
    /* A list that is none, and JSON that is none, where a list is read. */
    stars(asker, "return #v:star_changes{}");
    facts = ask(asker, POLICY_KIND_STAR_RATING, "v1", "2018-06-01").answer.facts;
    assert_int_equal(
        ask_again(asker, OBJECT_VOLUNTEER, "2018-06-01", with(asker, facts, "[]", "[{"), &round),
        0);
    assert_true(round.again.failed);
    stars(asker, "return #v:records{}");
    facts = ask(asker, POLICY_KIND_STAR_RATING, "v1", "2018-06-01").answer.facts;
    assert_int_equal(
        ask_again(asker, OBJECT_VOLUNTEER, "2018-06-01", with(asker, facts, "[]", "{}"), &round),
        0);
    assert_true(round.again.failed);
}

/* Whatever stands there: an answer or a refusal, and the process goes on. */
static void any_bytes_are_survived(void **state) {
    struct asker *asker = *state;
    unsigned seed = 7, n_answered = 0, n_refused = 0;
    struct round round;
    serve(asker, 3);
    stars(asker, "local sum = #v:star_changes{} + #v.teams\n"
                 "for _, record in ipairs(v:records{}) do sum = sum + record.minutes + "
                 "#record.days end\n"
                 "finding('at', v.region.parent.name, v.employer.region == v.region.parent) return "
                 "sum > 0 and 1 or 0");
    struct str facts = ask(asker, POLICY_KIND_STAR_RATING, "v1", "2018-06-01").answer.facts;
    struct policy_revision revision = revision_of(asker);
    for (int i = 0; i < 2000; i++) {
        struct arena arena;
        arena_init(&arena);
        char *bytes = arena_string(&arena, facts);
        for (int k = rand_r(&seed) % 4; k >= 0; k--)
            bytes[(size_t)rand_r(&seed) % facts.size] = (char)rand_r(&seed);
        size_t size = rand_r(&seed) % 4 ? facts.size : (size_t)rand_r(&seed) % facts.size;
        struct past_question question = {
            &revision.data, OBJECT_VOLUNTEER, date("2018-06-01"), {bytes, size}};
        int r = policy_ask_again(&limits, &question, &arena, &round.again, &round.missing);
        assert_true(r == 0 || r == 1);
        n_answered += r == 0 && !round.again.failed;
        n_refused += r == 1;
        arena_deinit(&arena);
    }
    if (n_answered < 20 || n_refused < 50)
        fail_msg("%u answered, %u refused", n_answered, n_refused);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, asker_setup, asker_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_was_read_is_read_again),
        TEST(tables_come_back_as_they_were),
        TEST(objects_of_lists_are_told_apart),
        TEST(one_object_may_be_reached_in_two_ways),
        TEST(parameters_are_those_of_the_day),
        TEST(other_facts_give_another_answer),
        TEST(a_fact_that_was_not_read_then_is_named),
        TEST(damaged_facts_are_refused),
        TEST(any_bytes_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
