#include "lines.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/error.h"

#define CHUNK_BYTES 262144u
#define LINE_LIMIT_BYTES (8u << 20)

int lines_open(struct lines *lines, const char *path) {
    struct stat state;
    *lines = (struct lines){.fd = STDIN_FILENO};
    if (strcmp(path, "-") != 0)
        lines->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (lines->fd < 0)
        return -errno;
    if (fstat(lines->fd, &state) != 0)
        return -errno;
    if (S_ISDIR(state.st_mode))
        return -EISDIR;
    lines->is_file = S_ISREG(state.st_mode);
    lines->total_bytes = lines->is_file ? state.st_size : 0;
    return 0;
}

void lines_close(struct lines *lines) {
    if (lines->fd > STDIN_FILENO)
        close(lines->fd);
    buf_deinit(&lines->data);
}

/* Moves what is left to the front and reads more behind it. */
static enum source_state lines_read(struct lines *lines) {
    struct pollfd polled = {.fd = lines->fd, .events = POLLIN};
    if (!lines->is_file && poll(&polled, 1, 0) == 0)
        return SOURCE_WAIT;
    size_t left = lines->data.size - lines->start;
    if (lines->start > 0 && left > 0)
        memmove(lines->data.data, lines->data.data + lines->start, left);
    lines->data.size = left;
    lines->seen -= lines->start;
    lines->start = 0;
    buf_reserve(&lines->data, CHUNK_BYTES);
    ssize_t n;
    do {
        n = read(lines->fd, lines->data.data + lines->data.size, CHUNK_BYTES);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        lines->error = errno;
    if (n <= 0)
        lines->ended = true;
    else
        lines->data.size += (size_t)n;
    return SOURCE_EVENT;
}

static struct str line_trim(struct str line) {
    static const struct str mark = {"\xef\xbb\xbf", 3};
    if (str_starts_with(line, mark))
        line = (struct str){line.data + mark.size, line.size - mark.size};
    while (line.size && strchr(" \t\r", line.data[line.size - 1]))
        line.size--;
    while (line.size && strchr(" \t", *line.data))
        line = (struct str){line.data + 1, line.size - 1};
    return line;
}

/* A whole line from the buffer: true with it. */
static bool line_find(struct lines *lines, struct str *ret_line) {
    char *base = lines->data.data;
    size_t left = lines->data.size - lines->seen;
    char *end = left ? memchr(base + lines->seen, '\n', left) : NULL;
    if (!end && !(lines->ended && lines->data.size > lines->start)) {
        lines->seen = lines->data.size;
        return false;
    }
    size_t stop = end ? (size_t)(end - base) : lines->data.size;
    *ret_line = (struct str){base + lines->start, stop - lines->start};
    lines->start = lines->seen = end ? stop + 1 : stop;
    return true;
}

enum source_state lines_next(void *self, struct str *ret_line, uint64_t *ret_number) {
    struct lines *lines = self;
    while (true) {
        struct str line;
        if (line_find(lines, &line)) {
            bool skip = lines->skipping;
            lines->skipping = false;
            lines->n_lines += 1;
            lines->done_bytes += (int64_t)line.size + 1;
            line = line_trim(line);
            if (line.size == 0 || skip)
                continue;
            *ret_line = line;
            *ret_number = lines->n_lines;
            return SOURCE_EVENT;
        }
        if (lines->ended)
            return SOURCE_END;
        if (lines->data.size - lines->start > LINE_LIMIT_BYTES) {
            bool first = !lines->skipping;
            lines->done_bytes += (int64_t)(lines->data.size - lines->start);
            lines->start = lines->seen = lines->data.size;
            lines->skipping = true;
            if (first) {
                *ret_line = STR("");
                *ret_number = lines->n_lines + 1;
                return SOURCE_EVENT;
            }
        }
        if (lines_read(lines) == SOURCE_WAIT)
            return SOURCE_WAIT;
    }
}
