/* A measurement that cannot be taken ends the program: a half-filled table would be believed.
 * Threads: any. */
#pragma once

#include <stdio.h>

/* Says why on stderr and exits with 1; the daemon that was started dies with its parent. */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* What is being done, on stderr, where it is a terminal or --verbose was given. */
void progress(const char *format, ...) __attribute__((format(printf, 1, 2)));
void progress_show(int wanted);
