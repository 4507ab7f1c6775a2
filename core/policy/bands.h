/* Bands of numbers, { { from = 0, to = 99 }, { from = 100 } }: whether they meet. Where each begins
 * with the number at which the one before it ends, `to` is not part of a band; where each begins
 * one later, it is. Either may be, but not both in one list. Threads: the state's owner. */
#pragma once

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

/* Of the plain list of n tables at the index. NULL where they meet, or are no bands and are not
 * `declared` as such; else a code (gap, overlap, band) with what is wrong. */
const char *bands_judge(lua_State *lua, int index, size_t n, bool declared, char *ret_wrong,
                        size_t size);
