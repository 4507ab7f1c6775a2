#include "util/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES 4096 /* at most PIPE_BUF, so that lines of threads never mix */

static _Atomic(enum log_level) log_level_now = LOG_LEVEL_INFO;

void log_set_level(enum log_level level) {
    atomic_store_explicit(&log_level_now, level, memory_order_relaxed);
}

static const char *level_colour(enum log_level level) {
    static const char *const colours[] = {
        [LOG_LEVEL_ERROR] = "\033[31m", [LOG_LEVEL_WARNING] = "\033[33m",
        [LOG_LEVEL_NOTICE] = "\033[1m", [LOG_LEVEL_INFO] = "",
        [LOG_LEVEL_DEBUG] = "\033[2m",
    };
    return colours[level];
}

static int write_prefix(char *line, size_t size, enum log_level level, bool terminal) {
    if (!terminal)
        return snprintf(line, size, "<%d>", (int)level);
    /* Not through io: this clock is read by a person's eyes only and steers nothing. */
    struct timespec now;
    struct tm local;
    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &local);
    return snprintf(line, size, "%s%02d:%02d:%02d.%03ld ", level_colour(level), local.tm_hour,
                    local.tm_min, local.tm_sec, now.tv_nsec / 1000000);
}

/* What a peer sent may stand in a message: it must not forge a line of its own or steer a terminal.
 */
static void blank_controls(char *text) {
    for (; *text; text++)
        if ((uint8_t)*text < 0x20 || *text == 0x7F)
            *text = ' ';
}

void log_message(enum log_level level, const char *format, ...) {
    if (level > atomic_load_explicit(&log_level_now, memory_order_relaxed))
        return;
    int saved_errno = errno;
    static const char end[] = "\033[0m\n";
    char line[LINE_BYTES];
    bool terminal = isatty(STDERR_FILENO);
    size_t size = (size_t)write_prefix(line, sizeof line, level, terminal);
    size_t space = sizeof line - size - sizeof end;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line + size, space, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    blank_controls(line + size);
    size += (size_t)length < space ? (size_t)length : space - 1;
    const char *ending =
        terminal ? end : end + sizeof end - 2; /* the colour's end, or the newline */
    size_t ending_size = strlen(ending);
    memcpy(line + size, ending, ending_size);
    /* There is nowhere left to report that stderr is gone. */
    ssize_t ignored = write(STDERR_FILENO, line, size + ending_size);
    (void)ignored;
    errno = saved_errno;
}
