/* The child's half of config.h: a configuration file as lines of JSON, one for each setting.
 * Threads: one. */
#pragma once

#include "util/buf.h"

/* Appends the lines; what is wrong with the file is one of them. Returns the exit code. */
int config_flatten(const char *path, struct buf *out);
