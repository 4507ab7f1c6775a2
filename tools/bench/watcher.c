#include "watcher.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "fail.h"
#include "sample.h"

#define LOOK_MS 50

struct watcher {
    pid_t pid;
    pthread_t thread;
    atomic_bool ending;
    uint64_t most_bytes;
};

static void look(struct watcher *watcher) {
    uint64_t bytes = daemon_memory_bytes(watcher->pid);
    if (bytes > watcher->most_bytes)
        watcher->most_bytes = bytes;
}

static void *watch(void *context) {
    struct watcher *watcher = context;
    while (!atomic_load(&watcher->ending)) {
        look(watcher);
        sleep_ms(LOOK_MS);
    }
    look(watcher);
    return NULL;
}

struct watcher *watcher_start(const struct daemon *daemon) {
    struct watcher *watcher = calloc(1, sizeof *watcher);
    if (!watcher)
        abort();
    watcher->pid = daemon->pid;
    if (pthread_create(&watcher->thread, NULL, watch, watcher) != 0)
        fail("cannot start a thread");
    return watcher;
}

double watcher_stop(struct watcher *watcher) {
    atomic_store(&watcher->ending, true);
    pthread_join(watcher->thread, NULL);
    double most = (double)watcher->most_bytes;
    free(watcher);
    return most;
}
