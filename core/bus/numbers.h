/* The parts of numbers.get that are read from the state.
 * Threads: the query's. Memory: what is returned is the caller's. Errors: 0 or < 0. */
#pragma once

#include "bus/method.h"

/* {volunteers, residents, rate, ...}: what the city is measured by, from its counters and the
 * newest figures; null before the city is defined. Rates are parts per ten thousand, null where the
 * whole is not known. */
int numbers_city(struct query *query, json_t **ret_city);
/* [{account, sum}]: sum is all that was posted; anything but 0 is an error of ours. */
int numbers_ledger(const struct query *query, json_t **ret_ledger);
