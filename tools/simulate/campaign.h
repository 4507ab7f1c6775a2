/* The year of the campaign: the one whose autumn the city's stations are to be built in. Deadlines
 * are days of that year. Threads: pure functions. */
#pragma once

#include "plan.h"
#include "util/calendar.h"

#define CAMPAIGN_ID "campaign:xianfeng" /* launched on 24 August, closed on 31 December */

/* The first year whose July lies within the days of service: 2018 for a start in December 2017. */
static inline int32_t campaign_year(const struct plan *plan) {
    int32_t year, month, day;
    date_to_civil(plan->start_date + 210, &year, &month, &day);
    return year;
}

/* A day from July on, as days of the simulation. */
static inline uint32_t campaign_day(const struct plan *plan, int32_t month, int32_t day) {
    return (uint32_t)(date_from_civil(campaign_year(plan), month, day) - plan_date(plan, 0));
}

/* Whether what is published on that day, for another, may name the campaign. */
static inline bool campaign_is_on(const struct plan *plan, uint32_t published, uint32_t for_day) {
    return published > campaign_day(plan, 8, 24) && for_day <= campaign_day(plan, 12, 31);
}
