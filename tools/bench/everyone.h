/* Measurements about everyone: policy diff in four forms, and rating a million people anew beside
 * ingest. Threads: one. Errors: fail(). */
#pragma once

#include "bench.h"

void measure_diff(struct bench *bench);
void measure_rerate(struct bench *bench);
