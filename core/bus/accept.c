/* accept4 as libzmq calls it. Each connection takes a descriptor, and libzmq 4.3.4 ends the process
 * where none is left for an ipc peer. Here the last ones are kept for the daemon's own files: a
 * peer who would take one of them is turned away at once and tries again, as after any broken
 * connection.
 *
 * The program's own definition of a function goes before the C library's, also for the libraries it
 * is linked with. Nothing comes with a call that could lead to a bus, so that what is counted is
 * the process's. */
#include "bus/accept.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bus/guard.h"
#include "util/log.h"

#define KEPT_DESCRIPTORS 32 /* segments, readers, the state, children's pipes */
#define TOLD_EVERY_S 60

static _Atomic(uint64_t) n_turned_away;
static _Atomic(int64_t) told_s = -TOLD_EVERY_S;

uint64_t accept_turned_away(void) {
    return atomic_load(&n_turned_away);
}

static void tell(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t before_s = atomic_load(&told_s);
    atomic_fetch_add(&n_turned_away, 1);
    if (now.tv_sec - before_s >= TOLD_EVERY_S &&
        atomic_compare_exchange_strong(&told_s, &before_s, now.tv_sec))
        log_warning("no descriptors are left for more connections: new ones are turned away; "
                    "raise LimitNOFILE or bus.max_connections");
}

/* Below the limit as it is now: it may be lowered while we run. */
static bool is_kept(int fd) {
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
           (rlim_t)fd + KEPT_DESCRIPTORS >= limit.rlim_cur;
}

__attribute__((visibility("default"))) int accept4(int fd, __SOCKADDR_ARG address,
                                                   socklen_t *restrict size, int flags) {
    int accepted = (int)syscall(SYS_accept4, fd, address.__sockaddr__, size, flags);
    if (accepted >= 0 && (is_kept(accepted) || !guard_admit(fd, accepted))) {
        close(accepted);
        errno = ECONNABORTED;
        accepted = -1;
    } else if (accepted < 0 && (errno == EMFILE || errno == ENOBUFS || errno == ENOMEM)) {
        errno = ENFILE; /* the one of its kind that every listener of libzmq lives with */
    } else {
        return accepted;
    }
    int error = errno;
    tell();
    errno = error;
    return accepted;
}
