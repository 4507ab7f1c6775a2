/* A plain model of the organisation network: what there is, and what must be counted of it. */
#pragma once

#include "network_fixture.h"

#include "domain/stations.h"
#include "domain/teams.h"

#define REGIONS 7
#define ORGANISATIONS 3
#define STATIONS 6
#define TEAMS 6
#define PROJECTS 5
#define PEOPLE 4
#define DAYS 40

enum { R_CITY, R_QINZHOU, R_MAIJI, R_STREET, R_STREET_2, R_COMMUNITY, R_COMMUNITY_2 };

struct model_region {
    char code[13];
    int parent;
};
struct model_organisation {
    bool dissolved;
    int region, level; /* of the title; -1: none */
    int64_t staff;     /* -1: not known */
    int reported;      /* the day of the last report */
};
struct model_station {
    bool exists;
    enum station_state state;
    unsigned parts;
    int region;
};
struct model_team {
    bool exists, dissolved;
    bool own_region;          /* said, not its organisation's */
    int region, organisation; /* -1: none */
    unsigned members;         /* bits of people */
};
struct model_project {
    bool exists, closed;
    int organisation;
};
struct model_person {
    enum volunteer_state state;
    int region, employer; /* -1: none */
};

struct model {
    struct world *world;
    uint64_t random;
    int day;
    unsigned n_codes;
    struct model_region regions[REGIONS];
    struct model_organisation organisations[ORGANISATIONS];
    struct model_station stations[STATIONS];
    struct model_team teams[TEAMS];
    struct model_project projects[PROJECTS];
    struct model_person people[PEOPLE];
    struct counter_row past[DAYS][REGIONS];
    struct counter_row past_of[DAYS][ORGANISATIONS];
};

static inline int pick(struct model *model, int n) {
    model->random = model->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)(model->random >> 33) % n;
}

static inline bool lies_in(const struct model *model, int region, int above) {
    for (; region >= 0; region = model->regions[region].parent)
        if (region == above)
            return true;
    return false;
}

static inline int64_t employees(const struct model *model, int organisation) {
    int64_t n = 0;
    for (int i = 0; i < PEOPLE; i++)
        n += model->people[i].employer == organisation &&
             model->people[i].state == VOLUNTEER_REGISTERED;
    return n;
}

static inline void count_units(const struct model *model, int region, struct counter_row *sum) {
    for (int i = 0; i < ORGANISATIONS; i++) {
        const struct model_organisation *o = &model->organisations[i];
        if (o->dissolved || o->level < 0 || !lies_in(model, o->region, region))
            continue;
        sum->value[COUNTER_units_county + o->level]++;
        sum->value[COUNTER_units_without_staff_county + o->level] += o->staff < 0;
        if (o->staff < 0)
            continue;
        sum->value[COUNTER_unit_staff_county + o->level] += o->staff;
        sum->value[COUNTER_unit_volunteers_county + o->level] += employees(model, i);
    }
}

static inline void count_stations(const struct model *model, int region, struct counter_row *sum) {
    for (int i = 0; i < STATIONS; i++) {
        const struct model_station *s = &model->stations[i];
        if (!s->exists || s->state == STATION_CLOSED || !lies_in(model, s->region, region))
            continue;
        sum->stations_planned++;
        sum->stations_built += s->state >= STATION_BUILT;
        sum->stations_opened += s->state == STATION_OPENED;
        sum->stations_staff += s->parts & 1;
        sum->stations_funds += s->parts >> 1 & 1;
        sum->stations_venue += s->parts >> 2 & 1;
        sum->stations_team += s->parts >> 3 & 1;
    }
}

/* Nothing is known of anybody here. */
static inline void count_unknown(struct counter_row *sum) {
    sum->stars_0 = sum->volunteers;
    sum->without_sex = sum->without_education = sum->without_skills = sum->without_identity =
        sum->volunteers;
}

static inline struct counter_row count_region(const struct model *model, int region) {
    struct counter_row sum = {0};
    count_units(model, region, &sum);
    count_stations(model, region, &sum);
    for (int i = 0; i < TEAMS; i++)
        sum.teams += model->teams[i].exists && !model->teams[i].dissolved &&
                     lies_in(model, model->teams[i].region, region);
    for (int i = 0; i < PROJECTS; i++)
        sum.projects +=
            model->projects[i].exists && !model->projects[i].closed &&
            lies_in(model, model->organisations[model->projects[i].organisation].region, region);
    for (int i = 0; i < PEOPLE; i++)
        sum.volunteers += model->people[i].state == VOLUNTEER_REGISTERED &&
                          lies_in(model, model->people[i].region, region);
    count_unknown(&sum);
    return sum;
}

static inline struct counter_row count_organisation(const struct model *model, int organisation) {
    struct counter_row sum = {0};
    for (int i = 0; i < TEAMS; i++)
        sum.teams += model->teams[i].exists && !model->teams[i].dissolved &&
                     model->teams[i].organisation == organisation;
    for (int i = 0; i < PROJECTS; i++)
        sum.projects += model->projects[i].exists && !model->projects[i].closed &&
                        model->projects[i].organisation == organisation;
    sum.volunteers = employees(model, organisation);
    count_unknown(&sum);
    return sum;
}
