/* Attributes of one thing as a table of labels and values; members named in `hidden` (ends with
 * NULL) are left out. */
#pragma once

#include "command.h"
#include "event/catalogue.h"

void attributes_print(struct call *call, const struct fields *fields, const json_t *object,
                      const char *const *hidden);
/* One thing, as `show NOUN ID` prints it. */
int show_thing(struct call *call, const char *noun, const char *id);
/* A policy by its name or revision; `text_only` prints the Lua text alone. */
int policy_show(struct call *call, const char *name, bool text_only);
