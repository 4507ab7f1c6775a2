/* Questions to policies over a real state: which revision answers, what it reads, what becomes of
 * its answer. */
#include "policy/terms.h"
#include "policy_fixture.h"

static void activate_shipped(struct asker *asker, enum POLICY_KIND_choice kind,
                             const char *parameters) {
    char path[512], *text;
    size_t size;
    snprintf(path, sizeof path, SOURCE_DIR "/scripts/policies/%s.lua",
             POLICY_KIND_choices.words[kind]);
    assert_int_equal(io_read_file(io_system(), path, 1 << 20, &text, &size), 0);
    activate(asker, kind, NULL, "2000-01-01", parameters, text);
    free(text);
}

static struct answer ask(struct asker *asker, enum POLICY_KIND_choice kind, uint32_t number,
                         const char *on) {
    struct question question = {.kind = kind, .number = number, .date = date(on)};
    struct view *view = asker->world->stepper.context.view;
    struct answer answer;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_evaluate(asker->host, view, &asker->world->stepper.city, &question,
                                     CAUSE_EVENT, STR("service.recorded"), &asker->arena, &answer),
                     0);
    return answer;
}

static struct answer ask_volunteer(struct asker *asker, const char *id, const char *on) {
    return ask(asker, POLICY_KIND_STAR_RATING, world_number(asker->world, NOUN_VOLUNTEER, id), on);
}

static struct answer ask_record(struct asker *asker, const char *id) {
    return ask(asker, POLICY_KIND_ACCEPTANCE, world_number(asker->world, NOUN_RECORD, id),
               "2018-05-01");
}

static void record_at(struct asker *asker, const char *id, const char *starts, const char *ends,
                      int minutes, const char *time) {
    char data[1024];
    snprintf(data, sizeof data,
             "{\"record\":\"%s\",\"volunteer\":\"v1\",\"activity\":\"a1\",\"organisation\":\"o1\","
             "\"starts\":\"%s\",\"ends\":\"%s\",\"minutes\":%d,\"method\":\"code\","
             "\"recorder\":\"clerk:1\"}",
             id, starts, ends, minutes);
    world_assert(asker->world, PROBLEM_NONE, "service.recorded", time, data);
}

static void decide(struct asker *asker, const char *id, const char *outcome, int minutes) {
    char data[256];
    snprintf(data, sizeof data, "{\"record\":\"%s\",\"outcome\":\"%s\",\"minutes\":%d}", id,
             outcome, minutes);
    assert_applied(asker->world, "service.decided", data);
}

static const char *facts_of(struct asker *asker, const struct answer *answer) {
    buf_reset(&asker->json);
    facts_to_json(answer->facts, &asker->json);
    buf_put_byte(&asker->json, 0);
    return asker->json.data;
}

static void assert_contains(const char *text, const char *part) {
    if (!strstr(text, part))
        fail_msg("%s\n does not hold %s", text, part);
}

static const struct finding *finding_at(const struct answer *answer, size_t i) {
    assert_true(i < answer->findings.n);
    return (const struct finding *)answer->findings.items + i;
}

/* ---- the shipped policies ---- */

static void stars_follow_the_accepted_minutes(void **state) {
    struct asker *asker = *state;
    activate_shipped(asker, POLICY_KIND_STAR_RATING, NULL);
    struct answer answer = ask_volunteer(asker, "v1", "2018-06-01");
    assert_true(answer.asked);
    assert_false(answer.failed);
    assert_int_equal(answer.stars, 0);
    record_at(asker, "r1", "2018-05-01T08:00:00+08:00", "2018-05-01T18:00:00+08:00", 600,
              WORLD_TIME);
    decide(asker, "r1", "accepted", 6000);
    answer = ask_volunteer(asker, "v1", "2018-06-01");
    assert_int_equal(answer.stars, 1);
    assert_true(str_equal(answer.revision, STR("rule:1")));
    assert_string_equal(facts_of(asker, &answer),
                        "[{\"fact\":\"minutes\",\"arguments\":\"\",\"value\":6000},"
                        "{\"fact\":\"carried_minutes\",\"arguments\":\"\",\"value\":0}]");
    struct str text =
        policy_finding_text(asker->host, answer.revision, finding_at(&answer, 0), &asker->arena);
    assert_true(str_equal(text, STR("累计 100 小时")));
    text = policy_finding_text(asker->host, answer.revision, finding_at(&answer, 1), &asker->arena);
    assert_true(str_equal(text, STR("再服务 200 小时即可评为二星")));
    text = policy_finding_text(asker->host, STR("gone:1"), finding_at(&answer, 1), &asker->arena);
    assert_true(str_equal(text, STR("next_star: 二星 / 200")));
}

static void words_may_name_their_values_in_any_order(void **state) {
    struct asker *asker = *state;
    static const struct {
        const char *words;
        const char *read;
    } texts[] = {
        {"%d of %s", "3 of 12"},     {"%2$d before %1$d", "12 before 3"}, {"%1$d %1$s %d", "3 3 3"},
        {"100%% %2$s%", "100% 12%"}, {"%3$d %2$x %$d", "%3$d %2$x %$d"},  {"%2$", "%2$"},
    };
    struct finding finding = {.code = STR("code"),
                              .value = {.kind = SCALAR_INTEGER, .integer = 3},
                              .needed = {.kind = SCALAR_TEXT, .text = STR("12")}};
    GIVE(&finding, finding, code);
    GIVE(&finding, finding, value);
    GIVE(&finding, finding, needed);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "return { texts = { code = '%s' }, decide = function() return 0 end }",
                 texts[i].words);
        const char *revision =
            activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL, text);
        ask_volunteer(asker, "v1", "2018-06-01");
        struct str words =
            policy_finding_text(asker->host, str_from(revision), &finding, &asker->arena);
        assert_string_equal(arena_string(&asker->arena, words), texts[i].read);
    }
}

static void terms_are_those_of_the_day(void **state) {
    struct asker *asker = *state;
    const char *revision = activate(
        asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", "{\"2019-01-01\":{\"hours\":[5]}}",
        "return { describe = { hours = { title = '时长', unit = '小时' } },\n"
        "parameters = { ['2018-01-01'] = { hours = { 10, 20 } }, ['2018-09-01'] = { hours = { 7 } "
        "} "
        "}, decide = function() return 0 end }");
    ask_volunteer(asker, "v1", "2018-06-01");
    const struct {
        const char *on;
        const char *terms;
    } days[] = {
        {"2018-06-01",
         "{\"from\":\"2018-01-01\",\"later\":[\"2018-09-01\",\"2019-01-01\"],\"describe\":{"
         "\"hours\":{"
         "\"title\":\"时长\",\"unit\":\"小时\"}},\"parameters\":{\"hours\":[10,20]}}"},
        {"2019-01-01", "{\"from\":\"2019-01-01\",\"later\":[],\"describe\":{\"hours\":{\"title\":"
                       "\"时长\",\"unit\":"
                       "\"小时\"}},\"parameters\":{\"hours\":[5]}}"},
        {"2017-01-01",
         "{\"from\":null,\"later\":[\"2018-01-01\",\"2018-09-01\",\"2019-01-01\"],\"describe\":{"
         "\"hours\":{\"title\":\"时长\",\"unit\":\"小时\"}},\"parameters\":null}"},
    };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        buf_reset(&asker->json);
        assert_int_equal(
            policy_terms(asker->host, str_from(revision), date(days[i].on), &asker->json), 0);
        buf_put_byte(&asker->json, 0);
        assert_string_equal(asker->json.data, days[i].terms);
    }
    assert_int_equal(policy_terms(asker->host, STR("gone:1"), 0, &asker->json), 1);
}

static void a_plain_record_is_accepted(void **state) {
    struct asker *asker = *state;
    activate_shipped(asker, POLICY_KIND_ACCEPTANCE, NULL);
    record_at(asker, "r1", "2018-05-01T08:00:00+08:00", "2018-05-01T12:00:00+08:00", 240,
              "2018-05-02T08:00:00+08:00");
    struct answer answer = ask_record(asker, "r1");
    assert_false(answer.failed);
    assert_int_equal(answer.outcome, OUTCOME_ACCEPTED);
    assert_int_equal(answer.minutes, 240);
    assert_int_equal(answer.findings.n, 0);
    assert_contains(facts_of(asker, &answer),
                    "{\"fact\":\"busiest_day_minutes\",\"arguments\":\"\",\"value\":240}");
}

static void overlap_and_late_entry_are_held(void **state) {
    struct asker *asker = *state;
    activate_shipped(asker, POLICY_KIND_ACCEPTANCE, NULL);
    record_at(asker, "r1", "2018-05-01T08:00:00+08:00", "2018-05-01T12:00:00+08:00", 240,
              WORLD_TIME);
    record_at(asker, "r2", "2018-05-01T11:00:00+08:00", "2018-05-01T13:00:00+08:00", 120,
              WORLD_TIME);
    struct answer answer = ask_record(asker, "r2");
    assert_int_equal(answer.outcome, OUTCOME_HELD);
    assert_int_equal(answer.minutes, 120);
    assert_true(str_equal(finding_at(&answer, 0)->code, STR("overlap")));
    assert_true(str_equal(finding_at(&answer, 0)->value.text, STR("r1")));
    assert_true(str_equal(finding_at(&answer, 1)->code, STR("late_entry")));
    activate_shipped(asker, POLICY_KIND_ACCEPTANCE,
                     "{\"2001-01-01\":{\"migrators\":[\"test\"],\"daily_minutes\":60}}");
    answer = ask_record(asker, "r2");
    assert_int_equal(answer.findings.n, 2);
    assert_true(str_equal(finding_at(&answer, 0)->code, STR("daily_limit")));
    assert_int_equal(answer.minutes, 60);
}

static void one_minute_over_the_term_is_late(void **state) {
    struct asker *asker = *state;
    static const char *const ends[] = {"2018-05-02T12:00:00+08:00", "2018-05-02T11:59:00+08:00"};
    activate_shipped(asker, POLICY_KIND_ACCEPTANCE, NULL);
    for (int i = 0; i < 2; i++) {
        record_at(asker, i ? "r2" : "r1",
                  i ? "2018-05-02T10:59:00+08:00" : "2018-05-02T11:59:00+08:00", ends[i],
                  i ? 60 : 1, WORLD_TIME);
        struct answer answer = ask_record(asker, i ? "r2" : "r1");
        assert_int_equal(answer.outcome, i ? OUTCOME_HELD : OUTCOME_ACCEPTED);
        assert_contains(facts_of(asker, &answer),
                        i ? "{\"fact\":\"delay_days\",\"arguments\":\"\",\"value\":31}"
                          : "{\"fact\":\"delay_days\",\"arguments\":\"\",\"value\":30}");
    }
}

static void the_daily_limit_counts_every_day_of_a_night_shift(void **state) {
    struct asker *asker = *state;
    activate_shipped(asker, POLICY_KIND_ACCEPTANCE, NULL);
    record_at(asker, "r1", "2018-04-30T08:00:00+08:00", "2018-04-30T20:00:00+08:00", 700,
              "2018-05-02T08:00:00+08:00");
    decide(asker, "r1", "accepted", 700);
    record_at(asker, "r2", "2018-04-30T22:00:00+08:00", "2018-05-01T06:00:00+08:00", 480,
              "2018-05-02T08:00:00+08:00");
    struct answer answer = ask_record(asker, "r2");
    assert_int_equal(answer.outcome, OUTCOME_ACCEPTED);
    assert_int_equal(answer.minutes, 20 + 360);
    assert_contains(facts_of(asker, &answer),
                    "{\"fact\":\"busiest_day_minutes\",\"arguments\":\"\",\"value\":820}");
    assert_contains(facts_of(asker, &answer),
                    "\"value\":[{\"date\":\"2018-04-30\",\"minutes\":120},"
                    "{\"date\":\"2018-05-01\",\"minutes\":360}]}");
    assert_contains(
        facts_of(asker, &answer),
        "{\"fact\":\"volunteer.minutes_on\",\"arguments\":\"on=2018-04-30\",\"value\":700}");
    /* Asked again after it was accepted, the record itself is left out. */
    decide(asker, "r2", "accepted", 380);
    answer = ask_record(asker, "r2");
    assert_int_equal(answer.minutes, 20 + 360);
}

static void registration_holds_whom_it_does_not_know(void **state) {
    struct asker *asker = *state;
    activate_shipped(asker, POLICY_KIND_REGISTRATION, NULL);
    assert_applied(asker->world, "volunteer.registered",
                   "{\"volunteer\":\"v3\",\"region\":\"620503000000\",\"born\":\"2004-05\"}");
    struct answer answer = ask(asker, POLICY_KIND_REGISTRATION,
                               world_number(asker->world, NOUN_VOLUNTEER, "v3"), "2018-06-01");
    assert_int_equal(answer.outcome, OUTCOME_HELD);
    assert_true(str_equal(finding_at(&answer, 0)->code, STR("guardian_consent_missing")));
    assert_int_equal(finding_at(&answer, 0)->value.integer, 14);
    assert_true(str_equal(finding_at(&answer, 1)->code, STR("identity_missing")));
}

/* ---- which one answers ---- */

static const char fixed[] = "return { decide = function(_, p) return p.stars or 0 end,\n"
                            "parameters = { ['2018-01-01'] = { stars = 1, other = 1 },\n"
                            "['2018-07-01'] = { stars = 2 } } }";

static void no_policy_means_not_asked(void **state) {
    struct asker *asker = *state;
    assert_false(ask_volunteer(asker, "v1", "2018-06-01").asked);
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL, fixed);
    assert_false(ask_volunteer(asker, "v1", "2017-12-31").asked);
    assert_true(ask_volunteer(asker, "v1", "2018-01-01").asked);
    assert_false(ask(asker, POLICY_KIND_HONOUR, 1, "2018-06-01").asked);
}

static void parameters_hold_from_their_day_on(void **state) {
    struct asker *asker = *state;
    activate(
        asker, POLICY_KIND_STAR_RATING, NULL, "2000-01-01",
        "{\"2018-03-01\":{\"stars\":3},\"2018-08-01\":{\"stars\":4},\"2018-09-01\":{\"other\":1}}",
        fixed);
    assert_false(ask_volunteer(asker, "v1", "2017-12-31").asked); /* before its first parameters */
    assert_int_equal(ask_volunteer(asker, "v1", "2018-02-28").stars, 1);
    assert_int_equal(ask_volunteer(asker, "v1", "2018-03-01").stars, 3);
    assert_int_equal(ask_volunteer(asker, "v1", "2018-07-01").stars, 2);
    assert_int_equal(ask_volunteer(asker, "v1", "2018-08-01").stars, 4);
    assert_int_equal(ask_volunteer(asker, "v1", "2018-09-01").stars, 4);
}

static void the_nearest_scope_comes_first(void **state) {
    struct asker *asker = *state;
    activate(asker, POLICY_KIND_STAR_RATING, "620502000000", "2018-01-01", NULL,
             "return { decide = function(v, _, context)\n"
             "finding('of', context.region.name) return 5 end }");
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL,
             "return { decide = function(v, _, context)\n"
             "finding('of', context.region.name) return 2 end }");
    struct answer answer = ask_volunteer(asker, "v1", "2018-06-01"); /* lives in Qinzhou */
    assert_int_equal(answer.stars, 5);
    assert_true(str_equal(finding_at(&answer, 0)->value.text, STR("秦州区")));
    answer = ask_volunteer(asker, "v2", "2018-06-01");
    assert_int_equal(answer.stars, 2);
    assert_true(str_equal(finding_at(&answer, 0)->value.text, STR("天水市")));
}

static void the_newest_effective_revision_answers(void **state) {
    struct asker *asker = *state;
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL,
             "return { decide = function() return 1 end }");
    const char *second = activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-06-01", NULL,
                                  "return { decide = function() return 2 end }");
    assert_int_equal(ask_volunteer(asker, "v1", "2018-05-31").stars, 1);
    assert_int_equal(ask_volunteer(asker, "v1", "2018-06-01").stars, 2);
    struct policy_set_aside aside = {
        .policy = STR("rule"), .revision = str_from(second), .reason = STR("stuck")};
    GIVE(&aside, policy_set_aside, policy);
    GIVE(&aside, policy_set_aside, revision);
    GIVE(&aside, policy_set_aside, reason);
    apply(asker, "policy.set_aside", &aside);
    assert_int_equal(ask_volunteer(asker, "v1", "2018-06-01").stars, 1);
}

/* ---- failures ---- */

static void a_failure_is_an_answer_and_leaves_nothing(void **state) {
    struct asker *asker = *state;
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL,
             "return { decide = function(v) finding('a', 1) if v.id == 'v1' then\n"
             "while true do end end return 1 end }");
    struct answer answer = ask_volunteer(asker, "v1", "2018-06-01");
    assert_true(answer.failed);
    assert_int_equal(answer.findings.n, 0);
    assert_int_equal(answer.facts.size, 0);
    assert_true(str_equal(answer.revision, STR("rule:1")));
    answer = ask_volunteer(asker, "v2", "2018-06-01");
    assert_false(answer.failed);
    assert_int_equal(answer.findings.n, 1);
}

static void a_text_that_does_not_load_fails_when_asked(void **state) {
    struct asker *asker = *state;
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL, "return {");
    struct answer answer = ask_volunteer(asker, "v1", "2018-06-01");
    assert_true(answer.asked && answer.failed);
    assert_contains(arena_string(&asker->arena, answer.failure), "rule:1:1:");
}

/* ---- facts ---- */

static void every_fact_can_be_read(void **state) {
    struct asker *asker = *state;
    activate(
        asker, POLICY_KIND_ACCEPTANCE, NULL, "2018-01-01", NULL,
        "local function person(v)\n"
        "  return v.id, v.region.name, v.employer, v.referred_by, v.party_status, "
        "v:age('2018-06-01'), v.born,\n"
        "    v.sex, v.occupation, v.guardian_consent, v.has_identity, v.registered_on, v.standing, "
        "v.stars,\n"
        "    v.stars_since, v:stars_on('2018-06-01'), #v:star_changes{ down = false },\n"
        "    v:minutes{ from = '2018-01-01', to = '2018-12-31', category = 'elderly', method = "
        "'code' },\n"
        "    v:minutes_on('2018-05-01'), v:months_active{}, v.first_service_on, v.last_service_on\n"
        "end\n"
        "return { decide = function(r, _, context)\n"
        "  person(r.volunteer)\n"
        "  for _, other in ipairs(r.volunteer:records{ limit = 5 }) do finding('other', other.id, "
        "other.on) end\n"
        "  local a, o = r.activity, r.organisation\n"
        "  local _ = a.id, a.category, a.kind, a.organisation.id, a.region.id, a.starts, a.ends, "
        "a.major,\n"
        "    a.emergency, a.retrospective\n"
        "  _ = o.id, o.name, o.kind, o.line, o.region.parent.name, o.parent, o:count('minutes')\n"
        "  _ = r.role, r.evidence, r.quantities.trees, r.on, r.days[1].date, r.span_minutes, "
        "r.counted_minutes,\n"
        "    r.starts, r.ends, r.category, r.method, r.recorder, r.source, r.corrected, "
        "#r.overlaps, r.delay_minutes, r.delay_days, r.busiest_day_minutes\n"
        "  _ = context.as_of, context.year, context.quarter_start, context.cause, "
        "context.region:count('volunteers')\n"
        "  return 'accepted', r.minutes\n"
        "end }");
    record_at(asker, "r1", "2018-05-01T08:00:00+08:00", "2018-05-01T12:00:00+08:00", 240,
              WORLD_TIME);
    decide(asker, "r1", "accepted", 240);
    assert_applied(asker->world, "star.changed", "{\"volunteer\":\"v1\",\"from\":0,\"to\":1}");
    record_at(asker, "r2", "2018-05-02T08:00:00+08:00", "2018-05-02T12:00:00+08:00", 100,
              WORLD_TIME);
    struct answer answer = ask_record(asker, "r2");
    if (answer.failed)
        fail_msg("%.*s", STR_ARG(answer.failure));
    assert_int_equal(answer.minutes, 100);
    assert_int_equal(answer.findings.n, 1);
    assert_true(str_equal(finding_at(&answer, 0)->value.text, STR("r1")));
    assert_true(str_equal(finding_at(&answer, 0)->needed.text, STR("2018-05-01")));
    assert_contains(facts_of(asker, &answer),
                    "{\"fact\":\"category\",\"arguments\":\"\",\"value\":\"elderly\"}");
    assert_contains(facts_of(asker, &answer),
                    "{\"fact\":\"volunteer.records\",\"arguments\":\"limit=5\"");
    assert_contains(facts_of(asker, &answer), "{\"fact\":\"volunteer.records[r1].id\"");
}

static void of_many_facts_a_digest_is_kept(void **state) {
    struct asker *asker = *state;
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL,
             "return { decide = function(v) local n = 0\n"
             "for month = 1, 12 do for day = 1, 28 do\n"
             "n = n + v:minutes_on(string.format('2018-%02d-%02d', month, day)) end end\n"
             "return n > 100 and 1 or 0 end }");
    struct answer answer = ask_volunteer(asker, "v1", "2018-06-01");
    assert_contains(facts_of(asker, &answer), "{\"digest\":\"");
    struct answer again = ask_volunteer(asker, "v1", "2018-06-01");
    assert_true(str_equal(answer.facts, again.facts));
    record_at(asker, "r1", "2018-05-01T08:00:00+08:00", "2018-05-01T12:00:00+08:00", 240,
              WORLD_TIME);
    decide(asker, "r1", "accepted", 240);
    again = ask_volunteer(asker, "v1", "2018-06-01");
    assert_int_equal(again.stars, 1);
    assert_false(str_equal(answer.facts, again.facts));
}

static void assert_fact(struct asker *asker, const char *expression, const char *expected) {
    char text[1024];
    snprintf(text, sizeof text,
             "return { decide = function(v, _, context) local _ = %s return 0 end }", expression);
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL, text);
    struct answer answer = ask_volunteer(asker, "v1", "2018-05-20");
    if (answer.failed)
        fail_msg("%s: %.*s", expression, STR_ARG(answer.failure));
    assert_string_equal(facts_of(asker, &answer), expected);
}

static void facts_hold_what_the_state_says(void **state) {
    struct asker *asker = *state;
    record_at(asker, "r1", "2018-04-30T23:00:00+08:00", "2018-05-01T01:00:00+08:00", 120,
              WORLD_TIME);
    decide(asker, "r1", "accepted", 120);
#define ONE(fact, arguments, value)                                                                \
    "[{\"fact\":\"" fact "\",\"arguments\":\"" arguments "\",\"value\":" value "}]"
    assert_fact(asker, "v.id", ONE("id", "", "\"v1\""));
    assert_fact(asker, "v.region.name", ONE("region.name", "", "\"社区\""));
    assert_fact(asker, "v.region.parent.parent.id",
                ONE("region.parent.parent.id", "", "\"620502000000\""));
    assert_fact(asker, "v.employer.kind", ONE("employer.kind", "", "\"enterprise\""));
    assert_fact(asker, "v.referred_by", ONE("referred_by", "", "null"));
    assert_fact(asker, "v:age('2018-06-01')", ONE("age", "on=2018-06-01", "null"));
    assert_fact(asker, "v.registered_on", ONE("registered_on", "", "\"2018-06-01\""));
    assert_fact(asker, "v:minutes{}", ONE("minutes", "", "120"));
    assert_fact(asker, "v:minutes{ to = '2018-04-30' }", ONE("minutes", "to=2018-04-30", "60"));
    assert_fact(asker, "v:minutes{ method = 'code', from = '2018-05-01' }",
                ONE("minutes", "from=2018-05-01,method=code", "60"));
    assert_fact(asker, "v:minutes{ category = 'ecology' }",
                ONE("minutes", "category=ecology", "0"));
    assert_fact(asker, "v:minutes_on('2018-05-01')", ONE("minutes_on", "on=2018-05-01", "60"));
    assert_fact(asker, "v:months_active{}", ONE("months_active", "", "2"));
    assert_fact(asker, "v:months_active{ from = '2018-05-02' }",
                ONE("months_active", "from=2018-05-02", "0"));
    assert_fact(asker, "v.first_service_on", ONE("first_service_on", "", "\"2018-04-30\""));
    assert_fact(asker, "v.last_service_on", ONE("last_service_on", "", "\"2018-05-01\""));
    assert_fact(asker, "{ v.stars, v.stars }", ONE("stars", "", "0"));
    assert_fact(asker, "context.quarter_start", ONE("context.quarter_start", "", "\"2018-04-01\""));
    assert_fact(asker, "context.cause", ONE("context.cause", "", "\"service.recorded\""));
    assert_fact(asker, "context.region:count('minutes')",
                ONE("context.region.count", "name=minutes", "120"));
#undef ONE
}

static void nothing_of_a_call_survives(void **state) {
    struct asker *asker = *state;
    activate(
        asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL,
        "local kept = 0\n"
        "return { decide = function(v) if v.id == 'v1' then kept = kept + 1 end return kept end }");
    assert_true(ask_volunteer(asker, "v1", "2018-06-01").failed);
    struct answer answer = ask_volunteer(asker, "v2", "2018-06-01");
    assert_false(answer.failed);
    assert_int_equal(answer.stars, 0);
}

/* What an earlier call left behind must not make room for the next. */
static void the_memory_budget_ends_at_the_same_place(void **state) {
    struct asker *asker = *state;
    struct policy_limits small = {1000000, 1 << 20, 65536};
    policy_host_free(asker->host);
    asker->host = policy_host_new(&small);
    unsigned n_failed = 0, n_asked = 0;
    for (int n = 10000; n < 24000; n += 1000) {
        char text[256];
        snprintf(text, sizeof text,
                 "return { decide = function(v)\n"
                 "local n = v.id == 'v2' and 3000 or %d\n"
                 "for i = 1, n do local word = 'w' .. i end return 1 end }",
                 n);
        activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL, text);
        bool failed = ask_volunteer(asker, "v1", "2018-06-01").failed;
        assert_false(ask_volunteer(asker, "v2", "2018-06-01").failed); /* leaves 3,000 words */
        assert_int_equal(ask_volunteer(asker, "v1", "2018-06-01").failed, failed);
        n_failed += failed;
        n_asked++;
    }
    assert_true(n_failed > 0 && n_failed < n_asked);
}

static void noting(void *context, struct str revision) {
    struct buf *notes = context;
    buf_put_str(notes, revision.size ? revision : STR("-"));
    buf_put_byte(notes, ' ');
}

static void the_watchdog_is_told_what_runs(void **state) {
    struct asker *asker = *state;
    struct buf notes = {0};
    policy_host_watch(asker->host, noting, &notes);
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2018-01-01", NULL,
             "return { decide = function() return 1 end }");
    ask_volunteer(asker, "v1", "2018-06-01"); /* its file, then its decide */
    assert_true(str_equal(buf_str(&notes), STR("rule:1 - rule:1 - ")));
    ask_volunteer(asker, "v1", "2018-06-01"); /* the answer is known: nothing runs */
    assert_true(str_equal(buf_str(&notes), STR("rule:1 - rule:1 - ")));
    buf_deinit(&notes);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, asker_setup, asker_teardown)
    const struct CMUnitTest tests[] = {
        TEST(stars_follow_the_accepted_minutes),
        TEST(words_may_name_their_values_in_any_order),
        TEST(terms_are_those_of_the_day),
        TEST(a_plain_record_is_accepted),
        TEST(overlap_and_late_entry_are_held),
        TEST(one_minute_over_the_term_is_late),
        TEST(the_daily_limit_counts_every_day_of_a_night_shift),
        TEST(registration_holds_whom_it_does_not_know),
        TEST(no_policy_means_not_asked),
        TEST(parameters_hold_from_their_day_on),
        TEST(the_nearest_scope_comes_first),
        TEST(the_newest_effective_revision_answers),
        TEST(a_failure_is_an_answer_and_leaves_nothing),
        TEST(a_text_that_does_not_load_fails_when_asked),
        TEST(every_fact_can_be_read),
        TEST(of_many_facts_a_digest_is_kept),
        TEST(facts_hold_what_the_state_says),
        TEST(nothing_of_a_call_survives),
        TEST(the_watchdog_is_told_what_runs),
        TEST(the_memory_budget_ends_at_the_same_place),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
