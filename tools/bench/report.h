/* The table for people and the JSON for programs. Threads: one. */
#pragma once

#include "bench.h"

void report_table(const struct bench *bench, bool colours);
void report_json(const struct bench *bench);
/* Whether every figure that has a goal and was measured meets it. */
bool report_all_met(const struct bench *bench);
