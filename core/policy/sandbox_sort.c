/* table.sort. Lua's own picks pivots by the clock where a list is awkward, and its order of equal
 * elements and number of comparisons follow; this one merges: the same everywhere, equal elements
 * stay as they stood, and a comparator that contradicts itself costs no more than another. */
#include <limits.h>

#include "policy/sandbox.h"

enum { LIST = 1, ORDER = 2, SOURCE = 3, TARGET = 4 };

/* Whether the element at the top comes before the one below it. */
static bool comes_before(lua_State *lua) {
    if (lua_isnil(lua, ORDER))
        return lua_compare(lua, -1, -2, LUA_OPLT);
    lua_pushvalue(lua, ORDER);
    lua_pushvalue(lua, -2);
    lua_pushvalue(lua, -4);
    lua_call(lua, 2, 1);
    bool before = lua_toboolean(lua, -1);
    lua_pop(lua, 1);
    return before;
}

/* Two sorted runs of `source`, [from, middle) and [middle, end), become one of `target`. */
static void merge(lua_State *lua, int source, int target, lua_Integer from, lua_Integer middle,
                  lua_Integer end) {
    lua_Integer left = from, right = middle;
    for (lua_Integer place = from; place < end; place++) {
        bool take_right = left == middle;
        if (left < middle && right < end) {
            lua_rawgeti(lua, source, left);
            lua_rawgeti(lua, source, right);
            take_right = comes_before(lua);
            lua_pop(lua, 2);
        }
        lua_rawgeti(lua, source, take_right ? right++ : left++);
        lua_rawseti(lua, target, place);
    }
}

int library_sort(lua_State *lua) {
    luaL_checktype(lua, LIST, LUA_TTABLE);
    if (!lua_isnoneornil(lua, ORDER))
        luaL_checktype(lua, ORDER, LUA_TFUNCTION);
    lua_Integer n = luaL_len(lua, LIST);
    uint64_t levels = 1;
    while (n >> levels)
        levels++;
    sandbox_charge(lua, 1 + (uint64_t)n * levels * 4);
    luaL_argcheck(lua, n < INT_MAX / 2, LIST, "there are too many elements");
    lua_settop(lua, ORDER);
    lua_createtable(lua, (int)n, 0);
    lua_createtable(lua, (int)n, 0);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_geti(lua, LIST, i);
        lua_rawseti(lua, SOURCE, i);
    }
    int source = SOURCE, target = TARGET;
    for (lua_Integer width = 1; width < n; width *= 2) {
        for (lua_Integer from = 1; from <= n; from += 2 * width) {
            lua_Integer middle = from + width < n + 1 ? from + width : n + 1;
            lua_Integer end = middle + width < n + 1 ? middle + width : n + 1;
            merge(lua, source, target, from, middle, end);
        }
        source ^= SOURCE ^ TARGET;
        target ^= SOURCE ^ TARGET;
    }
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(lua, source, i);
        lua_seti(lua, LIST, i);
    }
    return 0;
}
