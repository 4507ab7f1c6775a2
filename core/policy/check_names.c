#include <stdlib.h>

#include "policy/check_parameters.h"
#include "policy/complaints.h"
#include "policy/freeze.h"

/* ---- what there is ---- */

static int by_name(const void *left, const void *right) {
    const struct parameter_name *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void names_add(struct parameter_names *names, struct arena *arena, const char *name,
                      bool in_set) {
    for (size_t i = 0; i < names->n; i++) {
        if (strcmp(names->list[i].name, name) != 0)
            continue;
        names->list[i].in_set |= in_set;
        return;
    }
    if (names->n < PARAMETER_NAMES_LIMIT)
        names->list[names->n++] =
            (struct parameter_name){.name = arena_string(arena, str_from(name)), .in_set = in_set};
}

/* The keys of the table on the top (popped), that are texts. */
static void names_gather(const struct parameter_check *check, struct parameter_names *names,
                         bool in_set) {
    lua_State *lua = check->host->sandbox.lua;
    int top = lua_gettop(lua);
    if (freeze_unwrap(lua, top))
        for (lua_pushnil(lua); lua_next(lua, top + 1); lua_pop(lua, 1))
            if (lua_type(lua, -2) == LUA_TSTRING)
                names_add(names, check->arena, lua_tostring(lua, -2), in_set);
    lua_settop(lua, top - 1);
}

void check_push_set(const struct parameter_check *check, size_t set) {
    lua_rawgeti(check->host->sandbox.lua, LUA_REGISTRYINDEX, check->program->sets[set].table);
}

/* Pushes the policy's field. */
void check_push_field(const struct parameter_check *check, const char *name) {
    lua_State *lua = check->host->sandbox.lua;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, check->program->policy);
    freeze_field(lua, -1, name);
    lua_remove(lua, -2);
}

/* Their order in a table differs from run to run. */
void check_names_of(const struct parameter_check *check, struct parameter_names *ret_names) {
    ret_names->n = 0;
    for (size_t i = 0; i < check->program->n_sets; i++) {
        check_push_set(check, i);
        names_gather(check, ret_names, true);
    }
    check_push_field(check, "describe");
    names_gather(check, ret_names, false);
    qsort(ret_names->list, ret_names->n, sizeof *ret_names->list, by_name);
}

/* ---- names in the text ---- */

static const char *nearest_fact(void *context, enum object_kind kind, const char *name) {
    const struct parameter_check *check = context;
    const struct object_type *type = object_type(kind);
    const char **names = arena_alloc(check->arena, type->n_facts * sizeof *names);
    size_t n = 0;
    for (size_t i = 0; i < type->n_facts; i++)
        if (type->facts[i].read)
            names[n++] = type->facts[i].name;
    return str_nearest(str_from(name), names, n);
}

static void scan_complaint(void *context, enum severity severity, uint32_t line, const char *code,
                           const char *message) {
    const struct parameter_check *check = context;
    complaint_add(check->complaints, severity, line, code, "%s", message);
}

/* What a case lays over a set has to be a parameter, too. */
static void check_case(const struct parameter_check *check, const struct parameter_names *names,
                       int test) {
    lua_State *lua = check->host->sandbox.lua;
    const char *candidates[PARAMETER_NAMES_LIMIT];
    struct parameter_names laid = {.n = 0};
    for (size_t i = 0; i < names->n; i++)
        candidates[i] = names->list[i].name;
    freeze_field(lua, test, "parameters");
    names_gather(check, &laid, true);
    qsort(laid.list, laid.n, sizeof *laid.list, by_name);
    for (size_t i = 0; i < laid.n; i++) {
        const char *name = laid.list[i].name;
        if (bsearch(&laid.list[i], names->list, names->n, sizeof *names->list, by_name))
            continue;
        const char *nearest = str_nearest(str_from(name), candidates, names->n);
        freeze_field(lua, test, "name");
        complaint_add(check->complaints, SEVERITY_ERROR, complaint_line_of(check->text, name),
                      "unknown_parameter",
                      "case %.100s: the parameter '%.64s' is in no set and in no description%s%s%s",
                      lua_type(lua, -1) == LUA_TSTRING ? lua_tostring(lua, -1) : "?", name,
                      nearest ? ": did you mean '" : "", nearest ? nearest : "",
                      nearest ? "'?" : "");
        lua_pop(lua, 1);
    }
}

static void check_cases_names(const struct parameter_check *check,
                              const struct parameter_names *names) {
    lua_State *lua = check->host->sandbox.lua;
    int top = lua_gettop(lua);
    check_push_field(check, "cases");
    size_t n = freeze_unwrap(lua, top + 1) ? lua_rawlen(lua, -1) : 0;
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(lua, top + 2, (lua_Integer)i);
        check_case(check, names, top + 3);
        lua_settop(lua, top + 2);
    }
    lua_settop(lua, top);
}

void check_names(const struct parameter_check *check) {
    struct parameter_names names;
    const struct scan scan = {NULL, scan_complaint, (void *)(uintptr_t)check};
    check_names_of(check, &names);
    check_cases_names(check, &names);
    if (!check->kind)
        return;
    struct scan_types types = {.subject = check->kind->subject,
                               .other_subject = check->kind->other_subject,
                               .n_parameters = names.n,
                               .parameters = names.list,
                               .nearest_fact = nearest_fact,
                               .scan = &scan};
    scan_types(check->text, &types);
    for (size_t i = 0; types.decides && !types.parameters_escape && i < names.n; i++)
        if (names.list[i].in_set && !names.list[i].read)
            complaint_add(check->complaints, SEVERITY_WARNING,
                          complaint_line_of(check->text, names.list[i].name), "unread_parameter",
                          "the parameter '%s' is never read: a change of it changes nothing",
                          names.list[i].name);
}
