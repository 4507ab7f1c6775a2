/* What policy.diff found, on paper. Threads: one. */
#pragma once

#include "command.h"

/* The document (document.h) of a result of the job policy.diff, whatever kind it is about; any
 * member that is missing leaves its section out. */
json_t *policy_diff_paper(struct lexicon *lexicon, const json_t *result);
