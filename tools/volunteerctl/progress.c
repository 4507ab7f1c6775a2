#include "progress.h"

#include <unistd.h>

#include "util/io.h"

#define REDRAW_US 100000
#define BAR_COLUMNS 30

int64_t now_us(void) {
    const struct io *io = io_system();
    return io->boottime_us(io->self);
}

void progress_begin(struct progress *progress, const struct terminal *terminal, const char *what) {
    *progress = (struct progress){.shown = terminal->error, .what = what, .started_us = now_us()};
}

static void bar_put(double share) {
    static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int filled = (int)(share * BAR_COLUMNS * 8);
    for (int i = 0; i < BAR_COLUMNS; i++) {
        int rest = filled - i * 8;
        fputs(rest >= 8 ? "█" : eighths[rest > 0 ? rest : 0], stderr);
    }
}

void progress_update(struct progress *progress, int64_t done, int64_t total, const char *detail) {
    int64_t now = now_us();
    if (!progress->shown || (progress->drawn && now - progress->drawn_us < REDRAW_US))
        return;
    progress->drawn = true;
    progress->drawn_us = now;
    double share = total > 0 ? (double)done / (double)total : 0;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    fprintf(stderr, "\r\033[K%s ", progress->what);
    if (total > 0) {
        bar_put(share);
        fprintf(stderr, " %3d %%", (int)(share * 100));
    }
    if (detail) {
        fputs("  ", stderr);
        print_clean(stderr, detail, false);
    }
    double seconds = (double)(now - progress->started_us) / 1e6;
    if (share > 0.01 && seconds > 3) {
        char left[TEXT_SIZE];
        fprintf(stderr, "  %s", duration_text((int64_t)(seconds / share * (1 - share)) + 1, left));
    }
    fflush(stderr);
}

void progress_end(struct progress *progress) {
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}
