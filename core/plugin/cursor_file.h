/* How far a plugin has read the journal, on disk: two slots in one file, written in turn, so that a
 * cut leaves one of them whole. What is lost with the newer one is given to the plugin again.
 * Threads: one. Errors: < 0 noted. */
#pragma once

#include <stdbool.h>

#include "util/io.h"

struct cursor_file {
    const struct io *io;
    int fd; /* -1: closed */
    uint64_t n_written;
    bool unsynced;
};

struct cursor_place {
    uint64_t epoch, sequence;
};

/* Opens or makes it. 0 with the place, or CURSOR_NONE where none was kept; < 0. */
enum { CURSOR_NONE = 1 };
int cursor_file_open(const struct io *io, const char *path, struct cursor_file *ret_file,
                     struct cursor_place *ret_place);
void cursor_file_close(struct cursor_file *file);
int cursor_file_write(struct cursor_file *file, const struct cursor_place *place);
/* What was written is on disk. */
int cursor_file_sync(struct cursor_file *file);
