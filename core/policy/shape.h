/* The shape of what a policy file returns: CONTRACT's fields, each with what it must be. Threads:
 * the host's owner. */
#pragma once

#include <jansson.h>
#include <lua.h>

#include "util/str.h"

struct shape {
    lua_State *lua;
    struct str text; /* the file, for line numbers */
    json_t *verdict; /* policy, kind, title, scope, uses, based_on are set in it */
    json_t *complaints;
    size_t n_libraries;
    const struct library *libraries;
};

/* Of the table that the file returned, at the top of the stack. */
void shape_check(struct shape *shape);
