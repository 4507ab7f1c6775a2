/* Regions: the four-level tree. */
#pragma once

#include "domain/things.h"

#define REGION_DEPTH 4

/* The region and its parents, nearest first; returns how many. */
size_t region_path(struct view *view, uint32_t region, uint32_t ret_path[static REGION_DEPTH]);
int region_attributes(struct view *view, uint32_t region, struct arena *arena,
                      struct region_defined *ret_region);
/* The same at the end of a past day: a region that was defined later has no path, and is not found.
 */
size_t region_path_at(struct view *view, uint32_t region, int32_t at, struct arena *arena,
                      uint32_t ret_path[static REGION_DEPTH]);
bool region_lies_in_at(struct view *view, uint32_t region, uint32_t above, int32_t at,
                       struct arena *arena);
int region_attributes_at(struct view *view, uint32_t region, int32_t at, struct arena *arena,
                         struct region_defined *ret_region);
/* The n-th code it had before (n from 1), and the day it got the next; THING_NOT_FOUND where there
 * are not so many. A former code still leads to its region. */
int region_former_code(struct view *view, uint32_t region, uint32_t n, struct str *ret_code,
                       int32_t *ret_until);
