/* What becomes of volunteers besides service: totals of earlier years carried over from a former
 * platform, its number linked, teams joined and left, homes moved. Each person's lot is one draw.
 * Memory: four bytes for each thing that happens. */
#pragma once

#include "teams.h"

#define LIFE_DAYS 800u /* nothing happens later */

struct lives {
    const struct plan *plan;
    struct people *people; /* whoever moves lives elsewhere from then on */
    const struct teams *teams;
    uint32_t first[LIFE_DAYS + 2]; /* per day: index in `happenings` */
    uint32_t *happenings;          /* volunteer * 8 + what happens */
};

void lives_init(struct lives *lives, struct people *people, const struct teams *teams);
void lives_deinit(struct lives *lives);
void lives_plan_day(const struct lives *lives, struct schedule *schedule, uint32_t day);
void life_write(const struct lives *lives, struct output *out, const struct entry *entry);
