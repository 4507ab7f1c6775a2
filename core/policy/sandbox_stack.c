/* How large Lua's stack is. One instruction may copy all of it, f(...) say, and the count hook sees
 * that as one; Lua's own limit is a million values. Lua has no call to make it smaller, but its
 * blocks come from our allocator, and so it is known which one is the stack.
 *
 * A call finds it at one size, however far earlier calls drove it, so that what a call may do does
 * not depend on them; its blocks do not count against a call's memory. Lua doubles it as needed,
 * and makes it smaller where an error is caught: twice the size is the most. */
#include "policy/sandbox.h"

/* What Lua adds, and a slot's size: 5 in 5.4, 16 bytes. */
#define EXTRA_SLOTS 5
#define SLOT_BYTES 16
#define BLOCK_BYTES(slots) (((slots) + EXTRA_SLOTS) * (size_t)SLOT_BYTES)

bool sandbox_stack_note(struct sandbox *sandbox, void *block, size_t held_bytes, void *result,
                        size_t new_bytes) {
    bool moved = block && block == sandbox->stack;
    if (!block) {
        sandbox->new_block = result;
        sandbox->new_block_bytes = new_bytes;
        return false;
    }
    if (!moved)
        return false;
    /* Either resized, or dropped for the block that was taken just before. */
    sandbox->stack = new_bytes ? result : sandbox->new_block;
    sandbox->stack_bytes = new_bytes ? new_bytes : sandbox->new_block_bytes;
    size_t counted = new_bytes ? (new_bytes > held_bytes ? new_bytes - held_bytes : 0)
                               : sandbox->new_block_bytes;
    if (sandbox->running)
        sandbox->call_bytes -= counted < sandbox->call_bytes ? counted : sandbox->call_bytes;
    return sandbox->stack_bytes > BLOCK_BYTES(2 * SANDBOX_STACK_SLOTS);
}

/* (slots that are wanted besides those in use). In a function of its own: Lua notes the room that
 * was asked for as in use until the function returns, and would not give it back. */
static int take_room(lua_State *lua) {
    (void)lua_checkstack(lua, (int)lua_tointeger(lua, 1));
    return 0;
}

static void grow(struct sandbox *sandbox) {
    lua_State *lua = sandbox->lua;
    int in_use = lua_gettop(lua) + 3; /* Lua's own, the function, its argument */
    lua_pushcfunction(lua, take_room);
    lua_pushinteger(lua, SANDBOX_STACK_SLOTS - in_use);
    lua_call(lua, 1, 0);
}

void sandbox_stack_find(struct sandbox *sandbox) {
    grow(sandbox); /* the last that it allocates is the stack */
    sandbox->stack = sandbox->new_block;
    sandbox->stack_bytes = sandbox->new_block_bytes;
}

void sandbox_stack_prepare(struct sandbox *sandbox) {
    if (sandbox->stack_bytes == BLOCK_BYTES(SANDBOX_STACK_SLOTS))
        return;
    if (sandbox->stack_bytes > BLOCK_BYTES(SANDBOX_STACK_SLOTS)) /* only the collector shrinks it */
        lua_gc(sandbox->lua, LUA_GCCOLLECT);
    grow(sandbox);
}
