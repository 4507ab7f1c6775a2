/* What people complain of, and whose standing is suspended for a month: few, and those suspended
 * serve nobody anyway, so that no record of the year is lost by it. */
#pragma once

#include "shares.h"

struct conduct {
    const struct people *people;
    uint32_t complaints_in_a_year;
    uint32_t suspended_in_a_year;
};

void conduct_init(struct conduct *conduct, const struct people *people);
void conduct_plan_day(const struct conduct *conduct, struct schedule *schedule, uint32_t day);
void conduct_write(const struct conduct *conduct, struct output *out, const struct entry *entry);
