/* The volunteers. What the stream asks about each of them day by day is kept in eight bytes;
 * everything else is drawn again from the seed when it is to be written. How much people serve is
 * very uneven, as in life: a quarter never comes, most come a few times a year, some every week and
 * a handful nearly every day. The shares stand in one table in people.c. */
#pragma once

#include "identity.h"
#include "organisations.h"
#include "schedule.h"

#define MAX_VOLUNTEERS 5000000u
#define NO_EMPLOYER UINT16_MAX
#define AVERAGE_VIGOUR 128u

enum person_flags {
    PERSON_MINOR = 1,
    PERSON_WITHDRAWS = 2,        /* on some day; serves only long before it */
    PERSON_IN_SERVICE = 4,       /* a Party member, with an employer */
    PERSON_CHANGES_EMPLOYER = 8, /* on some day */
};

struct person {
    uint16_t region;
    uint16_t employer; /* or NO_EMPLOYER */
    uint8_t zeal;      /* row of the table */
    uint8_t vigour;    /* AVERAGE_VIGOUR: as its row says */
    uint8_t flags;
    uint8_t week; /* of the year of service in which they register; 0: before it */
};

struct people {
    const struct plan *plan;
    const struct regions *regions;
    const struct organisations *organisations;
    struct person *items;
    struct identities identities; /* taken so far */
    /* How many register: per region down to the counties and per organisation, and of these the
     * Party members in service. */
    uint32_t *of_region;
    uint32_t *of_employer;
    uint32_t *party_of_region;
    uint32_t *party_of_employer;
};

/* How people of one row of the table serve. */
struct zeal {
    uint32_t per_10000;         /* of all volunteers */
    uint32_t daily_per_1000000; /* that they serve on an average day */
    uint32_t second_per_1000;   /* that they serve a second time on such a day */
    uint32_t choices;           /* of so many activities they take the longest */
    bool steady;                /* little moved by season and weekday */
};

void people_init(struct people *people, const struct plan *plan, const struct regions *regions,
                 const struct organisations *organisations);
void people_deinit(struct people *people);

size_t zeal_count(void);
const struct zeal *zeal_at(size_t row);
/* Has withdrawn by then, or will so soon that no record can come after it. */
bool person_is_leaving(const struct people *people, uint32_t volunteer, uint32_t day);

/* The day on which they register; 0: before the first day of service. */
uint32_t person_registers_on(const struct people *people, uint32_t volunteer);

void field_volunteer(struct output *out, const char *name, uint32_t volunteer);
/* volunteer.registered for each who comes before the first day, spread evenly from `moment` to
 * `until`. */
void people_register(struct people *people, struct output *out, uint32_t moment, uint32_t until);
/* The same without a word: what comes later is as if they had been written. */
void people_pass_over(struct people *people);
void person_register(struct people *people, struct output *out, uint32_t volunteer,
                     uint32_t moment);
/* Puts the day's registrations, updates and withdrawals into the schedule. */
void people_plan_day(const struct people *people, struct schedule *schedule, uint32_t day);
void person_update(const struct people *people, struct output *out, const struct entry *entry);
/* Writes an entry of kind ENTRY_WITHDRAWN or ENTRY_DIED. */
void person_leave(struct output *out, const struct entry *entry);
