/* Training: two courses of each topic (新理论、新知识、新技能), and who completed them through the
 * year; some who learned a skill bring the certificate that it led to. */
#pragma once

#include "shares.h"

struct trainings {
    const struct people *people;
    uint32_t in_a_year;
};

void trainings_init(struct trainings *trainings, const struct people *people);
void trainings_plan_day(const struct trainings *trainings, struct schedule *schedule, uint32_t day);
void training_write(const struct trainings *trainings, struct output *out,
                    const struct entry *entry);
