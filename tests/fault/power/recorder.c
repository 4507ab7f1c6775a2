/* Records what a process writes below one folder, in the order in which the kernel is asked, and
 * the moment of each acknowledgement: preloaded into the daemon.
 *
 * Its environment: POWER_LOG is the recording, a file of holes made by the caller (recording.h),
 * POWER_ROOT the folder, absolute. POWER_KILL, as CALL:ENDING:K, is a kill -9 right before the K-th
 * call on a path that ends so: create, write, sync, rename, unlink; or renamed, right after one.
 *
 * The process must use absolute paths, one descriptor per open, and write through mappings only
 * what may be lost (LMDB's lock.mdb). The test compares what was recorded with what is there at the
 * end.
 *
 * Threads: any; one mutex around each call that changes something, so that the order is the true
 * one. Syncs run outside of it: what was written before one began is on the disk when it ends. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "recording.h"

#define EXPORT __attribute__((visibility("default")))
#define N_FILES 65536

/* The system itself, past everybody who stands between: a sanitizer that is not ready yet, too. */
#define REAL(type, name, number, parameters, ...)                                                  \
    static type real_##name parameters {                                                           \
        return (type)syscall(number, __VA_ARGS__);                                                 \
    }
REAL(int, openat, SYS_openat, (int at, const char *path, int flags, mode_t mode), at, path, flags,
     mode)
REAL(int, close, SYS_close, (int fd), fd)
REAL(ssize_t, write, SYS_write, (int fd, const void *data, size_t size), fd, data, size)
REAL(ssize_t, pwrite, SYS_pwrite64, (int fd, const void *data, size_t size, off_t offset), fd, data,
     size, offset)
REAL(ssize_t, writev, SYS_writev, (int fd, const struct iovec *pieces, int n), fd, pieces, n)
REAL(int, fdatasync, SYS_fdatasync, (int fd), fd)
REAL(int, fsync, SYS_fsync, (int fd), fd)
REAL(int, msync, SYS_msync, (void *address, size_t size, int flags), address, size, flags)
REAL(int, ftruncate, SYS_ftruncate, (int fd, off_t size), fd, size)
REAL(int, fallocate, SYS_fallocate, (int fd, int mode, off_t offset, off_t size), fd, mode, offset,
     size)
REAL(int, rename, SYS_rename, (const char *from, const char *to), from, to)
REAL(int, unlink, SYS_unlink, (const char *path), path)
REAL(int, rmdir, SYS_rmdir, (const char *path), path)
REAL(int, mkdir, SYS_mkdir, (const char *path, mode_t mode), path, mode)
REAL(int, link, SYS_link, (const char *from, const char *to), from, to)
REAL(void *, mmap, SYS_mmap,
     (void *address, size_t size, int protection, int flags, int fd, off_t offset), address, size,
     protection, flags, fd, offset)

static char *log_memory;
static const char *root; /* in the environment */
static char kill_call[16], kill_ending[64];
static long kill_in;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Of the descriptors below the root. */
static struct file {
    uint64_t inode; /* 0: none of ours */
    bool synced;    /* O_DSYNC: each write is on the disk when it returns */
    char path[PATH_MAX];
} * files[N_FILES];

static void die(const char *what) {
    fprintf(stderr, "recorder: %s: %s\n", what, strerror(errno));
    abort();
}

static struct recording_header *header(void) {
    return (struct recording_header *)(void *)log_memory;
}

/* Under the lock. The number of the record. */
static uint64_t note(struct record record, const void *data, size_t size) {
    struct recording_header *head = header();
    size_t whole = (sizeof record + size + 7) & ~(size_t)7;
    if (head->used + whole > head->capacity) {
        errno = ENOSPC;
        die("the recording is full");
    }
    record.size = (uint32_t)whole;
    memcpy(log_memory + head->used, &record, sizeof record);
    if (size)
        memcpy(log_memory + head->used + sizeof record, data, size);
    head->used += whole;
    return head->n_records++;
}

/* Under the lock. */
static void kill_where_told(const char *call, const char *path) {
    size_t size = strlen(path), ending = strlen(kill_ending);
    if (kill_in > 0 && !strcmp(call, kill_call) && size >= ending &&
        !strcmp(path + size - ending, kill_ending) && --kill_in == 0) {
        fprintf(stderr, "recorder: killed before %s of %s\n", call, path);
        raise(SIGKILL);
    }
}

/* CALL:ENDING:K */
static void take_kill(const char *when) {
    const char *ending = strchr(when, ':'), *k = ending ? strchr(ending + 1, ':') : NULL;
    if (!k || ending - when >= (long)sizeof kill_call || k - ending > (long)sizeof kill_ending)
        die("POWER_KILL");
    memcpy(kill_call, when, (size_t)(ending - when));
    memcpy(kill_ending, ending + 1, (size_t)(k - ending - 1));
    kill_in = atol(k + 1);
}

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("POWER_LOG"), *when = getenv("POWER_KILL");
    root = getenv("POWER_ROOT");
    if (!path || !root)
        return;
    if (when)
        take_kill(when);
    int fd = real_openat(AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    if (size <= 0)
        die(path);
    log_memory = real_mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (log_memory == MAP_FAILED)
        die(path);
    real_close(fd);
    if (header()->magic != RECORDING_MAGIC)
        *header() = (struct recording_header){RECORDING_MAGIC, (uint64_t)size,
                                              sizeof(struct recording_header), 0};
    note((struct record){.kind = RECORD_START}, NULL, 0);
    /* Children of the daemon write nothing there. */
    unsetenv("LD_PRELOAD");
}

static bool is_ours(const char *path) {
    size_t size = root ? strlen(root) : 0;
    return log_memory && path && !strncmp(path, root, size) && (!path[size] || path[size] == '/');
}

static struct file *file_of(int fd) {
    struct file *file = log_memory && fd >= 0 && fd < N_FILES ? files[fd] : NULL;
    return file && file->inode ? file : NULL;
}

static uint64_t inode_of(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 ? status.st_ino : 0;
}

static const char *name_of(const char *path) {
    return strrchr(path, '/') + 1;
}

static uint64_t folder_of(const char *path) {
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    return inode_of(folder);
}

static void note_name(enum record_kind kind, uint16_t flags, const char *path) {
    const char *name = name_of(path);
    note((struct record){.kind = kind,
                         .flags = flags,
                         .inode = folder_of(path),
                         .other = inode_of(path),
                         .length = strlen(name)},
         name, strlen(name));
}

/* ---- opening ---- */

static int open_recorded(int folder, const char *path, int flags, mode_t mode) {
    if (!is_ours(path))
        return real_openat(folder, path, flags, mode);
    pthread_mutex_lock(&lock);
    bool there = inode_of(path) != 0;
    if (!there && (flags & O_CREAT))
        kill_where_told("create", path);
    int fd = real_openat(folder, path, flags, mode);
    int error = errno;
    if (fd >= N_FILES)
        die("too many descriptors");
    if (fd >= 0) {
        if (!files[fd])
            files[fd] = malloc(sizeof **files);
        struct file *file = files[fd];
        file->inode = inode_of(path);
        file->synced = (flags & O_DSYNC) != 0;
        snprintf(file->path, sizeof file->path, "%s", path);
        if (!there)
            note_name(RECORD_CREATE, 0, path);
        else if (flags & O_TRUNC)
            note((struct record){.kind = RECORD_RESIZE, .inode = file->inode}, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return fd;
}

static mode_t mode_of(int flags, va_list rest) {
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                                                                 \
    EXPORT int name(const char *path, int flags, ...) {                                            \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode_t mode = mode_of(flags, rest);                                                        \
        va_end(rest);                                                                              \
        return open_recorded(AT_FDCWD, path, flags, mode);                                         \
    }
OPEN(open)
OPEN(open64)

EXPORT int openat(int folder, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return open_recorded(folder, path, flags, mode);
}

EXPORT int close(int fd) {
    struct file *file = file_of(fd);
    if (file)
        file->inode = 0;
    return real_close(fd);
}

/* ---- writing ---- */

static bool is_zero(const char *data, size_t size) {
    return !size || (!data[0] && !memcmp(data, data + 1, size - 1));
}

static uint64_t note_write(const struct file *file, const void *data, size_t size, off_t offset) {
    bool zero = is_zero(data, size);
    return note((struct record){.kind = RECORD_WRITE,
                                .flags = zero ? RECORD_ZERO : 0,
                                .inode = file->inode,
                                .offset = (uint64_t)offset,
                                .length = size},
                data, zero ? 0 : size);
}

/* The call waits for the disk: others go on meanwhile. */
static ssize_t write_synced(int fd, const struct file *file, const void *data, size_t size,
                            off_t offset) {
    pthread_mutex_lock(&lock);
    kill_where_told("write", file->path);
    uint64_t number = note_write(file, data, size, offset);
    pthread_mutex_unlock(&lock);
    ssize_t done = real_pwrite(fd, data, size, offset);
    if (done != (ssize_t)size)
        die("a synced write was cut short");
    pthread_mutex_lock(&lock);
    note(
        (struct record){
            .kind = RECORD_SYNC_END, .flags = RECORD_ONE, .inode = file->inode, .other = number},
        NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t pwrite_recorded(int fd, const void *data, size_t size, off_t offset) {
    struct file *file = file_of(fd);
    if (!file)
        return real_pwrite(fd, data, size, offset);
    if (file->synced)
        return write_synced(fd, file, data, size, offset);
    pthread_mutex_lock(&lock);
    kill_where_told("write", file->path);
    ssize_t done = real_pwrite(fd, data, size, offset);
    int error = errno;
    if (done > 0)
        note_write(file, data, (size_t)done, offset);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

EXPORT ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    return pwrite_recorded(fd, data, size, offset);
}

EXPORT ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) {
    return pwrite_recorded(fd, data, size, offset);
}

static ssize_t pwritev_recorded(int fd, const struct iovec *pieces, int n, off_t offset) {
    ssize_t total = 0;
    for (int i = 0; i < n; i++) {
        ssize_t done = pwrite_recorded(fd, pieces[i].iov_base, pieces[i].iov_len, offset + total);
        if (done < 0)
            return total ? total : done;
        total += done;
        if ((size_t)done < pieces[i].iov_len)
            break;
    }
    return total;
}

EXPORT ssize_t pwritev(int fd, const struct iovec *pieces, int n, off_t offset) {
    return pwritev_recorded(fd, pieces, n, offset);
}

EXPORT ssize_t pwritev64(int fd, const struct iovec *pieces, int n, off_t offset) {
    return pwritev(fd, pieces, n, offset);
}

/* At the descriptor's own place: nobody shares one. */
EXPORT ssize_t write(int fd, const void *data, size_t size) {
    if (!file_of(fd))
        return real_write(fd, data, size);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = pwrite_recorded(fd, data, size, at);
    if (done > 0)
        lseek(fd, at + done, SEEK_SET);
    return done;
}

EXPORT ssize_t writev(int fd, const struct iovec *pieces, int n) {
    if (!file_of(fd))
        return real_writev(fd, pieces, n);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = pwritev_recorded(fd, pieces, n, at);
    if (done > 0)
        lseek(fd, at + done, SEEK_SET);
    return done;
}

static int resize(int fd, off_t size, int (*call)(int, off_t)) {
    struct file *file = file_of(fd);
    if (!file)
        return call(fd, size);
    pthread_mutex_lock(&lock);
    int result = call(fd, size);
    int error = errno;
    if (result == 0)
        note((struct record){.kind = RECORD_RESIZE, .inode = file->inode, .length = (uint64_t)size},
             NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

EXPORT int ftruncate(int fd, off_t size) {
    return resize(fd, size, real_ftruncate);
}

EXPORT int ftruncate64(int fd, off_t size) {
    return resize(fd, size, real_ftruncate);
}

/* Nobody does these below the root; whoever begins to must teach it to the recorder. */
EXPORT int fallocate(int fd, int mode, off_t offset, off_t size) {
    if (file_of(fd))
        die("fallocate is not recorded");
    return real_fallocate(fd, mode, offset, size);
}

EXPORT int posix_fallocate(int fd, off_t offset, off_t size) {
    return fallocate(fd, 0, offset, size) < 0 ? errno : 0;
}

EXPORT void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset) {
    struct file *file = file_of(fd);
    if (file && (flags & MAP_SHARED) && (protection & PROT_WRITE)) {
        pthread_mutex_lock(&lock);
        note((struct record){.kind = RECORD_MAPPED, .inode = file->inode}, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return real_mmap(address, size, protection, flags, fd, offset);
}

EXPORT void *mmap64(void *address, size_t size, int protection, int flags, int fd, off_t offset) {
    return mmap(address, size, protection, flags, fd, offset);
}

/* ---- syncing ---- */

static int sync_recorded(int fd, int (*call)(int)) {
    struct file *file = file_of(fd);
    if (!file)
        return call(fd);
    pthread_mutex_lock(&lock);
    kill_where_told("sync", file->path);
    uint64_t inode = file->inode;
    uint64_t number = note((struct record){.kind = RECORD_SYNC_BEGIN, .inode = inode}, NULL, 0);
    pthread_mutex_unlock(&lock);
    int result = call(fd);
    int error = errno;
    pthread_mutex_lock(&lock);
    if (result == 0)
        note((struct record){.kind = RECORD_SYNC_END, .inode = inode, .other = number}, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

EXPORT int fdatasync(int fd) {
    return sync_recorded(fd, real_fdatasync);
}

EXPORT int fsync(int fd) {
    return sync_recorded(fd, real_fsync);
}

/* What is written through a mapping is taken for lost whatever is done about it. */
EXPORT int msync(void *address, size_t size, int flags) {
    return real_msync(address, size, flags);
}

/* ---- names ---- */

EXPORT int rename(const char *from, const char *to) {
    if (!is_ours(from) && !is_ours(to))
        return real_rename(from, to);
    pthread_mutex_lock(&lock);
    kill_where_told("rename", to);
    int result = real_rename(from, to);
    int error = errno;
    if (result == 0) {
        char names[2 * NAME_MAX + 2];
        int size = snprintf(names, sizeof names, "%s%c%s", name_of(from), 0, name_of(to));
        note((struct record){.kind = RECORD_RENAME,
                             .inode = folder_of(from),
                             .other = folder_of(to),
                             .length = (uint64_t)size},
             names, (size_t)size);
        kill_where_told("renamed", to);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

static int remove_recorded(const char *path, int (*call)(const char *)) {
    if (!is_ours(path))
        return call(path);
    pthread_mutex_lock(&lock);
    kill_where_told("unlink", path);
    int result = call(path);
    int error = errno;
    if (result == 0)
        note_name(RECORD_UNLINK, 0, path);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

EXPORT int unlink(const char *path) {
    return remove_recorded(path, real_unlink);
}

EXPORT int rmdir(const char *path) {
    return remove_recorded(path, real_rmdir);
}

EXPORT int mkdir(const char *path, mode_t mode) {
    if (!is_ours(path))
        return real_mkdir(path, mode);
    pthread_mutex_lock(&lock);
    int result = real_mkdir(path, mode);
    int error = errno;
    if (result == 0)
        note_name(RECORD_CREATE, RECORD_FOLDER, path);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

EXPORT int link(const char *from, const char *to) {
    if (!is_ours(to))
        return real_link(from, to);
    pthread_mutex_lock(&lock);
    int result = real_link(from, to);
    int error = errno;
    if (result == 0)
        note_name(RECORD_LINK, 0, to);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

/* ---- acknowledgements ---- */

/* Before it leaves: from here on the publisher may know. */
EXPORT int zmq_send(void *socket, const void *data, size_t size, int flags) {
    static int (*_Atomic real)(void *, const void *, size_t, int);
    if (!real)
        real = (int (*)(void *, const void *, size_t, int))dlsym(RTLD_NEXT, "zmq_send");
    if (log_memory && memmem(data, size, "\"results\":[", 11)) {
        pthread_mutex_lock(&lock);
        note((struct record){.kind = RECORD_ACK, .length = size}, data, size);
        pthread_mutex_unlock(&lock);
    }
    return real(socket, data, size, flags);
}
