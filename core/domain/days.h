/* The city's calendar: which days are worked. A day that nobody set is a workday from Monday to
 * Friday and a day of rest otherwise. Threads: the view's owner. */
#pragma once

#include "domain/context.h"

struct day {
    enum DAY_KIND_choice kind;
    bool set;        /* by calendar.day_set */
    struct str name; /* borrowed from the row; size 0: none */
};

/* What a day is that nobody set. */
enum DAY_KIND_choice day_usual_kind(int32_t date);
int day_get(struct view *view, int32_t date, struct day *ret_day);
/* The n-th workday after the date (n >= 1), or the date itself for 0; looks at most ten years
 * ahead: > 0 where there are not so many. */
int day_after_workdays(struct view *view, int32_t date, uint32_t n, int32_t *ret_date);
