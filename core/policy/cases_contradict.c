#include "policy/cases_contradict.h"

#include "policy/complaints.h"
#include "policy/freeze.h"

/* Tables may hold themselves. */
#define DEPTH_LIMIT 16

static bool same(lua_State *lua, int left, int right, int depth);

/* Every member of the plain table at `left` stands in the one at `right`. */
static bool holds_all(lua_State *lua, int left, int right, int depth) {
    int top = lua_gettop(lua);
    bool all = true;
    for (lua_pushnil(lua); all && lua_next(lua, left); lua_settop(lua, top + 1)) {
        lua_pushvalue(lua, top + 1);
        lua_rawget(lua, right);
        all = same(lua, top + 2, top + 3, depth + 1);
    }
    lua_settop(lua, top);
    return all;
}

static bool same(lua_State *lua, int left, int right, int depth) {
    if (lua_rawequal(lua, left, right))
        return true;
    int top = lua_gettop(lua);
    bool equal = depth < DEPTH_LIMIT && lua_checkstack(lua, 12) && freeze_unwrap(lua, left);
    if (equal && freeze_unwrap(lua, right))
        equal = holds_all(lua, top + 1, top + 2, depth) && holds_all(lua, top + 2, top + 1, depth);
    else
        equal = false;
    lua_settop(lua, top);
    return equal;
}

/* Of the cases at these places; a table that is not there is the same as an empty one. */
static bool same_field(lua_State *lua, int left, int right, const char *name) {
    int top = lua_gettop(lua);
    for (int i = 0; i < 2; i++)
        if (freeze_field(lua, i ? right : left, name) == LUA_TNIL) {
            lua_pop(lua, 1);
            lua_newtable(lua);
        }
    bool equal = same(lua, top + 1, top + 2, 0);
    lua_settop(lua, top);
    return equal;
}

/* Pushes what the case expects as a table: a bare answer is its first field, or its stars. */
static void push_expected(const struct case_run *run, int test) {
    lua_State *lua = run->host->sandbox.lua;
    if (freeze_field(lua, test, "expect") == LUA_TTABLE)
        return;
    lua_newtable(lua);
    lua_insert(lua, -2);
    lua_setfield(lua, -2, lua_type(lua, -1) == LUA_TNUMBER ? "stars" : run->kind->fields[0].name);
}

/* Whether some plain value is expected to be two things. What is not mentioned is not compared, and
 * lists of findings and the parts of documents may both be met. */
static bool expectations_differ(const struct case_run *run, int left, int right) {
    lua_State *lua = run->host->sandbox.lua;
    int top = lua_gettop(lua);
    bool differ = false;
    push_expected(run, left);
    push_expected(run, right);
    if (freeze_unwrap(lua, top + 1) && freeze_unwrap(lua, top + 2))
        for (lua_pushnil(lua); !differ && lua_next(lua, top + 3); lua_settop(lua, top + 5)) {
            lua_pushvalue(lua, top + 5);
            lua_rawget(lua, top + 4);
            differ = !lua_isnil(lua, top + 7) && !lua_istable(lua, top + 6) &&
                     !lua_rawequal(lua, top + 6, top + 7);
        }
    lua_settop(lua, top);
    return differ;
}

static void compare(const struct case_run *run, int left, int right, struct str text,
                    json_t *complaints) {
    static const char *const inputs[] = {"given", "context", "parameters"};
    lua_State *lua = run->host->sandbox.lua;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        if (!same_field(lua, left, right, inputs[i]))
            return;
    if (!expectations_differ(run, left, right))
        return;
    freeze_field(lua, left, "name");
    freeze_field(lua, right, "name");
    complaint_add(complaints, SEVERITY_ERROR, complaint_line_of(text, "cases"), "contradiction",
                  "the cases '%.100s' and '%.100s' give the same and expect different answers",
                  lua_tostring(lua, -2), lua_tostring(lua, -1));
    lua_pop(lua, 2);
}

void cases_contradict(const struct case_run *run, struct str text, json_t *complaints) {
    lua_State *lua = run->host->sandbox.lua;
    int top = lua_gettop(lua);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run->program->policy);
    freeze_field(lua, top + 1, "cases");
    size_t n = freeze_unwrap(lua, top + 2) ? lua_rawlen(lua, top + 3) : 0;
    for (size_t i = 1; i <= n && i <= CASES_LIMIT; i++) {
        lua_rawgeti(lua, top + 3, (lua_Integer)i);
        for (size_t k = i + 1; k <= n && k <= CASES_LIMIT; k++) {
            lua_rawgeti(lua, top + 3, (lua_Integer)k);
            compare(run, top + 4, top + 5, text, complaints);
            lua_settop(lua, top + 4);
        }
        lua_settop(lua, top + 3);
    }
    lua_settop(lua, top);
}
