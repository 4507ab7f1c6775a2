#include "policy/cases.h"

#include "policy/cases_document.h"
#include "policy/cases_points.h"
#include "policy/freeze.h"
#include "policy/nearest.h"

#define NAME_BYTES 200
/* Objects within objects: a table may even hold itself. */
#define GIVEN_SLOTS 200

struct outcome {
    struct answer answer;
    struct str wrong; /* the case could not be asked */
};

/* Everything below works on the Lua stack of the host, outside any protected call, so it reads raw.
 */

static struct str text_of(lua_State *lua, int index) {
    struct str text = STR_NONE;
    if (lua_type(lua, index) == LUA_TSTRING)
        text.data = lua_tolstring(lua, index, &text.size);
    return text;
}

/* The day the case is asked for: its context's, else the one that the file says. */
static int32_t case_date(const struct case_run *run, int test) {
    lua_State *lua = run->host->sandbox.lua;
    const struct program *program = run->program;
    int32_t date = program->cases_on;
    if (date == INT32_MIN)
        date = program->n_sets ? program->sets[program->n_sets - 1].from
                               : date_from_civil(2018, 12, 31);
    freeze_field(lua, test, "context");
    freeze_field(lua, -1, "as_of");
    struct str text = text_of(lua, -1);
    if (text.data)
        date_parse(text, &date);
    lua_pop(lua, 2);
    return date;
}

static void set_date(lua_State *lua, const char *name, int32_t date) {
    char text[16];
    lua_pushlstring(lua, text, date_format(date, text));
    lua_setfield(lua, -2, name);
}

/* Pushes the context's facts: what follows from the day, then what the case says itself. */
static void push_context(const struct case_run *run, int test, int32_t date) {
    lua_State *lua = run->host->sandbox.lua;
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    lua_newtable(lua);
    int context = lua_gettop(lua);
    lua_pushliteral(lua, "on_demand");
    lua_setfield(lua, context, "cause");
    lua_newtable(lua);
    lua_setfield(lua, context, "region");
    freeze_field(lua, test, "context");
    if (freeze_unwrap(lua, -1)) {
        for (lua_pushnil(lua); lua_next(lua, -2); lua_pop(lua, 1)) {
            lua_pushvalue(lua, -2);
            lua_pushvalue(lua, -2);
            lua_rawset(lua, context);
        }
    }
    lua_settop(lua, context);
    set_date(lua, "as_of", date);
    lua_pushstring(lua, object_type(run->host->call.subject)->name);
    lua_setfield(lua, context, "subject");
    lua_pushinteger(lua, year);
    lua_setfield(lua, context, "year");
    set_date(lua, "quarter_start", date_from_civil(year, (month - 1) / 3 * 3 + 1, 1));
    object_push_given(run->host, OBJECT_CONTEXT, context, STR("context"));
    lua_remove(lua, context);
}

/* Lays the case's own parameters over the set at the top. */
static void lay_over(lua_State *lua, int test) {
    int set = lua_gettop(lua);
    freeze_field(lua, test, "parameters");
    if (!freeze_unwrap(lua, -1)) {
        lua_settop(lua, set);
        return;
    }
    lua_newtable(lua);
    int merged = lua_gettop(lua);
    for (int layer = 0; layer < 2; layer++) {
        freeze_unwrap(lua, layer == 0 ? set : set + 2);
        for (lua_pushnil(lua); lua_next(lua, merged + 1); lua_pop(lua, 1)) {
            lua_pushvalue(lua, -2);
            lua_pushvalue(lua, -2);
            lua_rawset(lua, merged);
        }
        lua_settop(lua, merged);
    }
    freeze_face(lua);
    lua_replace(lua, set);
    lua_settop(lua, set);
}

static const struct fact *find_fact(const struct object_type *type, const char *name) {
    for (size_t i = 0; i < type->n_facts; i++)
        if (strcmp(type->facts[i].name, name) == 0)
            return &type->facts[i];
    return NULL;
}

static bool given_fits(const struct case_run *run, int index, enum object_kind kind,
                       struct str *ret_wrong);

/* The same for each of the list on the top. */
static bool given_list_fits(const struct case_run *run, enum object_kind kind,
                            struct str *ret_wrong) {
    lua_State *lua = run->host->sandbox.lua;
    int top = lua_gettop(lua);
    bool fits = top < GIVEN_SLOTS && lua_checkstack(lua, 8) && freeze_unwrap(lua, top);
    if (!fits)
        *ret_wrong = arena_printf(run->arena, "a list of tables of facts of a %s is expected",
                                  object_type(kind)->name);
    size_t n = fits ? lua_rawlen(lua, top + 1) : 0;
    for (size_t i = 1; fits && i <= n; i++) {
        lua_rawgeti(lua, top + 1, (lua_Integer)i);
        fits = given_fits(run, lua_gettop(lua), kind, ret_wrong);
        lua_pop(lua, 1);
    }
    lua_settop(lua, top);
    return fits;
}

/* Whether every name in the table of facts is a fact; else *ret_wrong. */
static bool given_fits(const struct case_run *run, int index, enum object_kind kind,
                       struct str *ret_wrong) {
    lua_State *lua = run->host->sandbox.lua;
    const struct object_type *type = object_type(kind);
    bool fits =
        lua_gettop(lua) < GIVEN_SLOTS && lua_checkstack(lua, 8) && freeze_unwrap(lua, index);
    if (!fits)
        *ret_wrong = arena_printf(run->arena, "a table of facts of a %s is expected", type->name);
    int top = lua_gettop(lua) - fits;
    for (lua_pushnil(lua); fits && lua_next(lua, top + 1); lua_pop(lua, 1)) {
        const char *name = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "[number]";
        const struct fact *fact = find_fact(type, name);
        if (fact && fact->list) {
            fits = given_list_fits(run, fact->gives, ret_wrong);
        } else if (fact && fact->gives != OBJECT_NONE) {
            fits = given_fits(run, lua_gettop(lua), fact->gives, ret_wrong);
        } else if (!fact) {
            lua_rawgeti(lua, LUA_REGISTRYINDEX, run->host->lookups[kind]);
            const char *nearest = nearest_key(lua, -1, name);
            *ret_wrong =
                arena_printf(run->arena, "given: a %s has no fact '%s'%s%s", type->name, name,
                             nearest ? ", did you mean " : "", nearest ? nearest : "");
            fits = false;
        }
        if (!fits)
            break;
    }
    lua_settop(lua, top);
    return fits;
}

/* What is asked about: the kind's first, or what the case's context.subject says. */
static enum object_kind case_subject(const struct case_run *run, int test) {
    lua_State *lua = run->host->sandbox.lua;
    enum object_kind other = run->kind->other_subject;
    freeze_field(lua, test, "context");
    freeze_field(lua, -1, "subject");
    bool is_other =
        other != OBJECT_NONE && str_equal(text_of(lua, -1), str_from(object_type(other)->name));
    lua_pop(lua, 2);
    return is_other ? other : run->kind->subject;
}

static void ask(const struct case_run *run, int test, struct outcome *ret_outcome) {
    struct policy_host *host = run->host;
    lua_State *lua = host->sandbox.lua;
    int32_t date = case_date(run, test);
    enum object_kind subject = case_subject(run, test);
    *ret_outcome = (struct outcome){0};
    freeze_field(lua, test, "given");
    if (!given_fits(run, lua_gettop(lua), subject, &ret_outcome->wrong))
        return;
    int given = lua_gettop(lua);
    call_begin(host, run->arena);
    host->call.as_of = date;
    host->call.subject = subject;
    object_push_given(host, subject, given, STR_NONE);
    if (!program_push_parameters(host, run->program, date)) {
        ret_outcome->wrong = STR("there are no parameters in force on the case's day");
        return;
    }
    lay_over(lua, test);
    push_context(run, test, date);
    call_run(host, run->program, run->kind, &ret_outcome->answer);
}

bool case_ask(const struct case_run *run, int test, struct answer *ret_answer) {
    struct outcome outcome;
    ask(run, test, &outcome);
    *ret_answer = outcome.answer;
    return !outcome.wrong.size;
}

/* ---- what is expected ---- */

static bool number_is(lua_State *lua, int64_t value) {
    int whole = 0;
    return lua_tointegerx(lua, -1, &whole) == value && whole;
}

static bool outcome_is(lua_State *lua, const struct answer *answer) {
    return answer->outcomes &&
           str_equal(text_of(lua, -1), str_from(answer->outcomes->words[answer->outcome]));
}

static bool minutes_are(lua_State *lua, const struct answer *answer) {
    return number_is(lua, answer->minutes);
}

static bool stars_are(lua_State *lua, const struct answer *answer) {
    return number_is(lua, answer->stars);
}

static bool valid_until_is(lua_State *lua, const struct answer *answer) {
    int32_t date = INT32_MIN;
    return date_parse(text_of(lua, -1), &date) == 0 && date == answer->valid_until;
}

static bool boolean_is(lua_State *lua, bool value) {
    return lua_isboolean(lua, -1) && lua_toboolean(lua, -1) == value;
}

static bool on_application_is(lua_State *lua, const struct answer *answer) {
    return boolean_is(lua, answer->on_application);
}

static bool approved_by_is(lua_State *lua, const struct answer *answer) {
    const char *const *words = APPROVAL_LEVEL_choices.words;
    return answer->approved_by &&
           str_equal(text_of(lua, -1), str_from(words[answer->approved_by - 1]));
}

static bool notice_days_are(lua_State *lua, const struct answer *answer) {
    return number_is(lua, answer->notice_days);
}

static bool appeal_days_are(lua_State *lua, const struct answer *answer) {
    return number_is(lua, answer->appeal_days);
}

static bool nominate_is(lua_State *lua, const struct answer *answer) {
    return boolean_is(lua, answer->nominate);
}

static bool rank_is(lua_State *lua, const struct answer *answer) {
    return number_is(lua, answer->rank);
}

static bool class_is(lua_State *lua, const struct answer *answer) {
    return str_equal(text_of(lua, -1), answer->class);
}

/* Every code listed is among the answer's; a list that is empty says that there are none. */
static bool codes_are(lua_State *lua, size_t n_codes,
                      struct str (*code)(const void *list, size_t i), const void *list) {
    int top = lua_gettop(lua);
    if (!freeze_unwrap(lua, -1))
        return false;
    size_t n = lua_rawlen(lua, -1);
    bool all = n > 0 || n_codes == 0;
    for (size_t i = 1; i <= n; i++) {
        bool found = false;
        lua_rawgeti(lua, top + 1, (lua_Integer)i);
        for (size_t k = 0; k < n_codes; k++)
            found |= str_equal(code(list, k), text_of(lua, -1));
        lua_pop(lua, 1);
        all &= found;
    }
    lua_settop(lua, top);
    return all;
}

static struct str finding_code(const void *list, size_t i) {
    return ((const struct finding *)list)[i].code;
}

static bool findings_are(lua_State *lua, const struct answer *answer) {
    return codes_are(lua, answer->findings.n, finding_code, answer->findings.items);
}

static struct str alert_code(const void *list, size_t i) {
    return ((const struct answer_alert *)list)[i].code;
}

static bool alerts_are(lua_State *lua, const struct answer *answer) {
    return codes_are(lua, answer->alerts.n, alert_code, answer->alerts.items);
}

static const struct {
    const char *name;
    bool (*is)(lua_State *lua, const struct answer *answer); /* the expected value is on the top */
} expectations[] = {
    {"outcome", outcome_is},
    {"minutes", minutes_are},
    {"stars", stars_are},
    {"valid_until", valid_until_is},
    {"findings", findings_are},
    {"postings", postings_are},
    {"on_application", on_application_is},
    {"approved_by", approved_by_is},
    {"notice_days", notice_days_are},
    {"nominate", nominate_is},
    {"rank", rank_is},
    {"class", class_is},
    {"standing", outcome_is},
    {"until", valid_until_is},
    {"appeal_days", appeal_days_are},
    {"alerts", alerts_are},
};
#define N_EXPECTATIONS (sizeof expectations / sizeof *expectations)

/* Of answers with parts: these say themselves what differs. */
static const struct {
    const char *name;
    struct str (*differs)(lua_State *lua, struct arena *arena, const struct answer *answer);
} parts[] = {
    {"indicators", case_indicators}, {"title", case_title},     {"sections", case_sections},
    {"series", case_series},         {"text", case_paragraphs},
};
#define N_PARTS (sizeof parts / sizeof *parts)

static void put_answer(const struct case_run *run, const struct answer *answer, struct buf *out) {
    for (size_t i = 0; i < run->kind->n_fields; i++) {
        const char *name = run->kind->fields[i].name;
        bool is_word = strcmp(name, "outcome") == 0 || strcmp(name, "standing") == 0;
        if (is_word && answer->outcomes)
            buf_printf(out, " %s = %s", name, answer->outcomes->words[answer->outcome]);
        else if (strcmp(name, "minutes") == 0)
            buf_printf(out, " minutes = %lld", (long long)answer->minutes);
        else if (strcmp(name, "stars") == 0)
            buf_printf(out, " stars = %lld", (long long)answer->stars);
        else if (strcmp(name, "postings") == 0)
            postings_put(answer, out);
        else if (strcmp(name, "nominate") == 0)
            buf_printf(out, " nominate = %s, rank = %lld", answer->nominate ? "true" : "false",
                       (long long)answer->rank);
    }
    const struct finding *findings = answer->findings.items;
    for (size_t i = 0; i < answer->findings.n; i++)
        buf_printf(out, "%s%.*s", i ? ", " : " findings: ", STR_ARG(findings[i].code));
    for (size_t i = 0; i < answer->alerts.n; i++)
        buf_printf(out, "%s%.*s",
                   i ? ", " : " alerts: ", STR_ARG(alert_code(answer->alerts.items, i)));
}

/* The expected value is on the top. */
static struct str differs(const struct case_run *run, const struct answer *answer,
                          const char *what) {
    lua_State *lua = run->host->sandbox.lua;
    struct buf out __attribute__((cleanup(buf_deinit))) = {0};
    bool scalar = lua_type(lua, -1) == LUA_TSTRING || lua_type(lua, -1) == LUA_TNUMBER;
    lua_pushvalue(lua, -1); /* lua_tostring changes what it reads */
    if (scalar)
        buf_printf(&out, "expected %s = %s; the policy answered:", what, lua_tostring(lua, -1));
    else
        buf_printf(&out, "expected other %s; the policy answered:", what);
    lua_pop(lua, 1);
    put_answer(run, answer, &out);
    return arena_copy(run->arena, buf_str(&out));
}

static bool is_expectation(const char *name) {
    for (size_t i = 0; i < N_EXPECTATIONS; i++)
        if (strcmp(expectations[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < N_PARTS; i++)
        if (strcmp(parts[i].name, name) == 0)
            return true;
    return false;
}

/* STR_NONE where the answer is what the table at `expect` says. */
static struct str compare_table(const struct case_run *run, int expect,
                                const struct answer *answer) {
    lua_State *lua = run->host->sandbox.lua;
    int top = lua_gettop(lua);
    freeze_unwrap(lua, expect);
    for (lua_pushnil(lua); lua_next(lua, top + 1); lua_pop(lua, 1)) {
        const char *name = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "[number]";
        if (!is_expectation(name))
            return arena_printf(run->arena, "expect: '%s' is not something to expect", name);
    }
    for (size_t i = 0; i < N_EXPECTATIONS; i++) {
        if (freeze_field(lua, expect, expectations[i].name) != LUA_TNIL &&
            !expectations[i].is(lua, answer))
            return differs(run, answer, expectations[i].name);
        lua_settop(lua, top);
    }
    struct str wrong = STR_NONE;
    for (size_t i = 0; !wrong.size && i < N_PARTS; i++) {
        if (freeze_field(lua, expect, parts[i].name) != LUA_TNIL)
            wrong = parts[i].differs(lua, run->arena, answer);
        lua_settop(lua, top);
    }
    return wrong;
}

static struct str compare(const struct case_run *run, int test, const struct outcome *outcome) {
    lua_State *lua = run->host->sandbox.lua;
    const struct answer *answer = &outcome->answer;
    if (outcome->wrong.size)
        return outcome->wrong;
    if (answer->failed)
        return arena_printf(run->arena, "the policy failed: %.*s", STR_ARG(answer->failure));
    switch (freeze_field(lua, test, "expect")) {
    case LUA_TTABLE:
        return compare_table(run, lua_gettop(lua), answer);
    case LUA_TSTRING:
        return outcome_is(lua, answer) ? STR_NONE : differs(run, answer, "outcome");
    case LUA_TNUMBER:
        return stars_are(lua, answer) ? STR_NONE : differs(run, answer, "stars");
    default:
        return STR("expect: what should the policy answer?");
    }
}

/* ---- all of them ---- */

static bool same_scalar(const struct scalar *a, const struct scalar *b) {
    return a->kind == b->kind && a->integer == b->integer && str_equal(a->text, b->text);
}

static bool same_answer(const struct answer *a, const struct answer *b) {
    const struct finding *left = a->findings.items, *right = b->findings.items;
    const struct str *titles = a->titles.items, *other_titles = b->titles.items;
    bool same = a->failed == b->failed && str_equal(a->failure, b->failure) &&
                a->outcome == b->outcome && a->minutes == b->minutes && a->stars == b->stars &&
                a->valid_until == b->valid_until && a->titles.n == b->titles.n &&
                a->findings.n == b->findings.n && str_equal(a->facts, b->facts) &&
                a->on_application == b->on_application && a->approved_by == b->approved_by &&
                a->notice_days == b->notice_days && a->appeal_days == b->appeal_days &&
                a->nominate == b->nominate && a->rank == b->rank && str_equal(a->class, b->class) &&
                str_equal(a->json, b->json) && postings_same(a, b);
    for (size_t i = 0; same && i < a->titles.n; i++)
        same = str_equal(titles[i], other_titles[i]);
    for (size_t i = 0; same && i < a->findings.n; i++)
        same = str_equal(left[i].code, right[i].code) &&
               same_scalar(&left[i].value, &right[i].value) &&
               same_scalar(&left[i].needed, &right[i].needed);
    return same;
}

static void note_unworded(struct case_run *run, const struct answer *answer) {
    lua_State *lua = run->host->sandbox.lua;
    const struct finding *findings = answer->findings.items;
    int top = lua_gettop(lua);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run->program->policy);
    freeze_field(lua, -1, "texts");
    for (size_t i = 0; i < answer->findings.n; i++) {
        const char *code = arena_string(run->arena, findings[i].code);
        if (freeze_field(lua, top + 2, code) != LUA_TSTRING)
            json_object_set_new(run->unworded, code, json_true());
        lua_settop(lua, top + 2);
    }
    lua_settop(lua, top);
}

/* Pushes the n-th case. */
static void push_case(const struct case_run *run, size_t n) {
    lua_State *lua = run->host->sandbox.lua;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run->program->policy);
    freeze_field(lua, -1, "cases");
    freeze_unwrap(lua, -1);
    lua_rawgeti(lua, -1, (lua_Integer)n + 1);
    lua_replace(lua, -4);
    lua_pop(lua, 2);
}

static size_t count_cases(const struct case_run *run) {
    lua_State *lua = run->host->sandbox.lua;
    int top = lua_gettop(lua);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run->program->policy);
    freeze_field(lua, -1, "cases");
    size_t n = freeze_unwrap(lua, -1) ? lua_rawlen(lua, -1) : 0;
    lua_settop(lua, top);
    return n < CASES_LIMIT ? n : CASES_LIMIT;
}

static bool report(struct case_run *run, size_t n, const struct outcome *first,
                   const struct outcome *second) {
    lua_State *lua = run->host->sandbox.lua;
    int top = lua_gettop(lua);
    push_case(run, n);
    struct str message = compare(run, top + 1, first);
    if (!message.size && !same_answer(&first->answer, &second->answer))
        message = STR("the second run, in another order, answered differently");
    freeze_field(lua, top + 1, "name");
    struct str name = text_of(lua, -1);
    json_t *result =
        json_pack("{s:s%, s:b, s:s%}", "name", name.data ? name.data : "?",
                  name.data ? (name.size < NAME_BYTES ? name.size : NAME_BYTES) : 1, "ok",
                  !message.size, "message", message.size ? message.data : "", message.size);
    if (!result) /* a name or message that is no UTF-8 */
        result = json_pack("{s:i, s:b, s:s}", "name", (int)n + 1, "ok", 0, "message",
                           "its name or its error is not UTF-8");
    json_array_append_new(run->results, result);
    note_unworded(run, &first->answer);
    lua_settop(lua, top);
    return !message.size;
}

/* Asks the n-th case. */
static void ask_case(const struct case_run *run, size_t n, struct outcome *ret_outcome) {
    lua_State *lua = run->host->sandbox.lua;
    int top = lua_gettop(lua);
    push_case(run, n);
    ask(run, top + 1, ret_outcome);
    lua_settop(lua, top);
}

bool cases_run(struct case_run *run) {
    size_t n = count_cases(run);
    struct case_run again = *run;
    struct outcome *first = arena_alloc(run->arena, (n + 1) * sizeof *first);
    struct outcome *second = arena_alloc(run->arena, (n + 1) * sizeof *second);
    bool ok = true;
    again.host = run->other_host;
    again.program = run->other_program;
    for (size_t i = 0; i < n && !run->host->sandbox.refused; i++)
        ask_case(run, i, &first[i]);
    for (size_t i = n; i > 0 && !again.host->sandbox.refused; i--)
        ask_case(&again, i - 1, &second[i - 1]);
    for (size_t i = 0; i < n; i++)
        ok &= report(run, i, &first[i], &second[i]);
    return ok && !run->host->sandbox.refused && !again.host->sandbox.refused;
}
