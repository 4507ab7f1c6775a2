/* A Lua state for code that nobody has to trust: allow-listed functions only, text chunks only,
 * budgets that count instructions and bytes and never time, tables that cannot be changed after
 * load.
 *
 * What a call may use up is counted here: `steps_left` by the count hook and by the charges of
 * library functions whose work the hook does not see; bytes by the allocator, where everything
 * allocated during a call counts, because the collector only runs between calls. A spent budget
 * does not refuse the allocation (Lua 5.4.4 is not safe against that): it arms the hook for the
 * next instruction, and a hard cap stands far above. Threads: one owner. Errors: lua_pcall's codes;
 * the message is always a string. */
#pragma once

#include <lauxlib.h>
#include <lua.h>

#include "policy/cells.h"
#include "policy/evaluate.h"

/* Values that a function may give or get at once, and what may lie on Lua's stack. Copying so many
 * is what one instruction may cost; the count hook does not see it. */
#define SANDBOX_VALUES_LIMIT 250
#define SANDBOX_STACK_SLOTS 1000

/* Longest string that a policy may make: what bounds every comparison and conversion of one
 * instruction. */
#define SANDBOX_STRING_LIMIT 16384

/* The hook counts in these steps. */
#define SANDBOX_HOOK_STEPS 1000

struct coverage;

struct sandbox {
    lua_State *lua;
    struct policy_limits limits;
    void *owner; /* of the functions that are added: the host */
    struct cells cells;
    bool running;
    uint64_t steps_left;
    uint64_t call_bytes;  /* allocated during the call */
    size_t used_bytes;    /* held by the state */
    size_t settled_bytes; /* held after the last collection */
    const char *spent;    /* static text: why the call has to end; NULL while it may go on */
    bool refused;         /* an allocation was refused: the state must not be used again */
    bool worn;            /* the next question wants a new state */
    int globals;          /* registry: what every policy sees */
    void *stack;          /* the block that holds Lua's stack, and its size */
    size_t stack_bytes;
    void *new_block; /* the newest block that may become it */
    size_t new_block_bytes;
    struct coverage *coverage; /* lines that run are noted there; NULL: they are not */
};

/* 0, or -ENOMEM. */
int sandbox_init(struct sandbox *sandbox, const struct policy_limits *limits, void *owner);
void sandbox_deinit(struct sandbox *sandbox);
struct sandbox *sandbox_of(lua_State *lua);

/* lua_pcall under a fresh budget. On failure the message stands on the stack. Frees garbage
 * beforehand when there is much. */
int sandbox_call(struct sandbox *sandbox, int n_arguments, int n_results);
/* A function of ours under a fresh budget, without the hook: for reading what a policy would read.
 * False where it raised or spent the budget; *ret_steps: what it was charged. The stack stays as
 * it is. */
bool sandbox_read(struct sandbox *sandbox, lua_CFunction function, void *context,
                  uint64_t *ret_steps);
/* Compiles text and pushes its function with an environment of its own, in which `library` is the
 * table on the top of the stack (popped), or a message. */
int sandbox_load(struct sandbox *sandbox, struct str text, const char *chunk_name);
/* Adds a global function for all policies. */
void sandbox_add(struct sandbox *sandbox, const char *name, lua_CFunction function);

/* For functions that policies call: counts work that the hook does not see; raises when the budget
 * is spent. */
void sandbox_charge(lua_State *lua, uint64_t steps);
/* Ends the whole call, past any pcall. `reason` is static text. */
int sandbox_abort(lua_State *lua, const char *reason);

/* Lua's stack (sandbox_stack.c): values at once, and calls within each other. A block that Lua
 * drops or takes: notes where the stack is. True where it is larger than a call may have it. */
bool sandbox_stack_note(struct sandbox *sandbox, void *block, size_t held_bytes, void *result,
                        size_t new_bytes);
/* Finds it in a new state. */
void sandbox_stack_find(struct sandbox *sandbox);
/* Before a call: as large as at every other call's beginning, whatever came before. */
void sandbox_stack_prepare(struct sandbox *sandbox);

/* The functions of the allow-list as a table on the stack (sandbox_library.c). */
void sandbox_push_library(lua_State *lua);
/* table.sort (sandbox_sort.c). */
int library_sort(lua_State *lua);
/* Pushes a function of our own that has no state, so that a policy may keep it. */
void sandbox_own(lua_State *lua, lua_CFunction function);
/* Whether the function at this index is one of those. */
bool sandbox_is_library(lua_State *lua, int index);
