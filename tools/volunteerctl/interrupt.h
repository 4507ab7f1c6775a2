/* Ctrl-C as something to look at between two steps, without handlers or globals. Threads: one. */
#pragma once

#include <stdbool.h>

void interrupt_hold(void); /* from here on SIGINT and SIGTERM wait */
bool interrupt_came(void); /* takes one that waits */
