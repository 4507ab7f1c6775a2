/* A plain model of people, units, activities and records: what there is, and what must be counted
 * of it. */
#pragma once

#include "network_fixture.h"

#define DAYS 25
#define REGIONS 8
#define UNITS 3
#define PEOPLE 7
#define ACTIVITIES 5
#define RECORDS 12
#define MONTHS 2

enum {
    R_CITY,
    R_QINZHOU,
    R_MAIJI,
    R_STREET,
    R_STREET_2,
    R_COMMUNITY,
    R_COMMUNITY_2,
    R_COMMUNITY_3
};

struct person {
    bool exists;
    enum volunteer_state state;
    int region, employer, stars; /* -1: none */
    bool in_service;
};
struct unit {
    bool dissolved;
    int region, level, reported; /* -1: none */
    int64_t staff;
};
struct activity {
    bool exists;
    bool cancelled, closed;
    int region, unit, month;
};
struct service {
    bool exists, carried;
    enum record_state state;
    int region, unit, month, minutes;
    int corrected, revoked; /* times while it counted */
};
/* What is compared: all counters, and minutes, records, activities of each month. */
struct counted {
    struct counter_row row;
    int64_t months[MONTHS][3];
};

struct model {
    struct world *world;
    uint64_t random;
    int day;
    unsigned n_codes;
    struct {
        char code[13];
        int parent;
    } regions[REGIONS];
    struct unit units[UNITS];
    struct person people[PEOPLE];
    struct activity activities[ACTIVITIES];
    struct service records[RECORDS];
    struct counted past[DAYS][REGIONS + UNITS];
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

/* ---- counting plainly; `at` is a region, or REGIONS + a unit ---- */

static inline bool is_at(const struct model *model, int at, int region, int unit) {
    return at < REGIONS ? lies_in(model, region, at) : unit == at - REGIONS;
}

static inline int64_t employees(const struct model *model, int unit) {
    int64_t n = 0;
    for (int i = 0; i < PEOPLE; i++)
        n += model->people[i].exists && model->people[i].employer == unit &&
             model->people[i].state == VOLUNTEER_REGISTERED;
    return n;
}

static inline void count_units(const struct model *model, int at, struct counter_row *row) {
    for (int i = 0; i < UNITS; i++) {
        const struct unit *unit = &model->units[i];
        if (unit->dissolved || unit->level < 0 || at >= REGIONS ||
            !lies_in(model, unit->region, at))
            continue;
        row->value[COUNTER_units_county + unit->level]++;
        row->value[COUNTER_units_without_staff_county + unit->level] += unit->staff < 0;
        row->value[COUNTER_unit_staff_county + unit->level] += unit->staff < 0 ? 0 : unit->staff;
        row->value[COUNTER_unit_volunteers_county + unit->level] +=
            unit->staff < 0 ? 0 : employees(model, i);
    }
}

static inline void count_people(const struct model *model, int at, struct counter_row *row) {
    for (int i = 0; i < PEOPLE; i++) {
        const struct person *person = &model->people[i];
        if (!person->exists || person->state != VOLUNTEER_REGISTERED ||
            !is_at(model, at, person->region, person->employer))
            continue;
        row->volunteers++;
        row->in_service_party_members += person->in_service;
        row->value[COUNTER_STARS + person->stars]++;
        row->without_sex++; /* nothing else is known of anybody here */
        row->without_education++;
        row->without_skills++;
        row->without_identity++;
    }
}

static inline void count_records(const struct model *model, int at, struct counted *sum) {
    for (int i = 0; i < RECORDS; i++) {
        const struct service *record = &model->records[i];
        if (!record->exists || !is_at(model, at, record->region, record->unit))
            continue;
        sum->row.held += record->state == RECORD_HELD;
        sum->row.records_corrected += record->corrected;
        sum->row.records_revoked += record->revoked;
        if (record->state != RECORD_ACCEPTED)
            continue;
        if (record->carried) {
            sum->row.carried_minutes += record->minutes;
            continue;
        }
        sum->row.minutes += record->minutes;
        sum->row.records++;
        sum->months[record->month][0] += record->minutes;
        sum->months[record->month][1]++;
    }
}

static inline struct counted count(const struct model *model, int at) {
    struct counted sum;
    memset(&sum, 0, sizeof sum);
    count_units(model, at, &sum.row);
    count_people(model, at, &sum.row);
    count_records(model, at, &sum);
    for (int i = 0; i < ACTIVITIES; i++) {
        const struct activity *activity = &model->activities[i];
        if (!activity->exists || activity->cancelled ||
            !is_at(model, at, activity->region, activity->unit))
            continue;
        sum.row.activities++;
        sum.months[activity->month][2]++;
    }
    return sum;
}
