/* Open calls: on Saturday mornings before anything else begins, a few places each, published the
 * Sunday before. People enrol, more than there are places; some take it back and whoever waits
 * moves up; those who are accepted sign in and out by telephone, one stays away; the served and the
 * organiser rate it, and the next day it is closed. Nothing is kept: a call is drawn from the seed
 * and its number. */
#pragma once

#include "organisations.h"
#include "shares.h"

struct calls {
    const struct people *people;
    uint32_t on_a_day; /* calls of a Saturday */
};

void calls_init(struct calls *calls, const struct people *people);
void calls_plan_day(const struct calls *calls, struct schedule *schedule, uint32_t day);
/* The first day of calls that is not before this one, and the number of one of them. */
uint32_t call_day_after(const struct calls *calls, uint32_t day);
uint32_t call_number(const struct calls *calls, uint32_t day, uint32_t index);
void field_call(struct output *out, const char *name, uint32_t number);
void call_write(const struct calls *calls, struct output *out, const struct entry *entry);
