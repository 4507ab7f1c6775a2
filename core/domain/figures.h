/* Figures that somebody reports about a region or an organisation: the denominators of indicators.
 * A figure has a day it is of (as_of), a source (origin) and the day on which it was recorded, so
 * that what was known at the end of any past day can be said again. One row holds all reports of
 * one figure of one subject. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

struct figure {
    int64_t value;
    int32_t as_of;
    int32_t recorded_on;
    uint64_t sequence; /* of figure.reported */
    struct str origin; /* borrowed from the row */
    struct str by;     /* who reported it; none: not said */
};

/* The newest report of a day not after `as_of` that was known at the end of `at` (COUNTER_NOW: as
 * things stand). 0, THING_NOT_FOUND: no data, < 0. */
int figure_get(struct view *view, enum FIGURE_choice figure, enum noun noun, uint32_t number,
               int32_t as_of, int32_t at, struct figure *ret_figure);
/* All reports, by their day, oldest first. `each` returns 0 to go on. */
int figure_each(struct view *view, enum FIGURE_choice figure, enum noun noun, uint32_t number,
                int (*each)(void *context, const struct figure *figure), void *context);
/* The n-th report of a row's bytes, for those who scan: 0, or > 0 at the end or where damaged. */
struct cursor;
int figure_next(struct cursor *in, struct figure *ret_figure);
/* noun u8, number u32, figure u8 */
#define FIGURE_KEY_BYTES 6
