/* What a policy's cases expect of answers with parts: indicators of assessments, documents of
 * bulletins. Each says what differs, STR_NONE where nothing does; of several differences the first
 * by the alphabet. What is expected stands on the top of the stack. Threads: the host's owner. */
#pragma once

#include <lua.h>

#include "policy/evaluate.h"

/* { registered = "met", staff = { state = "no_data", evidence = { gap = 0 } } } */
struct str case_indicators(lua_State *lua, struct arena *arena, const struct answer *answer);
/* "通报" */
struct str case_title(lua_State *lua, struct arena *arena, const struct answer *answer);
/* { ["各县区"] = { ["秦州区"] = { rate = { 13, 100 } }, total = {}, rows = 7 } }: by title, by any
 * text in the row, by column; false: no cell. */
struct str case_sections(lua_State *lua, struct arena *arena, const struct answer *answer);
/* { ["注册率"] = { ["秦州区"] = 13 } }: by title, by label. */
struct str case_series(lua_State *lua, struct arena *arena, const struct answer *answer);
/* { "秦州区" }: each stands in some paragraph. */
struct str case_paragraphs(lua_State *lua, struct arena *arena, const struct answer *answer);
