/* JSON values to Lua's and back. null is nil; whole numbers stay whole. An empty table is nothing,
 * since Lua cannot tell whether it would be a list or an object.
 *
 * Both run within a protected call and raise where something is too deep or no JSON. */
#pragma once

#include <jansson.h>
#include <lua.h>

#define LUA_JSON_DEPTH 12

void lua_json_push(lua_State *lua, const json_t *value);
/* Puts the value at `index` into an object under that name; nothing for nil and empty tables. What
 * was made before an error stays in the object. */
void lua_json_take(lua_State *lua, int index, json_t *into, const char *key);
