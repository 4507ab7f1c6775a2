/* A draft laid over what is in force answers as its activation would; and a host that forgets facts
 * answers as one that keeps them. */
#include "policy_fixture.h"

#include "policy/simulate.h"

static const char stars_by[] =
    "return { name = 'rule', kind = 'star_rating', title = 't', texts = {}, "
    "parameters = { ['2000-01-01'] = { least = %u } }, "
    "decide = function(volunteer, parameters) finding('m', volunteer:minutes{}) "
    "if volunteer:minutes{} >= parameters.least then return 3 end return 1 end, cases = {} }";

/* Lists, objects in lists, what they hold, arguments. */
static const char winding[] =
    "return { name = 'rule', kind = 'star_rating', title = 't', texts = {}, "
    "decide = function(volunteer, parameters, context) local sum = 0 "
    "for i, record in ipairs(volunteer:records{}) do "
    "  sum = sum + record.minutes + #record.id "
    "  for _, day in ipairs(record.days) do sum = sum + day.minutes end "
    "  if record.activity and record.activity.category == 'elderly' then finding('elderly', i) end "
    "end "
    "for _, region in ipairs(volunteer.region.parent.children) do sum = sum + #region.name end "
    "finding('sum', sum, volunteer:minutes{ from = '2018-05-02' }) "
    "return sum % 6 end, cases = {} }";

static void record(struct asker *asker, unsigned n, unsigned minutes) {
    char data[512];
    snprintf(data, sizeof data,
             "{\"record\":\"r%u\",\"volunteer\":\"v%u\",%s\"organisation\":\"o1\","
             "\"starts\":\"2018-05-%02uT08:00:00+08:00\",\"ends\":\"2018-05-%02uT18:00:00+08:00\","
             "\"minutes\":%u,\"method\":\"code\",\"recorder\":\"clerk:1\"}",
             n, 1 + n % 2, n % 3 ? "" : "\"activity\":\"a1\",", 1 + n % 20, 1 + n % 20, minutes);
    assert_applied(asker->world, "service.recorded", data);
    snprintf(data, sizeof data, "{\"record\":\"r%u\",\"outcome\":\"accepted\",\"minutes\":%u}", n,
             minutes);
    assert_applied(asker->world, "service.decided", data);
}

static struct answer ask(struct asker *asker, struct policy_host *host, uint32_t volunteer) {
    struct question question = {
        .kind = POLICY_KIND_STAR_RATING, .number = volunteer, .date = date("2018-06-01")};
    struct answer answer;
    assert_int_equal(policy_evaluate(host, asker->world->stepper.context.view,
                                     &asker->world->stepper.city, &question, CAUSE_EVENT,
                                     STR("policy.activated"), &asker->arena, &answer),
                     0);
    return answer;
}

static struct str text(struct asker *asker, unsigned least) {
    return arena_printf(&asker->arena, stars_by, least);
}

static struct policy_draft draft_of(struct str text, uint32_t scope) {
    return (struct policy_draft){
        .policy = STR("rule"), .kind = POLICY_KIND_STAR_RATING, .scope = scope, .text = text};
}

static void a_draft_takes_the_place_of_what_is_in_force(void **state) {
    struct asker *asker = *state;
    struct view *view = asker->world->stepper.context.view;
    record(asker, 1, 300);
    const char *revision =
        activate(asker, POLICY_KIND_STAR_RATING, NULL, "2000-01-01", NULL, text(asker, 200).data);
    struct policy_draft draft = draft_of(text(asker, 400), 0);
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(ask(asker, asker->host, 2).stars, 3);
    policy_host_lay(asker->host, &draft);
    struct answer answer = ask(asker, asker->host, 2);
    assert_int_equal(answer.stars, 1);
    assert_true(str_equal(answer.revision, STR(DRAFT_REVISION)));
    struct policy_limits limits = POLICY_LIMITS_DEFAULT;
    struct policy_host *plain = policy_host_new(&limits);
    assert_int_equal(policy_host_sync(plain, view), 0);
    assert_true(
        str_equal(policy_replaced(plain, view, &draft, date("2018-06-01")), str_from(revision)));
    policy_host_free(plain);
}

static void a_draft_of_a_region_leaves_the_others(void **state) {
    struct asker *asker = *state;
    struct view *view = asker->world->stepper.context.view;
    record(asker, 1, 300); /* of v2, who lives in 620503000000 */
    record(asker, 2, 300); /* of v1, who lives in 620502001001 */
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2000-01-01", NULL, text(asker, 200).data);
    struct policy_draft draft =
        draft_of(text(asker, 400), world_number(asker->world, NOUN_REGION, "620502001000"));
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    policy_host_lay(asker->host, &draft);
    assert_int_equal(ask(asker, asker->host, 1).stars, 1);
    assert_int_equal(ask(asker, asker->host, 2).stars, 3);
}

static void a_draft_says_why_it_does_not_load(void **state) {
    struct asker *asker = *state;
    struct policy_draft draft = draft_of(STR("return 1 +"), 0);
    struct str failure;
    assert_int_equal(policy_host_sync(asker->host, asker->world->stepper.context.view), 0);
    policy_host_lay(asker->host, &draft);
    assert_false(policy_draft_loads(asker->host, &failure));
    assert_non_null(memmem(failure.data, failure.size, "unexpected", 10));
    assert_true(ask(asker, asker->host, 1).failed);
}

static void parameters_are_laid_over_the_draft_s_text(void **state) {
    struct asker *asker = *state;
    record(asker, 1, 300);
    struct policy_draft draft = draft_of(text(asker, 400), 0);
    draft.parameters = STR("{\"2018-01-01\":{\"least\":100}}");
    assert_int_equal(policy_host_sync(asker->host, asker->world->stepper.context.view), 0);
    policy_host_lay(asker->host, &draft);
    assert_int_equal(ask(asker, asker->host, 2).stars, 3);
}

static void a_digest_tells_drafts_apart(void **state) {
    (void)state;
    struct library library = {.name = STR("a"), .text = STR("return {}")};
    struct policy_draft drafts[] = {draft_of(STR("ab"), 0), draft_of(STR("a"), 0),
                                    draft_of(STR("a"), 0), draft_of(STR("a"), 0)};
    char digests[4][DRAFT_DIGEST_TEXT], again[DRAFT_DIGEST_TEXT];
    drafts[2].parameters = STR("b"); /* the same bytes in another place */
    drafts[3].libraries = &library;
    drafts[3].n_libraries = 1;
    for (size_t i = 0; i < 4; i++) {
        policy_draft_digest(&drafts[i], digests[i]);
        policy_draft_digest(&drafts[i], again);
        assert_string_equal(digests[i], again);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(digests[i], digests[j]);
    }
}

static void assert_same_findings(const struct list *left, const struct list *right) {
    const struct finding *a = left->items, *b = right->items;
    assert_int_equal(left->n, right->n);
    for (size_t i = 0; i < left->n; i++) {
        assert_true(str_equal(a[i].code, b[i].code));
        assert_int_equal(a[i].value.integer, b[i].value.integer);
        assert_int_equal(a[i].needed.integer, b[i].needed.integer);
    }
}

static void forgetting_facts_changes_no_answer(void **state) {
    struct asker *asker = *state;
    struct policy_limits limits = POLICY_LIMITS_DEFAULT;
    struct policy_host *forgets = policy_host_new(&limits);
    unsigned n = 0;
    policy_host_forget_facts(forgets, true);
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2000-01-01", NULL, winding);
    for (unsigned round = 0; round < 30; round++) {
        struct view *view = asker->world->stepper.context.view;
        record(asker, ++n, 10 + 7 * round);
        assert_int_equal(policy_host_sync(asker->host, view), 0);
        assert_int_equal(policy_host_sync(forgets, view), 0);
        for (uint32_t volunteer = 1; volunteer <= 2; volunteer++) {
            struct answer keeps = ask(asker, asker->host, volunteer);
            struct answer bare = ask(asker, forgets, volunteer);
            assert_false(keeps.failed);
            assert_int_equal(keeps.stars, bare.stars);
            assert_same_findings(&keeps.findings, &bare.findings);
            assert_true(keeps.facts.size > 0);
            assert_int_equal(bare.facts.size, 0);
        }
    }
    policy_host_free(forgets);
}

/* The budget ends at the same place whether facts are kept or not. */
static void forgetting_facts_spends_the_same_budget(void **state) {
    struct asker *asker = *state;
    for (unsigned n = 1; n <= 30; n++)
        record(asker, n, 60);
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2000-01-01", NULL, winding);
    for (uint64_t instructions = 200; instructions < 6000; instructions += 200) {
        struct policy_limits limits = POLICY_LIMITS_DEFAULT;
        bool failed[2];
        limits.instructions = instructions;
        for (int forget = 0; forget < 2; forget++) {
            struct policy_host *host = policy_host_new(&limits);
            policy_host_forget_facts(host, forget);
            assert_int_equal(policy_host_sync(host, asker->world->stepper.context.view), 0);
            failed[forget] = ask(asker, host, 1).failed;
            policy_host_free(host);
        }
        assert_int_equal(failed[0], failed[1]);
    }
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, asker_setup, asker_teardown)
    const struct CMUnitTest tests[] = {
        T(a_draft_takes_the_place_of_what_is_in_force),
        T(a_draft_of_a_region_leaves_the_others),
        T(a_draft_says_why_it_does_not_load),
        T(parameters_are_laid_over_the_draft_s_text),
        cmocka_unit_test(a_digest_tells_drafts_apart),
        T(forgetting_facts_changes_no_answer),
        T(forgetting_facts_spends_the_same_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
