#include "mapping.h"

#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cage.h"
#include "lua_json.h"

#define FILE_MOST (1u << 20)
#define COLLECT_BYTES (8u << 20)

struct mapping {
    struct cage cage;
    mapping_ours *ours;
    void *context;
    char *text; /* of the file: a worn state is made anew of it */
    size_t size;
    char *chunk_name;
};

static const char *const function_names[] = {"volunteer",  "team",       "activity",
                                             "enrolment",  "attendance", "push_enrolment_decision",
                                             "push_hours", "push_stars", "push_certificate"};
#define N_FUNCTIONS (sizeof function_names / sizeof *function_names)

static const char FUNCTIONS[] = "functions"; /* keys of the registry: their addresses */
static const char MAPPING[] = "mapping";

/* ---- what the file's functions may call ---- */

/* Ends the call with a problem of that item. */
static int raise(lua_State *lua, const char *code, const char *field, const char *message) {
    lua_createtable(lua, 0, 3);
    lua_pushstring(lua, code);
    lua_setfield(lua, -2, "code");
    lua_pushstring(lua, field);
    lua_setfield(lua, -2, "field");
    luaL_where(lua, 1);
    lua_pushstring(lua, message);
    lua_concat(lua, 2);
    lua_setfield(lua, -2, "message");
    return lua_error(lua);
}

/* Pushes what stands at a path such as data.guardian.name, nil where there is nothing. */
static void push_path(lua_State *lua, const char *path) {
    lua_pushvalue(lua, 1);
    while (*path) {
        size_t size = strcspn(path, ".");
        if (!lua_istable(lua, -1)) {
            lua_pop(lua, 1);
            lua_pushnil(lua);
            return;
        }
        lua_pushlstring(lua, path, size);
        lua_rawget(lua, -2);
        lua_remove(lua, -2);
        path += size + (path[size] == '.');
    }
}

static bool is_kind(lua_State *lua, const char *kind) {
    switch (*kind) {
    case 't':
        return lua_type(lua, -1) == LUA_TSTRING;
    case 'w':
        return lua_isinteger(lua, -1);
    case 'b':
        return lua_isboolean(lua, -1);
    default:
        return lua_istable(lua, -1);
    }
}

static int member(lua_State *lua, bool needed) {
    static const char *const kinds[] = {"text", "whole", "boolean", "list", NULL};
    char message[200];
    luaL_checktype(lua, 1, LUA_TTABLE);
    const char *path = luaL_checkstring(lua, 2);
    const char *kind = kinds[luaL_checkoption(lua, 3, "text", kinds)];
    push_path(lua, path);
    if (lua_isnil(lua, -1)) {
        if (!needed)
            return 1;
        snprintf(message, sizeof message, "the platform's item has no %.64s", path);
        return raise(lua, "missing_field", path, message);
    }
    if (is_kind(lua, kind))
        return 1;
    snprintf(message, sizeof message, "%.64s of the platform's item is a %s, not a %s", path,
             luaL_typename(lua, -1), kind);
    return raise(lua, "wrong_type", path, message);
}

/* need(item, "data.realName" [, kind]): what stands there; a problem where there is nothing. */
static int need(lua_State *lua) {
    return member(lua, true);
}

/* may(item, "data.mobile" [, kind]): the same, or nil. */
static int may(lua_State *lua) {
    return member(lua, false);
}

/* code(dictionary, value, field): our word for theirs; nil stays nil. */
static int code(lua_State *lua) {
    char message[300];
    luaL_checktype(lua, 1, LUA_TTABLE);
    const char *field = luaL_checkstring(lua, 3);
    if (lua_isnil(lua, 2)) {
        lua_pushnil(lua);
        return 1;
    }
    lua_pushvalue(lua, 2);
    lua_rawget(lua, 1);
    if (!lua_isnil(lua, -1))
        return 1;
    snprintf(message, sizeof message,
             "the platform's word %.100s stands in no line of the mapping's dictionary for %.64s: "
             "add one, then recruitment.reload",
             luaL_tolstring(lua, 2, NULL), field);
    return raise(lua, "not_in_dictionary", field, message);
}

/* ours(resource, external): our id; nil stays nil. */
static int ours(lua_State *lua) {
    char id[MAPPING_ID_BYTES];
    if (lua_isnil(lua, 2))
        return 1;
    const char *resource = luaL_checkstring(lua, 1), *external = luaL_checkstring(lua, 2);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, MAPPING);
    const struct mapping *mapping = lua_touserdata(lua, -1);
    mapping->ours(mapping->context, resource, external, id);
    lua_pushstring(lua, id);
    return 1;
}

/* refuse(code, field, message): this item is for a person to look at. */
static int refuse(lua_State *lua) {
    return raise(lua, luaL_checkstring(lua, 1), luaL_checkstring(lua, 2), luaL_checkstring(lua, 3));
}

/* ---- loading ---- */

static int load(lua_State *lua) {
    static const struct luaL_Reg functions[] = {
        {"need", need}, {"may", may}, {"code", code}, {"ours", ours}, {"refuse", refuse}};
    struct mapping *mapping = lua_touserdata(lua, 1);
    lua_pushlightuserdata(lua, mapping);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, MAPPING);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        lua_pushcfunction(lua, functions[i].func);
        lua_setglobal(lua, functions[i].name);
    }
    if (luaL_loadbufferx(lua, mapping->text, mapping->size, mapping->chunk_name, "t") != LUA_OK)
        return lua_error(lua);
    lua_call(lua, 0, 1);
    if (!lua_istable(lua, -1))
        return luaL_error(lua, "%s: the file must return a table of functions",
                          mapping->chunk_name + 1);
    for (size_t i = 0; i < N_FUNCTIONS; i++) {
        lua_getfield(lua, -1, function_names[i]);
        if (!lua_isfunction(lua, -1))
            return luaL_error(lua, "%s: its table has no function %s", mapping->chunk_name + 1,
                              function_names[i]);
        lua_pop(lua, 1);
    }
    lua_rawsetp(lua, LUA_REGISTRYINDEX, FUNCTIONS);
    return 0;
}

/* The text of what was raised, popped. */
static void take_message(lua_State *lua, char *ret_message, size_t size) {
    const char *text = lua_tostring(lua, -1);
    snprintf(ret_message, size, "%s", text ? text : "the mapping failed without a message");
    lua_settop(lua, 0);
}

static bool start(struct mapping *mapping, char *ret_message, size_t message_size) {
    if (cage_init(&mapping->cage) != 0) {
        snprintf(ret_message, message_size, "out of memory");
        return false;
    }
    if (cage_call(&mapping->cage, load, mapping) == LUA_OK)
        return true;
    take_message(mapping->cage.lua, ret_message, message_size);
    return false;
}

static bool read_file(struct mapping *mapping, const char *path, char *ret_message, size_t size) {
    FILE *file = fopen(path, "re");
    if (!file) {
        /* The box holds the file itself: one that an editor put in its place is another one. */
        const char *help = errno == EACCES
                               ? " (was the file replaced? volunteerctl plugin restart recruitment)"
                               : "";
        snprintf(ret_message, size, "%s: %s%s", path, strerror(errno), help);
        return false;
    }
    mapping->text = malloc(FILE_MOST + 1);
    mapping->size = mapping->text ? fread(mapping->text, 1, FILE_MOST + 1, file) : 0;
    bool good = mapping->text && !ferror(file) && mapping->size <= FILE_MOST;
    if (!good)
        snprintf(ret_message, size, "%s: it cannot be read, or has more than 1 MiB", path);
    fclose(file);
    return good;
}

bool mapping_open(const char *path, mapping_ours *ours_function, void *context,
                  struct mapping **ret_mapping, char *ret_message, size_t message_size) {
    const char *name = strrchr(path, '/');
    struct mapping *mapping = calloc(1, sizeof *mapping);
    snprintf(ret_message, message_size, "out of memory");
    if (!mapping)
        return false;
    mapping->ours = ours_function;
    mapping->context = context;
    if (asprintf(&mapping->chunk_name, "@%s", name ? name + 1 : path) < 0)
        mapping->chunk_name = NULL;
    if (mapping->chunk_name && read_file(mapping, path, ret_message, message_size) &&
        start(mapping, ret_message, message_size)) {
        *ret_mapping = mapping;
        return true;
    }
    mapping_close(mapping);
    return false;
}

void mapping_close(struct mapping *mapping) {
    if (!mapping)
        return;
    cage_deinit(&mapping->cage);
    free(mapping->text);
    free(mapping->chunk_name);
    free(mapping);
}

/* ---- a call ---- */

struct call {
    const char *function;
    const json_t *argument, *before;
    json_t *result; /* {"value": ...} */
};

static int run(lua_State *lua) {
    struct call *call = lua_touserdata(lua, 1);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, FUNCTIONS);
    lua_getfield(lua, -1, call->function);
    lua_json_push(lua, call->argument);
    lua_json_push(lua, call->before);
    lua_call(lua, 2, 1);
    lua_json_take(lua, -1, call->result, "value");
    return 0;
}

static void copy_member(lua_State *lua, const char *name, char *ret_text, size_t size) {
    lua_getfield(lua, -1, name);
    const char *text = lua_tostring(lua, -1);
    if (text)
        snprintf(ret_text, size, "%s", text);
    lua_pop(lua, 1);
}

static void take_problem(lua_State *lua, struct mapping_problem *problem) {
    *problem = (struct mapping_problem){.code = "mapping_error"};
    if (!lua_istable(lua, -1)) {
        take_message(lua, problem->message, sizeof problem->message);
        return;
    }
    copy_member(lua, "code", problem->code, sizeof problem->code);
    copy_member(lua, "field", problem->field, sizeof problem->field);
    copy_member(lua, "message", problem->message, sizeof problem->message);
    lua_settop(lua, 0);
}

static bool call_function(struct mapping *mapping, struct call *call,
                          struct mapping_problem *problem) {
    *problem = (struct mapping_problem){.code = "mapping_error"};
    if (mapping->cage.worn || !mapping->cage.lua) {
        cage_deinit(&mapping->cage);
        if (!start(mapping, problem->message, sizeof problem->message))
            return false;
    }
    if (mapping->cage.bytes > COLLECT_BYTES)
        lua_gc(mapping->cage.lua, LUA_GCCOLLECT);
    call->result = json_object();
    bool good = cage_call(&mapping->cage, run, call) == LUA_OK;
    if (!good)
        take_problem(mapping->cage.lua, problem);
    return good;
}

static bool wrong(struct mapping_problem *problem, const char *function, const char *what) {
    snprintf(problem->message, sizeof problem->message, "the mapping's function %s returned %s",
             function, what);
    return false;
}

static bool is_statement(const json_t *statement) {
    const json_t *time = json_object_get(statement, "time");
    return json_is_string(json_object_get(statement, "type")) &&
           json_is_object(json_object_get(statement, "data")) && (!time || json_is_string(time));
}

bool mapping_item(struct mapping *mapping, const char *function, const json_t *item,
                  const json_t *before, json_t **ret_statements, struct mapping_problem *problem) {
    struct call call = {.function = function, .argument = item, .before = before};
    bool good = call_function(mapping, &call, problem);
    json_t *value = json_incref(json_object_get(call.result, "value"));
    json_decref(call.result);
    if (good && value && !json_is_array(value))
        good = wrong(problem, function, "no list of statements {type, data, time}");
    for (size_t i = 0; good && i < json_array_size(value); i++)
        if (!is_statement(json_array_get(value, i)))
            good = wrong(problem, function, "something else than {type = text, data = table}");
    if (good)
        *ret_statements = value ? value : json_array();
    else
        json_decref(value);
    return good;
}

bool mapping_push(struct mapping *mapping, const char *function, const json_t *value,
                  json_t **ret_value, struct mapping_problem *problem) {
    struct call call = {.function = function, .argument = value};
    bool good = call_function(mapping, &call, problem);
    json_t *result = json_incref(json_object_get(call.result, "value"));
    json_decref(call.result);
    if (good && !json_is_object(result))
        good = wrong(problem, function, "no table");
    if (good)
        *ret_value = result;
    else
        json_decref(result);
    return good;
}
