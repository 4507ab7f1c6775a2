/* Simulated cities as files, timed so that a daemon by the machine's clock takes their last weeks
 * as news: records that are entered a month late would be held, and those of tomorrow refused.
 * Threads: one. Errors: fail(). */
#pragma once

#include "workload.h"

#define NEWS_DAYS 29 /* up to yesterday: what is published while something is measured */

struct city_plan {
    const char *simulate; /* the program */
    uint32_t n_volunteers;
    int32_t today; /* in the city, days since 1970-01-01 */
};

int32_t city_today(void);
/* Days of service up to yesterday. */
void city_write(const struct city_plan *plan, uint32_t n_days, bool random_ids, const char *path);
/* Writes the shortest city with so many events before its news and returns its days. */
uint32_t city_write_history(const struct city_plan *plan, size_t n_events, const char *path);
/* Events before the news. */
size_t city_history(const struct city_plan *plan, const struct workload *workload);
