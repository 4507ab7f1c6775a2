/* How runs are shown: what each walks, how far it is, since when and until when. */
#pragma once

#include "bus/method.h"
#include "domain/runs.h"

/* {"run", "kind", "cause", "schedule", "as_of", "judged", "total", "since", "ends", "done"}: of one
 * that is under way `ends` is an estimate, or null. */
json_t *run_json(const struct query *query, uint32_t number, const struct run_row *row);
/* Those under way, oldest first. 0 or < 0. */
int runs_under_way(const struct query *query, json_t **ret_list);
/* Of each policy revision, by its number up to `n`, the newest `most`, newest first: lists of JSON,
 * NULL where there is none; the lists themselves are in the query's arena. 0 or < 0. */
int runs_of_revisions(const struct query *query, uint32_t n, size_t most, json_t ***ret_lists);
