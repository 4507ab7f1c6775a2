#include "policy/freeze.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "policy/sandbox.h"
#include "util/memory.h"

/* Its address is the key in a frozen table's metatable under which the original stands. */
static const char original_key;
/* Registry: original table -> frozen one, so that one table is frozen once. */
static const char memo_key;

/* How far tables and functions may lie within each other: the walk recurses. */
#define DEPTH_SLOTS 1000

static const void *key_of(const char *key) {
    return key;
}

void freeze_init(lua_State *lua) {
    lua_newtable(lua);
    lua_newtable(lua);
    lua_pushliteral(lua, "k");
    lua_setfield(lua, -2, "__mode");
    lua_setmetatable(lua, -2);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, key_of(&memo_key));
}

bool freeze_unwrap(lua_State *lua, int index) {
    if (lua_type(lua, index) != LUA_TTABLE)
        return false;
    index = lua_absindex(lua, index);
    if (!lua_getmetatable(lua, index)) {
        lua_pushvalue(lua, index);
        return true;
    }
    lua_rawgetp(lua, -1, key_of(&original_key));
    lua_remove(lua, -2);
    if (lua_istable(lua, -1))
        return true;
    lua_pop(lua, 1);
    return false;
}

bool freeze_list(lua_State *lua, int index, size_t *ret_n) {
    index = lua_absindex(lua, index);
    *ret_n = lua_rawlen(lua, index);
    if (*ret_n > 0)
        return true;
    lua_pushnil(lua);
    if (!lua_next(lua, index))
        return true;
    lua_pop(lua, 2);
    return false;
}

int freeze_field(lua_State *lua, int index, const char *name) {
    if (!freeze_unwrap(lua, index)) {
        lua_pushnil(lua);
        return LUA_TNIL;
    }
    lua_pushstring(lua, name);
    int type = lua_rawget(lua, -2);
    lua_remove(lua, -2);
    return type;
}

static int frozen_written(lua_State *lua) {
    return luaL_error(lua, "a table of the policy or of its parameters cannot be changed in a "
                           "call: copy what you need into a local table");
}

static int frozen_length(lua_State *lua) {
    if (!freeze_unwrap(lua, 1))
        return luaL_error(lua, "not a table");
    lua_pushinteger(lua, (lua_Integer)lua_rawlen(lua, -1));
    return 1;
}

/* Replaces the values of the table on the top that are tables or functions. */
static void freeze_within(lua_State *lua, int locals) {
    int table = lua_gettop(lua);
    lua_pushnil(lua);
    while (lua_next(lua, table)) {
        int kind = lua_type(lua, -2);
        if (kind == LUA_TTABLE || kind == LUA_TFUNCTION)
            luaL_error(lua, "a table of the policy has a table or function as a key");
        freeze_value(lua, locals);
        lua_pushvalue(lua, -2);
        lua_insert(lua, -2);
        lua_rawset(lua, table); /* an existing key: the walk goes on */
    }
}

/* Pushes the frozen face of the table at `original`. */
static void push_face(lua_State *lua, int original) {
    lua_newtable(lua);
    lua_createtable(lua, 0, 4);
    lua_pushvalue(lua, original);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, frozen_written);
    lua_setfield(lua, -2, "__newindex");
    lua_pushcfunction(lua, frozen_length);
    lua_setfield(lua, -2, "__len");
    lua_pushvalue(lua, original);
    lua_rawsetp(lua, -2, key_of(&original_key));
    lua_setmetatable(lua, -2);
}

static void check_depth(lua_State *lua) {
    if (lua_gettop(lua) > DEPTH_SLOTS)
        luaL_error(lua, "tables or functions lie too deep within each other");
    luaL_checkstack(lua, 12, "tables or functions within each other");
}

/* The table on the top becomes its frozen face. A table with a metatable is a face or an
 * environment already. */
static void freeze_plain(lua_State *lua, int locals) {
    if (lua_getmetatable(lua, -1)) {
        lua_pop(lua, 1);
        return;
    }
    check_depth(lua);
    int original = lua_gettop(lua);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, key_of(&memo_key));
    lua_pushvalue(lua, original);
    if (lua_rawget(lua, -2) == LUA_TNIL) {
        lua_pop(lua, 1);
        push_face(lua, original);
        lua_pushvalue(lua, original);
        lua_pushvalue(lua, -2);
        lua_rawset(lua, original + 1); /* before going in: tables may hold each other */
        lua_pushvalue(lua, original);
        freeze_within(lua, locals);
        lua_pop(lua, 1);
    }
    lua_replace(lua, original);
    lua_settop(lua, original);
}

/* Notes the outer local, once: {function, index, value, ...}; an identity in the list's hash part
 * says that it is there. */
static bool note_local(lua_State *lua, int locals, int function, int index) {
    void *identity = lua_upvalueid(lua, function, index);
    if (lua_rawgetp(lua, locals, identity) != LUA_TNIL) {
        lua_pop(lua, 1);
        return false;
    }
    lua_pop(lua, 1);
    lua_pushboolean(lua, 1);
    lua_rawsetp(lua, locals, identity);
    lua_Integer n = (lua_Integer)lua_rawlen(lua, locals);
    lua_pushvalue(lua, function);
    lua_rawseti(lua, locals, n + 1);
    lua_pushinteger(lua, index);
    lua_rawseti(lua, locals, n + 2);
    lua_pushboolean(
        lua, 0); /* its value follows when it is frozen; false keeps the list without holes */
    lua_rawseti(lua, locals, n + 3);
    return true;
}

static void freeze_locals(lua_State *lua, int locals) {
    int function = lua_gettop(lua);
    if (lua_iscfunction(lua, function)) {
        if (!sandbox_is_library(lua, function))
            luaL_error(lua, "the policy keeps an iterator from one call to the next");
        return;
    }
    check_depth(lua);
    for (int index = 1; lua_getupvalue(lua, function, index); index++) {
        if (!note_local(lua, locals, function, index)) {
            lua_pop(lua, 1);
            continue;
        }
        lua_Integer place = (lua_Integer)lua_rawlen(lua, locals);
        freeze_value(lua, locals);
        lua_pushvalue(lua, -1);
        lua_setupvalue(lua, function, index);
        if (lua_isnil(lua, -1)) { /* a list without holes: it stands for nil itself */
            lua_pushvalue(lua, locals);
            lua_replace(lua, -2);
        }
        lua_rawseti(lua, locals, place);
    }
}

/* The value on the top becomes one that may be kept. `locals` 0: functions are not allowed there.
 */
void freeze_value(lua_State *lua, int locals) {
    switch (lua_type(lua, -1)) {
    case LUA_TTABLE:
        freeze_plain(lua, locals);
        break;
    case LUA_TFUNCTION:
        if (!locals)
            luaL_error(lua, "a function stands where only values may");
        else
            freeze_locals(lua, locals);
        break;
    case LUA_TUSERDATA:
    case LUA_TTHREAD:
        luaL_error(lua, "the policy keeps a value that is not a table, text or number");
        break;
    default:
        break;
    }
}

void freeze_face(lua_State *lua) {
    push_face(lua, lua_gettop(lua));
    lua_replace(lua, -2);
}

static int by_function(const void *left, const void *right) {
    const struct kept_local *a = left, *b = right;
    return (a->function > b->function) - (a->function < b->function);
}

struct kept_local *freeze_kept(lua_State *lua, int index, size_t *ret_n) {
    size_t n = lua_rawlen(lua, index) / 3;
    struct kept_local *kept = calloc(n + 1, sizeof *kept);
    if (!kept)
        memory_out();
    index = lua_absindex(lua, index);
    for (size_t i = 0; i < n; i++) {
        kept[i].place = (int)(3 * i + 1);
        lua_rawgeti(lua, index, kept[i].place);
        lua_rawgeti(lua, index, kept[i].place + 1);
        kept[i].index = (int)lua_tointeger(lua, -1);
        kept[i].function = lua_topointer(lua, -2);
        lua_getupvalue(lua, -2, kept[i].index);
        kept[i].content = lua_topointer(lua, -1);
        lua_pop(lua, 3);
    }
    /* The check fetches each function once. */
    qsort(kept, n, sizeof *kept, by_function);
    *ret_n = n;
    return kept;
}

/* The same to every operation: 1 is not 1.0, 0.0 not -0.0, and what is no number stays so. */
static bool same_value(lua_State *lua, int left, int right) {
    if (lua_type(lua, left) != LUA_TNUMBER || lua_isinteger(lua, left))
        return lua_rawequal(lua, left, right) &&
               lua_isinteger(lua, left) == lua_isinteger(lua, right);
    lua_Number a = lua_tonumber(lua, left), b = lua_tonumber(lua, right);
    return lua_type(lua, right) == LUA_TNUMBER && !lua_isinteger(lua, right) &&
           memcmp(&a, &b, sizeof a) == 0;
}

/* Whether the local whose value is on the top (popped) holds what the list says; puts it back where
 * it does not. Its function is below. */
static bool check_value(lua_State *lua, int locals, const struct kept_local *local) {
    lua_rawgeti(lua, locals, local->place + 2);
    if (lua_rawequal(lua, -1, locals)) {
        lua_pop(lua, 1);
        lua_pushnil(lua);
    }
    bool same = same_value(lua, -1, -2);
    if (same)
        lua_pop(lua, 1);
    else
        lua_setupvalue(lua, -3, local->index);
    lua_pop(lua, 1);
    return same;
}

bool freeze_check(lua_State *lua, int index, const struct kept_local *kept, size_t n) {
    int locals = lua_absindex(lua, index);
    const void *function = NULL;
    bool all = true;
    lua_pushnil(lua); /* the place of the function */
    for (size_t i = 0; i < n; i++) {
        if (kept[i].function != function) {
            lua_pop(lua, 1);
            lua_rawgeti(lua, locals, kept[i].place);
            function = kept[i].function;
        }
        lua_getupvalue(lua, -1, kept[i].index);
        if (kept[i].content && lua_topointer(lua, -1) == kept[i].content)
            lua_pop(lua, 1);
        else
            all &= check_value(lua, locals, &kept[i]);
    }
    lua_pop(lua, 1);
    return all;
}
