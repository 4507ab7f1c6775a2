/* Civilised titles: units of all four levels, communities, townships and the city; some awarded in
 * the first year, some reviewed, one withdrawn. All of it is simulated, and the document that
 * awards them says so. Memory: one row a title. */
#pragma once

#include "people.h"

enum title_kind { TITLE_UNIT, TITLE_COMMUNITY, TITLE_VILLAGE_TOWN, TITLE_CITY };
enum title_level { TITLE_COUNTY, TITLE_MUNICIPAL, TITLE_PROVINCIAL, TITLE_NATIONAL };

struct title {
    uint32_t subject; /* organisation for a unit, region otherwise */
    int32_t on;
    uint32_t awarded; /* days; 0: held before the first day, or never */
    uint32_t reviewed;
    uint32_t withdrawn;
    uint8_t kind;
    uint8_t level;
    uint8_t outcome;
};

struct titles {
    const struct plan *plan;
    const struct regions *regions;
    struct title *items;
    uint32_t n;
    uint8_t *of_organisation; /* level + 1 where it is or will be a titled unit */
};

void titles_init(struct titles *titles, const struct people *people);
void titles_deinit(struct titles *titles);

uint32_t titles_held_before(const struct titles *titles);
/* civilised_title.awarded of those held before the first day, `gap` seconds apart; returns the
 * moment after the last. */
uint32_t titles_award(const struct titles *titles, struct output *out, uint32_t moment,
                      uint32_t gap);
void titles_plan_day(const struct titles *titles, struct schedule *schedule, uint32_t day);
void title_write(const struct titles *titles, struct output *out, const struct entry *entry);
