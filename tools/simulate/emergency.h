/* A flood in July of the campaign's year: declared for one county, ended five days later. */
#pragma once

#include "regions.h"
#include "schedule.h"

void emergency_plan_day(const struct plan *plan, struct schedule *schedule, uint32_t day);
void emergency_write(const struct regions *regions, struct output *out, const struct entry *entry);
