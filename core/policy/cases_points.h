/* Postings in a policy's cases: what is expected of them, and how they read where they differ.
 * Threads: the host's owner. */
#pragma once

#include <lua.h>

#include "policy/evaluate.h"

/* The list at the top is exactly what was answered, in this order: account, amount, and where given
 * the reason; a date or a volunteer only where the answer has them, too. */
bool postings_are(lua_State *lua, const struct answer *answer);
bool postings_same(const struct answer *a, const struct answer *b);
void postings_put(const struct answer *answer, struct buf *out);
