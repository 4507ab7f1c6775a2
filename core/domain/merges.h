/* Two registrations of one person become one (volunteer.merged): the other's whole history passes
 * to the survivor, and the other id says from then on whose it is.
 *
 * What stands in one row for a person, and what is owed and owned, passes within the event. Service
 * and enrolments, of which there may be thousands, pass by a run (RUN_MERGE): first the months,
 * oldest first, each record whole, then the enrolments. Applying run.progressed moves them: nothing
 * is decided, so no decision stands in the journal for each. When it is done, a second run
 * (RUN_MERGED) asks what only a rule can say: whether a record still counts that overlaps one of
 * the survivor's, and how many stars the survivor has.
 *
 * What was decided stays where it was decided: entries of the ledger, star changes, redemptions and
 * honours of the merged one are that one's, and readers of a person's history go through
 * merged_each, too. Threads: the view's owner. */
#pragma once

#include "domain/volunteers.h"

struct merged_row {
    uint32_t into;
    int32_t on;
    uint64_t sequence;
    uint32_t ordinal; /* which of the survivor's merges it was, from 1 */
    uint32_t spare;
};

/* THING_NOT_FOUND: was never merged. */
int merged_get(struct view *view, uint32_t volunteer, struct merged_row *ret_row);
/* Whoever the person is now: *volunteer itself where it was never merged. */
int volunteer_survivor(struct view *view, uint32_t *volunteer);
/* Those who were merged into the person, in that order; of those who were merged into one of them,
 * too. `each` returns 0 to go on; what ends the walk is returned. */
int merged_each(struct view *view, uint32_t volunteer, int (*each)(void *context, uint32_t merged),
                void *context);
/* How many records of that one overlap the survivor's; and the n-th of them, from 1. */
int merged_overlaps(struct view *view, uint32_t merged, uint32_t *ret_count);
int merged_overlap(struct view *view, uint32_t merged, uint32_t n, uint32_t *ret_record);

/* ---- for apply functions ---- */

/* The run walks numbers: months of service from MERGE_FIRST_MONTH on, then enrolments. */
#define MERGE_FIRST_MONTH (1970 * 12)
/* Those after `from` up to `to` pass to the survivor; with `done` what is to be asked is asked. */
int merge_progressed(struct context *context, uint32_t merged, uint32_t from, uint32_t to,
                     bool done);
/* How many rows the n-th step moves. 0 or < 0. */
int merge_weight(struct view *view, uint32_t merged, uint32_t n, uint32_t *ret_rows);

/* ---- for the export: a row's key begins with one of these ---- */

enum merged_list { MERGED_INTO, MERGED_FROM, MERGED_OVERLAPS };
