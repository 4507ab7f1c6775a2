/* Reading a list method to its end, page by page. */
#pragma once

#include "command.h"

/* Asks `method` with `params` (taken) until `limit` items are there or the list ends. On DONE
 * *ret_result is {"items", "next", "sequence"} over all pages. */
int pages_read(struct call *call, const char *method, json_t *params, int64_t limit,
               json_t **ret_result);
/* Says on stderr, to a person, that there is more than was shown. */
void pages_note_rest(const struct call *call, const json_t *result);
