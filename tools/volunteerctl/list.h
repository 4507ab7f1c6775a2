/* A list of things of one kind, for commands that are short for `list NOUN`. Threads: one. */
#pragma once

#include "command.h"
#include "noun.h"

struct noun_view;
struct output;

/* Asks NOUN.list with `params` (taken) and prints what came. */
int list_things(struct call *call, const char *noun, json_t *params);
/* Prints the `items` of an answer by the view's columns, as the output says. */
int list_print(struct call *call, struct output *output, const struct noun_view *view,
               const json_t *result);
/* Prints the answer's items as a table; whether there were any. */
bool list_items(struct call *call, const struct noun_column *columns, const json_t *result);
