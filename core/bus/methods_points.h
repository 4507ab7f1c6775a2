/* A volunteer's points as readers see them. Threads: that of the query. */
#pragma once

#include "bus/method.h"

/* Each account that the volunteer has: `whole` with its lots and totals, else balance and what is
 * owed alone. 0 or < 0. */
int json_from_balances(struct query *query, uint32_t volunteer, bool whole, json_t **ret_list);
