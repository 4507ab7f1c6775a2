/* The table for people and the JSON for programs. Threads: one. */
#pragma once

#include "bench.h"

void report_table(const struct bench *bench, bool colours);
void report_json(const struct bench *bench);

/* 1,234,567.89 */
void figure_text(double value, int decimals, char ret_text[static 40]);
