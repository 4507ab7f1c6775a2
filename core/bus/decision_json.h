/* A decision as it was recorded, and an answer as a policy gives it, in one form: so that the two
 * can be compared member by member. Threads: any. Memory: JSON is given to the caller. */
#pragma once

#include <jansson.h>

#include "engine/decided.h"

/* {"outcome"?, "minutes"?, "stars"?, "titles"?, "valid_until"?, "postings"? (or "added": those
 * of a record asked about anew that were not there before), "indicator"?,
 * "findings", "facts"}, or {"failed": true}: what the kind decides. `person`: the id of whom a
 * posting belongs to that names nobody. */
json_t *json_from_recorded(const struct decided *decided);
json_t *json_from_answer(const struct decided *decided, const struct answer *answer,
                         struct str person);
/* The names of the members that differ. */
json_t *json_differences(const json_t *recorded, const json_t *replayed);
