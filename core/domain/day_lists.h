/* Lists by day: what a midnight's run has to look at, so that nobody is looked at in vain. Each
 * table of this form has under (day, n) the n-th number of that day's list, and under n 0 how many
 * there are. Threads: the view's owner. Errors: as things.h. */
#pragma once

#include "domain/things.h"

/* How many; 0 where there is no list. */
int day_list_count(struct view *view, enum table table, int32_t date, uint32_t *ret_n);
/* The n-th, from 1. THING_NOT_FOUND: there is none, or it was dropped. */
int day_list_get(struct view *view, enum table table, int32_t date, uint32_t n,
                 uint32_t *ret_number);

/* ---- for apply functions ---- */

int day_list_add(struct context *context, enum table table, int32_t date, uint32_t number);
/* Those after `from` up to `to` were looked at; with `done` the list goes. */
void day_list_drop(struct context *context, enum table table, int32_t date, uint32_t from,
                   uint32_t to, bool done);
