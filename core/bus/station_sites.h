/* What station.progress knows of each station, and the lists it is made of: one row a region
 * (station_progress.c), who is late and by how much (station_late.c), and how the rest burns down
 * (station_burn_down.c). Threads: that of the query. Memory: the query's arena. */
#pragma once

#include "bus/report.h"
#include "domain/plans.h"
#include "domain/stations.h"

struct site {
    uint32_t number;
    uint32_t path[REGION_DEPTH];
    size_t depth;
    bool stands;  /* not closed by the report's day */
    bool overdue; /* and not built */
    struct station station;
};

struct progress {
    struct site *sites; /* known on the report's day, within its region, closed ones too */
    size_t n;
    /* By a region's number: communities in it that are to have a station; of those, in which none
     * stands or is planned; and how many stations stand or are planned right there. */
    uint32_t *wanted;
    uint32_t *without;
    uint32_t *served;
    uint32_t n_regions;
    json_t *rows;
};

/* The stations and communities of the report's region. 0 or < 0. */
int sites_load(struct report *report, struct progress *ret_progress);
bool site_lies_in(const struct site *site, uint32_t region);
/* Whether a station belongs into a community of that kind: residents' committees and what is like
 * them, and those of which nobody said what they are. */
bool region_wants_station(const struct region_defined *region);

/* By a community's number: its committee, 0: none is known. */
int station_committees(struct report *report, uint32_t n_regions, uint32_t **ret_committee_of);
/* Who answers for a station: whom the plan names (or who succeeded that one); else the committee of
 * the community; else the township that it lies in. */
int station_responsible(struct report *report, const struct station *station,
                        const uint32_t *committee_of, enum noun *ret_noun, uint32_t *ret_number);

/* Lists that join the answer. 0 or < 0. */
int station_late(struct report *report, json_t *result);
int station_burn_down(struct report *report, json_t *result);
int station_without(struct report *report, json_t *result);
