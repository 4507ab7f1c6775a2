/* Threads that take turns. The linker sends what the daemon asks of pthreads and of the clock here
 * (CMakeLists.txt has the list of --wrap): one thread runs at a time, who comes next is drawn from
 * a seed, and time passes only here. So the daemon's own threads run as they are, a schedule is as
 * much a part of a seed as its events, and a seed gives the same run again. A wait with a deadline
 * ends when nobody else can run: an idle daemon costs no time.
 *
 * Threads: the first one calls threads_init before the daemon's are made. Errors: where nobody can
 * run and nobody waits for a time, the threads have locked each other out: that is said and the
 * process exits with THREADS_EXIT_STUCK. */
#pragma once

#include <stdint.h>

struct io_steered;

#define THREADS_EXIT_STUCK 4

/* `io` has the two clocks. One in `restless` looks lets somebody else run where nobody needs to
 * wait. */
void threads_init(uint64_t seed, unsigned restless, struct io_steered *io);
/* Somebody else may run now. */
void threads_look(void);
/* Lets this much time pass for the caller; the others run meanwhile. */
void threads_wait_us(int64_t us);
