/* What a rule says of a day: the parameters that hold, as its own `describe` calls them. Threads:
 * the host's owner. */
#pragma once

#include "policy/evaluate.h"

/* Writes {"from": date or null, "parameters": {name: value}, "describe": {name: {...}} or null,
 * "later": [dates]}. 0; > 0 where the revision is not there or does not load. */
int policy_terms(struct policy_host *host, struct str revision, int32_t date, struct buf *out);
