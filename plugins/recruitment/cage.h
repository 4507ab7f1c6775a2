/* A Lua state for code of an administrator about data of strangers: allow-listed functions, budgets
 * of instructions and bytes, patterns that cannot run away.
 *
 * There is no pcall, no coroutine and no metatable to be set, so that what the budget raises ends
 * the call. Threads: one. Errors: lua_pcall's codes; the message is a text or a table. */
#pragma once

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAGE_STEPS 5000000              /* instructions of a call */
#define CAGE_BYTES (32u << 20)          /* beyond it a call ends at its next instruction */
#define CAGE_BYTES_CAP (4 * CAGE_BYTES) /* beyond it nothing is given, and the state is worn */
#define CAGE_PATTERN_SUBJECT 1024
#define CAGE_TEXT_MOST (1u << 20) /* of what string.rep makes */

struct cage {
    lua_State *lua;
    size_t bytes;
    int64_t steps_left;
    bool worn; /* an allocation was refused: make another one */
};

/* 0, or -ENOMEM. */
int cage_init(struct cage *cage);
void cage_deinit(struct cage *cage);
/* Runs a C function with `context` as its light userdata, protected and under a fresh budget.
 * LUA_OK; else what was raised stands on the stack. */
int cage_call(struct cage *cage, lua_CFunction function, void *context);
struct cage *cage_of(lua_State *lua);
