/* Rows with a past: before the first change of a day (of recorded time, in the city's zone) what a
 * row held is kept in a table beside it, under the last day on which it was changed. A day without
 * changes costs nothing, and neither does midnight; what stood at the end of a past day is the row
 * itself, or one look into what was kept.
 *
 * Such a row begins with its two days, as signed varints; its key in the table of the past is its
 * own with the day behind it, turned round, so that later days come first. Threads: the view's
 * owner. Memory: rows are borrowed, as view_get says. */
#pragma once

#include "domain/context.h"

#define PAST_KEY_LIMIT 16 /* bytes of the row's own key */

struct row_days {
    int32_t changed_on; /* the recorded day it was last changed on */
    int32_t kept_on;    /* the day under which what it was before that is kept; 0: none */
};
struct row_days row_days(struct str row);

/* For whoever is about to replace the row (size 0: there is none yet): keeps it where this is its
 * first change of the day. Returns the days that the new row begins with. */
struct row_days past_keep(struct context *context, enum table past, struct str key, struct str row);

/* From the row that stands to the one that stood at the end of that day. 0; PAST_NONE: there was
 * none then; < 0. */
enum { PAST_NONE = 1 };
int past_find(struct view *view, enum table past, struct str key, int32_t at, struct str *row);
