/* Rings the bus thread from any other: an eventfd that is written once until it is heard. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

struct wake {
    int fd;
    atomic_bool rung;
};

int wake_init(struct wake *wake); /* 0, or < 0 */
void wake_deinit(struct wake *wake);
void wake_ring(struct wake *wake); /* any thread, never blocks */
void wake_hear(struct wake *wake); /* the bus thread: look at everything after this */
