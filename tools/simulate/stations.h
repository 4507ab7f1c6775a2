/* The stations: a home for volunteers in every urban community, planned in the summer of the
 * campaign's year, evidenced part by part (人员、经费、场地、队伍), built and opened through its
 * autumn; those of the two districts by the end of October, the others by the end of the year, and
 * a few late. The communities are those of the divisions; what is said about the stations is
 * simulated. Memory: one row a station. */
#pragma once

#include "regions.h"
#include "schedule.h"

#define STATIONS_IN_PLAN 122u /* what the city set itself in 2018 */
#define STATION_PARTS 4u

struct station {
    uint32_t region;
    bool in_district;
    uint32_t planned; /* days; 0: never */
    uint32_t tried[STATION_PARTS];
    uint32_t parts[STATION_PARTS];
    uint32_t built;
    uint32_t opened;
    uint32_t closed;
};

struct stations {
    const struct plan *plan;
    const struct regions *regions;
    struct station *items;
    uint32_t n;
    uint32_t n_in_districts;
    uint32_t *of_region; /* per region: index + 1, or 0 */
};

void stations_init(struct stations *stations, const struct plan *plan,
                   const struct regions *regions);
void stations_deinit(struct stations *stations);

bool station_is_open(const struct station *station, uint32_t day);
int32_t station_due(const struct plan *plan, bool in_district);
void field_station(struct output *out, const char *name, uint32_t station);
void stations_plan_day(const struct stations *stations, struct schedule *schedule, uint32_t day);
void station_write(const struct stations *stations, struct output *out, const struct entry *entry);
