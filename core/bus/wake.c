#include "bus/wake.h"

#include <assert.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "util/error.h"

int wake_init(struct wake *wake) {
    wake->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    atomic_init(&wake->rung, false);
    return wake->fd < 0 ? error_note(-errno, "eventfd of the bus") : 0;
}

void wake_deinit(struct wake *wake) {
    if (wake->fd > 0)
        close(wake->fd);
    wake->fd = 0;
}

void wake_ring(struct wake *wake) {
    if (!atomic_exchange(&wake->rung, true)) {
        int result = eventfd_write(wake->fd, 1);
        assert(result == 0);
    }
}

void wake_hear(struct wake *wake) {
    eventfd_t count;
    /* Nothing to read is no error: the loop also comes here for other reasons. */
    (void)eventfd_read(wake->fd, &count);
    atomic_store(&wake->rung, false);
}
