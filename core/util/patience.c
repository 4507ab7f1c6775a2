#include "util/patience.h"

#define STEP_MS INT64_C(100)

struct patience patience_begin(const struct io *io, int64_t limit_ms) {
    return (struct patience){io, limit_ms * 1000};
}

bool patience_is_over(const struct patience *patience) {
    return patience->left_us <= 0;
}

int patience_poll(struct patience *patience, struct pollfd *descriptor) {
    const struct io *io = patience->io;
    int64_t step_ms = patience->left_us / 1000 + 1;
    if (step_ms > STEP_MS)
        step_ms = STEP_MS;
    int64_t began_us = io->boottime_us(io->self);
    int ready = poll(descriptor, 1, (int)step_ms);
    int64_t took_us = io->boottime_us(io->self) - began_us;
    patience->left_us -= took_us < step_ms * 1000 ? took_us : step_ms * 1000;
    return ready;
}
