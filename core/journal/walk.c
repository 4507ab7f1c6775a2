#include "journal/walk.h"

#include <fcntl.h>

#include "journal/archive.h"
#include "util/error.h"

#define WINDOW_BYTES ((size_t)256 * 1024)

static int size_find(struct walk *walk, bool archived) {
    if (archived) {
        int r = archive_open(walk->io, walk->fd, &walk->archive);
        if (r < 0)
            return r;
        walk->size = walk->limit = archive_end(walk->archive)->plain_bytes;
        return 0;
    }
    int64_t size = walk->io->file_size(walk->io->self, walk->fd);
    if (size < 0)
        return (int)size;
    walk->size = walk->limit = (uint64_t)size;
    return 0;
}

int walk_open(const struct io *io, const char *path, bool archived, struct walk *ret_walk) {
    struct walk walk = {.io = io, .fd = io->open(io->self, path, O_RDONLY | O_CLOEXEC, 0)};
    if (walk.fd < 0)
        return walk.fd;
    int r = size_find(&walk, archived);
    if (r < 0) {
        walk_close(&walk);
        return r;
    }
    *ret_walk = walk;
    return 0;
}

void walk_close(struct walk *walk) {
    archive_close(walk->archive);
    buf_deinit(&walk->window);
    if (walk->io && walk->fd >= 0)
        walk->io->close(walk->io->self, walk->fd);
    *walk = (struct walk){.fd = -1};
}

void walk_forget(struct walk *walk) {
    buf_reset(&walk->window);
}

static int bytes_read(struct walk *walk, uint64_t offset, char *ret_data, size_t size) {
    if (walk->archive)
        return archive_read(walk->archive, offset, ret_data, size);
    ssize_t got = walk->io->pread(walk->io->self, walk->fd, ret_data, size, (off_t)offset);
    if (got < 0)
        return error_note((int)got, "cannot read a segment of the journal");
    return (size_t)got == size ? 0 : -EBADMSG;
}

/* Keeps what of the window lies behind the offset, and fills up behind it. */
static int window_move(struct walk *walk, uint64_t offset, size_t size) {
    size_t kept = 0;
    if (offset >= walk->window_offset && offset < walk->window_offset + walk->window.size) {
        size_t gone = (size_t)(offset - walk->window_offset);
        kept = walk->window.size - gone;
        memmove(walk->window.data, walk->window.data + gone, kept);
    }
    walk->window.size = kept;
    walk->window_offset = offset;
    size_t more = (size > WINDOW_BYTES ? size : WINDOW_BYTES) - kept;
    uint64_t there = walk->limit - offset - kept;
    if (more > there)
        more = (size_t)there;
    int r = bytes_read(walk, offset + kept, buf_extend(&walk->window, more), more);
    if (r < 0)
        buf_reset(&walk->window);
    return r;
}

int walk_look(struct walk *walk, uint64_t offset, size_t size, struct str *ret_bytes) {
    if (offset >= walk->limit) {
        *ret_bytes = STR_NONE;
        return 0;
    }
    if (size > walk->limit - offset)
        size = (size_t)(walk->limit - offset);
    bool inside = offset >= walk->window_offset &&
                  offset - walk->window_offset <= walk->window.size &&
                  walk->window.size - (size_t)(offset - walk->window_offset) >= size;
    if (!inside) {
        int r = window_move(walk, offset, size);
        if (r < 0)
            return r;
    }
    *ret_bytes = (struct str){walk->window.data + (offset - walk->window_offset), size};
    return 0;
}

int walk_frame(struct walk *walk, struct frame *ret_frame) {
    struct str bytes;
    int r = walk_look(walk, walk->offset, FRAME_HEADER_SIZE, &bytes);
    if (r < 0)
        return r;
    struct frame frame = {.offset = walk->offset};
    if (bytes.size < FRAME_HEADER_SIZE || !frame_header_read(bytes.data, &frame.header))
        return WALK_NO_FRAME;
    size_t size = frame_size(frame.header.payload_size);
    r = walk_look(walk, walk->offset, size, &frame.bytes);
    if (r < 0)
        return r;
    if (frame.bytes.size != size || !frame_check(&frame.header, frame.bytes))
        return WALK_NO_FRAME;
    walk->offset += size;
    *ret_frame = frame;
    return 0;
}
