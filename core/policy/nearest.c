#include "policy/nearest.h"

#include <stdlib.h>

#include "util/str.h"

#define CANDIDATE_LIMIT 64

static int compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *nearest_key(lua_State *lua, int index, const char *word) {
    const char *candidates[CANDIDATE_LIMIT];
    size_t n = 0;
    index = lua_absindex(lua, index);
    lua_pushnil(lua);
    while (lua_next(lua, index)) {
        if (n < CANDIDATE_LIMIT && lua_type(lua, -2) == LUA_TSTRING)
            candidates[n++] = lua_tostring(lua, -2);
        lua_pop(lua, 1);
    }
    /* A table's own order differs from run to run. */
    qsort(candidates, n, sizeof *candidates, compare);
    return str_nearest(str_from(word), candidates, n);
}
