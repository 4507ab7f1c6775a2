/* Reports of the whole city, which read counters: how long they take with a hundred times as many
 * people. Threads: one. Errors: fail(). */
#pragma once

#include "bench.h"

void measure_reports(struct bench *bench);
