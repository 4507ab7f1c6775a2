/* Whole files over any io: the two helpers at the end of io.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/io.h"

static int read_whole(const struct io *io, int fd, size_t limit_bytes, char **ret_data,
                      size_t *ret_size) {
    int64_t size = io->file_size(io->self, fd);
    if (size < 0)
        return (int)size;
    if ((uint64_t)size > limit_bytes)
        return -EFBIG;
    char *data = malloc((size_t)size + 1);
    if (!data)
        return -ENOMEM;
    ssize_t n = io->pread(io->self, fd, data, (size_t)size, 0);
    if (n < 0) {
        free(data);
        return (int)n;
    }
    data[n] = '\0';
    *ret_data = data;
    *ret_size = (size_t)n;
    return 0;
}

int io_read_file(const struct io *io, const char *path, size_t limit_bytes, char **ret_data,
                 size_t *ret_size) {
    int fd = io->open(io->self, path, O_RDONLY, 0);
    if (fd < 0)
        return fd;
    int result = read_whole(io, fd, limit_bytes, ret_data, ret_size);
    /* Nothing was written: closing cannot lose anything. */
    io->close(io->self, fd);
    return result;
}

static int write_synced(const struct io *io, const char *path, const void *data, size_t size,
                        mode_t mode) {
    int fd = io->open(io->self, path, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (fd < 0)
        return fd;
    int result = io->pwrite(io->self, fd, data, size, 0);
    if (result == 0)
        result = io->fsync(io->self, fd);
    int closed = io->close(io->self, fd);
    return result < 0 ? result : closed;
}

static int sync_folder_of(const struct io *io, const char *path) {
    char folder[PATH_MAX];
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    while (size > 0 && path[size - 1] != '/')
        size--;
    while (size > 1 && path[size - 1] == '/')
        size--;
    if (!size)
        return io->sync_dir(io->self, ".");
    if (size >= sizeof folder)
        return -ENAMETOOLONG;
    memcpy(folder, path, size);
    folder[size] = '\0';
    return io->sync_dir(io->self, folder);
}

int io_sync_parent(const struct io *io, const char *path) {
    int result = sync_folder_of(io, path);
    return result == -EACCES || result == -EROFS || result == -EINVAL ? 0 : result;
}

int io_replace_file(const struct io *io, const char *path, const void *data, size_t size,
                    mode_t mode) {
    char beside[PATH_MAX];
    int length = snprintf(beside, sizeof beside, "%s.new", path);
    if (length < 0 || (size_t)length >= sizeof beside)
        return -ENAMETOOLONG;
    /* What a killed run left behind may have other rights. */
    int result = io->unlink(io->self, beside);
    if (result < 0 && result != -ENOENT)
        return result;
    result = write_synced(io, beside, data, size, mode);
    if (result == 0)
        result = io->rename(io->self, beside, path);
    if (result < 0) {
        io->unlink(io->self, beside);
        return result;
    }
    return sync_folder_of(io, path);
}
