/* A volunteer's accepted service as facts: sums and lists over person-months. What a person-month
 * does not tell (activity, organisation, role, quantities) is read from its records, month by month
 * of what is asked. Threads: the host's owner. */
#pragma once

#include "policy/object.h"

/* Steps of the budget for each month that is read. */
#define SERVICE_MONTH_STEPS 20

/* The record that is asked about is left out. */
int service_minutes(struct reading *reading, struct minutes_filter *filter, int64_t *ret_minutes);
/* First and last month of what is asked; an empty range where there was no service. */
void service_months(const struct reading *reading, int32_t *ret_first, int32_t *ret_last);

/* Readers: volunteer:records{from, to, limit}, newest first; volunteer:months_active{from, to};
 * volunteer:quantity{name, from, to}, by the records' first days. */
int service_records(struct reading *reading);
int service_months_active(struct reading *reading);
int service_quantity(struct reading *reading);
/* volunteer:minutes where an activity, project, organisation, role or region is asked for. */
#define SERVICE_OF_RECORDS                                                                         \
    ((unsigned)(ARGUMENT_ACTIVITY | ARGUMENT_PROJECT | ARGUMENT_ORGANISATION | ARGUMENT_ROLE |     \
                ARGUMENT_REGION))
int service_minutes_of_records(struct reading *reading, int64_t *ret_minutes);
