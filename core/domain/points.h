/* Points: what the rules of kind `points` grant and take back (points.posted), what clerks adjust
 * by hand (points.adjusted), what stands of each record, and what is withheld because a rule
 * failed, to be asked again. Entries and balances themselves are the ledger's. Threads: the view's
 * owner. */
#pragma once

#include "domain/ledger.h"

/* An entry of the ledger that a record caused and that was not taken back. */
struct standing {
    uint32_t volunteer;
    uint32_t posting;
    uint32_t revision; /* number of the one that granted it; 0: not known */
    int64_t taken;     /* of its amount that was taken back already */
};
/* Of a record: an empty list where nothing stands. */
int standing_get(struct view *view, uint32_t record, struct cursor *ret_list);
bool standing_next(struct cursor *list, struct standing *ret_standing);

/* A rule's answer that is missing. Numbered in order; those up to withheld_done were asked again.
 */
struct withheld {
    uint64_t sequence; /* of points.withheld */
    uint32_t volunteer;
    uint32_t record;   /* 0: the volunteer was the subject */
    int32_t date;      /* of the question */
    uint32_t event;    /* enum event_number: what the question was raised by */
    struct str policy; /* name */
};
int withheld_get(struct view *view, uint32_t n, struct withheld *ret_withheld);
int withheld_decode(struct str row, struct withheld *ret_withheld); /* a row's bytes: 0, or > 0 */
uint32_t withheld_last(struct view *view);
uint32_t withheld_done(struct view *view);

/* ---- for apply functions ---- */

/* The numbers after `from` up to `to` were asked again, and stand further back on the list where
 * the rule failed once more. */
void withheld_drop(struct context *context, uint32_t from, uint32_t to);
/* The record became accepted, or was and is no longer, or its credit may have changed. */
void points_ask_record(struct context *context, uint32_t record, int32_t date);
/* Something happened to the person for which rules may grant points. */
void points_ask_volunteer(struct context *context, uint32_t volunteer, enum event_number event);
/* A points rule was activated: asks again for what is withheld, by a run. */
int points_ask_again(struct context *context, uint32_t revision);
