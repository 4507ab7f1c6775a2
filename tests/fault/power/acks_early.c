/* What the tests of power cuts must find: a daemon that acknowledges before the disk has what it
 * acknowledges. It is the daemon itself, linked with this between it and the system: a sync of a
 * segment of the journal is said to be done at once and happens a little later, on a thread of its
 * own. Never installed. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/io.h"

#define LATE_US 2000

const struct io *__real_io_system(void);
const struct io *__wrap_io_system(void);

static void *sync_late(void *argument) {
    int fd = (int)(intptr_t)argument;
    usleep(LATE_US);
    if (fdatasync(fd) < 0)
        abort();
    close(fd);
    return NULL;
}

static bool is_segment(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path);
    return size > 3 && !memcmp(path + size - 3, ".vj", 3);
}

/* By a descriptor of its own, because the journal may close this one. */
static int early_fdatasync(void *self, int fd) {
    const struct io *system = __real_io_system();
    char link[64];
    pthread_t thread;
    if (!is_segment(fd))
        return system->fdatasync(self, fd);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    char path[PATH_MAX] = "";
    if (readlink(link, path, sizeof path - 1) < 0)
        return -errno;
    int own = system->open(self, path, 2, 0);
    if (own < 0 || pthread_create(&thread, NULL, sync_late, (void *)(intptr_t)own) != 0)
        return -EIO;
    pthread_detach(thread);
    return 0;
}

const struct io *__wrap_io_system(void) {
    static struct io early;
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    if (!early.fdatasync) {
        early = *__real_io_system();
        early.fdatasync = early_fdatasync;
    }
    pthread_mutex_unlock(&lock);
    return &early;
}
