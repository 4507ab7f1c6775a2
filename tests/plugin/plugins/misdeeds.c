#include "misdeeds.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHANNEL 3

/* ---- ends ---- */

static int do_crash(struct bad *bad) {
    (void)bad;
    return raise(SIGSEGV);
}

/* While there is a file of that name in its folder. */
static int do_crash_if_told(struct bad *bad) {
    char path[4096];
    snprintf(path, sizeof path, "%s/crash", bad->core->folder);
    return access(path, F_OK) == 0 ? do_crash(bad) : 0;
}

static int do_abort(struct bad *bad) {
    (void)bad;
    fputs("the last words of a plugin\n", stderr);
    abort();
}

static int do_exit(struct bad *bad) {
    (void)bad;
    exit(0);
}

static int do_fail(struct bad *bad) {
    (void)bad;
    return EIO;
}

static int do_hang(struct bad *bad) {
    (void)bad;
    for (;;)
        pause();
    return 0;
}

static int do_spin(struct bad *bad) {
    (void)bad;
    for (volatile unsigned n = 0;; n++)
        ;
    return 0;
}

static int do_term(struct bad *bad) {
    (void)bad;
    return raise(SIGTERM) < 0 ? errno : 0;
}

static int do_stand_still(struct bad *bad) {
    (void)bad;
    return raise(SIGSTOP) < 0 ? errno : 0;
}

/* ---- greed ---- */

/* Writes into all of it: memory that is not touched costs nothing. */
static int do_leak(struct bad *bad) {
    for (;;) {
        char *block = malloc(MIB);
        if (!block) {
            vol_log(bad->core, VOL_ERROR, "there is no more memory");
            abort();
        }
        memset(block, 1, MIB);
    }
}

static void *thread_spin(void *context) {
    do_spin(context);
    return NULL;
}

/* Four threads that turn for ever, and a loop that is as it should be. */
static int do_threads(struct bad *bad) {
    pthread_t thread;
    int r = 0;
    for (int i = 0; i < 4 && r == 0; i++)
        r = pthread_create(&thread, NULL, thread_spin, bad);
    return r;
}

/* Enough to be an attack, few enough for a machine on which it is not prevented. */
static int do_fork(struct bad *bad) {
    (void)bad;
    for (int i = 0; i < 16; i++) {
        pid_t child = fork();
        if (child < 0)
            return errno;
        if (child == 0)
            do_hang(bad);
    }
    return 0;
}

static int do_descriptors(struct bad *bad) {
    (void)bad;
    for (int i = 0; i < 100000; i++)
        if (dup(CHANNEL) < 0)
            return errno;
    return 0;
}

/* A file of so many MiB, then the next one. */
static int fill_file(const char *folder, int number, int64_t mebibytes) {
    char path[4096], *block = calloc(1, MIB);
    int r = 0;
    snprintf(path, sizeof path, "%s/greed-%d", folder, number);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || !block)
        r = errno;
    for (int64_t i = 0; r == 0 && i < mebibytes; i++)
        if (write(fd, block, MIB) != (ssize_t)MIB)
            r = errno;
    free(block);
    if (fd >= 0)
        close(fd);
    return r;
}

static int do_fill_folder(struct bad *bad) {
    int r = 0;
    for (int number = 0; r == 0 && number * 8 < bad->number; number++)
        r = fill_file(bad->core->folder, number, 8);
    return r;
}

static int do_fill_file(struct bad *bad) {
    return fill_file(bad->core->folder, 0, bad->number);
}

/* ---- what it may not ---- */

static int do_write_outside(struct bad *bad) {
    int fd = open(bad->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    int r = fd < 0 ? errno : 0;
    if (fd >= 0)
        close(fd);
    return r;
}

static int do_read_outside(struct bad *bad) {
    int fd = open(bad->path, O_RDONLY | O_CLOEXEC);
    int r = fd < 0 ? errno : 0;
    if (fd >= 0)
        close(fd);
    return r;
}

static int do_kill_daemon(struct bad *bad) {
    (void)bad;
    return kill(getppid(), SIGKILL) < 0 ? errno : 0;
}

static int do_stop_daemon(struct bad *bad) {
    (void)bad;
    return kill(getppid(), SIGSTOP) < 0 ? errno : 0;
}

/* ---- floods ---- */

static int do_flood_log(struct bad *bad) {
    for (int i = 0; i < 100000; i++)
        vol_log(bad->core, VOL_ERROR, "a line that nobody asked for");
    return 0;
}

/* Past the library: lines on stderr, and one that does not end. */
static int do_flood_stderr(struct bad *bad) {
    (void)bad;
    char line[1000];
    memset(line, 'x', sizeof line);
    for (int i = 0; i < 20000; i++)
        if (write(STDERR_FILENO, line, sizeof line) < 0)
            return errno;
    return 0;
}

static int do_flood_publish(struct bad *bad) {
    char id[32], data[128];
    for (int64_t i = 0; i < bad->number; i++) {
        snprintf(id, sizeof id, "flood-%lld", (long long)i);
        snprintf(
            data, sizeof data,
            "{\"document\":\"%s\",\"title\":\"flood\",\"number\":\"1\",\"issued_by\":\"x\",\"on\":"
            "\"2020-01-01\"}",
            id);
        struct vol_publication event = {.type = "document.registered", .id = id, .data = data};
        int r = vol_publish(bad->core, &event, 1, NULL, NULL);
        if (r < 0)
            return -r;
    }
    return 0;
}

static int do_flood_asks(struct bad *bad) {
    for (int64_t i = 0; i < bad->number; i++)
        if (!vol_ask(bad->core, "status", NULL))
            return EIO;
    return 0;
}

/* ---- the channel itself ---- */

static int write_whole(const void *data, size_t size) {
    const char *at = data;
    while (size) {
        ssize_t n = write(CHANNEL, at, size);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return errno;
        if (n > 0) {
            at += n;
            size -= (size_t)n;
        }
    }
    return 0;
}

static void little(unsigned char *out, uint64_t number, int bytes) {
    for (int i = 0; i < bytes; i++)
        out[i] = (unsigned char)(number >> (8 * i));
}

int misdeed_frame(unsigned kind, uint64_t number, const char *body, size_t size, size_t claimed) {
    unsigned char header[16] = {0};
    little(header, claimed, 4);
    little(header + 4, kind, 2);
    little(header + 8, number, 8);
    int r = write_whole(header, sizeof header);
    if (r == 0 && size)
        r = write_whole(body, size);
    return r == 0 && size == claimed ? write_whole("", 1) : r;
}

static int do_garbage(struct bad *bad) {
    (void)bad;
    char noise[4096];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)(i * 2654435761U >> 7);
    return write_whole(noise, sizeof noise);
}

static int do_huge_frame(struct bad *bad) {
    (void)bad;
    return misdeed_frame(5, 1, NULL, 0, UINT32_MAX);
}

/* A frame that never ends, bytes of it again and again: as large as the limit lets it be. */
static int do_half_frame(struct bad *bad) {
    (void)bad;
    static const char some[1024] = "[";
    int r = misdeed_frame(6, 1, some, sizeof some, 15 * MIB);
    for (size_t i = 0; r == 0 && i < 14 * 1024; i++)
        r = write_whole(some, sizeof some);
    do_hang(bad);
    return r;
}

/* 15 MiB of opening brackets, as events. */
static int do_deep_frame(struct bad *bad) {
    (void)bad;
    char *body = malloc(15 * MIB);
    if (!body)
        return ENOMEM;
    memset(body, '[', 15 * MIB);
    int r = misdeed_frame(6, 1, body, 15 * MIB, 15 * MIB);
    free(body);
    return r;
}

static int do_close_all(struct bad *bad) {
    (void)bad;
    return close_range(0, ~0U, 0) < 0 ? errno : 0;
}

static int do_close_stderr(struct bad *bad) {
    (void)bad;
    return close(STDERR_FILENO) < 0 ? errno : 0;
}

/* Says for ever that all is well, and reads nothing more. */
static void *thread_beat(void *context) {
    static const char beat[] = "{\"counters\":[0,0]}";
    struct timespec pause_time = {0, 100 * 1000 * 1000};
    while (misdeed_frame(4, 0, beat, sizeof beat - 1, sizeof beat - 1) == 0)
        nanosleep(&pause_time, NULL);
    return context;
}

static int do_deaf(struct bad *bad) {
    pthread_t thread;
    int r = pthread_create(&thread, NULL, thread_beat, bad);
    return r ? r : do_hang(bad);
}

/* ---- told what to do ---- */

static const struct deed {
    const char *name;
    int (*run)(struct bad *bad);
} deeds[] = {
    {"crash", do_crash},
    {"crash_if_told", do_crash_if_told},
    {"abort", do_abort},
    {"exit", do_exit},
    {"fail", do_fail},
    {"hang", do_hang},
    {"spin", do_spin},
    {"term", do_term},
    {"stand_still", do_stand_still},
    {"leak", do_leak},
    {"threads", do_threads},
    {"fork", do_fork},
    {"descriptors", do_descriptors},
    {"fill_folder", do_fill_folder},
    {"fill_file", do_fill_file},
    {"write_outside", do_write_outside},
    {"read_outside", do_read_outside},
    {"kill_daemon", do_kill_daemon},
    {"stop_daemon", do_stop_daemon},
    {"flood_log", do_flood_log},
    {"flood_stderr", do_flood_stderr},
    {"flood_publish", do_flood_publish},
    {"flood_asks", do_flood_asks},
    {"garbage", do_garbage},
    {"huge_frame", do_huge_frame},
    {"half_frame", do_half_frame},
    {"deep_frame", do_deep_frame},
    {"close_all", do_close_all},
    {"close_stderr", do_close_stderr},
    {"deaf", do_deaf},
};

int misdeed_do(struct bad *bad, const char *name) {
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (strcmp(deeds[i].name, name) == 0)
            return deeds[i].run(bad);
    return EINVAL;
}
