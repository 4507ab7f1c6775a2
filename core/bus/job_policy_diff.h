/* The job policy.diff, the daemon's half: its parameters become what the child reads. The text is
 * vetted first, in a process of its own, as before an activation; cases that fail do not matter
 * here. Threads: the query's. Errors: as method.h. */
#pragma once

#include "bus/method.h"

/* Parameters: text, file | policy (what is in force); parameters (by date, laid over it), scope,
 * as_of, from, to, examples. */
int job_policy_diff_request(struct query *query, struct buf *out);
