/* What people agree to: a purpose and the version of the text they read; few take it back. */
#pragma once

#include "shares.h"

struct consents {
    const struct people *people;
    uint32_t in_a_year;
};

void consents_init(struct consents *consents, const struct people *people);
void consents_plan_day(const struct consents *consents, struct schedule *schedule, uint32_t day);
void consent_write(const struct consents *consents, struct output *out, const struct entry *entry);
