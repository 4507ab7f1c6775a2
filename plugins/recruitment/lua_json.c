#include "lua_json.h"

#include <lauxlib.h>
#include <math.h>

#define ITEMS_MOST 10000

static void push(lua_State *lua, const json_t *value, int depth) {
    const char *key;
    json_t *member;
    size_t i;
    luaL_checkstack(lua, 4, "too deep");
    if (depth > LUA_JSON_DEPTH)
        luaL_error(lua, "the item is nested too deep");
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_OBJECT:
        lua_createtable(lua, 0, (int)json_object_size(value));
        json_object_foreach((json_t *)(uintptr_t)value, key, member) {
            push(lua, member, depth + 1);
            lua_setfield(lua, -2, key);
        }
        return;
    case JSON_ARRAY:
        lua_createtable(lua, (int)json_array_size(value), 0);
        json_array_foreach(value, i, member) {
            push(lua, member, depth + 1);
            lua_rawseti(lua, -2, (lua_Integer)i + 1);
        }
        return;
    case JSON_STRING:
        lua_pushlstring(lua, json_string_value(value), json_string_length(value));
        return;
    case JSON_INTEGER:
        lua_pushinteger(lua, json_integer_value(value));
        return;
    case JSON_REAL:
        lua_pushnumber(lua, json_real_value(value));
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        lua_pushboolean(lua, json_is_true(value));
        return;
    case JSON_NULL:
        break;
    }
    lua_pushnil(lua);
}

void lua_json_push(lua_State *lua, const json_t *value) {
    push(lua, value, 0);
}

/* What is being made hangs on its parent at once, and the whole on `root`, so that an error that is
 * raised half way leaves it to whoever holds the root. */
static void take(lua_State *lua, int index, int depth, json_t *root, const char *key);

static void put(lua_State *lua, json_t *parent, const char *key, json_t *value) {
    int failed = json_is_array(parent) ? json_array_append_new(parent, value)
                                       : json_object_set_new(parent, key, value);
    if (failed)
        luaL_error(lua, "a text or a name that is not UTF-8");
}

static void take_table(lua_State *lua, int index, int depth, json_t *parent, const char *key) {
    lua_Unsigned n = lua_rawlen(lua, index);
    luaL_checkstack(lua, 4, "too deep");
    if (depth > LUA_JSON_DEPTH || n > ITEMS_MOST)
        luaL_error(lua, "a table that is too deep or too long");
    lua_pushnil(lua);
    if (!lua_next(lua, index))
        return;
    lua_pop(lua, 2);
    json_t *made = n ? json_array() : json_object();
    put(lua, parent, key, made);
    for (lua_Unsigned i = 1; i <= n; i++) {
        lua_rawgeti(lua, index, (lua_Integer)i);
        take(lua, lua_gettop(lua), depth + 1, made, NULL);
        lua_pop(lua, 1);
    }
    if (n)
        return;
    for (lua_pushnil(lua); lua_next(lua, index); lua_pop(lua, 1)) {
        if (lua_type(lua, -2) != LUA_TSTRING)
            luaL_error(lua, "a table with other keys than names");
        take(lua, lua_gettop(lua), depth + 1, made, lua_tostring(lua, -2));
    }
}

static void take(lua_State *lua, int index, int depth, json_t *parent, const char *key) {
    size_t size;
    const char *text;
    switch (lua_type(lua, index)) {
    case LUA_TNIL:
        return;
    case LUA_TBOOLEAN:
        put(lua, parent, key, json_boolean(lua_toboolean(lua, index)));
        return;
    case LUA_TNUMBER:
        if (lua_isinteger(lua, index))
            put(lua, parent, key, json_integer(lua_tointeger(lua, index)));
        else if (isfinite(lua_tonumber(lua, index)))
            put(lua, parent, key, json_real(lua_tonumber(lua, index)));
        else
            luaL_error(lua, "a number that is not finite");
        return;
    case LUA_TSTRING:
        text = lua_tolstring(lua, index, &size);
        put(lua, parent, key, json_stringn(text, size));
        return;
    case LUA_TTABLE:
        take_table(lua, index, depth, parent, key);
        return;
    default:
        luaL_error(lua, "a %s is no value for an event", luaL_typename(lua, index));
    }
}

void lua_json_take(lua_State *lua, int index, json_t *into, const char *key) {
    take(lua, lua_absindex(lua, index), 0, into, key);
}
