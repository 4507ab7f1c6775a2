/* What is to be simulated: the command line, checked. Also how the simulation counts time: a
 * `moment` is seconds and a `day` is days since the local midnight SETUP_DAYS before the first day
 * of service, so that neither is ever negative. The city has one offset, +08:00; daylight saving
 * ended in 1991, before any simulated day. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SETUP_DAYS 80u /* regions, organisations and volunteers come into being in these */
#define DAY_S 86400u
#define HOUR_S 3600u
#define MINUTE_S 60u

struct plan {
    uint64_t seed;
    uint32_t n_volunteers;
    uint32_t n_days;
    uint32_t n_organisations;
    int32_t start_date; /* the first day of service, days since 1970-01-01 */
    uint32_t faults_per_10000;
    bool random_ids;
    bool setup;
    const char *divisions; /* file */
};

static inline int32_t plan_date(const struct plan *plan, uint32_t day) {
    return plan->start_date - (int32_t)SETUP_DAYS + (int32_t)day;
}

/* The same day between 8 and 20 o'clock; keeps the order of moments. */
static inline uint32_t moment_in_daytime(uint32_t moment) {
    return moment - moment % DAY_S + 8 * HOUR_S + moment % DAY_S / 2;
}
