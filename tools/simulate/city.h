/* A city over some days: set up, then written day by day. */
#pragma once

#include "plan.h"

/* Writes the events to the file descriptor. 0 done; < 0 a write failed or a file cannot be read; >
 * 0 the file of divisions is wrong. Says on stderr why. */
int city_simulate(const struct plan *plan, int fd);
