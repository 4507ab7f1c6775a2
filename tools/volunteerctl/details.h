/* What stands within one thing in lists of its own: the steps of a station, the lots of an account,
 * the reports of a figure. Each list is a table below its label. Threads: one. */
#pragma once

#include "command.h"

/* Whether the value is a list of objects, which attributes leave to details. */
bool is_details(const json_t *value);
/* Every such list of the object, and of the objects in it. */
void details_print(struct call *call, const struct fields *fields, const json_t *object);
/* A value as a person reads it; `item` is the object that it stands in; `both`: a label with its
 * word behind it. */
void value_words(struct call *call, const struct fields *fields, const char *key,
                 const json_t *item, const json_t *value, bool both, struct buf *out);
