/* JSON-RPC questions to the daemon, and numbers out of its answers. Threads: one. Errors: fail().
 */
#pragma once

#include "daemon.h"

/* The answer, checked to be none of an error; malloc'ed. `params`: the members of the object. */
char *question_ask(struct daemon *daemon, const char *method, const char *params);
/* The number behind a member's name, the last one in the answer. */
double question_number(const char *text, const char *member);
/* Milliseconds from asking to the answer, medians of `times` after a few that do not count: of two
 * daemons by turns, so that whatever else the machine does meets both. */
void question_pair_ms(struct daemon *const daemons[2], const char *method, const char *params,
                      unsigned times, double ret_ms[2]);
