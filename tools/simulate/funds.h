/* The special fund for volunteer service: allocated by the finance bureau before the first day and
 * again in July, committed every month for insurance and training, spent some weeks later by
 * somebody else, a little returned. Rewards that the civilisation office pays for draw on it too
 * (rewards.c). All of its figures are simulated. */
#pragma once

#include "output.h"
#include "schedule.h"

#define FUND_ID "fund:special"

void funds_plan_day(const struct plan *plan, struct schedule *schedule, uint32_t day);
void fund_write(const struct plan *plan, struct output *out, const struct entry *entry);
