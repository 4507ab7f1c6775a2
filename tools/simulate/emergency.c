#include "emergency.h"

#include "campaign.h"

#define LASTS_DAYS 5u

enum step { STEP_DECLARED, STEP_ENDED };

void emergency_plan_day(const struct plan *plan, struct schedule *schedule, uint32_t day) {
    uint32_t declared = campaign_day(plan, 7, 10);
    if (day != declared && day != declared + LASTS_DAYS)
        return;
    schedule_add(schedule,
                 &(struct entry){.moment = day * DAY_S + 7 * HOUR_S,
                                 .kind = ENTRY_EMERGENCY,
                                 .activity = day == declared ? STEP_DECLARED : STEP_ENDED});
}

/* The last of the counties. */
static uint32_t county(const struct regions *regions) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < regions->n; i++)
        if (regions->items[i].level == 3)
            found = i;
    return found;
}

void emergency_write(const struct regions *regions, struct output *out, const struct entry *entry) {
    event_begin(out, SOURCE_CIVIL_AFFAIRS,
                entry->activity == STEP_DECLARED ? "emergency.declared" : "emergency.ended",
                entry->moment);
    field_text(out, "emergency", STR("emergency:flood"));
    field_text(out, "region", regions->items[county(regions)].code);
    field_id(out, "by", "clerk:", 3, 913);
    event_end(out);
}
