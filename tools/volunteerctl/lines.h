/* The lines of a file or of standard input, without ever blocking on a pipe that is only slow.
 * Blank lines are passed over. Threads: one. Memory: a line lives until the next one is asked for.
 */
#pragma once

#include "publisher.h"
#include "util/buf.h"

struct lines {
    int fd;
    bool is_file; /* reading it never waits */
    bool ended;
    struct buf data;
    size_t start;  /* of what has not been given out */
    size_t seen;   /* searched for a line's end up to here */
    bool skipping; /* the rest of a line that is too long */
    uint64_t n_lines;
    int64_t done_bytes;
    int64_t total_bytes; /* 0: not known */
    int error;           /* errno of a read that failed */
};

/* "-" is standard input. 0 or a negative errno. */
int lines_open(struct lines *lines, const char *path);
void lines_close(struct lines *lines);
/* For struct event_source. A line over 8 MiB is given as an empty one. */
enum source_state lines_next(void *self, struct str *ret_line, uint64_t *ret_number);
