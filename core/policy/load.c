#include "policy/load.h"

#include <jansson.h>
#include <stdlib.h>

#include "policy/freeze.h"
#include "util/memory.h"

#define SETS_LIMIT 256

/* ---- parameters ---- */

static int compare_dates(const void *left, const void *right) {
    const int32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* The dates of a table of sets, added to `dates`. Raises where a key is no date or a set no table.
 */
static void add_dates(lua_State *lua, int table, int32_t *dates, size_t *n) {
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
        struct str text = {"", 0};
        if (lua_type(lua, -2) == LUA_TSTRING)
            text.data = lua_tolstring(lua, -2, &text.size);
        if (*n == SETS_LIMIT)
            luaL_error(lua, "parameters: there are more than %d dates", SETS_LIMIT);
        if (date_parse(text, &dates[*n]) != 0)
            luaL_error(lua, "parameters: '%s' is not a date such as [\"2018-08-23\"]",
                       text.size ? text.data : "?");
        if (!lua_istable(lua, -1))
            luaL_error(lua, "parameters: what stands at %s is not a table", text.data);
        (*n)++;
    }
}

static void push_json(lua_State *lua, const json_t *value) {
    const char *name;
    json_t *member;
    size_t index;
    luaL_checkstack(lua, 8, "parameters are nested too deeply");
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        lua_newtable(lua);
        json_object_foreach((json_t *)(uintptr_t)value, name, member) {
            lua_pushstring(lua, name);
            push_json(lua, member);
            lua_rawset(lua, -3);
        }
        break;
    case JSON_ARRAY:
        lua_newtable(lua);
        json_array_foreach(value, index, member) {
            push_json(lua, member);
            lua_rawseti(lua, -2, (lua_Integer)index + 1);
        }
        break;
    case JSON_STRING:
        lua_pushlstring(lua, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        lua_pushinteger(lua, json_integer_value(value));
        break;
    case JSON_REAL:
        lua_pushnumber(lua, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        lua_pushboolean(lua, json_is_true(value));
        break;
    case JSON_NULL:
        lua_pushnil(lua);
        break;
    }
}

/* Copies the members of the table at the top (popped) into the one at `target`. */
static void copy_members(lua_State *lua, int target) {
    if (freeze_unwrap(lua, -1))
        lua_replace(lua, -2);
    int source = lua_gettop(lua);
    for (lua_pushnil(lua); lua_next(lua, source); lua_pop(lua, 1)) {
        lua_pushvalue(lua, -2);
        lua_pushvalue(lua, -2);
        lua_rawset(lua, target);
    }
    lua_pop(lua, 1);
}

static bool push_set(lua_State *lua, int table, int32_t date) {
    char text[16];
    lua_pushlstring(lua, text, date_format(date, text));
    if (lua_rawget(lua, table) == LUA_TTABLE)
        return true;
    lua_pop(lua, 1);
    return false;
}

/* One set: the file's of that day, else the set before; the override of that day laid over it.
 * Stack: ..., set before ->
 * ..., set. */
static void lay_out(lua_State *lua, int file, int overrides, int32_t date) {
    int before = lua_gettop(lua);
    lua_newtable(lua);
    if (!push_set(lua, file, date))
        lua_pushvalue(lua, before);
    copy_members(lua, before + 1);
    if (push_set(lua, overrides, date))
        copy_members(lua, before + 1);
    lua_replace(lua, before);
}

/* (policy, overrides) -> list of date, set, date, set ..., oldest first */
static int lay_out_all(lua_State *lua) {
    int32_t dates[2 * SETS_LIMIT];
    size_t n = 0;
    if (freeze_field(lua, 1, "parameters") == LUA_TNIL) {
        lua_newtable(lua);
        lua_replace(lua, -2);
    }
    if (!freeze_unwrap(lua, 3))
        return luaL_error(lua, "parameters: a table by date is expected");
    add_dates(lua, 4, dates, &n);
    add_dates(lua, 2, dates, &n);
    qsort(dates, n, sizeof *dates, compare_dates);
    lua_newtable(lua); /* 5: the list */
    lua_newtable(lua); /* 6: the newest set */
    for (size_t i = 0; i < n; i++) {
        if (i && dates[i] == dates[i - 1])
            continue;
        lay_out(lua, 4, 2, dates[i]);
        lua_Integer place = (lua_Integer)lua_rawlen(lua, 5);
        lua_pushinteger(lua, dates[i]);
        lua_rawseti(lua, 5, place + 1);
        lua_pushvalue(lua, 6);
        freeze_value(lua, 0);
        lua_rawseti(lua, 5, place + 2);
    }
    lua_settop(lua, 5);
    return 1;
}

/* Keeps the list at the top (popped) as the program's sets. */
static void take_sets(lua_State *lua, struct program *program) {
    program->n_sets = lua_rawlen(lua, -1) / 2;
    program->sets = calloc(program->n_sets + 1, sizeof *program->sets);
    if (!program->sets)
        memory_out();
    for (size_t i = 0; i < program->n_sets; i++) {
        lua_rawgeti(lua, -1, (lua_Integer)(2 * i + 1));
        program->sets[i].from = (int32_t)lua_tointeger(lua, -1);
        lua_pop(lua, 1);
        lua_rawgeti(lua, -1, (lua_Integer)(2 * i + 2));
        program->sets[i].table = luaL_ref(lua, LUA_REGISTRYINDEX);
    }
    lua_pop(lua, 1);
}

/* Pushes the overrides as a table, or a message and false. */
static bool push_overrides(lua_State *lua, struct str parameters) {
    if (!parameters.size) {
        lua_newtable(lua);
        return true;
    }
    json_error_t error;
    json_t *value = json_loadb(parameters.data, parameters.size, 0, &error);
    if (!json_is_object(value)) {
        json_decref(value);
        lua_pushfstring(lua, "the activation's parameters are not a JSON object by date");
        return false;
    }
    push_json(lua, value);
    json_decref(value);
    return true;
}

/* ---- the file ---- */

/* (value, locals) -> value */
static int freeze_library(lua_State *lua) {
    if (lua_type(lua, 1) != LUA_TTABLE)
        return luaL_error(lua, "a library file must return a table");
    lua_pushvalue(lua, 1);
    freeze_value(lua, 2);
    return 1;
}

/* (policy, locals) -> decide */
static int freeze_policy(lua_State *lua) {
    if (!freeze_unwrap(lua, 1))
        return luaL_error(lua, "the file must return a table: return { name = ..., ... }");
    if (freeze_field(lua, 1, "decide") != LUA_TFUNCTION || lua_iscfunction(lua, -1))
        return luaL_error(lua, "decide: a function is expected");
    freeze_value(lua, 2);
    return 1;
}

/* Runs a text in its environment and freezes what it returned. Stack: library (popped) -> value of
 * the file, what `freeze` made of it; or a message. */
static bool run_file(struct policy_host *host, const char *name, struct str text, int locals,
                     lua_CFunction freeze) {
    lua_State *lua = host->sandbox.lua;
    char chunk_name[128];
    snprintf(chunk_name, sizeof chunk_name, "=%s", name);
    if (sandbox_load(&host->sandbox, text, chunk_name) != LUA_OK ||
        sandbox_call(&host->sandbox, 0, 1) != LUA_OK)
        return false;
    lua_pushcfunction(lua, freeze);
    lua_pushvalue(lua, -2);
    lua_pushvalue(lua, locals);
    if (lua_pcall(lua, 2, 1, 0) == LUA_OK)
        return true;
    lua_remove(lua, -2);
    return false;
}

/* Pushes the table of libraries, or a message and false. */
static bool push_libraries(struct policy_host *host, const struct load_source *source, int locals) {
    lua_State *lua = host->sandbox.lua;
    lua_newtable(lua);
    int libraries = lua_gettop(lua);
    for (size_t i = 0; i < source->n_libraries; i++) {
        const struct library *library = &source->libraries[i];
        char name[80];
        snprintf(name, sizeof name, "%.*s", STR_ARG(library->name));
        lua_newtable(lua); /* a library has no libraries */
        if (!run_file(host, name, library->text, locals, freeze_library)) {
            lua_replace(lua, libraries);
            return false;
        }
        lua_setfield(lua, libraries, name);
        lua_pop(lua, 1);
    }
    freeze_face(lua);
    return true;
}

static bool load_sets(struct policy_host *host, int policy, struct str parameters,
                      struct program *program) {
    lua_State *lua = host->sandbox.lua;
    lua_pushcfunction(lua, lay_out_all);
    lua_pushvalue(lua, policy);
    if (!push_overrides(lua, parameters) || lua_pcall(lua, 2, 1, 0) != LUA_OK)
        return false;
    take_sets(lua, program);
    return true;
}

/* What the file says, else the newest of its own sets: cases belong to the text, so that a set laid
 * over it later leaves them as they were. */
static int32_t find_cases_on(lua_State *lua, int policy) {
    int32_t newest = INT32_MIN, date;
    struct str text = STR_NONE;
    int top = lua_gettop(lua);
    if (freeze_field(lua, policy, "cases_on") == LUA_TSTRING)
        text.data = lua_tolstring(lua, -1, &text.size);
    if (text.data && date_parse(text, &date) == 0)
        newest = date;
    freeze_field(lua, policy, "parameters");
    if (newest == INT32_MIN && freeze_unwrap(lua, -1))
        for (lua_pushnil(lua); lua_next(lua, -2); lua_pop(lua, 1)) {
            text.data = lua_tolstring(lua, -2, &text.size);
            if (date_parse(text, &date) == 0 && date > newest)
                newest = date;
        }
    lua_settop(lua, top);
    return newest;
}

int program_load(struct policy_host *host, const struct load_source *source,
                 struct program *ret_program) {
    lua_State *lua = host->sandbox.lua;
    int base = lua_gettop(lua);
    struct program program = {.policy = LUA_NOREF, .decide = LUA_NOREF, .locals = LUA_NOREF};
    lua_newtable(lua); /* base + 1: outer locals */
    if (!push_libraries(host, source, base + 1) ||
        !run_file(host, source->name, source->text, base + 1, freeze_policy) ||
        !load_sets(host, base + 2, source->parameters, &program)) {
        lua_replace(lua, base + 1);
        lua_settop(lua, base + 1);
        return 1;
    }
    program.cases_on = find_cases_on(lua, base + 2);
    program.decide = luaL_ref(lua, LUA_REGISTRYINDEX);
    program.policy = luaL_ref(lua, LUA_REGISTRYINDEX);
    program.kept = freeze_kept(lua, base + 1, &program.n_kept);
    program.locals = luaL_ref(lua, LUA_REGISTRYINDEX);
    *ret_program = program;
    return 0;
}

void program_unload(struct policy_host *host, struct program *program) {
    lua_State *lua = host->sandbox.lua;
    luaL_unref(lua, LUA_REGISTRYINDEX, program->policy);
    luaL_unref(lua, LUA_REGISTRYINDEX, program->decide);
    luaL_unref(lua, LUA_REGISTRYINDEX, program->locals);
    for (size_t i = 0; i < program->n_sets; i++) {
        luaL_unref(lua, LUA_REGISTRYINDEX, program->sets[i].table);
        known_free(program->sets[i].known);
    }
    known_free(program->known);
    free(program->sets);
    free(program->kept);
    *program = (struct program){.policy = LUA_NOREF, .decide = LUA_NOREF, .locals = LUA_NOREF};
}

struct known **program_known(struct program *program, int32_t date) {
    for (size_t i = program->n_sets; i > 0; i--)
        if (program->sets[i - 1].from <= date)
            return &program->sets[i - 1].known;
    return &program->known;
}

bool program_push_parameters(struct policy_host *host, const struct program *program,
                             int32_t date) {
    lua_State *lua = host->sandbox.lua;
    for (size_t i = program->n_sets; i > 0; i--) {
        if (program->sets[i - 1].from > date)
            continue;
        lua_rawgeti(lua, LUA_REGISTRYINDEX, program->sets[i - 1].table);
        return true;
    }
    if (program->n_sets == 0)
        lua_rawgeti(lua, LUA_REGISTRYINDEX, host->empty_list);
    return program->n_sets == 0;
}
