#include "plugin/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define OTHERS_MODE 0077

static int path_of(const char *reference, const char *folder, char ret_path[static 4096],
                   char *ret_why, size_t size) {
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (!strncmp(reference, "file:", 5)) {
        const char *path = reference + 5;
        snprintf(ret_path, 4096, "%s%s%s", *path == '/' ? "" : folder, *path == '/' ? "" : "/",
                 path);
        return 0;
    }
    if (strncmp(reference, "credential:", 11) != 0 || strchr(reference + 11, '/') ||
        !reference[11]) {
        snprintf(ret_why, size, "a secret reads \"file:/path\" or \"credential:NAME\"");
        return 1;
    }
    if (!credentials) {
        snprintf(ret_why, size, "there are no credentials: the service has no LoadCredential=%s",
                 reference + 11);
        return 1;
    }
    snprintf(ret_path, 4096, "%s/%s", credentials, reference + 11);
    return 0;
}

static int read_all(const struct io *io, int fd, struct buf *secret) {
    int64_t bytes = io->file_size(io->self, fd);
    if (bytes < 0 || bytes > SECRET_LIMIT)
        return bytes < 0 ? (int)bytes : -EFBIG;
    ssize_t n = io->pread(io->self, fd, buf_extend(secret, (size_t)bytes), (size_t)bytes, 0);
    secret->size = n < 0 ? 0 : (size_t)n;
    while (secret->size &&
           (secret->data[secret->size - 1] == '\n' || secret->data[secret->size - 1] == '\r'))
        secret->size--;
    return n < 0 ? (int)n : 0;
}

int secret_read(const struct io *io, const char *reference, const char *folder,
                struct buf *ret_secret, char *ret_why, size_t size) {
    char path[4096];
    if (path_of(reference, folder, path, ret_why, size) != 0)
        return 1;
    int fd = io->open(io->self, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0) {
        snprintf(ret_why, size, "%.150s cannot be read: %s", path, strerrordesc_np(-fd));
        return 1;
    }
    int mode = io->file_mode(io->self, fd);
    int result = mode < 0 ? mode : 0;
    if (mode > 0 && (mode & OTHERS_MODE) && !strncmp(reference, "file:", 5)) {
        snprintf(ret_why, size, "%.150s may be read by others: chmod 600 it", path);
        result = 1;
    }
    if (result == 0)
        result = read_all(io, fd, ret_secret);
    if (result < 0)
        snprintf(ret_why, size, "%.150s cannot be read: %s", path, strerrordesc_np(-result));
    if (result == 0 && ret_secret->size == 0) {
        snprintf(ret_why, size, "%.150s is empty", path);
        result = 1;
    }
    io->close(io->self, fd);
    return result != 0;
}

void secret_deinit(struct buf *secret) {
    if (secret->data)
        sodium_memzero(secret->data, secret->capacity);
    buf_deinit(secret);
}
