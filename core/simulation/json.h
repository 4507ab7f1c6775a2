/* Values of the document. Threads: the arena's owner. Memory: JSON is given to the caller. */
#pragma once

#include "simulation/internal.h"

json_t *diff_json_text(struct str text); /* null where it is STR_NONE */
json_t *diff_json_date(int32_t date);
/* The thing's id, null for number 0. */
json_t *diff_json_id(struct diff_worker *worker, enum noun noun, uint32_t number);
/* {"region", "name"} */
json_t *diff_json_region(struct diff_worker *worker, uint32_t region);
/* [{"code", "value"?, "needed"?, "text"}] as the revision words them. */
json_t *diff_json_findings(struct diff_worker *worker, enum side side, const struct answer *answer);
