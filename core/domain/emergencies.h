/* Emergencies: declared for a region by the command that answers for it, until they are ended. As
 * long as one is declared for a region or anything above it, rules may let people come sooner to
 * what is published as an emergency there (request.emergency). A region has one at a time; one
 * above or below it may have its own. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* Numbers stand in rows and are for ever. */
enum emergency_state { EMERGENCY_DECLARED, EMERGENCY_ENDED, EMERGENCY_STATES };

struct emergency_row {
    int64_t declared_s;
    int64_t ended_s; /* 0: not yet */
    uint32_t region;
    uint32_t first_activity; /* published since it was declared: behind this one */
    uint32_t last_activity;  /* up to this one; 0: it goes on */
    uint32_t spare;
};

struct emergency {
    struct emergency_row row;
    struct str ended_by; /* none: not yet; borrowed from the row */
};

int emergency_get(struct view *view, uint32_t number, struct emergency *ret_emergency);
/* That in force in the region: its own, else the nearest one's above. THING_NOT_FOUND: none. */
int emergency_in(struct view *view, uint32_t region, uint32_t *ret_emergency);
