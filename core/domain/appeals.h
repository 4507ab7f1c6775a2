/* Appeals (申诉): against a suspension or deregistration, or against a record that was refused or
 * revoked. One may be filed until the last day that the decision named, else for
 * APPEAL_DAYS days after it, once about each decision; it is settled by somebody else than who
 * decided. Upheld, it brings back exactly what stood before: standing, counters, or the record with
 * the points and stars that follow from it. What was said is sealed under the person's own key.
 * Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* As long as the law gives for asking an authority to look at its decision again. */
#define APPEAL_DAYS 60

/* Numbers stand in rows and are for ever. */
enum appeal_state {
    APPEAL_FILED,
    APPEAL_SETTLED, /* + APPEAL_OUTCOME_choice */
    APPEAL_STATES = APPEAL_SETTLED + APPEAL_OUTCOME_COUNT
};

struct appeal_row {
    uint32_t subject;
    uint32_t volunteer; /* whom it concerns */
    uint64_t against;   /* sequence of the decision */
    int32_t decided_on;
    int32_t until; /* last day on which it could be filed */
    int32_t filed_on;
    int32_t settled_on; /* 0: not yet */
    uint8_t noun;       /* VOLUNTEER or RECORD */
    uint8_t state;      /* enum appeal_state */
    uint8_t undone;     /* upheld, and the decision still stood */
    uint8_t spare[5];
};

struct appeal {
    struct appeal_row row;
    struct str against_by; /* whose decision it was; none: a rule's. Borrowed from the row */
    struct str settled_by;
};

int appeal_get(struct view *view, uint32_t number, struct appeal *ret_appeal);
/* The newest about a volunteer or a record; 0: there is none. 0 or < 0. */
int appeal_newest(struct view *view, enum noun noun, uint32_t number, uint32_t *ret_appeal);
/* The last day for an appeal against what was decided on a day. */
int32_t appeal_last_day(int32_t said, int32_t decided_on);
