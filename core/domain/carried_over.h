/* Totals carried over from earlier years and other systems: records of a kind of their own. They
 * are kept apart from served minutes (no day, no overlap, no daily limit can be known of them), may
 * be corrected and revoked, and are accepted from the start. The list of a person's totals is
 * numbered. Threads: the view's owner. */
#pragma once

#include "domain/records.h"

static inline bool record_is_carried(const struct record_row *row) {
    return row->carried != 0;
}
/* First and last day that the total is about. */
void carried_days(const struct zone *zone, const struct record_row *row, int32_t *ret_from,
                  int32_t *ret_to);
/* The n-th total of a person, from 1, with its record's number; revoked ones among them.
 * THING_NOT_FOUND behind the last. */
int carried_get(struct view *view, uint32_t volunteer, uint32_t n, uint32_t *ret_number,
                struct record *ret_record);

/* ---- for apply functions: what records.c has checked for every record ---- */

int carried_correct(struct context *context, uint32_t number, struct record *record,
                    uint32_t minutes);
int carried_revoke(struct context *context, uint32_t number, struct record *record);
/* All totals of the one are the other's from now on. */
int carried_move(struct context *context, uint32_t from, uint32_t into);
