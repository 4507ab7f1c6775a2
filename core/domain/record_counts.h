/* What a record counts while it is in a state: in its person's months and totals, in the counters
 * of its region and of the organisation that holds it, on the list of those that wait. For what
 * applies events about records; the rest of the domain goes by records.h. Threads: the engine's. */
#pragma once

#include "domain/counters.h"
#include "domain/records.h"

/* Its entry in the person's months, as its row says. */
int record_put_in_months(struct context *context, uint32_t number, const struct record_row *row);
/* Takes out what the record's present state caused: totals, counters, held list. What was final is
 * so no longer: it is about to be other than its public notice said. */
int record_reverse(struct context *context, uint32_t number, struct record_row *row);
/* Brings the record into a state from PENDING, with its consequences. `row->counted` is the credit.
 */
int record_settle(struct context *context, uint32_t number, struct record_row *row,
                  enum record_state state);
/* Of a record that counted: what is known of its month has changed. */
int record_count_taken_back(struct context *context, uint32_t number, const struct record_row *row,
                            enum counter counter);
