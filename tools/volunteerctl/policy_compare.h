/* What is to come into force compared with what is, on the way there: policy diff within another
 * command. Threads: one. */
#pragma once

#include "command.h"

/* `params` (taken): text, or policy with parameters, as policy.diff takes them. What of the past is
 * judged anew says which records are asked about. Printed where `show`. DONE with the job's name,
 * or NULL where policies of that kind cannot be compared, or the text is one that will be refused.
 */
int policy_compare(struct call *call, json_t *params, bool show, json_t **ret_job);
