/* A policy asked about rising minutes, next to every number of its parameters: an answer that falls
 * while they rise, and a step that no number of minutes reaches, are warned of with the minutes at
 * which it happens. Everything else is as in a case that gives nothing else. Threads: the host's
 * owner. */
#pragma once

#include "policy/cases.h"

/* `complaints`: warnings are added there. */
void check_sweep(struct case_run *run, struct str text, json_t *complaints);
