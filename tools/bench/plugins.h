/* What plugins cost, and what they get. Threads: one. Errors: fail(). */
#pragma once

#include "bench.h"

void measure_plugins(struct bench *bench);
