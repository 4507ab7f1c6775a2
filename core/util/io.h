/* The only door to the outside: clock, files, random and sockets. Everything else calls through
 * `struct io`, so that a test can steer time, fail the k-th call and replay a run. `io_system()` is
 * the real world. Errors: as the calls they wrap, but as negative errno, and not noted: only the
 * caller knows whether a missing file is fatal. Reads and writes are complete or failed (short ones
 * are continued, EINTR retried). Threads: any, unless an implementation says otherwise. */
#pragma once

#include <sys/types.h>

#include "util/str.h"

struct io {
    void *self;
    /* Clock. */
    int64_t (*now_us)(void *self);      /* CLOCK_REALTIME, microseconds */
    int64_t (*boottime_us)(void *self); /* CLOCK_BOOTTIME: goes on through suspend, never jumps */
    /* Files. Paths are absolute or relative to the working directory; modes are 0640 for files,
     * 0750 for folders. */
    int (*open)(void *self, const char *path, int flags, mode_t mode); /* fd or < 0 */
    int (*close)(void *self, int fd);
    ssize_t (*pread)(void *self, int fd, void *data, size_t size,
                     off_t offset); /* bytes read: short only at the end */
    int (*pwrite)(void *self, int fd, const void *data, size_t size, off_t offset);
    int (*fdatasync)(void *self, int fd);
    int (*fsync)(void *self, int fd);
    int (*ftruncate)(void *self, int fd, off_t size);
    int (*rename)(void *self, const char *from, const char *to);
    int (*unlink)(void *self, const char *path);
    int (*mkdir)(void *self, const char *path);    /* 0 also where it exists */
    int (*sync_dir)(void *self, const char *path); /* fsync of a folder, after create and rename */
    int64_t (*file_size)(void *self, int fd);
    int (*file_mode)(void *self, int fd); /* the permission bits, or < 0 */
    int64_t (*disk_free_bytes)(void *self, const char *path);
    int64_t (*disk_total_bytes)(void *self, const char *path);
    /* Names in a folder, sorted, without . and ..; calls each; stops at the first non-zero and
     * returns it. */
    int (*list)(void *self, const char *path, int (*each)(void *context, const char *name),
                void *context);
    /* Random. */
    void (*random)(void *self, void *data, size_t size);
    /* Sockets: one message in frames. `socket` is a ZeroMQ socket. send: 0, -EAGAIN, < 0. receive:
     * 1 with a frame (zmq_msg_t *message, initialised by the caller, is filled, *ret_more says
     * whether more follow), 0 where nothing waits, < 0. */
    int (*send)(void *self, void *socket, const void *data, size_t size, bool more);
    int (*receive)(void *self, void *socket, void *message, bool *ret_more);
};

/* Borrowed, static. */
const struct io *io_system(void);

/* A test's world: counts calls by name and fails the one it is told to; time stands still until
 * moved. `fail_call` names a member ("pwrite"), `fail_at` counts from 1 (0: never), `fail_error` is
 * a negative errno. Clock and random are counted but cannot fail. A failing call does nothing, but
 * close closes. Threads: any; times may be moved while they run with __atomic_store_n. */
struct io_steered {
    struct io io; /* pass &steered.io */
    const struct io *below;
    bool steer_time;
    int64_t time_us;
    int64_t boot_us;
    const char *fail_call;
    uint64_t fail_at;
    int fail_error;
    uint64_t n_calls;      /* of fail_call */
    uint64_t random_state; /* not 0: random bytes come from this seed */
};
void io_steered_init(struct io_steered *steered, const struct io *below);
/* While other threads run: moves both clocks on; moves the calendar's alone, as somebody who sets
 * it; fails the `at`-th of these calls from now on (0: none). */
void io_steered_move(struct io_steered *steered, int64_t by_us);
void io_steered_jump(struct io_steered *steered, int64_t by_us);
void io_steered_fail(struct io_steered *steered, const char *call, uint64_t at, int error);

/* Whole-file helpers over any io. read_file: malloc'ed, zero-terminated, at most limit bytes
 * (-EFBIG beyond). */
int io_read_file(const struct io *io, const char *path, size_t limit_bytes, char **ret_data,
                 size_t *ret_size);
/* Writes beside, syncs, renames over, syncs the folder: the file is the old one or the new one,
 * never half. Two writers of one path at a time are the caller's to prevent. */
int io_replace_file(const struct io *io, const char *path, const void *data, size_t size,
                    mode_t mode);
/* Syncs the folder that a path lies in, so that its name lasts. 0 also where that folder cannot be
 * opened for reading or its file system cannot sync: whoever put it there has seen to it. */
int io_sync_parent(const struct io *io, const char *path);
