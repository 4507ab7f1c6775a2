/* What the campaign asks, and what comes of it: launched after the meeting, a notice to some forty
 * units, their receipts, a task for each, and what counties and departments said they would do.
 * Most keep their days, some are late, some are sent back, a few never answer. */
#pragma once

#include "organisations.h"
#include "schedule.h"

struct asked {
    const struct plan *plan;
    const struct regions *regions;
    const struct organisations *organisations;
};

void asked_plan_day(const struct asked *asked, struct schedule *schedule, uint32_t day);
void asked_write(const struct asked *asked, struct output *out, const struct entry *entry);
