/* Standing of volunteers: good, suspended, deregistered. A policy of kind standing changes it by
 * decision, a person by hand (volunteer.suspended, volunteer.restored).
 *
 * A suspension may have a last day. Nothing happens when that day is over: whoever asks for the
 * standing says for which day, and after the last day it is good. So a midnight costs nothing,
 * however many are suspended, and a replay needs no clock.
 *
 * What is suspended by hand a policy may make stricter, not milder; what a policy suspended it may
 * lift. Whoever is deregistered is no longer counted among the registered, and keeps the stars.
 *
 * Threads: the view's owner. */
#pragma once

#include "domain/volunteers.h"

struct standing_row {
    int32_t since;
    int32_t until;       /* last day of a suspension; 0: no end */
    int32_t restored_on; /* the last volunteer.restored, 0: never */
    uint32_t n_changes;
    uint64_t sequence;    /* of the last change */
    int32_t appeal_until; /* last day on which it may be appealed against; 0: see appeals.h */
    /* What stood until the last change: an appeal that is upheld brings it back. */
    int32_t before_since;
    int32_t before_until;
    uint8_t standing; /* as it was said; see volunteer_standing for what holds on a day */
    uint8_t by_hand;
    uint8_t before_standing;
    uint8_t before_by_hand;
};

struct standing_record {
    struct standing_row row;
    struct str reason; /* of a change by hand; borrowed from the row */
    struct str by;     /* who made it, where that was said */
};

/* All zero, good for ever, where nothing was ever said. 0 or < 0. */
int standing_of(struct view *view, uint32_t volunteer, struct standing_record *ret_standing);

/* ---- for apply functions ---- */

/* What happened to the person may change the standing: a policy is asked. */
void standing_ask(struct context *context, uint32_t volunteer);
/* The same of points: where no rule names them, nothing is asked. */
void standing_ask_of_points(struct context *context, uint32_t volunteer);
/* What stood before the last change stands again, exactly: an appeal against it is upheld. What a
 * rule counted for it is not counted once more. */
int standing_undo(struct context *context, uint32_t volunteer);
/* > 0 with wrong_state where the event being applied is none that may happen to a person of that
 * standing, on its day. One table says which. */
int standing_allows(struct context *context, const struct volunteer_row *row, struct str id,
                    const char *field);
/* A merge: where the one's standing is the stricter, it is the other's from now on, for the same
 * reason and as long; then a policy is asked. */
int standing_take_over(struct context *context, uint32_t from, uint32_t into);
