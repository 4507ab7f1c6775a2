/* What a policy can call: functions of Lua's own libraries by allow-list, each with what it costs
 * beyond the one instruction that the hook sees, and our own in place of those that are unsafe or
 * not the same in every run. */
#include <lualib.h>
#include <stdlib.h>

#include "policy/freeze.h"
#include "policy/sandbox.h"

/* Steps for a number as text: %.99f of a very large one works through all its digits; of a fraction
 * as tostring writes it. */
#define FORMAT_STEPS 100
#define FRACTION_STEPS 8

/* Registry: the set of our functions. */
static const char functions_key;

static int original(lua_State *lua) {
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

static uint64_t text_cost(lua_State *lua, int index) {
    size_t size = 0;
    if (lua_type(lua, index) == LUA_TSTRING)
        lua_tolstring(lua, index, &size);
    return size / 8;
}

/* One pass over the first argument. */
static int charged_by_text(lua_State *lua) {
    sandbox_charge(lua, 1 + text_cost(lua, 1));
    return original(lua);
}

/* Every argument once: select copies them. */
static int charged_by_arguments(lua_State *lua) {
    sandbox_charge(lua, 1 + (uint64_t)lua_gettop(lua) / 4);
    return original(lua);
}

/* One value for each place from the second argument to the third: string.byte, utf8.codepoint. */
static int charged_by_range(lua_State *lua) {
    size_t size;
    luaL_checklstring(lua, 1, &size);
    lua_Integer first = luaL_optinteger(lua, 2, 1), last = luaL_optinteger(lua, 3, first);
    lua_Integer n = (lua_Integer)size;
    if (first < 0)
        first = first < -n ? 1 : n + first + 1;
    if (last < 0)
        last = last < -n ? 0 : n + last + 1;
    first = first < 1 ? 1 : first;
    last = last > n ? n : last;
    if (last - first >= SANDBOX_VALUES_LIMIT)
        return luaL_error(lua, "at most %d values are given at once", SANDBOX_VALUES_LIMIT);
    sandbox_charge(lua, 1 + text_cost(lua, 1));
    return original(lua);
}

/* How the function at work takes its pattern. */
enum pattern_use { PATTERN_ANCHORS, PATTERN_EVERYWHERE, PATTERN_PLAIN };

/* At most this much work in a match: each unbounded item may try every length at every place. */
static uint64_t pattern_cost(size_t subject_bytes, const char *pattern, size_t size, bool anchors) {
    const uint64_t places = (uint64_t)subject_bytes + 1;
    uint64_t cost = anchors && size && pattern[0] == '^' ? 1 : places;
    bool in_set = false;
    for (size_t i = 0; i < size; i++) {
        char c = pattern[i];
        bool repeats = !in_set && (c == '*' || c == '+' || c == '-');
        if (c == '%') {
            i++;
            repeats = i < size && (pattern[i] == 'b' || (pattern[i] >= '0' && pattern[i] <= '9'));
        } else if (c == '[' && !in_set) {
            in_set = true;
            i += i + 1 < size && pattern[i + 1] == '^';
            i += i + 1 < size && pattern[i + 1] == ']';
        } else if (c == ']') {
            in_set = false;
        }
        uint64_t factor = repeats ? places : (!in_set && c == '?') ? 2 : 1;
        if (__builtin_mul_overflow(cost, factor, &cost))
            return UINT64_MAX / 2;
    }
    return __builtin_mul_overflow(cost, (uint64_t)size + 1, &cost) ? UINT64_MAX / 2 : cost / 16;
}

static void charge_pattern(lua_State *lua, enum pattern_use use) {
    size_t subject, size;
    luaL_checklstring(lua, 1, &subject);
    const char *pattern = luaL_checklstring(lua, 2, &size);
    sandbox_charge(lua, 1 + (use == PATTERN_PLAIN
                                 ? (uint64_t)subject * (size + 1) / 64
                                 : pattern_cost(subject, pattern, size, use == PATTERN_ANCHORS)));
}

static int charged_by_pattern(lua_State *lua) {
    charge_pattern(lua, PATTERN_ANCHORS);
    return original(lua);
}

/* What string.gmatch gives: Lua's own would search all of the text again each time it is called
 * behind the last match. Until then all calls together cost what gmatch was charged. Upvalues:
 * Lua's own, whether it is done. */
static int gmatch_step(lua_State *lua) {
    if (lua_toboolean(lua, lua_upvalueindex(2)))
        return 0;
    lua_settop(lua, 0);
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_call(lua, 0, LUA_MULTRET);
    if (lua_gettop(lua) == 0) {
        lua_pushboolean(lua, 1);
        lua_replace(lua, lua_upvalueindex(2));
    }
    return lua_gettop(lua);
}

static int library_gmatch(lua_State *lua) {
    charge_pattern(lua, PATTERN_EVERYWHERE); /* ^ means itself there */
    original(lua);
    lua_pushboolean(lua, 0);
    lua_pushcclosure(lua, gmatch_step, 2);
    return 1;
}

static int library_find(lua_State *lua) {
    charge_pattern(lua, lua_toboolean(lua, 4) ? PATTERN_PLAIN : PATTERN_ANCHORS);
    return original(lua);
}

static int library_gsub(lua_State *lua) {
    charge_pattern(lua, PATTERN_ANCHORS);
    size_t subject, size;
    luaL_checklstring(lua, 1, &subject);
    luaL_argcheck(lua, lua_type(lua, 3) == LUA_TSTRING, 3, "a text is expected here");
    lua_tolstring(lua, 3, &size);
    if ((uint64_t)(subject + 1) * (size + 1) > 16 * SANDBOX_STRING_LIMIT)
        return luaL_error(lua, "the result of gsub may become too large");
    sandbox_charge(lua, (uint64_t)(subject + 1) * (size + 1) / 16);
    return original(lua);
}

static int library_rep(lua_State *lua) {
    size_t size, separator = 0;
    luaL_checklstring(lua, 1, &size);
    lua_Integer n = luaL_checkinteger(lua, 2);
    luaL_optlstring(lua, 3, "", &separator);
    if (n > 0 && (n > SANDBOX_STRING_LIMIT ||
                  (uint64_t)n * (uint64_t)(size + separator) > SANDBOX_STRING_LIMIT))
        return luaL_error(lua, "string.rep would make a text of more than %d bytes",
                          SANDBOX_STRING_LIMIT);
    sandbox_charge(lua, 1 + (n > 0 ? (uint64_t)n * (uint64_t)(size + separator + 1) / 16 : 0));
    return original(lua);
}

/* The remainder of a very large by a very small number takes two thousand divisions. */
static int library_fmod(lua_State *lua) {
    sandbox_charge(lua, 32);
    return original(lua);
}

/* What utf8.codes walks with; bytes that continue a character are skipped within one step.
 * Upvalue: Lua's own step. */
static int codes_step(lua_State *lua) {
    size_t size;
    const char *text = luaL_checklstring(lua, 1, &size);
    lua_Integer at = luaL_checkinteger(lua, 2);
    uint64_t skipped = 0;
    for (size_t i = at > 0 ? (size_t)at : 0; i < size && (text[i] & 0xc0) == 0x80; i++)
        skipped++;
    sandbox_charge(lua, 1 + skipped / 4);
    return original(lua);
}

static int library_codes(lua_State *lua) {
    original(lua); /* step, text, 0 */
    lua_pushvalue(lua, -3);
    lua_pushcclosure(lua, codes_step, 1);
    lua_replace(lua, -4);
    return 3;
}

/* A word for what has no text of its own: an address would differ from run to run. */
static void push_text(lua_State *lua, int index) {
    switch (lua_type(lua, index)) {
    case LUA_TSTRING:
        lua_pushvalue(lua, index);
        break;
    case LUA_TNUMBER:
        lua_pushvalue(lua, index);
        lua_tostring(lua, -1);
        break;
    case LUA_TBOOLEAN:
        lua_pushstring(lua, lua_toboolean(lua, index) ? "true" : "false");
        break;
    default:
        lua_pushstring(lua, luaL_typename(lua, index));
    }
}

static int library_tonumber(lua_State *lua) {
    sandbox_charge(lua, FRACTION_STEPS + text_cost(lua, 1));
    return original(lua);
}

static int library_tostring(lua_State *lua) {
    luaL_checkany(lua, 1);
    sandbox_charge(lua, lua_type(lua, 1) == LUA_TNUMBER ? FRACTION_STEPS : 1);
    push_text(lua, 1);
    return 1;
}

static int library_format(lua_State *lua) {
    size_t size;
    const char *format = luaL_checklstring(lua, 1, &size);
    int n = lua_gettop(lua);
    uint64_t cost = size, n_numbers = 0;
    for (size_t i = 0; i + 1 < size; i++) {
        if (format[i] != '%')
            continue;
        for (i++; i < size && strchr("-+ #0123456789.", format[i]);)
            i++;
        if (i < size && format[i] == 'p')
            return luaL_error(lua, "string.format: %%p is not allowed");
    }
    for (int i = 2; i <= n; i++) {
        int type = lua_type(lua, i);
        cost += type == LUA_TSTRING ? text_cost(lua, i) * 8 : 100;
        n_numbers += type == LUA_TNUMBER;
        if (type != LUA_TNUMBER && type != LUA_TSTRING && type != LUA_TNIL) {
            push_text(lua, i);
            lua_replace(lua, i);
        }
    }
    if (cost > 2 * SANDBOX_STRING_LIMIT)
        return luaL_error(lua, "the result of string.format may become too large");
    sandbox_charge(lua, 1 + cost / 8 + n_numbers * FORMAT_STEPS);
    return original(lua);
}

static int library_concat(lua_State *lua) {
    luaL_checktype(lua, 1, LUA_TTABLE);
    size_t separator, total = 0, size;
    luaL_optlstring(lua, 2, "", &separator);
    lua_Integer first = luaL_optinteger(lua, 3, 1);
    lua_Integer last = lua_isnoneornil(lua, 4) ? luaL_len(lua, 1) : luaL_checkinteger(lua, 4);
    for (lua_Integer i = first; i <= last && i < LUA_MAXINTEGER; i++) {
        sandbox_charge(lua, 2);
        lua_geti(lua, 1, i);
        size = 32;
        if (lua_type(lua, -1) == LUA_TSTRING)
            lua_tolstring(lua, -1, &size);
        else
            sandbox_charge(lua, FRACTION_STEPS);
        lua_pop(lua, 1);
        total += size + separator;
        if (total > SANDBOX_STRING_LIMIT + separator + 32)
            return luaL_error(lua, "table.concat would make a text of more than %d bytes",
                              SANDBOX_STRING_LIMIT);
    }
    sandbox_charge(lua, 1 + total / 16);
    return original(lua);
}

/* The elements behind the place are moved one by one. */
static int library_insert(lua_State *lua) {
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_Integer n = luaL_len(lua, 1);
    lua_Integer place = lua_gettop(lua) > 2 ? lua_tointeger(lua, 2) : n;
    sandbox_charge(lua, 4 + (place < n ? (uint64_t)(n - (place < 0 ? 0 : place)) : 0));
    return original(lua);
}

static int library_remove(lua_State *lua) {
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_Integer n = luaL_len(lua, 1);
    lua_Integer place = lua_gettop(lua) > 1 ? lua_tointeger(lua, 2) : n;
    sandbox_charge(lua, 4 + (place < n ? (uint64_t)(n - (place < 0 ? 0 : place)) : 0));
    return original(lua);
}

static int library_move(lua_State *lua) {
    lua_Integer first = luaL_checkinteger(lua, 2), last = luaL_checkinteger(lua, 3);
    if (last >= first)
        sandbox_charge(lua, 2 * ((uint64_t)last - (uint64_t)first) + 2);
    return original(lua);
}

static int library_unpack(lua_State *lua) {
    lua_Integer first = luaL_optinteger(lua, 2, 1);
    lua_Integer last = lua_isnoneornil(lua, 3) ? luaL_len(lua, 1) : luaL_checkinteger(lua, 3);
    if (last >= first && (uint64_t)last - (uint64_t)first >= SANDBOX_VALUES_LIMIT)
        return luaL_error(lua, "table.unpack gives at most %d values", SANDBOX_VALUES_LIMIT);
    sandbox_charge(lua, SANDBOX_VALUES_LIMIT / 4);
    return original(lua);
}

/* Nobody can catch the end of a budget. */
static int library_pcall(lua_State *lua) {
    luaL_checkany(lua, 1);
    int status = lua_pcall(lua, lua_gettop(lua) - 1, LUA_MULTRET, 0);
    struct sandbox *sandbox = sandbox_of(lua);
    if (sandbox->spent)
        return sandbox_abort(lua, sandbox->spent);
    if (status == LUA_ERRMEM)
        return sandbox_abort(lua, "the budget of memory is spent");
    lua_pushboolean(lua, status == LUA_OK);
    lua_insert(lua, 1);
    return lua_gettop(lua);
}

/* ---- pairs in a fixed order: Lua's own follows hashes that differ from run to run ---- */

struct key {
    int type;
    bool whole;
    lua_Integer integer;
    lua_Number number;
    const char *text;
    size_t size;
};

static int key_rank(const struct key *key) {
    return key->type == LUA_TNUMBER ? 0 : key->type == LUA_TSTRING ? 1 : 2;
}

static int compare_keys(const void *left, const void *right) {
    const struct key *a = left, *b = right;
    if (key_rank(a) != key_rank(b))
        return key_rank(a) - key_rank(b);
    if (a->type == LUA_TSTRING)
        return str_compare((struct str){a->text, a->size}, (struct str){b->text, b->size});
    if (a->whole && b->whole)
        return (a->integer > b->integer) - (a->integer < b->integer);
    int order = (a->number > b->number) - (a->number < b->number);
    /* The largest whole number is the number above it where it has to be compared as one. */
    return order ? order : b->whole - a->whole;
}

/* Of the key at the top. */
static struct key key_read(lua_State *lua) {
    struct key key = {.type = lua_type(lua, -1)};
    switch (key.type) {
    case LUA_TNUMBER:
        key.whole = lua_isinteger(lua, -1);
        key.integer = lua_tointeger(lua, -1);
        key.number = lua_tonumber(lua, -1);
        break;
    case LUA_TBOOLEAN:
        key.whole = true;
        key.integer = lua_toboolean(lua, -1);
        break;
    case LUA_TSTRING:
        key.text = lua_tolstring(lua, -1, &key.size);
        break;
    default:
        luaL_error(lua, "pairs: a key is neither number, text nor boolean");
    }
    return key;
}

static void key_push(lua_State *lua, const struct key *key) {
    if (key->type == LUA_TSTRING)
        lua_pushlstring(lua, key->text, key->size);
    else if (key->type == LUA_TBOOLEAN)
        lua_pushboolean(lua, (int)key->integer);
    else if (key->whole)
        lua_pushinteger(lua, key->integer);
    else
        lua_pushnumber(lua, key->number);
}

struct walk {
    size_t n;
    size_t next;
    struct key keys[];
};

/* Upvalues: walk, table. A key's text stays where it is: nothing is collected during a call. */
static int pairs_step(lua_State *lua) {
    struct walk *walk = lua_touserdata(lua, lua_upvalueindex(1));
    while (walk->next < walk->n) {
        key_push(lua, &walk->keys[walk->next++]);
        lua_pushvalue(lua, -1);
        if (lua_rawget(lua, lua_upvalueindex(2)) != LUA_TNIL)
            return 2;
        lua_pop(lua, 2);
    }
    return 0;
}

static int library_pairs(lua_State *lua) {
    if (!freeze_unwrap(lua, 1))
        return luaL_error(lua, "pairs: a table is expected, not %s", luaL_typename(lua, 1));
    int table = lua_gettop(lua);
    size_t n = 0;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1))
        n++;
    sandbox_charge(lua, 4 + (uint64_t)n * 16);
    struct walk *walk = lua_newuserdatauv(lua, sizeof *walk + n * sizeof *walk->keys, 0);
    walk->n = 0;
    walk->next = 0;
    for (lua_pushnil(lua); lua_next(lua, table);) {
        lua_pop(lua, 1);
        walk->keys[walk->n++] = key_read(lua);
    }
    qsort(walk->keys, n, sizeof *walk->keys, compare_keys);
    lua_pushvalue(lua, table);
    lua_pushcclosure(lua, pairs_step, 2);
    return 1;
}

/* A frozen table is walked as what it stands for. Upvalue: that table; the policy never holds it.
 */
static int ipairs_step(lua_State *lua) {
    lua_Integer next = (lua_Integer)((lua_Unsigned)lua_tointeger(lua, 2) + 1);
    lua_pushinteger(lua, next);
    return lua_rawgeti(lua, lua_upvalueindex(1), next) == LUA_TNIL ? 1 : 2;
}

static int library_ipairs(lua_State *lua) {
    luaL_checkany(lua, 1);
    if (lua_type(lua, 1) != LUA_TTABLE || !lua_getmetatable(lua, 1))
        return original(lua);
    lua_pop(lua, 1);
    if (!freeze_unwrap(lua, 1))
        return original(lua);
    lua_pushcclosure(lua, ipairs_step, 1);
    lua_pushvalue(lua, 1);
    lua_pushinteger(lua, 0);
    return 3;
}

/* ---- the list ---- */

struct entry {
    const char *library; /* NULL: a global */
    const char *name;
    lua_CFunction function; /* NULL: Lua's own as it is */
};

static const struct entry entries[] = {
    {NULL, "assert", charged_by_arguments},
    {NULL, "error", NULL},
    {NULL, "ipairs", library_ipairs},
    {NULL, "pairs", library_pairs},
    {NULL, "pcall", library_pcall},
    {NULL, "select", charged_by_arguments},
    {NULL, "tonumber", library_tonumber},
    {NULL, "tostring", library_tostring},
    {NULL, "type", charged_by_arguments},
    {"string", "byte", charged_by_range},
    {"string", "char", charged_by_arguments},
    {"string", "find", library_find},
    {"string", "format", library_format},
    {"string", "gmatch", library_gmatch},
    {"string", "gsub", library_gsub},
    {"string", "len", NULL},
    {"string", "lower", charged_by_text},
    {"string", "match", charged_by_pattern},
    {"string", "rep", library_rep},
    {"string", "reverse", charged_by_text},
    {"string", "sub", charged_by_text},
    {"string", "upper", charged_by_text},
    {"table", "concat", library_concat},
    {"table", "insert", library_insert},
    {"table", "move", library_move},
    {"table", "pack", charged_by_arguments},
    {"table", "remove", library_remove},
    {"table", "sort", library_sort},
    {"table", "unpack", library_unpack},
    {"math", "abs", NULL},
    {"math", "ceil", NULL},
    {"math", "floor", NULL},
    {"math", "fmod", library_fmod},
    {"math", "huge", NULL},
    {"math", "max", charged_by_arguments},
    {"math", "maxinteger", NULL},
    {"math", "min", charged_by_arguments},
    {"math", "mininteger", NULL},
    {"math", "modf", NULL},
    {"math", "sqrt", NULL},
    {"math", "tointeger", NULL},
    {"math", "type", NULL},
    {"math", "ult", NULL},
    {"utf8", "char", charged_by_arguments},
    {"utf8", "charpattern", NULL},
    {"utf8", "codepoint", charged_by_range},
    {"utf8", "codes", library_codes},
    {"utf8", "len", charged_by_text},
    {"utf8", "offset", charged_by_text},
};

/* Pushes the entry's value; `source` is where Lua's own stands. */
static void push_entry(lua_State *lua, const struct entry *entry, int source) {
    lua_getfield(lua, source, entry->name);
    if (entry->function)
        lua_pushcclosure(lua, entry->function, 1);
    if (!lua_isfunction(lua, -1))
        return;
    lua_rawgetp(lua, LUA_REGISTRYINDEX, (const void *)&functions_key);
    lua_pushvalue(lua, -2);
    lua_pushboolean(lua, 1);
    lua_rawset(lua, -3);
    lua_pop(lua, 1);
}

static void fill(lua_State *lua, int target, int source, const char *library) {
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        const char *of = entries[i].library;
        if ((of == NULL) != (library == NULL) || (of && strcmp(of, library) != 0))
            continue;
        push_entry(lua, &entries[i], source);
        lua_setfield(lua, target, entries[i].name);
    }
}

void sandbox_push_library(lua_State *lua) {
    static const luaL_Reg libraries[] = {{"string", luaopen_string},
                                         {"table", luaopen_table},
                                         {"math", luaopen_math},
                                         {"utf8", luaopen_utf8}};
    lua_newtable(lua);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, (const void *)&functions_key);
    lua_newtable(lua);
    int globals = lua_gettop(lua);
    luaL_requiref(lua, "_G", luaopen_base, 0);
    fill(lua, globals, globals + 1, NULL);
    lua_pop(lua, 1);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        lua_newtable(lua);
        luaL_requiref(lua, libraries[i].name, libraries[i].func, 0);
        fill(lua, globals + 1, globals + 2, libraries[i].name);
        lua_pop(lua, 1);
        freeze_face(lua);
        lua_setfield(lua, globals, libraries[i].name);
    }
    /* A wrong argument makes Lua look for its function's name in there. */
    lua_pushnil(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
}

void sandbox_own(lua_State *lua, lua_CFunction function) {
    lua_pushcfunction(lua, function);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, (const void *)&functions_key);
    lua_pushvalue(lua, -2);
    lua_pushboolean(lua, 1);
    lua_rawset(lua, -3);
    lua_pop(lua, 1);
}

bool sandbox_is_library(lua_State *lua, int index) {
    index = lua_absindex(lua, index);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, (const void *)&functions_key);
    lua_pushvalue(lua, index);
    bool is = lua_rawget(lua, -2) != LUA_TNIL;
    lua_pop(lua, 2);
    return is;
}
