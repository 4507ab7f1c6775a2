/* How segments come to be: the spare ahead of need, and the compressed one behind it. */
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>

#include "journal/archive.h"
#include "journal/segment.h"
#include "util/error.h"
#include "util/memory.h"

#define SPARE_NAME "spare"
#define SPARE_TEMPORARY "spare.tmp"
#define SEGMENT_MODE 0640
#define ZEROS_BYTES ((size_t)1024 * 1024)
#define DIRECT_ALIGNMENT 4096
#define PROVED_BYTES ((size_t)256 * 1024)
/* Syncing in small steps keeps the appender's own fdatasync from waiting behind 64 MiB. */
#define SYNC_BYTES ((uint64_t)4 * 1024 * 1024)
/* What is left on the disk for the others when a spare has been made. */
#define DISK_RESERVE_BYTES ((int64_t)32 * 1024 * 1024)

int segment_zero(const struct io *io, int fd, uint64_t offset, uint64_t bytes) {
    static const char zeros[ZEROS_BYTES] __attribute__((aligned(DIRECT_ALIGNMENT)));
    for (uint64_t done = 0; done < bytes;) {
        size_t n = bytes - done < sizeof zeros ? (size_t)(bytes - done) : sizeof zeros;
        int r = io->pwrite(io->self, fd, zeros, n, (off_t)(offset + done));
        done += n;
        if (r == 0 && (done % SYNC_BYTES == 0 || done == bytes))
            r = io->fdatasync(io->self, fd);
        if (r < 0)
            return r;
    }
    return 0;
}

static bool is_zeroed(const struct io *io, int fd, uint64_t bytes) {
    char *piece = malloc(ZEROS_BYTES);
    if (!piece)
        memory_out();
    bool zeroed = true;
    for (uint64_t done = 0; zeroed && done < bytes; done += ZEROS_BYTES) {
        size_t n = bytes - done < ZEROS_BYTES ? (size_t)(bytes - done) : ZEROS_BYTES;
        zeroed = io->pread(io->self, fd, piece, n, (off_t)done) == (ssize_t)n &&
                 bytes_are_zero(piece, n);
    }
    free(piece);
    return zeroed;
}

/* A spare left by the last run: fd, or < 0 where there is none of that size. One with something in
 * it, put there by a restore gone wrong, would pass for a torn write or for damage later. */
static int spare_take(const struct io *io, const char *path, uint64_t bytes) {
    int fd = io->open(io->self, path, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0)
        return fd;
    if (io->file_size(io->self, fd) == (int64_t)bytes && is_zeroed(io, fd, bytes))
        return fd;
    io->close(io->self, fd);
    return -ENOENT;
}

static int spare_fill(const struct io *io, const char *temporary, int flags, uint64_t bytes) {
    int fd =
        io->open(io->self, temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | flags, SEGMENT_MODE);
    if (fd < 0)
        return fd;
    int r = segment_zero(io, fd, 0, bytes);
    if (r == 0)
        r = io->fsync(io->self, fd);
    int closed = io->close(io->self, fd);
    return r < 0 ? r : closed;
}

/* Past the page cache, where the file system knows how: nobody reads these zeros, and copying them
 * is most of what a spare costs. */
static int spare_write(const struct io *io, const char *directory, const char *temporary,
                       const char *path, uint64_t bytes) {
    int r = bytes % DIRECT_ALIGNMENT ? -EINVAL : spare_fill(io, temporary, O_DIRECT, bytes);
    if (r == -EINVAL)
        r = spare_fill(io, temporary, 0, bytes);
    if (r == 0)
        r = io->rename(io->self, temporary, path);
    if (r == 0)
        r = io->sync_dir(io->self, directory);
    return r;
}

int segment_make_spare(const struct io *io, const char *directory, uint64_t bytes) {
    char path[SEGMENT_PATH_SIZE], temporary[SEGMENT_PATH_SIZE];
    segment_path(directory, SPARE_NAME, path);
    segment_path(directory, SPARE_TEMPORARY, temporary);
    int fd = spare_take(io, path, bytes);
    if (fd >= 0)
        return fd;
    int64_t disk_free = io->disk_free_bytes(io->self, directory);
    if (disk_free < 0)
        return (int)disk_free;
    if (disk_free < (int64_t)bytes + DISK_RESERVE_BYTES)
        return -ENOSPC;
    int r = spare_write(io, directory, temporary, path, bytes);
    if (r < 0) {
        io->unlink(io->self, temporary);
        return r;
    }
    return io->open(io->self, path, O_RDWR | O_CLOEXEC, 0);
}

int segment_name_spare(const struct io *io, const char *directory, uint64_t first_sequence) {
    char name[SEGMENT_NAME_SIZE], from[SEGMENT_PATH_SIZE], to[SEGMENT_PATH_SIZE];
    segment_path(directory, SPARE_NAME, from);
    segment_name(first_sequence, false, name);
    segment_path(directory, name, to);
    int r = io->rename(io->self, from, to);
    if (r == 0)
        r = io->sync_dir(io->self, directory);
    return r < 0 ? error_note(r, "cannot open the next segment of the journal") : 0;
}

/* The compressed one must give the same bytes before the plain one may go. */
static int bytes_compare(const struct segment_compression *work, struct walk *archive,
                         struct walk *plain) {
    int r = 0;
    for (uint64_t offset = 0; r == 0 && offset < archive->size; offset += PROVED_BYTES) {
        struct str a = STR_NONE, b = STR_NONE;
        size_t left = (size_t)(archive->size - offset);
        size_t size = left < PROVED_BYTES ? left : PROVED_BYTES;
        r = walk_look(archive, offset, size, &a);
        if (r == 0)
            r = walk_look(plain, offset, size, &b);
        if (r == 0 && !str_equal(a, b))
            r = -EBADMSG;
        if (r == 0)
            r = work->breathe(work->context);
    }
    return r;
}

static int archive_prove(const struct segment_compression *work, const char *path,
                         struct walk *plain) {
    struct walk walk;
    int r = walk_open(work->io, path, true, &walk);
    if (r < 0)
        return r;
    const struct archive_end *end = archive_end(walk.archive);
    bool same = end->first_sequence == work->first_sequence &&
                end->last_sequence == work->last_sequence && end->plain_bytes == plain->offset;
    r = same ? bytes_compare(work, &walk, plain) : -EBADMSG;
    walk_close(&walk);
    return r;
}

static int archive_make(const struct segment_compression *work, const char *temporary,
                        struct walk *plain, uint64_t *ret_bytes) {
    const struct io *io = work->io;
    int fd = io->open(io->self, temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, SEGMENT_MODE);
    if (fd < 0)
        return fd;
    int r = archive_write(plain, work->first_sequence, work->last_sequence, fd, work->breathe,
                          work->context, ret_bytes);
    int closed = io->close(io->self, fd);
    return r < 0 ? r : closed;
}

int segment_compress(const struct segment_compression *work, uint64_t *ret_bytes) {
    const struct io *io = work->io;
    char name[SEGMENT_NAME_SIZE], path[SEGMENT_PATH_SIZE], temporary[SEGMENT_PATH_SIZE];
    segment_name(work->first_sequence, true, name);
    segment_path(work->directory, name, path);
    memcpy(name + strlen(name), ".tmp", sizeof ".tmp");
    segment_path(work->directory, name, temporary);
    struct walk plain;
    int r = segment_walk(io, work->directory, work->first_sequence, false, &plain);
    if (r < 0)
        return r;
    r = archive_make(work, temporary, &plain, ret_bytes);
    if (r == 0)
        r = archive_prove(work, temporary, &plain);
    walk_close(&plain);
    if (r == 0)
        r = io->rename(io->self, temporary, path);
    if (r < 0) {
        io->unlink(io->self, temporary);
        return r;
    }
    return io->sync_dir(io->self, work->directory);
}
