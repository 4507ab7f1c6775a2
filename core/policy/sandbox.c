#include "policy/sandbox.h"

#include <assert.h>
#include <stdlib.h>

#include "policy/coverage.h"
#include "policy/freeze.h"
#include "policy/nearest.h"
#include "policy/source_form.h"
#include "util/error.h"

/* Not refused before this, over what a call may allocate: reached only within one instruction. */
#define HARD_CAP_BYTES (UINT64_C(256) << 20)
/* How much garbage may stand, besides half of what the policies hold: little, so that calls use the
 * same memory again while it is in the processor's cache. */
#define COLLECT_BYTES (UINT64_C(256) << 10)

static const char spent_steps[] =
    "the budget of instructions is spent: is there a loop without end?";
static const char spent_bytes[] = "the budget of memory is spent";
static const char spent_stack[] = "too many values at once, or calls too deep within each other";
static const char spent_string[] = "a text of more than 16 KiB was made";

static void hook(lua_State *lua, lua_Debug *activation);

static void exhaust(struct sandbox *sandbox, const char *reason) {
    if (!sandbox->spent)
        sandbox->spent = reason;
    lua_sethook(sandbox->lua, hook, LUA_MASKCOUNT, 1);
}

/* The call does not pay for it. */
static void note_line(struct sandbox *sandbox, lua_State *lua, lua_Debug *activation) {
    sandbox->running = false;
    coverage_note(sandbox->coverage, lua, activation);
    sandbox->running = true;
}

static void hook(lua_State *lua, lua_Debug *activation) {
    struct sandbox *sandbox = sandbox_of(lua);
    if (!sandbox->running)
        return;
    if (activation->event == LUA_HOOKLINE) {
        note_line(sandbox, lua, activation);
        return;
    }
    if (!sandbox->spent && sandbox->steps_left > SANDBOX_HOOK_STEPS) {
        sandbox->steps_left -= SANDBOX_HOOK_STEPS;
        return;
    }
    exhaust(sandbox, spent_steps);
    lua_pushstring(lua, sandbox->spent);
    lua_error(lua);
}

static bool count_growth(struct sandbox *sandbox, size_t kind, size_t new_bytes, size_t growth) {
    if (!sandbox->running)
        return true;
    sandbox->call_bytes += growth;
    if (sandbox->call_bytes > sandbox->limits.memory_bytes)
        exhaust(sandbox, spent_bytes);
    else if (kind == LUA_TSTRING && new_bytes > SANDBOX_STRING_LIMIT + 64)
        exhaust(sandbox, spent_string);
    return sandbox->call_bytes <= sandbox->limits.memory_bytes + HARD_CAP_BYTES;
}

static void *give_or_take(struct sandbox *sandbox, void *block, size_t held, size_t new_bytes) {
    if (new_bytes)
        return block ? cells_resize(&sandbox->cells, block, held, new_bytes)
                     : cells_take(&sandbox->cells, new_bytes);
    if (block)
        cells_give(&sandbox->cells, block, held);
    return NULL;
}

/* Lua's allocator: for a new block `old_bytes` is the kind of object. A block with a size is never
 * of size 0. */
static void *allocate(void *context, void *block, size_t old_bytes, size_t new_bytes) {
    struct sandbox *sandbox = context;
    size_t held = block ? old_bytes : 0;
    if (new_bytes > held &&
        !count_growth(sandbox, block ? 0 : old_bytes, new_bytes, new_bytes - held)) {
        sandbox->refused = true;
        return NULL;
    }
    sandbox->used_bytes += new_bytes - held;
    void *result = give_or_take(sandbox, block, held, new_bytes);
    if (sandbox_stack_note(sandbox, block, held, result, new_bytes) && sandbox->running)
        exhaust(sandbox, spent_stack);
    return result;
}

/* Reading a global that is not there. */
static int unknown_global(lua_State *lua) {
    const char *name = lua_tostring(lua, 2);
    sandbox_charge(lua, NEAREST_STEPS);
    const char *nearest = name ? nearest_key(lua, 1, name) : NULL;
    return luaL_error(lua, "'%s' is not known here%s%s%s", name ? name : "?",
                      nearest ? ": did you mean '" : "; a policy has no globals of its own",
                      nearest ? nearest : "", nearest ? "'?" : "");
}

static int written_global(lua_State *lua) {
    const char *name = lua_tostring(lua, 2);
    return luaL_error(lua, "assignment to the global '%s': declare it with 'local'",
                      name ? name : "?");
}

/* Text methods, ("x"):rep(3), come from our string functions. Nothing else is left of the strings'
 * metatable: arithmetic on a text would read all of it in one instruction. */
static void keep_strings_apart(lua_State *lua) {
    lua_pushliteral(lua, "");
    lua_newtable(lua);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, sandbox_of(lua)->globals);
    lua_getfield(lua, -1, "string");
    lua_setfield(lua, -3, "__index");
    lua_pop(lua, 1);
    lua_setmetatable(lua, -2);
    lua_pop(lua, 1);
}

int sandbox_init(struct sandbox *sandbox, const struct policy_limits *limits, void *owner) {
    *sandbox = (struct sandbox){.limits = *limits, .owner = owner};
    sandbox->lua = lua_newstate(allocate, sandbox);
    if (!sandbox->lua)
        return error_note(-ENOMEM, "lua_newstate");
    lua_State *lua = sandbox->lua;
    memcpy(lua_getextraspace(lua), &sandbox, sizeof sandbox);
    freeze_init(lua);
    sandbox_push_library(lua);
    sandbox->globals = luaL_ref(lua, LUA_REGISTRYINDEX);
    keep_strings_apart(lua);
    sandbox_stack_find(sandbox);
    lua_gc(lua, LUA_GCCOLLECT);
    lua_gc(lua, LUA_GCSTOP);
    sandbox->settled_bytes = sandbox->used_bytes;
    return 0;
}

void sandbox_deinit(struct sandbox *sandbox) {
    if (sandbox->lua)
        lua_close(sandbox->lua);
    sandbox->lua = NULL;
    cells_deinit(&sandbox->cells);
}

struct sandbox *sandbox_of(lua_State *lua) {
    struct sandbox *sandbox;
    memcpy(&sandbox, lua_getextraspace(lua), sizeof sandbox);
    return sandbox;
}

void sandbox_add(struct sandbox *sandbox, const char *name, lua_CFunction function) {
    lua_State *lua = sandbox->lua;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, sandbox->globals);
    sandbox_own(lua, function);
    lua_setfield(lua, -2, name);
    lua_pop(lua, 1);
}

static void collect(struct sandbox *sandbox) {
    if (sandbox->used_bytes < sandbox->settled_bytes + sandbox->settled_bytes / 2 + COLLECT_BYTES)
        return;
    lua_gc(sandbox->lua, LUA_GCCOLLECT);
    sandbox->settled_bytes = sandbox->used_bytes;
}

/* The error value becomes a string; no metamethod runs, because nothing of ours has __tostring. */
static void replace_error(struct sandbox *sandbox, int status) {
    lua_State *lua = sandbox->lua;
    const char *message = NULL;
    if (sandbox->spent)
        message = sandbox->spent;
    else if (status == LUA_ERRMEM)
        message = spent_bytes;
    else if (lua_type(lua, -1) != LUA_TSTRING && lua_type(lua, -1) != LUA_TNUMBER)
        message = "error() was called with a value that is not a text";
    if (message) {
        lua_pop(lua, 1);
        lua_pushstring(lua, message);
    }
}

static void begin_budget(struct sandbox *sandbox) {
    sandbox->steps_left = sandbox->limits.instructions;
    sandbox->call_bytes = 0;
    sandbox->spent = NULL;
    sandbox->running = true;
}

int sandbox_call(struct sandbox *sandbox, int n_arguments, int n_results) {
    lua_State *lua = sandbox->lua;
    assert(!sandbox->running && !sandbox->refused);
    int base = lua_gettop(lua) - n_arguments - 1;
    collect(sandbox);
    sandbox_stack_prepare(sandbox);
    begin_budget(sandbox);
    uint64_t first = sandbox->limits.instructions < SANDBOX_HOOK_STEPS
                         ? sandbox->limits.instructions
                         : SANDBOX_HOOK_STEPS;
    int mask = LUA_MASKCOUNT | (sandbox->coverage ? LUA_MASKLINE : 0);
    lua_sethook(lua, hook, mask, (int)(first ? first : 1));
    int status = lua_pcall(lua, n_arguments, n_results, 0);
    sandbox->running = false;
    lua_sethook(lua, NULL, 0, 0);
    /* A budget that was spent by the last instruction counts too. */
    if (status == LUA_OK && sandbox->spent) {
        lua_settop(lua, base);
        lua_pushnil(lua);
        status = LUA_ERRRUN;
    }
    if (status != LUA_OK)
        replace_error(sandbox, status);
    return status;
}

bool sandbox_read(struct sandbox *sandbox, lua_CFunction function, void *context,
                  uint64_t *ret_steps) {
    lua_State *lua = sandbox->lua;
    int base = lua_gettop(lua);
    assert(!sandbox->running && !sandbox->refused);
    collect(sandbox);
    begin_budget(sandbox);
    lua_pushcfunction(lua, function);
    lua_pushlightuserdata(lua, context);
    bool done = lua_pcall(lua, 1, 0, 0) == LUA_OK && !sandbox->spent;
    sandbox->running = false;
    lua_sethook(lua, NULL, 0, 0); /* a spent budget has set it */
    lua_settop(lua, base);
    *ret_steps = sandbox->limits.instructions - sandbox->steps_left;
    return done;
}

/* Everything a chunk sees: an empty table whose reads go to `seen` and whose writes are refused;
 * reads of what is not there are refused too. Stack: library -> environment. */
static void push_environment(struct sandbox *sandbox) {
    lua_State *lua = sandbox->lua;
    int library = lua_gettop(lua);
    lua_newtable(lua); /* seen */
    lua_rawgeti(lua, LUA_REGISTRYINDEX, sandbox->globals);
    lua_pushnil(lua);
    while (lua_next(lua, -2)) {
        lua_pushvalue(lua, -2);
        lua_insert(lua, -2);
        lua_rawset(lua, library + 1);
    }
    lua_pop(lua, 1);
    lua_pushvalue(lua, library);
    lua_setfield(lua, library + 1, "library");
    lua_newtable(lua);
    lua_pushcfunction(lua, unknown_global);
    lua_setfield(lua, -2, "__index");
    lua_setmetatable(lua, library + 1);

    lua_newtable(lua); /* environment */
    lua_newtable(lua);
    lua_pushvalue(lua, library + 1);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, written_global);
    lua_setfield(lua, -2, "__newindex");
    lua_setmetatable(lua, -2);
    lua_replace(lua, library);
    lua_settop(lua, library);
}

int sandbox_load(struct sandbox *sandbox, struct str text, const char *chunk_name) {
    lua_State *lua = sandbox->lua;
    text = source_behind_mark(text);
    int status = luaL_loadbufferx(lua, text.data, text.size, chunk_name, "t");
    if (status != LUA_OK) {
        lua_remove(lua, -2);
        return status;
    }
    lua_insert(lua, -2);
    push_environment(sandbox);
    lua_setupvalue(lua, -2, 1);
    return LUA_OK;
}

void sandbox_charge(lua_State *lua, uint64_t steps) {
    struct sandbox *sandbox = sandbox_of(lua);
    if (!sandbox->running)
        return;
    if (steps >= sandbox->steps_left)
        sandbox_abort(lua, spent_steps);
    sandbox->steps_left -= steps;
}

int sandbox_abort(lua_State *lua, const char *reason) {
    struct sandbox *sandbox = sandbox_of(lua);
    if (sandbox->running)
        exhaust(sandbox, reason);
    lua_pushstring(lua, reason);
    return lua_error(lua);
}
