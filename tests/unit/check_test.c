/* A policy file is checked before it is activated: what is wrong is said with its line, its cases
 * run, and a file that would hang or eat the machine only ends the child that checks it. This
 * program is that child, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>
#include <jansson.h>

#include "policy/object.h"
#include "policy/result.h"
#include "policy/vet.h"
#include "util/io.h"

static const struct policy_limits limits = {1000000, UINT64_C(16) << 20, 65536};

static json_t *verdict_of(const struct policy_source *source, int expected) {
    struct buf out = {0};
    assert_int_equal(policy_check(source, &limits, &out), expected);
    json_t *verdict = json_loadb(out.data, out.size, 0, NULL);
    assert_non_null(verdict);
    assert_int_equal(json_is_true(json_object_get(verdict, "ok")), expected == 0);
    buf_deinit(&out);
    return verdict;
}

static json_t *check_text(const char *text, int expected) {
    struct policy_source source = {STR("rule.lua"), str_from(text), 0, NULL, STR_NONE};
    return verdict_of(&source, expected);
}

static const char *text_at(json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* The text is refused with this code, on this line, in these words. */
static void assert_complaint(const char *text, const char *code, int line, const char *words) {
    json_t *verdict = check_text(text, 1);
    json_t *complaint;
    size_t i;
    bool found = false;
    json_array_foreach(json_object_get(verdict, "complaints"), i, complaint) {
        found |= strcmp(text_at(complaint, "code"), code) == 0 &&
                 json_integer_value(json_object_get(complaint, "line")) == line &&
                 strstr(text_at(complaint, "message"), words);
    }
    if (!found) {
        char *all = json_dumps(verdict, 0);
        fail_msg("no %s on line %d with '%s': %s", code, line, words, all);
    }
    json_decref(verdict);
}

static char *file_text(const char *path, size_t *ret_size) {
    char *text;
    assert_int_equal(io_read_file(io_system(), path, 1 << 20, &text, ret_size), 0);
    return text;
}

static void shipped_policies_pass(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *kind;
    } shipped[] = {{"acceptance", "acceptance"},
                   {"assessment", "assessment"},
                   {"bulletin_assessment", "bulletin"},
                   {"bulletin_registration", "bulletin"},
                   {"bulletin_station", "bulletin"},
                   {"bulletin_activity", "bulletin"},
                   {"bulletin_campaign", "bulletin"},
                   {"bulletin_funds", "bulletin"},
                   {"points", "points"},
                   {"registration", "registration"},
                   {"star_rating", "star_rating"}};
    static const char *const names[] = {"indicators", "stations", "integrity", "alarms", "tables"};
    enum { N_LIBRARIES = sizeof names / sizeof *names };
    struct library libraries[N_LIBRARIES];
    for (size_t i = 0; i < N_LIBRARIES; i++) {
        char path[512];
        snprintf(path, sizeof path, SOURCE_DIR "/scripts/library/%s.lua", names[i]);
        libraries[i].name = str_from(names[i]);
        libraries[i].text.data = file_text(path, &libraries[i].text.size);
    }
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
        char path[512];
        size_t size;
        snprintf(path, sizeof path, SOURCE_DIR "/scripts/policies/%s.lua", shipped[i].name);
        char *text = file_text(path, &size);
        struct policy_source source = {
            str_from(shipped[i].name), {text, size}, N_LIBRARIES, libraries, STR_NONE};
        json_t *verdict = verdict_of(&source, 0);
        assert_string_equal(text_at(verdict, "policy"), shipped[i].name);
        assert_string_equal(text_at(verdict, "kind"), shipped[i].kind);
        assert_true(json_array_size(json_object_get(verdict, "cases")) >= 2);
        json_t *missed = json_object_get(json_object_get(verdict, "coverage"), "missed");
        if (json_array_size(missed) || json_array_size(json_object_get(verdict, "complaints")))
            fail_msg("%s: lines %s: %s", shipped[i].name, json_dumps(missed, 0),
                     json_dumps(json_object_get(verdict, "complaints"), 0));
        assert_int_equal(json_array_size(json_object_get(verdict, "parameters")), 1);
        json_decref(verdict);
        free(text);
    }
    for (size_t i = 0; i < N_LIBRARIES; i++)
        free((void *)(uintptr_t)libraries[i].text.data);
}

/* scripts/templates/KIND.lua, which `policy new` writes: nothing is to be said of it, and its cases
 * reach every line. */
static void every_kind_has_a_template_that_passes(void **state) {
    (void)state;
    for (size_t kind = 0; kind < POLICY_KIND_choices.n; kind++) {
        const char *word = POLICY_KIND_choices.words[kind];
        char path[512], text[16384];
        size_t size, n = 0;
        if (!policy_kind((enum POLICY_KIND_choice)kind))
            continue;
        snprintf(path, sizeof path, SOURCE_DIR "/scripts/templates/%s.lua", word);
        char *template = file_text(path, &size);
        const char *name = strcmp(word, "bulletin") == 0 ? "bulletin_activity" : word;
        for (const char *next = template; *next; n += strlen(text + n)) {
            bool mark = strncmp(next, "NAME", 4) == 0;
            assert_true(n + 100 < sizeof text);
            snprintf(text + n, sizeof text - n, "%.*s", mark ? 99 : 1, mark ? name : next);
            next += mark ? 4 : 1;
        }
        struct policy_source source = {STR("rule.lua"), str_from(text), 0, NULL, STR_NONE};
        struct buf out = {0};
        policy_check(&source, &limits, &out);
        json_t *verdict = json_loadb(out.data, out.size, 0, NULL);
        json_t *coverage = json_object_get(verdict, "coverage");
        buf_deinit(&out);
        if (json_array_size(json_object_get(verdict, "complaints")) > 0 ||
            json_array_size(json_object_get(coverage, "missed")) > 0)
            fail_msg("%s: %s", word, json_dumps(verdict, 0));
        assert_string_equal(text_at(verdict, "policy"), name);
        assert_string_equal(text_at(verdict, "kind"), word);
        json_decref(verdict);
        free(template);
    }
}

static json_t *missed_lines(const char *text, int64_t lines) {
    json_t *verdict = check_text(text, 0);
    json_t *coverage = json_object_get(verdict, "coverage");
    json_t *missed = json_incref(json_object_get(coverage, "missed"));
    assert_int_equal(json_integer_value(json_object_get(coverage, "lines")), lines);
    assert_int_equal(json_integer_value(json_object_get(coverage, "run")),
                     lines - (int64_t)json_array_size(missed));
    json_decref(verdict);
    return missed;
}

static void lines_that_no_case_reaches_are_listed(void **state) {
    (void)state;
    json_t *missed = missed_lines("local function never(x)\n"
                                  "  local y = x\n"
                                  "  return y\n"
                                  "end\n"
                                  "local function helper(x)\n"
                                  "  if x > 9 then\n"
                                  "    return 1 --[[ not\n"
                                  "    reached ]]\n"
                                  "  end\n"
                                  "  return 0\n"
                                  "end\n"
                                  "return { name = 'rule', kind = 'star_rating', title = 'r',\n"
                                  "  decide = function(v)\n"
                                  "    local list = {\n"
                                  "      v.stars,\n"
                                  "    }\n"
                                  "    for _, n in ipairs(list) do\n"
                                  "      if n == 3 then\n"
                                  "        return never(n)\n"
                                  "      end\n"
                                  "    end\n"
                                  "    return helper(v.stars)\n"
                                  "  end,\n"
                                  "  cases = { { name = 'one', given = {}, expect = 0 } } }",
                                  10); /* an element that is followed by } is of that line */
    static const json_int_t expected[] = {2, 3, 7, 19};
    assert_int_equal(json_array_size(missed), 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(json_integer_value(json_array_get(missed, i)), expected[i]);
    json_decref(missed);
}

#define RULE(decide)                                                                               \
    "return {\n"                                                                                   \
    "  name = 'rule', kind = 'star_rating', title = 'r',\n"                                        \
    "  texts = { total = '%d' },\n"                                                                \
    "  decide = function(v, p, c)\n" decide "\n  end,\n"                                           \
    "  cases = { { name = 'one', given = { minutes = 60 }, expect = 1 } },\n"                      \
    "}\n"

static void mistakes_are_named_with_their_line(void **state) {
    (void)state;
    json_decref(check_text(RULE("return v:minutes{} // 60"), 0));
    assert_complaint("return {\n name = \n}", "syntax", 3, "unexpected symbol");
    assert_complaint(RULE("return os.time()"), "unknown_name", 5, "'os'");
    assert_complaint(RULE("local a = 1\n b = 2 return 1"), "global_assignment", 6, "'b'");
    assert_complaint(RULE("function total() end return 1"), "global_assignment", 5, "'total'");
    assert_complaint("local kept\n" RULE("kept = 1 return 1"), "outer_assignment", 6, "'kept'");
    assert_complaint("local kept, other\n" RULE("local x x, kept = 1, 2 return 1"),
                     "outer_assignment", 6, "'kept'");
    assert_complaint(RULE("local n = 0 local function add() n = n + 1 end add() return n"),
                     "outer_assignment", 5, "'n'");
    assert_complaint("return {\n name = 'a b', kind = 'star_rating', title = 't', decide = "
                     "function() end, cases = {} }",
                     "shape", 2, "name:");
    assert_complaint("return { decide = function() end,\n kind = 'star_ratings' }", "shape", 2,
                     "did you mean star_rating");
    assert_complaint("return { decide = function() end,\n titel = 'x' }", "unknown_field", 2,
                     "did you mean title");
    assert_complaint("return { decide = function() end,\n texts = { a = '%f' } }", "shape", 2,
                     "%d and %s");
    assert_complaint("return { decide = function() end,\n schedule = { monthly = 31 } }", "shape",
                     2, "schedule:");
    assert_complaint("return {\n parameters = { ['2018-1-1'] = {} }, decide = function() end }",
                     "load", 2, "'2018-1-1' is not a date");
    assert_complaint("return { decide = function() end,\n uses = { 'rounding' } }",
                     "library_missing", 2, "'rounding'");
    assert_complaint(RULE("while true do end"), "case_failed", 0, "does not give");
    assert_complaint(RULE("finding('other', 1) return 1"), "text_missing", 0, "'other'");
    assert_complaint("while true do end", "load", 0, "budget of instructions");
    assert_complaint("local v = {}\n v.referred_by = v\n"
                     "return { name = 'rule', kind = 'star_rating', title = 'r',\n"
                     "decide = function() return 1 end,\n"
                     "cases = { { name = 'one', given = v, expect = 1 } } }",
                     "case_failed", 0, "does not give");
}

/* Grammar that a careless scanner would stumble over. */
static void sound_texts_are_not_complained_of(void **state) {
    (void)state;
    json_decref(check_text(
        "local a <const>, b = 1, { x = 1, ['y'] = 2; z = 3 } -- kept = 1\n"
        "--[==[ global = 1 ]==] local c = [[ d = 1 ]]\n"
        "local function fact(n) if n <= 1 then return 1 else return n * fact(n - 1) end end\n"
        "local object = { f = function(self, x) local y = x; return y end }\n"
        "function object.g(...) local t = { ... }; t.n = #t return t end\n"
        "function object:h(x) return self.f(self, x) end\n" RULE(
            "local s, t = '\\'=', \"x = 1\"\n"
            "for i = 1, 3 do local q = i; s = s .. q end\n"
            "for k, w in pairs(b) do if k == 'x' then t = w elseif k == 'y' then t = k else t = c "
            "end end\n"
            "repeat local done = true; local n = 0x1p4 + 1e-3 until done and n\n"
            "while s == 1 do break end\n"
            "do local s = 1; s = s + a end\n"
            "goto last\n"
            "::last::\n"
            "t = { s = s, fact(3), [1] = function() local z; z = 1 return z end }\n"
            "t.s, t[2] = 1, object:h(2)\n"
            "return object.g(1).n"),
        0));
}

static void cases_say_what_differs(void **state) {
    (void)state;
    json_t *verdict = check_text(
        "return { name = 'rule', kind = 'acceptance', title = 'r', texts = { late = '%d' },\n"
        "parameters = { ['2018-01-01'] = { days = 30 }, ['2019-01-01'] = { days = 10 } },\n"
        "decide = function(r, p, c)\n"
        "  if r.delay_minutes > p.days * 1440 then finding('late', 1) return { outcome = 'held', "
        "minutes = r.minutes } end\n"
        "  return 'accepted', r.minutes\n"
        "end,\n"
        "cases = {\n"
        "  { name = 'ok', given = { minutes = 5 }, expect = { outcome = 'accepted', minutes = 5, "
        "findings = {} } },\n"
        "  { name = 'late', given = { minutes = 5, delay_minutes = 20000 }, expect = { outcome = "
        "'held', findings = { 'late' } } },\n"
        "  { name = 'earlier', given = { minutes = 5, delay_minutes = 20000 }, context = { as_of = "
        "'2018-05-01' },\n"
        "    expect = 'accepted' },\n"
        "  { name = 'own', given = { minutes = 5, delay_minutes = 20000 }, parameters = { days = "
        "100 }, expect = 'accepted' },\n"
        "  { name = 'wrong', given = { minutes = 5 }, expect = 'held' },\n"
        "  { name = 'minutes', given = { minutes = 5 }, expect = { minutes = 6 } },\n"
        "  { name = 'fact', given = { minuts = 5 }, expect = 'held' },\n"
        "  { name = 'nested', given = { minutes = 5, volunteer = { id = 'v', region = { nam = 1 } "
        "} }, expect = 'held' },\n"
        "  { name = 'expect', given = { minutes = 5 }, expect = { stras = 1 } },\n"
        "} }",
        1);
    static const char *const messages[] = {
        "",
        "",
        "",
        "",
        "expected outcome = held; the policy answered: outcome = accepted",
        "expected minutes = 6; the policy answered:",
        "did you mean minutes",
        "a region has no fact 'nam'",
        "'stras' is not something to expect"};
    json_t *cases = json_object_get(verdict, "cases");
    assert_int_equal(json_array_size(cases), 9);
    for (size_t i = 0; i < 9; i++) {
        json_t *result = json_array_get(cases, i);
        if (!strstr(text_at(result, "message"), messages[i]) ||
            json_is_true(json_object_get(result, "ok")) != (i < 4))
            fail_msg("case %zu: %s", i, text_at(result, "message"));
    }
    json_decref(verdict);
}

static void methods_are_given_by_date_or_arguments(void **state) {
    (void)state;
    json_decref(check_text("return { name = 'rule', kind = 'star_rating', title = 'r',\n"
                           "decide = function(v, _, c)\n"
                           "  if v:age(c.as_of) == 18 and v:age('2018-01-01') == 17 and v.employer "
                           "== nil and v.region.id == nil\n"
                           "    and v:minutes{} == 0 and v:minutes{ from = '2018-01-01', category "
                           "= 'elderly' } == 60\n"
                           "    and #v:star_changes{} == 1 and #v:records{} == 0 and c.year == "
                           "2018 and c.region.name == 'X' then\n"
                           "    return 1\n"
                           "  end\n"
                           "  return 0\n"
                           "end,\n"
                           "cases = { { name = 'all', expect = 1, context = { as_of = "
                           "'2018-05-01', region = { name = 'X' } }, given = {\n"
                           "  age = { ['2018-05-01'] = 18, ['2018-01-01'] = 17 },\n"
                           "  minutes = { { from = '2018-01-01', value = 5 }, { category = "
                           "'elderly', from = '2018-01-01', value = 60 } },\n"
                           "  star_changes = { { on = '2018-01-01', from = 0, to = 1 } } } } } }",
                           0));
}

static void records_and_quantities_are_given(void **state) {
    (void)state;
    json_decref(check_text("return { name = 'rule', kind = 'star_rating', title = 'r',\n"
                           "decide = function(v)\n"
                           "  local two = v:records{ from = '2018-02-01', limit = 2 }\n"
                           "  local sum = 0\n"
                           "  for _, record in ipairs(two) do sum = sum + record.counted_minutes "
                           "end\n"
                           "  if #two == 2 and sum == 50 and two[2].batch == 'b:1' and "
                           "#v:records{} == 4\n"
                           "    and v:quantity{ name = 'trees', from = '2018-01-01' } == 12\n"
                           "    and v:quantity{ name = 'benches' } == 0\n"
                           "    and v:minutes{ activity = 'a:1', region = '620500000000' } == 7\n"
                           "    and v:minutes{ activity = 'a:2' } == 0 then return 1 end\n"
                           "  return 0\n"
                           "end,\n"
                           "cases = { { name = 'all', expect = 1, given = {\n"
                           "  records = { { on = '2018-03-01', counted_minutes = 20 },\n"
                           "    { on = '2018-02-01', counted_minutes = 30, batch = 'b:1' },\n"
                           "    { on = '2018-02-01', counted_minutes = 40 }, { on = "
                           "'2018-01-31' } },\n"
                           "  quantity = { trees = 12 },\n"
                           "  minutes = { { activity = 'a:1', region = '620500000000', value = 7 } "
                           "} } } } }",
                           0));
    json_t *verdict = check_text("return { name = 'rule', kind = 'star_rating', title = 'r',\n"
                                 "decide = function(v) return #v:records{} end,\n"
                                 "cases = { { name = 'x', expect = 1, given = { records = { { "
                                 "minuets = 1 } } } } } }",
                                 1);
    char *text = json_dumps(verdict, 0);
    assert_non_null(strstr(text, "a record has no fact 'minuets', did you mean minutes"));
    free(text);
    json_decref(verdict);
}

static void libraries_are_used_and_frozen(void **state) {
    (void)state;
    static const char policy[] =
        "return { name = 'rule', kind = 'star_rating', title = 'r', uses = { 'rounding' },\n"
        "decide = function(v) return library.rounding.half(v:minutes{}) end,\n"
        "cases = { { name = 'a', given = { minutes = 5 }, expect = 2 } } }";
    struct library good = {.name = STR("rounding"),
                           .text = STR("return { half = function(x) return x // 2 end }")};
    struct library bad = {
        .name = STR("rounding"),
        .text = STR("local n = 0 return { half = function(x) n = n + 1 return x // 2 end }")};
    struct policy_source source = {STR("rule.lua"), str_from(policy), 1, &good, STR_NONE};
    json_decref(verdict_of(&source, 0));
    source.libraries = &bad;
    json_t *verdict = verdict_of(&source, 1);
    json_t *complaint = json_array_get(json_object_get(verdict, "complaints"), 0);
    assert_non_null(strstr(text_at(complaint, "message"), "library rounding: 'n'"));
    json_decref(verdict);
}

/* ---- tests/policy/verdict: each file says on its first line what becomes of it ----
 *
 * "-- ok": nothing is said; "-- refused: WORDS", "-- warned: WORDS"; with a line or a code in
 * brackets, "-- warned [12 unread_parameter]: WORDS". */

#define VERDICTS SOURCE_DIR "/tests/policy/verdict"

struct expected {
    bool ok;
    int line; /* 0: not said */
    char code[64];
    char words[300];
};

static void read_expected(const char *text, struct expected *ret_expected) {
    char verb[16] = "";
    *ret_expected = (struct expected){.ok = true};
    if (strncmp(text, "-- ok\n", 6) == 0)
        return;
    if (sscanf(text, "-- %15[a-z] [%d %63[a-z_]]: %299[^\n]", verb, &ret_expected->line,
               ret_expected->code, ret_expected->words) != 4 &&
        sscanf(text, "-- %15[a-z]: %299[^\n]", verb, ret_expected->words) != 2)
        fail_msg("no first line: %.60s", text);
    ret_expected->ok = strcmp(verb, "warned") == 0;
    assert_true(ret_expected->ok || strcmp(verb, "refused") == 0);
}

static bool is_meant(json_t *item, const struct expected *expected) {
    const char *severity = text_at(item, "severity");
    return strstr(text_at(item, "message"), expected->words) &&
           (!expected->line ||
            json_integer_value(json_object_get(item, "line")) == expected->line) &&
           (!*expected->code || strcmp(text_at(item, "code"), expected->code) == 0) &&
           (!*severity || (strcmp(severity, "warning") == 0) == expected->ok);
}

static bool is_said(json_t *verdict, const struct expected *expected) {
    static const char *const lists[] = {"complaints", "cases"};
    if (!*expected->words) /* ok: without a word */
        return json_array_size(json_object_get(verdict, "complaints")) == 0;
    for (size_t i = 0; i < 2; i++) {
        size_t k;
        json_t *item;
        json_array_foreach(json_object_get(verdict, lists[i]), k, item) {
            if (is_meant(item, expected))
                return true;
        }
    }
    return false;
}

static int give_verdict(void *context, const char *name) {
    unsigned *n_wrong = context;
    struct buf out = {0};
    struct expected expected;
    char path[512];
    size_t size;
    snprintf(path, sizeof path, VERDICTS "/%s", name);
    char *text = file_text(path, &size);
    struct policy_source source = {str_from(name), {text, size}, 0, NULL, STR_NONE};
    bool ok = policy_check(&source, &limits, &out) == 0;
    json_t *verdict = json_loadb(out.data, out.size, 0, NULL);
    read_expected(text, &expected);
    if (ok != expected.ok || !is_said(verdict, &expected)) {
        print_error("%s: not as its first line says: %.*s\n", name, (int)out.size, out.data);
        ++*n_wrong;
    }
    json_decref(verdict);
    buf_deinit(&out);
    free(text);
    return 0;
}

static void verdicts_are_as_the_files_say(void **state) {
    (void)state;
    unsigned n_wrong = 0;
    const struct io *io = io_system();
    assert_int_equal(io->list(io->self, VERDICTS, give_verdict, &n_wrong), 0);
    assert_int_equal(n_wrong, 0);
}

/* ---- in a child ---- */

static json_t *vet(struct str text, uint32_t wall_ms) {
    struct policy_source source = {STR("rule.lua"), text, 0, NULL, STR_NONE};
    struct vet_options options = {"/proc/self/exe", wall_ms, limits};
    struct buf out = {0};
    assert_int_equal(policy_vet(&options, &source, &out), 0);
    json_t *verdict = json_loadb(out.data, out.size, 0, NULL);
    assert_non_null(verdict);
    buf_deinit(&out);
    return verdict;
}

static void a_child_gives_the_verdict(void **state) {
    (void)state;
    json_t *verdict = vet(STR(RULE("return v:minutes{} // 60")), 30000);
    assert_true(json_is_true(json_object_get(verdict, "ok")));
    assert_string_equal(text_at(verdict, "policy"), "rule");
    json_decref(verdict);
    verdict = vet(STR("return {"), 30000);
    assert_false(json_is_true(json_object_get(verdict, "ok")));
    json_decref(verdict);
    verdict = vet(STR("return '\xff'"), 30000);
    assert_false(json_is_true(json_object_get(verdict, "ok")));
    json_decref(verdict);
}

static void vet_two(const char *program, struct str second, bool ret_ok[static 2]) {
    struct policy_source sources[2] = {
        {STR("one.lua"), STR(RULE("return v:minutes{} // 60")), 0, NULL, STR_NONE},
        {STR("two.lua"), second, 0, NULL, STR_NONE}};
    struct vet_options options = {program, 30000, limits};
    struct buf out[2] = {{0}};
    assert_int_equal(policy_vet_all(&options, sources, 2, out), 0);
    for (size_t i = 0; i < 2; i++) {
        json_t *verdict = json_loadb(out[i].data, out[i].size, 0, NULL);
        ret_ok[i] = json_is_true(json_object_get(verdict, "ok"));
        json_decref(verdict);
        buf_deinit(&out[i]);
    }
}

static void a_child_judges_several_each_by_itself(void **state) {
    (void)state;
    bool ok[2];
    vet_two("/proc/self/exe", STR(RULE("return 1")), ok);
    assert_true(ok[0] && ok[1]);
    vet_two("/proc/self/exe", STR("return {"), ok);
    assert_true(ok[0] && !ok[1]);
    vet_two("/proc/self/exe", STR("return '\xff'"), ok); /* no text for a child at all */
    assert_true(ok[0] && !ok[1]);
}

static void where_several_end_a_child_each_has_one_of_its_own(void **state) {
    (void)state;
    bool ok[2];
    vet_two(SOURCE_DIR "/tests/policy/children/answers_one", STR(RULE("return 1")), ok);
    assert_true(ok[0] && ok[1]);
}

static void a_child_that_takes_too_long_is_killed(void **state) {
    (void)state;
    /* Many cases that each spend the whole budget: more than a millisecond in any case. */
    struct buf text = {0};
    buf_put_str(&text, STR("return { name = 'r', kind = 'star_rating', title = 'r',\n"
                           "decide = function() while true do end end, cases = {\n"));
    for (int i = 0; i < 200; i++)
        buf_put_str(&text, STR("{ name = 'x', given = {}, expect = 1 },\n"));
    buf_put_str(&text, STR("} }"));
    json_t *verdict = vet(buf_str(&text), 1);
    json_t *complaint = json_array_get(json_object_get(verdict, "complaints"), 0);
    assert_string_equal(text_at(complaint, "code"), "check_ended");
    json_decref(verdict);
    buf_deinit(&text);
}

/* tests/policy/children: what may become of a child. The parent comes back in time, with a
 * complaint and without a child left. */
static void whatever_a_child_does_the_parent_comes_back(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t wall_ms;
        int64_t most_ms;
    } children[] = {{"kills_itself", 30000, 5000}, {"hears_nothing", 300, 5000},
                    {"stays_on", 30000, 5000},     {"floods", 30000, 20000},
                    {"says_garbage", 30000, 5000}, {"says_no_list", 30000, 5000},
                    {"ends_badly", 30000, 5000},   {"says_nothing", 30000, 5000},
                    {"is_not_there", 30000, 5000}};
    for (size_t i = 0; i < sizeof children / sizeof *children; i++) {
        char path[512];
        snprintf(path, sizeof path, SOURCE_DIR "/tests/policy/children/%s", children[i].name);
        struct policy_source source = {STR("rule.lua"), STR(RULE("return 1")), 0, NULL, STR_NONE};
        struct vet_options options = {path, children[i].wall_ms, limits};
        struct buf out = {0};
        struct timespec begin, end;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        int r = policy_vet(&options, &source, &out);
        clock_gettime(CLOCK_MONOTONIC, &end);
        if ((end.tv_sec - begin.tv_sec) * 1000 > children[i].most_ms)
            fail_msg("%s: took %lld s", children[i].name, (long long)(end.tv_sec - begin.tv_sec));
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* none is left */
        if (r == 0) {
            json_t *verdict = json_loadb(out.data, out.size, 0, NULL);
            assert_false(json_is_true(json_object_get(verdict, "ok")));
            json_t *complaint = json_array_get(json_object_get(verdict, "complaints"), 0);
            assert_string_equal(text_at(complaint, "code"), "check_ended");
            json_decref(verdict);
        } else {
            assert_string_equal(children[i].name, "is_not_there");
            assert_true(r < 0);
        }
        buf_deinit(&out);
    }
}

/* Bombs of a real file, wherever they lie, are the check's to name: the child says so itself. */
static void bombs_are_told_where_they_lie(void **state) {
    (void)state;
    static const char loop[] = "while true do end ";
    static const char memory[] = "local t = {} for i = 1, 1e9 do t[i] = { i } end ";
    static const char endless_pcall[] =
        "while true do pcall(function() while true do end end) end ";
    static const char *const bombs[] = {loop, memory, endless_pcall};
    static const char *const words[] = {"budget of instructions", "budget of memory",
                                        "budget of instructions"};
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++)
        for (int place = 0; place < 4; place++) {
            char text[1024], library[512] = "return {}";
            if (place == 0)
                snprintf(text, sizeof text, "%s return {}", bombs[i]);
            else if (place == 1)
                snprintf(text, sizeof text,
                         "return { name = 'rule', kind = 'star_rating', title = 'r',\n"
                         "decide = function() %s end,\n"
                         "cases = { { name = 'one', given = {}, expect = 1 } } }",
                         bombs[i]);
            else
                snprintf(text, sizeof text,
                         "return { name = 'rule', kind = 'star_rating', title = 'r', uses = { 'l' "
                         "},\ndecide = function() return library.l.f() end,\n"
                         "cases = { { name = 'one', given = {}, expect = 1 } } }");
            if (place == 2)
                snprintf(library, sizeof library, "%s return {}", bombs[i]);
            else if (place == 3)
                snprintf(library, sizeof library, "return { f = function() %s end }", bombs[i]);
            struct library list = {.name = STR("l"), .text = str_from(library)};
            struct policy_source source = {STR("rule.lua"), str_from(text), place >= 2, &list,
                                           STR_NONE};
            struct vet_options options = {"/proc/self/exe", 30000, limits};
            struct buf out = {0};
            assert_int_equal(policy_vet(&options, &source, &out), 0);
            buf_put_byte(&out, 0);
            if (!strstr(out.data, words[i]))
                fail_msg("bomb %zu at %d: %s", i, place, out.data);
            buf_deinit(&out);
        }
}

/* ---- what editors complete ---- */

static void every_fact_is_annotated(void **state) {
    (void)state;
    size_t size;
    char *types = file_text(SOURCE_DIR "/scripts/types/volunteerd.lua", &size);
    char *readme = file_text(SOURCE_DIR "/scripts/README.md", &size);
    for (int kind = OBJECT_NONE + 1; kind < OBJECT_KINDS; kind++) {
        const struct object_type *type = object_type((enum object_kind)kind);
        for (size_t i = 0; i < type->n_facts; i++) {
            const struct fact *fact = &type->facts[i];
            char line[128], word[80];
            if (fact->method)
                snprintf(line, sizeof line, "function %s:%s(", type->name, fact->name);
            else
                snprintf(line, sizeof line, "---@field %s ", fact->name);
            snprintf(word, sizeof word, "`%s", fact->name);
            if (!strstr(types, line) || !strstr(readme, word))
                fail_msg("%s.%s is missing in scripts/types or scripts/README.md", type->name,
                         fact->name);
        }
    }
    free(types);
    free(readme);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_policies_pass),
        cmocka_unit_test(every_kind_has_a_template_that_passes),
        cmocka_unit_test(lines_that_no_case_reaches_are_listed),
        cmocka_unit_test(mistakes_are_named_with_their_line),
        cmocka_unit_test(sound_texts_are_not_complained_of),
        cmocka_unit_test(cases_say_what_differs),
        cmocka_unit_test(methods_are_given_by_date_or_arguments),
        cmocka_unit_test(records_and_quantities_are_given),
        cmocka_unit_test(libraries_are_used_and_frozen),
        cmocka_unit_test(verdicts_are_as_the_files_say),
        cmocka_unit_test(a_child_gives_the_verdict),
        cmocka_unit_test(a_child_judges_several_each_by_itself),
        cmocka_unit_test(where_several_end_a_child_each_has_one_of_its_own),
        cmocka_unit_test(a_child_that_takes_too_long_is_killed),
        cmocka_unit_test(whatever_a_child_does_the_parent_comes_back),
        cmocka_unit_test(bombs_are_told_where_they_lie),
        cmocka_unit_test(every_fact_is_annotated),
    };
    if (argc == 3 && strcmp(argv[1], "--child") == 0 && strcmp(argv[2], "check") == 0)
        return policy_vet_child();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
