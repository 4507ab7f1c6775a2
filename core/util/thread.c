#include "util/thread.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define STANDING_BACK 5 /* nice: about a third of another thread's share */

int thread_start(pthread_t *ret_thread, const char *name, void *(*run)(void *context),
                 void *context) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(ret_thread, NULL, run, context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0)
        pthread_setname_np(*ret_thread, name);
    else
        *ret_thread = 0;
    return -error;
}

void thread_stand_back(void) {
    /* To Linux a thread is a process here. One that may not be nicer goes on as it is. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(),
                      getpriority(PRIO_PROCESS, (id_t)gettid()) + STANDING_BACK);
}
