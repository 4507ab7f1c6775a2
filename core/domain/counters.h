/* Counters up the region tree and for organisations: one row per (month, region or organisation).
 * Month 0 is "now": people, stars, held. Other months hold what was served in them: records and
 * minutes. */
#pragma once

#include "domain/regions.h"

struct counter_row {
    uint32_t volunteers; /* registered, not withdrawn */
    uint32_t in_service_party_members;
    uint32_t stars[6];   /* by stars, 0 to 5, of those volunteers */
    uint32_t held;       /* records waiting for a reviewer */
    uint32_t records;    /* accepted */
    uint64_t minutes;    /* accepted */
    uint32_t activities; /* published, not cancelled */
    uint32_t spare;
};

int counter_get(struct view *view, int32_t month, enum noun noun, uint32_t number,
                struct counter_row *ret_row);
/* All months together: now-figures from month 0, records and minutes summed. */
int counter_sum(struct view *view, enum noun noun, uint32_t number, struct counter_row *ret_row);
/* Adds to the region and every parent. Members are added as signed differences. */
struct counter_change {
    int32_t volunteers, in_service_party_members, stars[6], held, records, activities;
    int64_t minutes;
};
int counter_add_region(struct context *context, int32_t month, uint32_t region,
                       const struct counter_change *change);
int counter_add_organisation(struct context *context, int32_t month, uint32_t organisation,
                             const struct counter_change *change);
