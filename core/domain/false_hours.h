/* Records that a check found false, of the volunteer and of whoever entered them: what a rule may
 * take from them afterwards (the shipped one: entries by hand). An entry goes where an appeal is
 * upheld. Threads: the view's owner. */
#pragma once

#include "domain/records.h"

struct false_hours {
    uint32_t n;
    int32_t last_on; /* 0: never */
};

/* Of a volunteer; with what the person had under former registrations. */
int false_hours_of(struct view *view, uint32_t volunteer, struct false_hours *ret_hours);
/* Of a recorder. */
int false_hours_entered_by(struct view *view, struct str person, struct false_hours *ret_hours);

/* ---- for apply functions ---- */

int false_hours_add(struct context *context, uint32_t number, const struct record *record);
/* A merged volunteer's become the survivor's. */
int false_hours_take_over(struct context *context, uint32_t from, uint32_t into);
int false_hours_drop(struct context *context, uint32_t number, const struct record *record);
