/* Two cases that give the same and expect something else: one of them has to fail. Threads: the
 * host's owner. */
#pragma once

#include "policy/cases.h"

/* Adds an error for each pair, naming both. */
void cases_contradict(const struct case_run *run, struct str text, json_t *complaints);
