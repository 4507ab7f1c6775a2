/* "Did you mean": the key of a table nearest to a word. Threads: the state's owner. */
#pragma once

#include <lua.h>

/* What it costs a policy that asks for what is not there. */
#define NEAREST_STEPS 5000

/* Borrowed from the table, or NULL. The table at `index` is read raw. */
const char *nearest_key(lua_State *lua, int index, const char *word);
