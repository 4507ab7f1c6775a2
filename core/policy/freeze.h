/* Tables and functions that cannot keep anything from one call to the next.
 *
 * A frozen table is an empty table whose reads go to the original and whose writes are refused.
 * freeze_value does this for every table that a function can reach through its outer locals, and
 * notes those locals themselves, so that a call which assigned to one can be found out and undone.
 * Threads: the state's owner. */
#pragma once

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

void freeze_init(lua_State *lua);
/* Replaces the value on the top of the stack by one that may be kept: tables frozen, tables within
 * likewise, the outer locals of functions frozen and noted in the list (a table) at index `locals`;
 * 0: no functions are allowed. Raises where something cannot be kept (a function that has a state
 * of its own). */
void freeze_value(lua_State *lua, int locals);
/* The same for one table alone, whatever stands in it. */
void freeze_face(lua_State *lua);
/* An outer local as it has to stay: told by the address of what it holds; NULL for what has none (a
 * number, nil). */
struct kept_local {
    const void *content;
    const void *function; /* one that has it as an outer local */
    int place;            /* of that function in the list */
    int index;            /* of the local in that function */
};

/* The locals noted in the list at `index`, for freeze_check; malloc'ed. */
struct kept_local *freeze_kept(lua_State *lua, int index, size_t *ret_n);
/* True where every outer local noted in the list at `index` still holds its value. Otherwise puts
 * the values back. */
bool freeze_check(lua_State *lua, int index, const struct kept_local *kept, size_t n);

/* Pushes the table that is read: the original of a frozen one, or the plain table itself; false
 * (nothing pushed) where the value is neither. */
bool freeze_unwrap(lua_State *lua, int index);
/* Whether the plain table at index is a list, and how long: names alone are none, so that what was
 * meant as the only entry is not taken for nothing. */
bool freeze_list(lua_State *lua, int index, size_t *ret_n);
/* Pushes field `name` of the (frozen or plain) table at index, read raw; nil where that is no
 * table. Returns its type. */
int freeze_field(lua_State *lua, int index, const char *name);
