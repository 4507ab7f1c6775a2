#include "cage.h"

#include <errno.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

#define HOOK_STEPS 1000
#define REPEATS_MOST 10000
#define QUANTIFIERS_MOST 3 /* of a pattern; a pattern that is not anchored counts as one more */

static void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
    struct cage *cage = context;
    if (!block)
        old_size = 0;
    if (new_size == 0) {
        free(block);
        cage->bytes -= old_size;
        return NULL;
    }
    if (new_size > old_size && cage->bytes + (new_size - old_size) > CAGE_BYTES_CAP) {
        cage->worn = true;
        return NULL;
    }
    void *moved = realloc(block, new_size);
    if (!moved)
        return NULL;
    cage->bytes = cage->bytes - old_size + new_size;
    return moved;
}

struct cage *cage_of(lua_State *lua) {
    void *context;
    lua_getallocf(lua, &context);
    return context;
}

static void count_steps(lua_State *lua, lua_Debug *debug) {
    struct cage *cage = cage_of(lua);
    (void)debug;
    cage->steps_left -= HOOK_STEPS;
    if (cage->steps_left <= 0)
        luaL_error(lua, "more than %d instructions for one item", CAGE_STEPS);
    if (cage->bytes > CAGE_BYTES)
        luaL_error(lua, "more than %d MiB of memory for one item", (int)(CAGE_BYTES >> 20));
}

/* ---- what of the libraries is left ---- */

/* What a pattern costs grows with the power of its quantifiers. */
static void check_pattern(lua_State *lua) {
    size_t subject_size, size;
    luaL_checklstring(lua, 1, &subject_size);
    const char *pattern = luaL_checklstring(lua, 2, &size);
    int quantifiers = size == 0 || *pattern != '^';
    for (size_t i = 0; i < size; i++) {
        if (pattern[i] == '%' && i + 1 < size)
            quantifiers += pattern[++i] == 'b' || pattern[i] == 'f';
        else
            quantifiers += strchr("*+-?", pattern[i]) && pattern[i] != '\0';
    }
    luaL_argcheck(lua, subject_size <= CAGE_PATTERN_SUBJECT, 1,
                  "patterns are for texts of at most 1,024 bytes");
    luaL_argcheck(lua, quantifiers <= QUANTIFIERS_MOST, 2,
                  "at most 3 of * + - ? in a pattern that begins with ^, 2 in another");
}

/* The library's own function is the upvalue. */
static int matched(lua_State *lua) {
    check_pattern(lua);
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
    return lua_gettop(lua);
}

/* With a plain search there is no pattern to run away. */
static int found(lua_State *lua) {
    if (!lua_toboolean(lua, 4))
        return matched(lua);
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
    return lua_gettop(lua);
}

static int repeated(lua_State *lua) {
    size_t size, gap = 0;
    luaL_checklstring(lua, 1, &size);
    lua_Integer n = luaL_checkinteger(lua, 2);
    luaL_optlstring(lua, 3, "", &gap);
    luaL_argcheck(lua, n <= REPEATS_MOST, 2, "at most 10,000 times");
    luaL_argcheck(lua, n <= 0 || size + gap <= CAGE_TEXT_MOST / (size_t)n, 1,
                  "the text would be longer than 1 MiB");
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, 1);
    return 1;
}

static void wrap(lua_State *lua, const char *name, lua_CFunction function) {
    lua_getfield(lua, -1, name);
    lua_pushcclosure(lua, function, 1);
    lua_setfield(lua, -2, name);
}

static void drop(lua_State *lua, const char *const *names) {
    for (; *names; names++) {
        lua_pushnil(lua);
        lua_setfield(lua, -2, *names);
    }
}

static void open_libraries(lua_State *lua) {
    static const char *const base[] = {
        "collectgarbage", "dofile",   "getmetatable", "load",   "loadfile", "pcall",
        "print",          "rawequal", "rawget",       "rawlen", "rawset",   "require",
        "setmetatable",   "warn",     "xpcall",       "_G",     "_VERSION", NULL};
    static const char *const table[] = {"move", NULL};
    static const char *const string[] = {"dump", "pack", "packsize", "unpack", NULL};
    static const char *const math[] = {"random", "randomseed", NULL};
    luaL_requiref(lua, LUA_GNAME, luaopen_base, 1);
    drop(lua, base);
    luaL_requiref(lua, LUA_TABLIBNAME, luaopen_table, 1);
    drop(lua, table);
    luaL_requiref(lua, LUA_MATHLIBNAME, luaopen_math, 1);
    drop(lua, math);
    luaL_requiref(lua, LUA_UTF8LIBNAME, luaopen_utf8, 1);
    luaL_requiref(lua, LUA_STRLIBNAME, luaopen_string, 1);
    drop(lua, string);
    /* In the library's own table: methods of texts are looked up there, too. */
    wrap(lua, "find", found);
    wrap(lua, "match", matched);
    wrap(lua, "gmatch", matched);
    wrap(lua, "gsub", matched);
    wrap(lua, "rep", repeated);
    lua_settop(lua, 0);
    lua_pushnil(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
}

static int prepare(lua_State *lua) {
    open_libraries(lua);
    return 0;
}

int cage_init(struct cage *cage) {
    memset(cage, 0, sizeof *cage);
    cage->lua = lua_newstate(allocate, cage);
    if (!cage->lua)
        return -ENOMEM;
    if (cage_call(cage, prepare, NULL) != LUA_OK) {
        cage_deinit(cage);
        return -ENOMEM;
    }
    return 0;
}

void cage_deinit(struct cage *cage) {
    if (cage->lua)
        lua_close(cage->lua);
    memset(cage, 0, sizeof *cage);
}

int cage_call(struct cage *cage, lua_CFunction function, void *context) {
    lua_State *lua = cage->lua;
    cage->steps_left = CAGE_STEPS;
    lua_sethook(lua, count_steps, LUA_MASKCOUNT, HOOK_STEPS);
    lua_pushcfunction(lua, function);
    lua_pushlightuserdata(lua, context);
    return lua_pcall(lua, 1, 0, 0);
}
