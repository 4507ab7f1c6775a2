#include <assert.h>

#include "util/io.h"

/* Counts a call; whether it is the one to fail. */
static bool fails(struct io_steered *steered, const char *call) {
    const char *wanted = __atomic_load_n(&steered->fail_call, __ATOMIC_ACQUIRE);
    if (!wanted || strcmp(wanted, call) != 0)
        return false;
    return __atomic_add_fetch(&steered->n_calls, 1, __ATOMIC_RELAXED) ==
           __atomic_load_n(&steered->fail_at, __ATOMIC_RELAXED);
}

void io_steered_move(struct io_steered *steered, int64_t by_us) {
    __atomic_add_fetch(&steered->time_us, by_us, __ATOMIC_RELAXED);
    __atomic_add_fetch(&steered->boot_us, by_us, __ATOMIC_RELAXED);
}

void io_steered_jump(struct io_steered *steered, int64_t by_us) {
    __atomic_add_fetch(&steered->time_us, by_us, __ATOMIC_RELAXED);
}

void io_steered_fail(struct io_steered *steered, const char *call, uint64_t at, int error) {
    __atomic_store_n(&steered->fail_call, NULL, __ATOMIC_RELAXED);
    __atomic_store_n(&steered->fail_at, at, __ATOMIC_RELAXED);
    __atomic_store_n(&steered->n_calls, 0, __ATOMIC_RELAXED);
    steered->fail_error = error;
    __atomic_store_n(&steered->fail_call, at ? call : NULL, __ATOMIC_RELEASE);
}

static int64_t steered_now_us(void *self) {
    struct io_steered *steered = self;
    fails(steered, "now_us");
    if (steered->steer_time)
        return __atomic_load_n(&steered->time_us, __ATOMIC_RELAXED);
    return steered->below->now_us(steered->below->self);
}

static int64_t steered_boottime_us(void *self) {
    struct io_steered *steered = self;
    fails(steered, "boottime_us");
    if (steered->steer_time)
        return __atomic_load_n(&steered->boot_us, __ATOMIC_RELAXED);
    return steered->below->boottime_us(steered->below->self);
}

static int steered_open(void *self, const char *path, int flags, mode_t mode) {
    struct io_steered *steered = self;
    if (fails(steered, "open"))
        return steered->fail_error;
    return steered->below->open(steered->below->self, path, flags, mode);
}

static int steered_close(void *self, int fd) {
    struct io_steered *steered = self;
    bool failing = fails(steered, "close");
    int result = steered->below->close(steered->below->self, fd);
    return failing ? steered->fail_error : result;
}

static ssize_t steered_pread(void *self, int fd, void *data, size_t size, off_t offset) {
    struct io_steered *steered = self;
    if (fails(steered, "pread"))
        return steered->fail_error;
    return steered->below->pread(steered->below->self, fd, data, size, offset);
}

static int steered_pwrite(void *self, int fd, const void *data, size_t size, off_t offset) {
    struct io_steered *steered = self;
    if (fails(steered, "pwrite"))
        return steered->fail_error;
    return steered->below->pwrite(steered->below->self, fd, data, size, offset);
}

static int steered_fdatasync(void *self, int fd) {
    struct io_steered *steered = self;
    if (fails(steered, "fdatasync"))
        return steered->fail_error;
    return steered->below->fdatasync(steered->below->self, fd);
}

static int steered_fsync(void *self, int fd) {
    struct io_steered *steered = self;
    if (fails(steered, "fsync"))
        return steered->fail_error;
    return steered->below->fsync(steered->below->self, fd);
}

static int steered_ftruncate(void *self, int fd, off_t size) {
    struct io_steered *steered = self;
    if (fails(steered, "ftruncate"))
        return steered->fail_error;
    return steered->below->ftruncate(steered->below->self, fd, size);
}

static int steered_rename(void *self, const char *from, const char *to) {
    struct io_steered *steered = self;
    if (fails(steered, "rename"))
        return steered->fail_error;
    return steered->below->rename(steered->below->self, from, to);
}

static int steered_unlink(void *self, const char *path) {
    struct io_steered *steered = self;
    if (fails(steered, "unlink"))
        return steered->fail_error;
    return steered->below->unlink(steered->below->self, path);
}

static int steered_mkdir(void *self, const char *path) {
    struct io_steered *steered = self;
    if (fails(steered, "mkdir"))
        return steered->fail_error;
    return steered->below->mkdir(steered->below->self, path);
}

static int steered_sync_dir(void *self, const char *path) {
    struct io_steered *steered = self;
    if (fails(steered, "sync_dir"))
        return steered->fail_error;
    return steered->below->sync_dir(steered->below->self, path);
}

static int64_t steered_file_size(void *self, int fd) {
    struct io_steered *steered = self;
    if (fails(steered, "file_size"))
        return steered->fail_error;
    return steered->below->file_size(steered->below->self, fd);
}

static int steered_file_mode(void *self, int fd) {
    struct io_steered *steered = self;
    if (fails(steered, "file_mode"))
        return steered->fail_error;
    return steered->below->file_mode(steered->below->self, fd);
}

static int64_t steered_disk_free_bytes(void *self, const char *path) {
    struct io_steered *steered = self;
    if (fails(steered, "disk_free_bytes"))
        return steered->fail_error;
    return steered->below->disk_free_bytes(steered->below->self, path);
}

static int64_t steered_disk_total_bytes(void *self, const char *path) {
    struct io_steered *steered = self;
    if (fails(steered, "disk_total_bytes"))
        return steered->fail_error;
    return steered->below->disk_total_bytes(steered->below->self, path);
}

static int steered_list(void *self, const char *path, int (*each)(void *context, const char *name),
                        void *context) {
    struct io_steered *steered = self;
    if (fails(steered, "list"))
        return steered->fail_error;
    return steered->below->list(steered->below->self, path, each, context);
}

/* SplitMix64: each step is one addition, so that threads can share the state. */
static uint64_t next_random(struct io_steered *steered) {
    uint64_t mixed =
        __atomic_add_fetch(&steered->random_state, UINT64_C(0x9E3779B97F4A7C15), __ATOMIC_RELAXED);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

static void steered_random(void *self, void *data, size_t size) {
    struct io_steered *steered = self;
    fails(steered, "random");
    if (__atomic_load_n(&steered->random_state, __ATOMIC_RELAXED) == 0) {
        steered->below->random(steered->below->self, data, size);
        return;
    }
    for (size_t done = 0; done < size; done += sizeof(uint64_t)) {
        uint64_t bytes = next_random(steered);
        size_t left = size - done;
        memcpy((char *)data + done, &bytes, left < sizeof bytes ? left : sizeof bytes);
    }
}

static int steered_send(void *self, void *socket, const void *data, size_t size, bool more) {
    struct io_steered *steered = self;
    if (fails(steered, "send"))
        return steered->fail_error;
    return steered->below->send(steered->below->self, socket, data, size, more);
}

static int steered_receive(void *self, void *socket, void *message, bool *ret_more) {
    struct io_steered *steered = self;
    if (fails(steered, "receive"))
        return steered->fail_error;
    return steered->below->receive(steered->below->self, socket, message, ret_more);
}

void io_steered_init(struct io_steered *steered, const struct io *below) {
    assert(below);
    *steered = (struct io_steered){
        .io =
            {
                .self = steered,
                .now_us = steered_now_us,
                .boottime_us = steered_boottime_us,
                .open = steered_open,
                .close = steered_close,
                .pread = steered_pread,
                .pwrite = steered_pwrite,
                .fdatasync = steered_fdatasync,
                .fsync = steered_fsync,
                .ftruncate = steered_ftruncate,
                .rename = steered_rename,
                .unlink = steered_unlink,
                .mkdir = steered_mkdir,
                .sync_dir = steered_sync_dir,
                .file_size = steered_file_size,
                .file_mode = steered_file_mode,
                .disk_free_bytes = steered_disk_free_bytes,
                .disk_total_bytes = steered_disk_total_bytes,
                .list = steered_list,
                .random = steered_random,
                .send = steered_send,
                .receive = steered_receive,
            },
        .below = below,
    };
}
