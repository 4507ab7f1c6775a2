/* Connections that were turned away, so that the daemon's own files have descriptors or because
 * there are too many (guard.h): see accept.c.
 * Threads: any. */
#pragma once

#include <stdint.h>

uint64_t accept_turned_away(void);
