/* Assessments and bulletins: which policies are asked about whom, and what an answer must look
 * like. */
#include "policy_fixture.h"

#include "policy/call.h"

#define AS_OF "2018-06-01"

static struct answer *assess(struct asker *asker, enum noun noun, const char *id, size_t *ret_n) {
    struct view *view = asker->world->stepper.context.view;
    struct answer *answers;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_assess(asker->host, view, &asker->world->stepper.city, noun,
                                   world_number(asker->world, noun, id), date(AS_OF), COUNTER_NOW,
                                   CAUSE_ON_DEMAND, STR_NONE, &asker->arena, &answers, ret_n),
                     0);
    return answers;
}

static struct answer bulletin(struct asker *asker, enum BULLETIN_KIND_choice kind,
                              const char *region) {
    struct view *view = asker->world->stepper.context.view;
    struct answer answer;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_bulletin(asker->host, view, &asker->world->stepper.city, kind,
                                     world_number(asker->world, NOUN_REGION, region), date(AS_OF),
                                     COUNTER_NOW, STR("2018-05"), &asker->arena, &answer),
                     0);
    return answer;
}

static void activate_assessment(struct asker *asker, const char *name, const char *scope,
                                const char *decide) {
    char text[2048];
    snprintf(text, sizeof text, "return { decide = function(s, p, c) %s end }", decide);
    activate_named(asker, name, POLICY_KIND_ASSESSMENT, scope, "2018-01-01", NULL, text);
}

static void activate_bulletin(struct asker *asker, const char *name, const char *scope,
                              const char *decide) {
    char text[4096];
    snprintf(text, sizeof text, "return { decide = function(s, p, c) %s end }", decide);
    activate_named(asker, name, POLICY_KIND_BULLETIN, scope, "2018-01-01", NULL, text);
}

static const char *text_of(struct asker *asker, struct str text) {
    return arena_string(&asker->arena, text);
}

static void every_policy_of_the_nearest_scope_answers_by_name(void **state) {
    struct asker *asker = *state;
    size_t n;
    (void)assess(asker, NOUN_REGION, "620502000000", &n);
    assert_int_equal(n, 0);
    activate_assessment(asker, "b", NULL, "return { indicators = {} }");
    activate_assessment(asker, "a", NULL, "return { indicators = {} }");
    activate_assessment(asker, "b", NULL,
                        "return { indicators = { { id = 'x', state = c.subject } } }");
    struct answer *answers = assess(asker, NOUN_REGION, "620502000000", &n);
    assert_int_equal(n, 2);
    assert_string_equal(text_of(asker, answers[0].policy), "a");
    assert_string_equal(text_of(asker, answers[1].policy), "b");
    assert_string_equal(text_of(asker, answers[1].revision), "b:3");
    assert_string_equal(text_of(asker, answers[1].json), "[{\"id\":\"x\",\"state\":\"region\"}]");
    answers = assess(asker, NOUN_ORGANISATION, "o1", &n);
    assert_int_equal(n, 2);
    assert_string_equal(text_of(asker, answers[1].json),
                        "[{\"id\":\"x\",\"state\":\"organisation\"}]");
    activate_assessment(asker, "c", "620502000000", "return { indicators = {} }");
    answers = assess(asker, NOUN_ORGANISATION, "o1", &n);
    assert_int_equal(n, 1);
    assert_string_equal(text_of(asker, answers[0].policy), "c");
    (void)assess(asker, NOUN_REGION, "620503000000", &n);
    assert_int_equal(n, 2);
}

static void an_indicator_is_read_whole(void **state) {
    struct asker *asker = *state;
    size_t n;
    activate_assessment(asker, "a", NULL,
                        "finding('seen', 3) return { indicators = { { id = 'registered', title = "
                        "'注册', value = '13.00%', target = 13, state = 'not_met', score = 0, max "
                        "= 10, evidence = { whole = 100, part = 13, known = true } } } }");
    struct answer *answers = assess(asker, NOUN_REGION, "620502000000", &n);
    assert_int_equal(n, 1);
    const struct indicator *indicator = answers[0].indicators.items;
    assert_int_equal(answers[0].indicators.n, 1);
    assert_int_equal(answers[0].findings.n, 1);
    assert_string_equal(text_of(asker, indicator->id), "registered");
    assert_string_equal(text_of(asker, indicator->value.text), "13.00%");
    assert_int_equal(indicator->target.integer, 13);
    assert_string_equal(
        text_of(asker, answers[0].json),
        "[{\"id\":\"registered\",\"title\":\"注册\",\"value\":\"13.00%\",\"target\":13,"
        "\"state\":\"not_met\",\"score\":0,\"max\":10,\"evidence\":{\"known\":true,"
        "\"part\":13,\"whole\":100}}]");
}

/* What the policy answers is refused in these words; the others still answer. */
static void assert_wrong(struct asker *asker, const char *decide, const char *words) {
    size_t n;
    activate_assessment(asker, "a", NULL, decide);
    struct answer *answers = assess(asker, NOUN_REGION, "620502000000", &n);
    assert_int_equal(n, 2);
    assert_true(answers[0].failed);
    assert_false(answers[1].failed);
    if (!strstr(text_of(asker, answers[0].failure), words))
        fail_msg("'%s' is not in: %s", words, text_of(asker, answers[0].failure));
}

static void a_wrong_indicator_is_named(void **state) {
    struct asker *asker = *state;
    activate_assessment(asker, "b", NULL, "return { indicators = {} }");
    assert_wrong(asker, "return {}", "wrong indicators: it is missing");
    assert_wrong(asker, "return { indicators = 1 }", "must be a list");
    assert_wrong(asker, "return { indicators = { 1 } }", "[1] a table is expected");
    assert_wrong(asker, "return { indicators = { { id = 'A', state = 'x' } } }", "[1] id: a text");
    assert_wrong(asker, "return { indicators = { { id = 'a' } } }", "[1] state: it is missing");
    assert_wrong(asker, "return { indicators = { { state = 'a' } } }", "[1] id: it is missing");
    assert_wrong(asker, "return { indicators = { { id = 'a', state = 'x', value = 1.5 } } }",
                 "[1] value: a whole number");
    assert_wrong(asker, "return { indicators = { { id = 'a', state = 'x', valeu = 1 } } }",
                 "no member 'valeu'");
    assert_wrong(asker, "local a = { id = 'a', state = 'x' } return { indicators = { a, a } }",
                 "[2] its id stands there twice");
    assert_wrong(asker,
                 "return { indicators = { { id = 'a', state = 'x', evidence = { of = {} } } } }",
                 "[1] evidence: a table of at most 32");
    assert_wrong(asker, "error('no') return {}", "no");
}

#define PERCENT "{ name = 'rate', title = '率', kind = 'percent' }"
#define COLUMNS                                                                                    \
    "columns = { { name = 'county', title = '县区', kind = 'text' }, " PERCENT ", { name = "       \
    "'gap', title = '差', kind = 'number' } }"

static void a_document_becomes_json(void **state) {
    struct asker *asker = *state;
    assert_false(bulletin(asker, BULLETIN_KIND_REGISTRATION, "620500000000").asked);
    activate_bulletin(asker, "bulletin_station", NULL, "return { sections = {} }");
    assert_false(bulletin(asker, BULLETIN_KIND_REGISTRATION, "620500000000").asked);
    activate_bulletin(
        asker, "bulletin_registration", NULL,
        "return { title = '通报', subtitle = c.period, sections = { { title = '一', note = "
        "'注', " COLUMNS
        ", rows = { { county = '秦州区', rate = { 13, 100 }, gap = 1 }, { county = "
        "'麦积区', rate = { 5 } } }, total = { rate = { 18, 100 } } } }, series = { { title = "
        "'率', kind = 'bar', unit = '%', target = 13, points = { { label = '秦州区', value = { "
        "1, 3 } }, { label = '麦积区', value = { 1, 0 } }, { label = '人', value = 7 } } } }, "
        "text = { '一段。' } }");
    struct answer answer = bulletin(asker, BULLETIN_KIND_REGISTRATION, "620500000000");
    if (answer.failed)
        fail_msg("%s", text_of(asker, answer.failure));
    assert_true(answer.asked);
    assert_string_equal(
        text_of(asker, answer.json),
        "{\"title\":\"通报\",\"subtitle\":\"2018-05\",\"sections\":[{\"title\":\"一\",\"note\":"
        "\"注\",\"columns\":[{\"name\":\"county\",\"title\":\"县区\",\"kind\":\"text\"},{"
        "\"name\":\"rate\",\"title\":\"率\",\"kind\":\"percent\"},{\"name\":\"gap\",\"title\":"
        "\"差\",\"kind\":\"number\"}],\"rows\":[[\"秦州区\",[13,100],1],[\"麦积区\",[5,null],"
        "null]],\"total\":[null,[18,100],null]}],\"series\":[{\"title\":\"率\",\"kind\":"
        "\"bar\",\"unit\":\"%\",\"target\":13,\"points\":[{\"label\":\"秦州区\",\"value\":"
        "[1,3]},{\"label\":\"麦积区\",\"value\":null},{\"label\":\"人\",\"value\":7}]}],"
        "\"text\":[\"一段。\"]}");
}

static void a_countys_own_bulletin_comes_first(void **state) {
    struct asker *asker = *state;
    activate_bulletin(asker, "bulletin_station", NULL, "return { title = 'city', sections = {} }");
    activate_bulletin(asker, "bulletin_station", "620502000000",
                      "return { title = 'county', sections = {} }");
    assert_string_equal(text_of(asker, bulletin(asker, BULLETIN_KIND_STATION, "620502001000").json),
                        "{\"title\":\"county\",\"sections\":[]}");
    assert_string_equal(text_of(asker, bulletin(asker, BULLETIN_KIND_STATION, "620503000000").json),
                        "{\"title\":\"city\",\"sections\":[]}");
}

static void assert_wrong_document(struct asker *asker, const char *decide, const char *words) {
    activate_bulletin(asker, "bulletin_station", NULL, decide);
    struct answer answer = bulletin(asker, BULLETIN_KIND_STATION, "620500000000");
    assert_true(answer.failed);
    if (!strstr(text_of(asker, answer.failure), words))
        fail_msg("'%s' is not in: %s", words, text_of(asker, answer.failure));
}

#define SECTION(rows) "return { sections = { { title = 'a', " COLUMNS ", " rows " } } }"

#define COUNTING(column, rows)                                                                     \
    "return { sections = { { title = 'a', columns = { { name = 'n', title = 'b', kind = "          \
    "'hundredths', " column " } }, rows = { " rows " } } } }"

static void a_wrong_document_says_where(void **state) {
    struct asker *asker = *state;
    assert_wrong_document(asker, "return 1", "wrong title: a text");
    assert_wrong_document(asker, "return {}", "wrong sections: it is missing");
    assert_wrong_document(asker, "return { sections = {}, chart = {} }", "a field 'chart'");
    assert_wrong_document(asker, "return { sections = { 1 } }", "sections: [1]: { title =");
    assert_wrong_document(asker, "return { sections = { { columns = {}, rows = {} } } }",
                          "[1].title: a text");
    assert_wrong_document(asker,
                          "return { sections = { { title = 'a', columns = {}, rows = {} } } }",
                          "[1].columns: at least one");
    assert_wrong_document(
        asker,
        "return { sections = { { title = 'a', columns = { { name = 'a', title = 'b', kind = 'c' } "
        "}, rows = {} } } }",
        "[1].columns[1].kind: text, number");
    assert_wrong_document(asker, SECTION("rows = { { countty = 'x' } }"),
                          "[1].rows[1]: there is no 'countty' here: did you mean 'county'");
    assert_wrong_document(asker, SECTION("rows = { { '秦州区', { 13, 100 }, 1 } }"),
                          "[1].rows[1]: a table by names is expected here, not a list");
    assert_wrong_document(asker, SECTION("rows = { {}, { rate = 5 } }"),
                          "[1].rows[2].rate: { part, whole } is expected");
    assert_wrong_document(asker, SECTION("rows = { { gap = 1.5 } }"),
                          "[1].rows[1].gap: a whole number");
    assert_wrong_document(asker, SECTION("rows = {}, total = { gap = 'x' }"),
                          "[1].total.gap: a whole number");
    assert_wrong_document(asker, SECTION("rows = {}, totals = {}"), "did you mean 'total'");
    assert_wrong_document(asker,
                          "return { sections = {}, series = { { title = 'a', kind = 'pie', points "
                          "= {} } } }",
                          "series: [1].kind: bar or line");
    assert_wrong_document(asker,
                          "return { sections = {}, series = { { title = 'a', kind = 'bar', points "
                          "= { { label = 'b', value = 'c' } } } } }",
                          "[1].points[1].value: a whole number or");
    assert_wrong_document(asker, COUNTING("counts = 'minute'", "{}"),
                          "[1].columns[1].counts: the name of something that count() knows");
    assert_wrong_document(asker, COUNTING("counts = { 'minutes', 1 }", "{}"),
                          "[1].columns[1].counts[2]: the name");
    assert_wrong_document(asker, COUNTING("counts = 'minutes', from = '2018-05-02'", "{}"),
                          "[1].columns[1].from: the first day of a month");
    assert_wrong_document(asker, COUNTING("counts = 'minutes', to = '2018-05-30'", "{}"),
                          "[1].columns[1].to: the last day of a month");
    assert_wrong_document(asker, COUNTING("figure = 'people'", "{}"),
                          "[1].columns[1].figure: the name of something that figure() knows");
    assert_wrong_document(asker, COUNTING("counts = 'minutes'", "{ region = 1 }"),
                          "[1].rows[1].region: the id of one");
    assert_wrong_document(asker, "return { sections = {}, text = { 'a', 1 } }",
                          "text: [2]: a text");
    assert_wrong_document(asker,
                          "local rows = {} for i = 1, 1000 do rows[i] = { county = "
                          "string.rep('x', 200) } end " SECTION("rows = rows"),
                          "the document is too large");
}

static void a_column_says_what_it_counts_and_a_row_what_it_is_about(void **state) {
    struct asker *asker = *state;
    activate_bulletin(asker, "bulletin_station", NULL,
                      COUNTING("counts = { 'minutes', 'records' }, from = '2018-05-01', to = "
                               "'2018-06-30'",
                               "{ n = 1, region = '620502000000' }, { n = 2, organisation = 'x' }, "
                               "{ n = 3 }"));
    const char *json = text_of(asker, bulletin(asker, BULLETIN_KIND_STATION, "620500000000").json);
    assert_non_null(strstr(json, "\"kind\":\"hundredths\",\"counts\":[\"minutes\",\"records\"],"
                                 "\"from\":\"2018-05-01\",\"to\":\"2018-06-30\"}"));
    assert_non_null(strstr(json, "\"rows\":[[1],[2],[3]],\"subjects\":[\"region/620502000000\","
                                 "\"organisation/x\",null]"));
}

static void what_stands_for_no_list_is_not_taken_for_an_empty_one(void **state) {
    struct asker *asker = *state;
    activate_assessment(asker, "b", NULL, "return { indicators = {} }");
    assert_wrong(asker, "return { indicators = { id = 'a', state = 'met' } }", "must be a list");
    assert_wrong(asker, "return { indicators = {}, findings = { code = 'a' } }", "must be a list");
    assert_wrong_document(asker, SECTION("rows = { county = '秦州区' }"),
                          "[1].rows: a list is expected");
    assert_wrong_document(asker, "return { sections = { title = 'a' } }", "a list is expected");
}

/* Such a text could not be read again: no reader of JSON takes U+0000. */
static void texts_with_a_zero_byte_are_refused(void **state) {
    struct asker *asker = *state;
    activate_assessment(asker, "b", NULL, "return { indicators = {} }");
    assert_wrong_document(asker, "return { title = 'a\\0b', sections = {} }", "wrong title");
    assert_wrong_document(asker, SECTION("rows = { { county = '\\0' } }"),
                          "rows[1].county: a text");
    assert_wrong_document(asker, "return { sections = {}, text = { 'a\\0' } }", "[1]: a text");
    assert_wrong(asker, "return { indicators = { { id = 'a', state = 'x', value = '\\0' } } }",
                 "[1] value: ");
    assert_wrong(asker, "return { indicators = { { id = 'a', state = 'x\\0' } } }", "[1] state: ");
    assert_wrong(asker,
                 "return { indicators = { { id = 'a', state = 'x', evidence = { of = '\\0' } } } }",
                 "[1] evidence: ");
    assert_wrong(asker, "finding('a', '\\0') return { indicators = {} }", "a finding's value");
}

/* Lua holds a row but once; as JSON it would be a hundred megabytes and more. */
static void a_large_document_is_given_up_before_it_is_written(void **state) {
    struct asker *asker = *state;
    assert_wrong_document(
        asker,
        "local columns, row = {}, {} for i = 1, 24 do columns[i] = { name = 'c' .. i, title = 'a', "
        "kind = 'text' } row['c' .. i] = string.rep('\\1', 256) end local rows, sections = {}, {} "
        "for i = 1, 1000 do rows[i] = row end for i = 1, 16 do sections[i] = { title = 'a', "
        "columns = columns, rows = rows } end return { sections = sections }",
        "the document is too large");
    assert_in_range(asker->host->call.json.capacity, 0, 1 << 20);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, asker_setup, asker_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_policy_of_the_nearest_scope_answers_by_name),
        TEST(an_indicator_is_read_whole),
        TEST(a_wrong_indicator_is_named),
        TEST(a_document_becomes_json),
        TEST(a_countys_own_bulletin_comes_first),
        TEST(a_wrong_document_says_where),
        TEST(a_column_says_what_it_counts_and_a_row_what_it_is_about),
        TEST(what_stands_for_no_list_is_not_taken_for_an_empty_one),
        TEST(texts_with_a_zero_byte_are_refused),
        TEST(a_large_document_is_given_up_before_it_is_written),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
