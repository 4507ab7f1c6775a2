#include "plugin/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_LIMIT 16
#define BLOCK_BYTES 512

struct measuring {
    uint64_t files_left;
    int64_t bytes;
};

static int measure(struct measuring *self, int parent, const char *name, int depth);

static int take(struct measuring *self, int folder, const char *name, int depth) {
    struct stat status;
    if (!strcmp(name, ".") || !strcmp(name, ".."))
        return 0;
    if (self->files_left-- == 0)
        return FOLDER_FULL;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -errno; /* it is being worked in */
    self->bytes += (int64_t)status.st_blocks * BLOCK_BYTES;
    return S_ISDIR(status.st_mode) ? measure(self, folder, name, depth + 1) : 0;
}

static int measure(struct measuring *self, int parent, const char *name, int depth) {
    if (depth > DEPTH_LIMIT)
        return FOLDER_FULL;
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        return depth > 0 && error == ENOENT ? 0 : -error;
    }
    int result = 0;
    const struct dirent *entry;
    while (result == 0 && (entry = readdir(folder)))
        result = take(self, fd, entry->d_name, depth);
    closedir(folder);
    return result;
}

int folder_measure(const char *path, uint64_t most_files, int64_t *ret_bytes) {
    struct measuring self = {.files_left = most_files};
    int result = measure(&self, AT_FDCWD, path, 0);
    if (result == 0)
        *ret_bytes = self.bytes;
    return result;
}
