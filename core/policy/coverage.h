/* Which lines of a policy's functions ran. Lines are those that do something: not `end` or a
 * closing bracket alone. Lines of functions that were never called count, too. What it costs is not
 * taken from a call's budget. Threads: the owner of the state. */
#pragma once

#include <jansson.h>
#include <lua.h>
#include <stdint.h>

#include "util/str.h"

struct coverage {
    const char *source; /* the chunk's name as Lua has it: "=rule.lua"; borrowed */
    uint32_t n_lines;
    uint8_t *lines; /* malloc'ed, by line */
    uint32_t *ends; /* malloc'ed, by line: where the function ends that begins there */
};

void coverage_init(struct coverage *coverage, struct str text, const char *source);
void coverage_deinit(struct coverage *coverage);
/* From the hook, when a line begins to run. */
void coverage_note(struct coverage *coverage, lua_State *lua, lua_Debug *activation);
/* {"lines": of functions, "run": of those, "missed": [lines]} */
json_t *coverage_json(struct coverage *coverage, struct str text);
