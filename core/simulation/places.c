/* Regions of the scope, one level below it, and what lies in each. */
#include <stdlib.h>

#include "simulation/internal.h"
#include "util/memory.h"

/* A region's place: that of its ancestor `level` steps below the city, or itself where it lies
 * higher. NO_GROUP where it is outside of the scope. */
static uint32_t region_for(struct view *view, uint32_t region, uint32_t scope) {
    uint32_t path[REGION_DEPTH];
    size_t n = region_path(view, region, path);
    if (!scope)
        return n > 1 ? path[n - 2] : region;
    for (size_t i = 0; i < n; i++)
        if (path[i] == scope)
            return i > 0 ? path[i - 1] : region;
    return NO_GROUP;
}

static uint32_t group_for(struct diff_places *places, uint32_t region) {
    for (size_t i = 0; i < places->n_groups; i++)
        if (places->groups[i] == region)
            return (uint32_t)i;
    places->groups[places->n_groups] = region;
    return (uint32_t)places->n_groups++;
}

/* Of what has no region, and where all are asked about, the place is the first region's. */
int diff_places_init(struct diff_places *places, struct view *view, uint32_t scope) {
    int r = thing_count(view, NOUN_REGION, &places->n_regions);
    if (r != 0)
        return r;
    size_t n = (size_t)places->n_regions + 1;
    places->group = memory_checked(calloc(n, sizeof *places->group));
    places->groups = memory_checked(calloc(n, sizeof *places->groups));
    places->group[0] = NO_GROUP;
    for (uint32_t region = 1; region <= places->n_regions; region++) {
        uint32_t shown = region_for(view, region, scope);
        places->group[region] = shown == NO_GROUP ? NO_GROUP : group_for(places, shown);
    }
    return 0;
}

void diff_places_deinit(struct diff_places *places) {
    free(places->group);
    free(places->groups);
}
