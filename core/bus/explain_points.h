/* What a record earned, and why. Threads: that of the query. Errors: < 0 where the state cannot be
 * read. */
#pragma once

#include "bus/methods_decisions.h"
#include "domain/records.h"

/* Adds `points`, the entries that the record caused and that stand, each wanting its findings, and
 * `points_withheld`, the rules that failed and will be asked again. */
int explain_points(struct query *query, const struct record *record, struct wanted_list *wanted,
                   json_t *object);
