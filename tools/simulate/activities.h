/* The activities: so many a day as the season brings people, each in one community, in one part of
 * one day (the night's ends on the next), published some days before. An activity is drawn from the
 * seed, its day and its index whenever it is needed; only the list of today's is kept, in the order
 * of regions, so that people find those near them. Memory: one list, reused for each day. */
#pragma once

#include "projects.h"

#define PUBLISHED_DAYS_AHEAD 9u /* at most; at least two */
#define CLOSED_DAYS_AFTER 80u   /* when nothing more can be entered about them */

struct activity {
    uint32_t number;
    uint32_t region;
    uint32_t organisation;
    uint32_t starts; /* moments */
    uint32_t ends;
    uint32_t published_day;
    uint32_t places;
    uint32_t project; /* or NO_PROJECT */
    uint32_t draw;    /* for what only the published event shows */
    uint8_t category;
    bool night;
    bool changed;
    bool cancelled;
};

struct activities {
    const struct plan *plan;
    const struct regions *regions;
    const struct organisations *organisations;
    const struct stations *stations;
    const struct projects *projects;
    uint32_t *numbers; /* per day from SETUP_DAYS: how many activities there were before it */
    struct activity *today;
    uint32_t n_today;
    uint32_t capacity;
    struct activity *drawn;
    uint32_t *first; /* per region and one more: index in today */
};

void activities_init(struct activities *activities, const struct plan *plan,
                     const struct organisations *organisations, const struct stations *stations,
                     const struct projects *projects);
void activities_deinit(struct activities *activities);

/* Puts what is announced on this day into the schedule: activities published, changed, cancelled,
 * closed. */
void activities_plan_day(const struct activities *activities, struct schedule *schedule,
                         uint32_t day);
/* Fills `today` with those that take place. */
void activities_open_day(struct activities *activities, uint32_t day);

void field_activity(struct output *out, const char *name, uint32_t number);
/* Writes an entry of kind ENTRY_PUBLISHED, ENTRY_CHANGED, ENTRY_CANCELLED or ENTRY_CLOSED. */
void activity_announce(const struct activities *activities, struct output *out,
                       const struct entry *entry);
