/* A Lua value as JSON text, the same in every run. Threads: the state's owner. */
#pragma once

#include <lua.h>

#include "util/buf.h"

void value_json(lua_State *lua, int index, struct buf *out);
