/* Who serves when, and what becomes of it: shifts of one day, entered at once, in the evening or
 * days later; few so late that they are held and reviewed; few corrected or revoked afterwards.
 * Nobody's shifts overlap. Memory: counters only; what is still to be entered stands in the
 * schedule. */
#pragma once

#include "activities.h"
#include "faults.h"
#include "people.h"

struct services {
    const struct plan *plan;
    const struct regions *regions;
    const struct people *people;
    const struct activities *activities;
    struct schedule *schedule;
    struct faults faults;
    uint32_t n_records;
};

/* The shifts of the day on which `activities` is open, into the schedule. */
void services_plan_day(struct services *services, uint32_t day);
/* Writes an entry of kind ENTRY_RECORDED, ENTRY_REVIEWED, ENTRY_CORRECTED, ENTRY_REVOKED,
 * ENTRY_DISPUTED or ENTRY_SETTLED. */
void service_write(struct services *services, struct output *out, const struct entry *entry);
