/* Distances between positions as events write them, in whole metres: good to about one in five
 * hundred within a city. Threads: pure. */
#pragma once

#include "event/types.h"

/* Degrees with at most seven decimals; longitude -180 to 180, latitude -90 to 90. */
bool position_is_valid(const struct position *position);
/* INT64_MAX where either is not valid. */
int64_t distance_m(const struct position *a, const struct position *b);
