/* Honours: 天水好人, nominated in October, reviewed at two stages by two people, shown to the
 * public and awarded in November; a few are refused and one is withdrawn. Those nominated serve
 * every week. */
#pragma once

#include "shares.h"

struct honours {
    const struct people *people;
    uint32_t n; /* nominations */
};

void honours_init(struct honours *honours, const struct people *people);
/* Who is nominated; NO_PERSON: nobody. */
uint32_t honour_nominee(const struct honours *honours, uint32_t item);
/* Awarded, and not withdrawn. */
bool honour_is_awarded(const struct honours *honours, uint32_t item);
void honours_plan_day(const struct honours *honours, struct schedule *schedule, uint32_t day);
void honour_write(const struct honours *honours, struct output *out, const struct entry *entry);
