/* Where the daemon's time goes: perf record beside a load that is not part of any figure, and what
 * it found, thread by thread. Threads: one. Errors: fail(), also where there is no perf. */
#pragma once

#include <sys/types.h>

struct profile {
    pid_t perf;
    char data[256]; /* its file, in /tmp */
};
void profile_begin(struct profile *profile, pid_t daemon);
/* Prints the functions that took most, under the threads that they ran in. */
void profile_end(struct profile *profile, const char *title);
