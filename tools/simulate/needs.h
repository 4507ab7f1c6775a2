/* What people ask for: filed in their community, matched with the next open call, referred where it
 * is a public duty or for sale, closed with what came of it; some stay open. */
#pragma once

#include "calls.h"

struct needs {
    const struct calls *calls;
    uint32_t in_a_year;
};

void needs_init(struct needs *needs, const struct calls *calls);
void needs_plan_day(const struct needs *needs, struct schedule *schedule, uint32_t day);
void need_write(const struct needs *needs, struct output *out, const struct entry *entry);
