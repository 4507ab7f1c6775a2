/* What stands behind a figure: its parts region by region, and at the end the things that were
 * counted, one by one. Threads: that of the query. Memory: JSON as method.h. Errors: as method.h.
 */
#pragma once

#include "bus/methods_common.h"

#define DRILL_COUNTERS 16

struct drill {
    struct query *query;
    struct query_day day;
    enum noun noun; /* what the figure is about: a region or an organisation */
    uint32_t number;
    enum counter counters[DRILL_COUNTERS]; /* it is the sum of these */
    size_t n_counters;
    bool in_months; /* over whole months, first and last included */
    int32_t from;   /* dates */
    int32_t to;
    bool own; /* of a region: only what lies in none of the regions below it */
};

/* The figure itself, of this region or organisation. */
int drill_value(const struct drill *drill, enum noun noun, uint32_t number, int64_t *ret_value);
/* Whether what the counters count can be listed one by one. */
bool drill_is_listed(const struct drill *drill);
/* Rows [noun, id, name, date, value] of the things into the section, at most `limit` of them. */
int drill_list(const struct drill *drill, json_t *section, size_t limit, bool *ret_more);
