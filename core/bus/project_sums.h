/* What was done in projects: their activities that were not cancelled, and the service there, by
 * one walk over the rows of activities. Threads: that of the query. Memory: the query's arena. */
#pragma once

#include "bus/method.h"

#define PROJECT_MONTHS_LIMIT 64

/* The months that are looked at for going on: so many, up to the last. */
struct project_window {
    int32_t last;
    int32_t n_months; /* PROJECT_MONTHS_LIMIT at most */
};

struct project_sum {
    int64_t activities;
    int64_t records;
    int64_t minutes;
    uint64_t in_months; /* a bit for each month of the window, the last one lowest */
    int32_t months;     /* of the window, with activities */
    int32_t last_month; /* 0: never */
};

/* By number, from 1 to `n`. 0 or < 0. */
int project_sums(struct query *query, const struct project_window *window, uint32_t n,
                 struct project_sum **ret_sums);
/* defined (nothing was done yet), active, closed; and the same in Chinese. */
const char *project_stage(unsigned state, const struct project_sum *sum);
const char *project_stage_label(unsigned state, const struct project_sum *sum);
