/* Rewards: what merchants and the civilisation office offer for points, who redeems it, and whether
 * it is handed over or voided; points given to others. Only those redeem who serve every week, in
 * the later part of the year, so that they have earned what it costs. */
#pragma once

#include "shares.h"

struct rewards {
    const struct people *people;
    uint32_t redeemed_in_a_year;
    uint32_t transferred_in_a_year;
};

void rewards_init(struct rewards *rewards, const struct people *people);
void rewards_plan_day(const struct rewards *rewards, struct schedule *schedule, uint32_t day);
void reward_write(const struct rewards *rewards, struct output *out, const struct entry *entry);
