#include "policy/value_json.h"

#include <math.h>
#include <stdlib.h>

#include "policy/freeze.h"
#include "policy/object.h"

#define KEY_LIMIT 64
#define DEPTH_LIMIT 8

static int compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void value_at(lua_State *lua, int index, struct buf *out, int depth);

static void list_json(lua_State *lua, int table, struct buf *out, int depth) {
    lua_Integer n = (lua_Integer)lua_rawlen(lua, table);
    buf_put_byte(out, '[');
    for (lua_Integer i = 1; i <= n; i++) {
        buf_json_item(out);
        lua_rawgeti(lua, table, i);
        value_at(lua, -1, out, depth);
        lua_pop(lua, 1);
    }
    buf_put_byte(out, ']');
}

static void members_json(lua_State *lua, int table, struct buf *out, int depth) {
    const char *keys[KEY_LIMIT];
    size_t n = 0;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1))
        if (n < KEY_LIMIT && lua_type(lua, -2) == LUA_TSTRING)
            keys[n++] = lua_tostring(lua, -2);
    qsort(keys, n, sizeof *keys, compare);
    buf_put_byte(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_put_byte(out, ',');
        buf_json_string(out, str_from(keys[i]));
        buf_put_byte(out, ':');
        lua_pushstring(lua, keys[i]);
        lua_rawget(lua, table);
        value_at(lua, -1, out, depth);
        lua_pop(lua, 1);
    }
    buf_put_byte(out, '}');
}

static void table_json(lua_State *lua, int index, struct buf *out, int depth) {
    if (depth >= DEPTH_LIMIT || !lua_checkstack(lua, 8) || !freeze_unwrap(lua, index)) {
        buf_put_str(out, STR("null"));
        return;
    }
    int table = lua_gettop(lua);
    lua_pushnil(lua);
    bool empty = lua_next(lua, table) == 0;
    if (!empty)
        lua_pop(lua, 2);
    if (empty || lua_rawlen(lua, table) > 0)
        list_json(lua, table, out, depth + 1);
    else
        members_json(lua, table, out, depth + 1);
    lua_pop(lua, 1);
}

static void value_at(lua_State *lua, int index, struct buf *out, int depth) {
    size_t size;
    const char *text;
    switch (lua_type(lua, index)) {
    case LUA_TTABLE:
        table_json(lua, index, out, depth);
        return;
    case LUA_TBOOLEAN:
        buf_put_str(out, lua_toboolean(lua, index) ? STR("true") : STR("false"));
        return;
    case LUA_TSTRING:
        text = lua_tolstring(lua, index, &size);
        buf_json_string(out, (struct str){text, size});
        return;
    case LUA_TNUMBER:
        if (lua_isinteger(lua, index))
            buf_json_integer(out, lua_tointeger(lua, index));
        else if (isfinite(lua_tonumber(lua, index)))
            buf_printf(out, "%.17g", lua_tonumber(lua, index));
        else
            buf_put_str(out, STR("null"));
        return;
    case LUA_TUSERDATA: {
        const struct object *object = lua_touserdata(lua, index);
        buf_json_integer(out, object->number);
        return;
    }
    default:
        buf_put_str(out, STR("null"));
    }
}

void value_json(lua_State *lua, int index, struct buf *out) {
    value_at(lua, lua_absindex(lua, index), out, 0);
}
