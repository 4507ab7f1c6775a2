/* The figures behind the indicators: residents, staff and Party members, reported before the first
 * day and again every January and July, some corrected later. They are worked back from the number
 * of volunteers, so that rates look like a city's at any size: counties about 13 % of residents,
 * units about half of their staff, nine of ten Party members in service; every event's `origin`
 * says that they are simulated. One county and some units report nothing. Memory: one row a figure
 * and subject. */
#pragma once

#include "titles.h"

enum figure_kind { FIGURE_RESIDENTS, FIGURE_STAFF, FIGURE_PARTY, FIGURE_COMMUNITIES };

struct figure_item {
    uint8_t kind;
    bool of_region;
    bool regular; /* again every half-year */
    uint32_t subject;
    uint32_t value;
    uint32_t before; /* what was reported before it was corrected; the same where it was not */
};

struct figures {
    const struct plan *plan;
    const struct people *people;
    const struct titles *titles;
    struct figure_item *items;
    uint32_t n;
};

void figures_init(struct figures *figures, const struct people *people,
                  const struct titles *titles);
void figures_deinit(struct figures *figures);

/* The first report of each, `gap` seconds apart; returns the moment after the last. */
uint32_t figures_report(const struct figures *figures, struct output *out, uint32_t moment,
                        uint32_t gap);
/* A figure of a region that is known from the first report on, and the day it is of. */
const struct figure_item *figures_residents(const struct figures *figures, uint32_t region);
int32_t figures_first_date(const struct figures *figures);
void figures_plan_day(const struct figures *figures, struct schedule *schedule, uint32_t day);
void figure_report(const struct figures *figures, struct output *out, const struct entry *entry);
/* Any value of any day: for those who report wrongly. */
void figure_write(const struct figures *figures, struct output *out, const struct figure_item *item,
                  int64_t value, int32_t as_of, uint32_t moment);
