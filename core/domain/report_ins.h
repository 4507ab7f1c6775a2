/* Reporting in (党员报到): where a Party member in service has reported, by the unit he or she
 * works for, received by whom. One row a person: who reports in at another community, or for
 * another unit, after a change of employment, has reported in there from then on.
 *
 * It is counted of the unit and of the community while the person is registered, a member in
 * service and employed there: whoever leaves is asked for no more, and is not counted either.
 * Threads: the view's owner. Errors: as things.h. */
#pragma once

#include "domain/volunteers.h"

struct report_in_row {
    uint64_t sequence; /* of party_member.reported_in */
    uint32_t employer;
    uint32_t region;
    int32_t on;
    uint8_t paired; /* 1: the unit looked after that place then (pairings.h) */
    uint8_t spare[3];
};
_Static_assert(sizeof(struct report_in_row) == 24, "a row has no gaps");

struct report_in {
    struct report_in_row row;
    struct str received_by; /* borrowed from the row */
};

int report_in_get(struct view *view, uint32_t volunteer, struct report_in *ret_report);
/* Whether the person is to report in: registered, in service, with an employer. */
bool report_in_is_owed(const struct volunteer_row *person);
/* Whether the person has reported in for the unit that employs him or her now. */
int report_in_stands(struct view *view, uint32_t volunteer, const struct volunteer_row *person,
                     bool *ret_stands);

/* ---- for apply functions ---- */

/* A person who has reported in is another now. */
int report_in_follow(struct context *context, uint32_t volunteer,
                     const struct volunteer_row *before, const struct volunteer_row *after);
/* A merge: the one's is the other's, unless that one has reported in as well. */
int report_in_move(struct context *context, uint32_t from, uint32_t into);
