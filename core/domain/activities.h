/* Activities: published, changed, cancelled, closed. */
#pragma once

#include "domain/things.h"

enum activity_state { ACTIVITY_PUBLISHED, ACTIVITY_CANCELLED, ACTIVITY_CLOSED };

int activity_get(struct view *view, uint32_t activity, struct arena *arena,
                 struct activity_published *ret_activity, enum activity_state *ret_state);
/* What a record needs of its activity, without decoding it: region number, category number + 1,
 * state. */
struct activity_summary {
    uint32_t region;
    uint8_t category;
    uint8_t state;
    uint16_t spare;
    uint32_t organisation;
};
int activity_summary(struct view *view, uint32_t activity, struct activity_summary *ret_summary);
