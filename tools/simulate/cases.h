/* Cases: of some who were honoured, looked into by somebody else and published where they agree;
 * one is taken back by the city, of one the consent is withdrawn. */
#pragma once

#include "honours.h"

void cases_plan_day(const struct honours *honours, struct schedule *schedule, uint32_t day);
void case_write(const struct honours *honours, struct output *out, const struct entry *entry);
