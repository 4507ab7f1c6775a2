/* One segment, plain or compressed, opened to be read frame by frame through a large window.
 * Threads: one owner. Errors: as util/error.h; -EBADMSG (a compressed block that is damaged) is not
 * noted. */
#pragma once

#include "journal/frame.h"

struct archive;

struct walk {
    const struct io *io;
    int fd;                  /* < 0: not open */
    struct archive *archive; /* NULL: plain */
    uint64_t size;           /* plain bytes of the whole segment */
    uint64_t limit;  /* plain bytes that may be looked at: what lies before it never changes */
    uint64_t offset; /* of the next frame */
    struct buf window;
    uint64_t window_offset;
};

/* The bytes of one file. `limit` begins as its size. */
int walk_open(const struct io *io, const char *path, bool archived, struct walk *ret_walk);
/* Accepts a zeroed one. */
void walk_close(struct walk *walk);
/* Whatever was read ahead is read again: for a file that another process writes. */
void walk_forget(struct walk *walk);

/* Bytes at an offset, borrowed until the next call; fewer than asked only at the limit. */
int walk_look(struct walk *walk, uint64_t offset, size_t size, struct str *ret_bytes);

/* 0 with the good frame at `offset` (borrowed until the next call), which moves behind it;
 * WALK_NO_FRAME where none stands there. */
int walk_frame(struct walk *walk, struct frame *ret_frame);
enum { WALK_NO_FRAME = 1 };
