/* Who judged a service record last, and when: kept of what a person reviewed or revoked and of what
 * a rule refused, so that nobody judges their own work and an appeal knows its window. Threads: the
 * view's owner. */
#pragma once

#include "domain/things.h"

struct verdict_row {
    int64_t at_s;
    uint8_t before; /* enum record_state: what it was until then */
    uint8_t spare[7];
};

struct verdict {
    struct verdict_row row;
    struct str by; /* none: a rule; borrowed from the row */
};

/* THING_NOT_FOUND: nobody ever judged it. */
int verdict_get(struct view *view, uint32_t record, struct verdict *ret_verdict);

/* ---- for apply functions ---- */

void verdict_put(struct context *context, uint32_t record, unsigned before, struct str by);
