/* One way to start a thread: it takes no signals, because those are the main thread's, and it has a
 * name of at most 15 bytes that `top -H`, perf and gdb show. Errors: negative errno, not noted; the
 * thread is 0 then. */
#pragma once

#include <pthread.h>

int thread_start(pthread_t *ret_thread, const char *name, void *(*run)(void *context),
                 void *context);
/* The calling thread lets the others go first where the processor is short: for work that nobody
 * waits for. Cannot be undone. */
void thread_stand_back(void);
