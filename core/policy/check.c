#include "policy/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/cases_contradict.h"
#include "policy/check_parameters.h"
#include "policy/check_sweep.h"
#include "policy/complaints.h"
#include "policy/coverage.h"
#include "policy/freeze.h"
#include "policy/scan.h"
#include "policy/shape.h"
#include "policy/source_form.h"
#include "policy/value_json.h"
#include "util/memory.h"

struct check {
    const struct policy_source *source;
    struct policy_host *host;
    json_t *verdict;
    json_t *complaints;
    struct str text;    /* behind the mark */
    struct str library; /* that is scanned; none: the policy itself */
};

static bool is_known(void *context, struct str name) {
    struct check *check = context;
    struct sandbox *sandbox = &check->host->sandbox;
    lua_State *lua = sandbox->lua;
    if (str_equal(name, STR("library")))
        return true;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, sandbox->globals);
    lua_pushlstring(lua, name.data, name.size);
    bool known = lua_rawget(lua, -2) != LUA_TNIL;
    lua_pop(lua, 2);
    return known;
}

static void scan_complaint(void *context, enum severity severity, uint32_t line, const char *code,
                           const char *message) {
    struct check *check = context;
    if (check->library.size)
        complaint_add(check->complaints, severity, line, code, "library %.*s: %s",
                      STR_ARG(check->library), message);
    else
        complaint_add(check->complaints, severity, line, code, "%s", message);
}

/* What Lua says is said to programmers. */
static const char *hint_for(const char *message) {
    static const struct {
        const char *words, *hint;
    } hints[] = {
        {"C stack overflow", ": tables, brackets or functions lie too deep within each other"},
        {"too many C levels", ": tables, brackets or functions lie too deep within each other"},
        {"'=' expected", ": is this Lua? A policy begins with return {"},
        {"unexpected symbol near '<\\", ": a character that Lua does not have"},
        {"unexpected symbol near '='", ": is a comma missing on the line before?"},
        {"'}' expected", ": is a comma or a bracket missing?"},
    };
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (strstr(message, hints[i].words))
            return hints[i].hint;
    return "";
}

/* The line of the first text in quotes that the message has, where it stands in the file as a key.
 */
static uint32_t line_of_quoted(const struct check *check, const char *message) {
    char quoted[64];
    return sscanf(message, "parameters: '%63[^']'", quoted) == 1
               ? complaint_line_of(check->text, quoted)
               : 0;
}

/* "file.lua:12: what" -> line 12, "what" */
static void lua_complaint(struct check *check, const char *code, const char *message) {
    uint32_t line = 0;
    int skipped = 0;
    const char *colon = strchr(message, ':');
    while (colon && sscanf(colon, ":%u:%n", &line, &skipped) != 1)
        colon = strchr(colon + 1, ':');
    bool ours = strncmp(message, check->source->file.data ? check->source->file.data : "",
                        check->source->file.size) == 0;
    if (colon && skipped && ours)
        message = colon + skipped + (colon[skipped] == ' ');
    if (!line)
        line = line_of_quoted(check, message);
    complaint_add(check->complaints, SEVERITY_ERROR, line, code, "%s%s", message,
                  hint_for(message));
}

/* Whether a text is Lua at all, before any of it runs; then what stands in it. */
static bool scan_source(struct check *check, struct str text, const char *name) {
    lua_State *lua = check->host->sandbox.lua;
    struct scan scan = {is_known, scan_complaint, check};
    char chunk_name[160];
    snprintf(chunk_name, sizeof chunk_name, "=%s", name);
    text = source_behind_mark(text);
    int status = luaL_loadbufferx(lua, text.data, text.size, chunk_name, "t");
    if (status != LUA_OK)
        lua_complaint(check, "syntax", lua_tostring(lua, -1));
    else
        scan_text(text, &scan);
    lua_pop(lua, 1);
    return status == LUA_OK;
}

static bool scan_all(struct check *check, const char *name) {
    const struct policy_source *source = check->source;
    bool ok = scan_source(check, check->text, name);
    for (size_t i = 0; i < source->n_libraries; i++) {
        char library[80];
        snprintf(library, sizeof library, "%.*s", STR_ARG(source->libraries[i].name));
        check->library = source->libraries[i].name;
        ok &= scan_source(check, source->libraries[i].text, library);
    }
    check->library = STR_NONE;
    return ok;
}

/* The value on the top (popped) as JSON; what is no UTF-8 text or too deep is left out. */
static json_t *pop_json(lua_State *lua) {
    struct buf text __attribute__((cleanup(buf_deinit))) = {0};
    value_json(lua, -1, &text);
    lua_pop(lua, 1);
    return json_loadb(text.data, text.size, JSON_DECODE_ANY, NULL);
}

/* Each parameter set, with its day: what the text has, with the overrides laid over it. */
static void add_sets(struct check *check, const struct program *program) {
    lua_State *lua = check->host->sandbox.lua;
    json_t *dates = json_object_get(check->verdict, "parameters");
    json_t *sets = json_object_get(check->verdict, "sets");
    for (size_t i = 0; i < program->n_sets; i++) {
        char text[16];
        date_format(program->sets[i].from, text);
        json_array_append_new(dates, json_string(text));
        lua_rawgeti(lua, LUA_REGISTRYINDEX, program->sets[i].table);
        json_t *set = pop_json(lua);
        if (set)
            json_object_set_new(sets, text, set);
    }
    lua_rawgeti(lua, LUA_REGISTRYINDEX, program->policy);
    freeze_field(lua, -1, "describe");
    json_t *describe = pop_json(lua);
    lua_pop(lua, 1);
    if (json_is_object(describe))
        json_object_set(check->verdict, "describe", describe);
    json_decref(describe);
}

static const struct policy_kind *kind_of(const struct check *check) {
    const char *word = json_string_value(json_object_get(check->verdict, "kind"));
    for (size_t i = 0; word && i < POLICY_KIND_choices.n; i++)
        if (strcmp(word, POLICY_KIND_choices.words[i]) == 0)
            return policy_kind((enum POLICY_KIND_choice)i);
    return NULL;
}

static void run_cases(struct check *check, struct case_run *run) {
    const char *code;
    json_t *unused;
    if (!cases_run(run))
        complaint_add(check->complaints, SEVERITY_ERROR, 0, "case_failed",
                      "a case does not give what it expects");
    json_object_foreach(run->unworded, code, unused)
        complaint_add(check->complaints, SEVERITY_ERROR, 0, "text_missing",
                      "texts: the finding '%s' has no words for those who read it", code);
}

static void end_coverage(struct check *check) {
    struct sandbox *sandbox = &check->host->sandbox;
    json_object_set_new(check->verdict, "coverage", coverage_json(sandbox->coverage, check->text));
    sandbox->coverage = NULL;
}

static bool load(struct check *check, struct policy_host *host, const char *name,
                 struct program *ret_program) {
    const struct policy_source *source = check->source;
    struct load_source load = {.name = name,
                               .text = source->text,
                               .parameters = source->parameters,
                               .n_libraries = source->n_libraries,
                               .libraries = source->libraries};
    lua_State *lua = host->sandbox.lua;
    if (program_load(host, &load, ret_program) == 0)
        return true;
    const char *message = lua_tostring(lua, -1);
    lua_complaint(check, "load", message ? message : "it does not load");
    lua_pop(lua, 1);
    return false;
}

/* In two Lua states: what differs between them shows, or is no policy. */
static void check_cases(struct check *check, struct case_run *run, const char *name) {
    struct program other;
    run->other_host = policy_host_new(&check->host->limits);
    run->other_program = &other;
    if (load(check, run->other_host, name, &other)) {
        cases_contradict(run, check->text, check->complaints);
        run_cases(check, run);
        end_coverage(check);
        if (!run->other_host->sandbox.refused)
            program_unload(run->other_host, &other);
    }
    policy_host_free(run->other_host);
}

/* What is only found by looking at the values and asking. */
static void check_meaning(struct check *check, const struct program *program, const char *name) {
    struct arena arena;
    struct case_run run = {.host = check->host,
                           .program = program,
                           .kind = kind_of(check),
                           .arena = &arena,
                           .results = json_object_get(check->verdict, "cases"),
                           .unworded = json_object()};
    struct parameter_check parameters = {.host = check->host,
                                         .program = program,
                                         .kind = run.kind,
                                         .text = check->text,
                                         .complaints = check->complaints,
                                         .arena = &arena};
    arena_init(&arena);
    check_parameters(&parameters);
    check_names(&parameters);
    if (run.kind && !complaints_refuse(check->complaints))
        check_cases(check, &run, name);
    if (run.kind && !complaints_refuse(check->complaints))
        check_sweep(&run, check->text, check->complaints);
    json_decref(run.unworded);
    arena_deinit(&arena);
}

static void check_program(struct check *check, const char *name) {
    const struct policy_source *source = check->source;
    struct program program;
    lua_State *lua = check->host->sandbox.lua;
    if (!load(check, check->host, name, &program))
        return;
    struct shape shape = {.lua = lua,
                          .text = check->text,
                          .verdict = check->verdict,
                          .complaints = check->complaints,
                          .n_libraries = source->n_libraries,
                          .libraries = source->libraries};
    lua_rawgeti(lua, LUA_REGISTRYINDEX, program.policy);
    shape_check(&shape);
    lua_pop(lua, 1);
    add_sets(check, &program);
    check_meaning(check, &program, name);
    if (!check->host->sandbox.refused)
        program_unload(check->host, &program);
}

json_t *policy_verdict_new(json_t *complaints) {
    return json_pack("{s:b, s:n, s:n, s:n, s:n, s:n, s:[], s:n, s:[], s:{}, s:{}, s:o, s:[], s:n}",
                     "ok", 0, "policy", "kind", "title", "scope", "schedule", "uses", "based_on",
                     "parameters", "sets", "describe", "complaints", complaints, "cases",
                     "coverage");
}

/* A file that is Lua. */
static void check_lua(struct check *check) {
    char name[120], chunk_name[128];
    struct coverage coverage;
    snprintf(name, sizeof name, "%.*s", STR_ARG(check->source->file));
    if (!scan_all(check, name))
        return;
    snprintf(chunk_name, sizeof chunk_name, "=%s", name);
    coverage_init(&coverage, check->text, chunk_name);
    check->host->sandbox.coverage = &coverage;
    check_program(check, name);
    check->host->sandbox.coverage = NULL;
    coverage_deinit(&coverage);
}

static void put_json(struct buf *out, json_t *value) {
    char *text = json_dumps(value, JSON_COMPACT);
    if (!text)
        memory_out();
    buf_put_str(out, str_from(text));
    free(text);
}

int policy_check(const struct policy_source *source, const struct policy_limits *limits,
                 struct buf *out) {
    struct source_form form;
    struct check check = {.source = source,
                          .text = source_behind_mark(source->text),
                          .host = policy_host_new(limits)};
    check.complaints = json_array();
    check.verdict = policy_verdict_new(check.complaints);
    if (!check.verdict)
        memory_out();
    if (source_form_is_wrong(source->text, &form))
        complaint_add(check.complaints, SEVERITY_ERROR, form.line, form.code, "%s", form.message);
    else
        check_lua(&check);
    bool ok = !complaints_refuse(check.complaints);
    json_object_set_new(check.verdict, "ok", json_boolean(ok));
    put_json(out, check.verdict);
    json_decref(check.verdict);
    policy_host_free(check.host);
    return ok ? 0 : 1;
}
