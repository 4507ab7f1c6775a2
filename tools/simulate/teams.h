/* Teams: of units, of communities and of people who found each other; most are there before the
 * first day, some come later, few dissolve into another. Their members come and go (lives.c).
 * Memory: one row a team. */
#pragma once

#include "people.h"

#define NO_TEAM UINT32_MAX
#define NO_ORGANISATION UINT32_MAX

struct team {
    uint32_t region;       /* community; of a unit: where it sits */
    uint32_t organisation; /* or NO_ORGANISATION */
    uint32_t formed;       /* days; 0: never */
    uint32_t updated;
    uint32_t dissolved;
    uint32_t successor;
    uint8_t category;
    uint8_t legal_status;
    bool professional;
};

struct teams {
    const struct plan *plan;
    const struct people *people;
    struct team *items;
    uint32_t n;
};

void teams_init(struct teams *teams, const struct people *people);
void teams_deinit(struct teams *teams);

/* One that a person of the region may join, or NO_TEAM. */
uint32_t team_near(const struct teams *teams, uint32_t region, uint64_t draw);
bool team_exists(const struct team *team, uint32_t day);
void field_team(struct output *out, const char *name, uint32_t team);
void teams_plan_day(const struct teams *teams, struct schedule *schedule, uint32_t day);
void team_write(const struct teams *teams, struct output *out, const struct entry *entry);
