/* So many of each thousand volunteers in a year: which items of a subject fall on a day, and whom
 * each is about. Items are numbered from 0 on; those of one year are about different people,
 * because each has its part of the volunteers to itself. Threads: pure functions. */
#pragma once

#include "people.h"
#include "random.h"

#define NO_PERSON UINT32_MAX
#define SHARE_YEAR 365u

/* Items in a year: at least one. */
uint32_t share_of_year(const struct plan *plan, uint32_t per_10000);
/* How many fall on the day, the days of service counted from `from` on, and the first one's number.
 */
uint32_t share_of_day(uint32_t in_a_year, uint32_t from, uint32_t day, uint32_t *ret_first);
/* An adult of these rows of zeal in the item's part of the volunteers, who was there before the
 * first day and stays; NO_PERSON where there is none. */
uint32_t share_person(const struct people *people, struct random *random, uint32_t item,
                      uint32_t items, uint32_t least_zeal, uint32_t most_zeal);
