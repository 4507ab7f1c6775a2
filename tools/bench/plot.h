/* Latency against offered rate, drawn by volunteerctl's charts. Threads: one. Errors: fail(). */
#pragma once

#include "bench.h"

void plot_write(const struct bench *bench, const char *path);
