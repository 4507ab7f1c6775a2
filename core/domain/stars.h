/* Stars: what was decided, and when. */
#pragma once

#include "domain/volunteers.h"

struct star_change_row {
    uint8_t from;
    uint8_t to;
    uint16_t spare;
    int32_t on; /* date of the event that caused it */
    uint64_t sequence;
    uint32_t revision; /* number of the one whose rule gives these stars; 0: of none */
    uint32_t spare_too;
};

/* The n-th change of a volunteer, 1 to volunteer_row.n_star_changes. */
int star_change_get(struct view *view, uint32_t volunteer, uint32_t n,
                    struct star_change_row *ret_change);
/* Stars held at the end of a date. */
int stars_on(struct view *view, uint32_t volunteer, const struct volunteer_row *row, int32_t date,
             uint8_t *ret_stars);
