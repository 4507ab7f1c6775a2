/* Service records as readers see them, and a person's records in order.
 * Threads: that of the query. */
#pragma once

#include "bus/methods_decisions.h"
#include "domain/records.h"

/* The record that the parameter `record` names, and everything the state knows of
 * it, without the findings. 0, > 0 with the problem, < 0.
 */
int record_asked(struct query *query, struct record *ret_record, json_t **ret_object);

/* Every record of a volunteer, whatever became of it, newest month first; within a month as they
 * stand. `each` returns 0 to go on. */
int person_records(struct query *query, uint32_t volunteer,
                   int (*each)(void *context, const struct month_entry *entry), void *context);
