#include "fail.h"

#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

static int progress_wanted;
static time_t progress_start;

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("volunteer-bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

void progress_show(int wanted) {
    progress_wanted = wanted;
}

void progress(const char *format, ...) {
    struct timespec now;
    va_list arguments;
    if (!progress_wanted)
        return;
    va_start(arguments, format);
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (progress_start == 0)
        progress_start = now.tv_sec;
    fprintf(stderr, "%4ld s  ", (long)(now.tv_sec - progress_start));
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}
