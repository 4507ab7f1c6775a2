#include "memory_io.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>

#define FILES 64
#define DESCRIPTORS 64
#define PATH_LIMIT 128

struct memory_file {
    char path[PATH_LIMIT]; /* "": free */
    struct buf bytes;
    size_t size; /* zeros behind `bytes` are not kept: segments are mostly empty */
};

struct memory_io {
    struct io io;
    pthread_mutex_t lock;
    struct memory_file files[FILES];
    int descriptors[DESCRIPTORS]; /* file + 1, 0: closed */
    uint64_t random;
};

static int file_find(const struct memory_io *self, const char *path) {
    for (int i = 0; i < FILES; i++)
        if (*self->files[i].path && strcmp(self->files[i].path, path) == 0)
            return i;
    return -ENOENT;
}

static int file_make(struct memory_io *self, const char *path) {
    int at = 0;
    while (at < FILES && *self->files[at].path)
        at++;
    assert(at < FILES && strlen(path) < PATH_LIMIT);
    strcpy(self->files[at].path, path);
    return at;
}

static void file_forget(struct memory_file *file) {
    buf_deinit(&file->bytes);
    *file = (struct memory_file){0};
}

static struct memory_file *file_of(struct memory_io *self, int fd) {
    assert(fd >= 0 && fd < DESCRIPTORS && self->descriptors[fd]);
    return &self->files[self->descriptors[fd] - 1];
}

#define LOCKED(self, ...)                                                                          \
    do {                                                                                           \
        pthread_mutex_lock(&(self)->lock);                                                         \
        __VA_ARGS__;                                                                               \
        pthread_mutex_unlock(&(self)->lock);                                                       \
    } while (0)

/* ---- the calls ---- */

static int64_t clock_us(void *context) {
    (void)context;
    return INT64_C(1535000000000000);
}

static int file_open_locked(struct memory_io *self, const char *path, int flags) {
    int at = file_find(self, path);
    if (at < 0 && !(flags & O_CREAT))
        return at;
    if (at >= 0 && (flags & O_EXCL))
        return -EEXIST;
    if (at < 0)
        at = file_make(self, path);
    if (flags & O_TRUNC)
        self->files[at].size = self->files[at].bytes.size = 0;
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        if (!self->descriptors[fd]) {
            self->descriptors[fd] = at + 1;
            return fd;
        }
    }
    return -EMFILE;
}

static int file_open(void *context, const char *path, int flags, mode_t mode) {
    struct memory_io *self = context;
    int fd;
    (void)mode;
    LOCKED(self, fd = file_open_locked(self, path, flags));
    return fd;
}

static int file_close(void *context, int fd) {
    struct memory_io *self = context;
    LOCKED(self, assert(self->descriptors[fd]); self->descriptors[fd] = 0);
    return 0;
}

static ssize_t file_read_locked(const struct memory_file *file, char *data, size_t size,
                                size_t offset) {
    if (offset >= file->size)
        return 0;
    size = size < file->size - offset ? size : file->size - offset;
    size_t kept = offset < file->bytes.size ? file->bytes.size - offset : 0;
    kept = kept < size ? kept : size;
    if (kept)
        memcpy(data, file->bytes.data + offset, kept);
    memset(data + kept, 0, size - kept);
    return (ssize_t)size;
}

static ssize_t file_pread(void *context, int fd, void *data, size_t size, off_t offset) {
    struct memory_io *self = context;
    ssize_t got;
    LOCKED(self, got = file_read_locked(file_of(self, fd), data, size, (size_t)offset));
    return got;
}

static bool is_zero(const char *data, size_t size) {
    return size == 0 || (data[0] == 0 && memcmp(data, data + 1, size - 1) == 0);
}

static void file_write_locked(struct memory_file *file, const char *data, size_t size,
                              size_t offset) {
    if (offset + size > file->size)
        file->size = offset + size;
    if (offset >= file->bytes.size && (strstr(file->path, "/spare") || is_zero(data, size)))
        return;
    if (offset + size > file->bytes.size) {
        size_t more = offset + size - file->bytes.size;
        memset(buf_extend(&file->bytes, more), 0, more);
    }
    memcpy(file->bytes.data + offset, data, size);
}

static int file_pwrite(void *context, int fd, const void *data, size_t size, off_t offset) {
    struct memory_io *self = context;
    LOCKED(self, file_write_locked(file_of(self, fd), data, size, (size_t)offset));
    return 0;
}

static int descriptor_sync(void *context, int fd) {
    (void)context;
    (void)fd;
    return 0;
}

static int file_truncate(void *context, int fd, off_t size) {
    struct memory_io *self = context;
    pthread_mutex_lock(&self->lock);
    struct memory_file *file = file_of(self, fd);
    file->size = (size_t)size;
    if (file->bytes.size > file->size)
        file->bytes.size = file->size;
    pthread_mutex_unlock(&self->lock);
    return 0;
}

static int file_rename(void *context, const char *from, const char *to) {
    struct memory_io *self = context;
    pthread_mutex_lock(&self->lock);
    int at = file_find(self, from), over = file_find(self, to);
    if (at >= 0 && over >= 0)
        file_forget(&self->files[over]);
    if (at >= 0)
        strcpy(self->files[at].path, to);
    pthread_mutex_unlock(&self->lock);
    return at < 0 ? at : 0;
}

static int file_unlink(void *context, const char *path) {
    struct memory_io *self = context;
    pthread_mutex_lock(&self->lock);
    int at = file_find(self, path);
    if (at >= 0) {
        bool is_open = false;
        for (int fd = 0; fd < DESCRIPTORS; fd++)
            is_open |= self->descriptors[fd] == at + 1;
        assert(!is_open);
        file_forget(&self->files[at]);
    }
    pthread_mutex_unlock(&self->lock);
    return at < 0 ? at : 0;
}

static int folder_do(void *context, const char *path) {
    (void)context;
    (void)path;
    return 0;
}

static int64_t file_size(void *context, int fd) {
    struct memory_io *self = context;
    int64_t size;
    LOCKED(self, size = (int64_t)file_of(self, fd)->size);
    return size;
}

static int64_t disk_free(void *context, const char *path) {
    (void)context;
    (void)path;
    return INT64_C(1) << 40;
}

static int name_compare(const void *a, const void *b) {
    return strcmp(a, b);
}

static int folder_list(void *context, const char *path,
                       int (*each)(void *context, const char *name), void *each_context) {
    struct memory_io *self = context;
    char names[FILES][PATH_LIMIT];
    size_t n = 0, prefix = strlen(path);
    pthread_mutex_lock(&self->lock);
    for (size_t i = 0; i < FILES; i++)
        if (strncmp(self->files[i].path, path, prefix) == 0 && self->files[i].path[prefix] == '/')
            strcpy(names[n++], self->files[i].path + prefix + 1);
    pthread_mutex_unlock(&self->lock);
    qsort(names, n, sizeof *names, name_compare);
    int r = 0;
    for (size_t i = 0; r == 0 && i < n; i++)
        r = each(each_context, names[i]);
    return r;
}

static void random_fill(void *context, void *data, size_t size) {
    struct memory_io *self = context;
    for (size_t i = 0; i < size; i++) {
        self->random = self->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        ((uint8_t *)data)[i] = (uint8_t)(self->random >> 33);
    }
}

/* ---- the world ---- */

struct memory_io *memory_io_new(void) {
    struct memory_io *self = calloc(1, sizeof *self);
    assert(self);
    pthread_mutex_init(&self->lock, NULL);
    self->random = 1;
    self->io = (struct io){
        .self = self,
        .now_us = clock_us,
        .boottime_us = clock_us,
        .open = file_open,
        .close = file_close,
        .pread = file_pread,
        .pwrite = file_pwrite,
        .fdatasync = descriptor_sync,
        .fsync = descriptor_sync,
        .ftruncate = file_truncate,
        .rename = file_rename,
        .unlink = file_unlink,
        .mkdir = folder_do,
        .sync_dir = folder_do,
        .file_size = file_size,
        .disk_free_bytes = disk_free,
        .disk_total_bytes = disk_free,
        .list = folder_list,
        .random = random_fill,
    };
    return self;
}

void memory_io_clear(struct memory_io *memory) {
    for (int fd = 0; fd < DESCRIPTORS; fd++)
        assert(!memory->descriptors[fd]);
    for (size_t i = 0; i < FILES; i++)
        file_forget(&memory->files[i]);
    memory->random = 1;
}

void memory_io_put(struct memory_io *memory, const char *path, struct str bytes, size_t size) {
    int at = file_find(memory, path);
    if (at < 0)
        at = file_make(memory, path);
    struct memory_file *file = &memory->files[at];
    buf_reset(&file->bytes);
    buf_put_str(&file->bytes, bytes);
    file->size = size > bytes.size ? size : bytes.size;
}

void memory_io_trim(struct memory_io *memory, size_t zeros) {
    for (size_t i = 0; i < FILES; i++) {
        struct memory_file *file = &memory->files[i];
        if (file->size > file->bytes.size + zeros)
            file->size = file->bytes.size + zeros;
    }
}

void memory_io_free(struct memory_io *memory) {
    memory_io_clear(memory);
    pthread_mutex_destroy(&memory->lock);
    free(memory);
}

const struct io *memory_io(struct memory_io *memory) {
    return &memory->io;
}
