/* Complaints (投诉): filed, referred to who is to settle them, resolved. One about a record is one
 * about the volunteer, too; it asks anew whether the record counts, and either asks the person's
 * standing. What was said is sealed, of a person's under the person's own key. Threads: the view's
 * owner. */
#pragma once

#include "domain/things.h"

/* Numbers stand in rows and are for ever. */
enum complaint_state {
    COMPLAINT_FILED,
    COMPLAINT_REFERRED,
    COMPLAINT_RESOLVED, /* + COMPLAINT_OUTCOME_choice */
    COMPLAINT_STATES = COMPLAINT_RESOLVED + COMPLAINT_OUTCOME_COUNT
};

struct complaint_row {
    uint32_t subject;
    uint32_t volunteer; /* whom it concerns; 0: nobody */
    int32_t filed_on;
    int32_t referred_on; /* 0: never */
    int32_t resolved_on; /* 0: not yet */
    uint8_t noun;        /* of the subject */
    uint8_t state;       /* enum complaint_state */
    uint8_t spare[2];
};

struct complaint {
    struct complaint_row row;
    struct str referred_to; /* none: never; borrowed from the row */
    struct str resolved_by;
};

int complaint_get(struct view *view, uint32_t number, struct complaint *ret_complaint);
/* Not settled yet; and settled as true. */
bool complaint_is_open(enum complaint_state state);
bool complaint_is_upheld(enum complaint_state state);

/* For apply functions: what is on the person's list of complaints concerns that person. */
int complaints_move(struct context *context, uint32_t volunteer);
