/* A progress bar on stderr, drawn only where a person sees it, ten times a second at most. */
#pragma once

#include "print.h"

struct progress {
    bool shown; /* stderr is a terminal */
    bool drawn;
    const char *what;
    int64_t started_us;
    int64_t drawn_us;
};

void progress_begin(struct progress *progress, const struct terminal *terminal, const char *what);
/* `total` 0: not known. `detail` stands at the end, may be NULL. */
void progress_update(struct progress *progress, int64_t done, int64_t total, const char *detail);
/* Takes the bar away. */
void progress_end(struct progress *progress);
/* Monotonic microseconds. */
int64_t now_us(void);
