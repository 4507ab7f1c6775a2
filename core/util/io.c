#include "util/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

static int outcome(int result) {
    return result < 0 ? -errno : 0;
}

static int64_t clock_us(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static int64_t system_now_us(void *self) {
    (void)self;
    return clock_us(CLOCK_REALTIME);
}

static int64_t system_boottime_us(void *self) {
    (void)self;
    return clock_us(CLOCK_BOOTTIME);
}

static int system_open(void *self, const char *path, int flags, mode_t mode) {
    (void)self;
    int fd;
    do
        fd = open(path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

static int system_close(void *self, int fd) {
    (void)self;
    /* On Linux the descriptor is gone after EINTR too. */
    return close(fd) < 0 && errno != EINTR ? -errno : 0;
}

static ssize_t system_pread(void *self, int fd, void *data, size_t size, off_t offset) {
    (void)self;
    size_t done = 0;
    while (done < size) {
        ssize_t n = pread(fd, (char *)data + done, size - done, offset + (off_t)done);
        if (n == 0)
            break;
        if (n > 0)
            done += (size_t)n;
        else if (errno != EINTR)
            return -errno;
    }
    return (ssize_t)done;
}

static int write_all(int fd, const char *data, size_t size, off_t offset) {
    size_t done = 0;
    while (done < size) {
        ssize_t n = pwrite(fd, data + done, size - done, offset + (off_t)done);
        if (n == 0)
            return -EIO;
        if (n > 0)
            done += (size_t)n;
        else if (errno != EINTR)
            return -errno;
    }
    return 0;
}

/* A file at the process's size limit is an error like any other (-EFBIG): without this the kernel
 * would end the process by a signal. */
static int system_pwrite(void *self, int fd, const void *data, size_t size, off_t offset) {
    (void)self;
    sigset_t limit, before;
    sigemptyset(&limit);
    sigaddset(&limit, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &limit, &before);
    int result = write_all(fd, data, size, offset);
    if (result == -EFBIG && !sigismember(&before, SIGXFSZ))
        sigtimedwait(&limit, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

static int system_fdatasync(void *self, int fd) {
    (void)self;
    int result;
    do
        result = fdatasync(fd);
    while (result < 0 && errno == EINTR);
    return outcome(result);
}

static int system_fsync(void *self, int fd) {
    (void)self;
    int result;
    do
        result = fsync(fd);
    while (result < 0 && errno == EINTR);
    return outcome(result);
}

static int system_ftruncate(void *self, int fd, off_t size) {
    (void)self;
    int result;
    do
        result = ftruncate(fd, size);
    while (result < 0 && errno == EINTR);
    return outcome(result);
}

static int system_rename(void *self, const char *from, const char *to) {
    (void)self;
    return outcome(rename(from, to));
}

static int system_unlink(void *self, const char *path) {
    (void)self;
    return outcome(unlink(path));
}

static int system_mkdir(void *self, const char *path) {
    (void)self;
    struct stat status;
    if (mkdir(path, 0750) == 0)
        return 0;
    if (errno != EEXIST)
        return -errno;
    if (stat(path, &status) < 0)
        return -errno;
    return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

static int system_sync_dir(void *self, const char *path) {
    int fd = system_open(self, path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return fd;
    int result = system_fsync(self, fd);
    int closed = system_close(self, fd);
    return result < 0 ? result : closed;
}

static int64_t system_file_size(void *self, int fd) {
    (void)self;
    struct stat status;
    return fstat(fd, &status) < 0 ? -errno : status.st_size;
}

static int system_file_mode(void *self, int fd) {
    (void)self;
    struct stat status;
    return fstat(fd, &status) < 0 ? -errno : (int)(status.st_mode & 07777);
}

static int64_t system_disk_free_bytes(void *self, const char *path) {
    (void)self;
    struct statvfs status;
    if (statvfs(path, &status) < 0)
        return -errno;
    return (int64_t)(status.f_bavail * status.f_frsize);
}

static int64_t system_disk_total_bytes(void *self, const char *path) {
    (void)self;
    struct statvfs status;
    if (statvfs(path, &status) < 0)
        return -errno;
    return (int64_t)(status.f_blocks * status.f_frsize);
}

static int is_entry(const struct dirent *entry) {
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* By bytes, not by locale as alphasort would: the order is the same on every machine. */
static int compare_entries(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int system_list(void *self, const char *path, int (*each)(void *context, const char *name),
                       void *context) {
    (void)self;
    struct dirent **entries;
    int n = scandir(path, &entries, is_entry, compare_entries);
    if (n < 0)
        return -errno;
    int result = 0;
    for (int i = 0; i < n; i++) {
        if (result == 0)
            result = each(context, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return result;
}

static void system_random(void *self, void *data, size_t size) {
    (void)self;
    for (size_t done = 0; done < size;) {
        ssize_t n = getrandom((char *)data + done, size - done, 0);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            abort(); /* a kernel without randomness: no key made on it could be trusted */
    }
}

static int system_send(void *self, void *socket, const void *data, size_t size, bool more) {
    (void)self;
    int result;
    do
        result = zmq_send(socket, data, size, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0));
    while (result < 0 && zmq_errno() == EINTR);
    return result < 0 ? -zmq_errno() : 0;
}

static int system_receive(void *self, void *socket, void *message, bool *ret_more) {
    (void)self;
    int result;
    do
        result = zmq_msg_recv(message, socket, ZMQ_DONTWAIT);
    while (result < 0 && zmq_errno() == EINTR);
    if (result < 0)
        return zmq_errno() == EAGAIN ? 0 : -zmq_errno();
    *ret_more = zmq_msg_more(message);
    return 1;
}

const struct io *io_system(void) {
    static const struct io system = {
        .now_us = system_now_us,
        .boottime_us = system_boottime_us,
        .open = system_open,
        .close = system_close,
        .pread = system_pread,
        .pwrite = system_pwrite,
        .fdatasync = system_fdatasync,
        .fsync = system_fsync,
        .ftruncate = system_ftruncate,
        .rename = system_rename,
        .unlink = system_unlink,
        .mkdir = system_mkdir,
        .sync_dir = system_sync_dir,
        .file_size = system_file_size,
        .file_mode = system_file_mode,
        .disk_free_bytes = system_disk_free_bytes,
        .disk_total_bytes = system_disk_total_bytes,
        .list = system_list,
        .random = system_random,
        .send = system_send,
        .receive = system_receive,
    };
    return &system;
}
