#include "interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

static sigset_t interrupts(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

void interrupt_hold(void) {
    sigset_t set = interrupts();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

bool interrupt_came(void) {
    sigset_t set = interrupts();
    struct timespec now = {0};
    return sigtimedwait(&set, NULL, &now) > 0;
}
