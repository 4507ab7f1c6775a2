/* A list of things of one kind, for commands that are short for `list NOUN`. Threads: one. */
#pragma once

#include "command.h"

/* Asks NOUN.list with `params` (taken) and prints what came. */
int list_things(struct call *call, const char *noun, json_t *params);
