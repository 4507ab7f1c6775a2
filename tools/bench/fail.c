#include "fail.h"

#include <stdarg.h>
#include <stdlib.h>

static int progress_wanted;

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
    va_list arguments;
    if (!progress_wanted)
        return;
    va_start(arguments, format);
    fputs("  ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}
