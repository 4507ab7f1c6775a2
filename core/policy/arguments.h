/* What a fact is asked with: read from Lua, checked, written as it stands in the log. Threads: the
 * host's owner. */
#pragma once

#include "policy/object.h"

/* From the stack, behind the object. Raises where a name or value is wrong, naming the nearest. */
void arguments_read(lua_State *lua, const struct fact *fact, struct arguments *ret_arguments);
/* Whether the fact takes nothing of that name in its table; then also the nearest that it takes, or
 * NULL. */
bool arguments_unknown(const struct fact *fact, struct str name, const char **ret_nearest);
/* Looks up what they name (a category, an account): 0, < 0 where the state cannot be read; raises
 * where it is not in the dictionary. */
int arguments_resolve(struct reading *reading, const struct fact *fact);
#define ARGUMENTS_TEXT_BYTES 2400
/* "from=2018-01-01,to=2018-12-31", always in the same order. */
struct str arguments_text(const struct arguments *arguments,
                          char text[static ARGUMENTS_TEXT_BYTES]);
/* In a case: replaces the table on the top, given for a fact with arguments, by what it holds for
 * these: by date or name, or the entry of a list whose arguments are the same. Of a list of results
 * those stay whose day `on` is asked for. */
void arguments_choose(struct reading *reading, const struct fact *fact, int index);
