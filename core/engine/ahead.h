/* What the events of a batch will ask for is fetched into the processor's cache while those before
 * them are decided: a hundred thousand people do not fit into it, and every row that must come from
 * memory costs as much as a hundred instructions. Four looks at each event, each a little later
 * than the one before, because each needs what the one before asked for: the places of its
 * identifiers, their rows, the places of what those name, their rows. It changes nothing but speed.
 *
 * Threads: the engine's. */
#pragma once

#include "engine/step.h"

#define AHEAD_EVENTS 8 /* how far the first look goes; a power of two */
#define AHEAD_HINTS 10

struct ahead {
    struct {
        size_t n;
        view_hint hints[AHEAD_HINTS];
    } events[AHEAD_EVENTS];
};

/* Before event `at` of these is processed, for each from 0 on. */
void ahead_look(struct ahead *ahead, struct stepper *stepper, const struct event *events, size_t n,
                size_t at);
