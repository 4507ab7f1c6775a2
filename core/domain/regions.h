/* Regions: the four-level tree. */
#pragma once

#include "domain/things.h"

#define REGION_DEPTH 4

/* The region and its parents, nearest first; returns how many. */
size_t region_path(struct view *view, uint32_t region, uint32_t ret_path[static REGION_DEPTH]);
int region_attributes(struct view *view, uint32_t region, struct arena *arena,
                      struct region_defined *ret_region);
