/* Service records as readers see them, and a person's records in order.
 * Threads: that of the query. */
#pragma once

#include "bus/methods_decisions.h"
#include "domain/records.h"

/* Everything the state knows of a record, without the findings. */
int record_describe(struct query *query, uint32_t number, const struct record *record,
                    struct arena *arena, json_t **ret_object);

/* Every record of a volunteer, whatever became of it, newest month first; within a month as they
 * stand. `each` returns 0 to go on. */
int person_records(struct query *query, uint32_t volunteer,
                   int (*each)(void *context, const struct month_entry *entry), void *context);
