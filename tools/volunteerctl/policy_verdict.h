/* What the daemon says of a policy file: its complaints as compilers write them, its cases, the
 * lines that no case reaches. Threads: one. */
#pragma once

#include "command.h"

/* FILE:LINE: message [code], on standard error. */
void verdict_complaints(const json_t *verdict, const char *file);
void verdict_cases(const struct call *call, const json_t *verdict);
/* Both. */
void policy_verdict_print(const struct call *call, const json_t *verdict, const char *file);
/* How many lines ran; those that did not, a person sees with what stands there. `text` may be NULL.
 */
void verdict_coverage(const struct call *call, const json_t *verdict, const char *file,
                      const char *text);
