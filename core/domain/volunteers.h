/* Volunteers: a hot row of fixed size for what every event reads and changes; attributes as a
 * thing. */
#pragma once

#include "domain/things.h"

enum volunteer_state {
    VOLUNTEER_REGISTERED,
    VOLUNTEER_HELD,
    VOLUNTEER_WITHDRAWN,
    VOLUNTEER_DECEASED,
    VOLUNTEER_MERGED /* was somebody else's second registration: see merges.h */
};

struct volunteer_row {
    uint32_t region;
    uint32_t employer;   /* 0: none */
    uint32_t minutes;    /* accepted, all time */
    uint32_t n_accepted; /* records */
    uint32_t n_held;
    int32_t registered_on;    /* date */
    int32_t withdrawn_on;     /* date of withdrawal or death, 0: neither */
    int32_t first_service_on; /* dates of accepted service, 0: none */
    int32_t last_service_on;
    int32_t born;        /* month number; INT32_MIN: not known */
    int32_t stars_since; /* date, 0: never changed */
    uint32_t n_star_changes;
    uint32_t referred_by;
    uint8_t stars;
    uint8_t state;            /* enum volunteer_state */
    uint8_t sex;              /* choice + 1; 0: not known */
    uint8_t party_status;     /* choice + 1; 0: not known */
    uint32_t carried_minutes; /* of earlier years, from other systems; not in minutes */
    uint32_t n_postings;      /* entries of the ledger */
    uint32_t last_posting;    /* the newest of them; each names the one before. 0: none */
    /* A run of a new acceptance rule credited less than an earlier one had: these stars stay while
     * there are so many minutes, carried ones with them (engine/decide_keep.c). */
    uint32_t minutes_kept;
    uint8_t stars_kept;     /* 0: none */
    uint8_t standing;       /* STANDING_choice as it was said: see volunteer_standing */
    uint8_t occupation;     /* place among the counted ones + 1; 0: not known (people_mix.h) */
    uint8_t marks;          /* MARK_... of people_mix.h */
    int32_t standing_since; /* date, 0: never changed */
    int32_t standing_until; /* last day of a suspension, 0: no end */
};

/* Withdrawn, dead or merged: nothing that begins after that day is theirs. */
static inline bool volunteer_has_left(const struct volunteer_row *row) {
    return row->state == VOLUNTEER_WITHDRAWN || row->state == VOLUNTEER_DECEASED ||
           row->state == VOLUNTEER_MERGED;
}
/* What holds on that day; of whoever has left: deregistered. See standing.h. */
enum STANDING_choice volunteer_standing(const struct volunteer_row *row, int32_t on);
int volunteer_get(struct view *view, uint32_t volunteer, struct volunteer_row *ret_row);
void volunteer_put(struct context *context, uint32_t volunteer, const struct volunteer_row *row);
/* Puts the row and moves the counters where state, stars, residence, employer or party status
 * differ. */
int volunteer_replace(struct context *context, uint32_t volunteer,
                      const struct volunteer_row *before, const struct volunteer_row *after);
/* Whole years on a date, from the last day of the birth month; -1: not known. */
int32_t volunteer_age(const struct volunteer_row *row, int32_t on);
/* The volunteer with this identity (keyed hash), or THING_NOT_FOUND. */
int volunteer_by_identity(struct view *view, struct str match, uint32_t *ret_volunteer);
/* For apply functions: what is sealed about a person lies under one slot, so that erasing the
 * person ends all of it. The event's blobs may be the first such thing. */
int volunteer_keep_slot(struct context *context, uint32_t volunteer);
/* For apply functions: the volunteer named, in a state in which something may still happen. */
int volunteer_open(struct context *context, struct str id, uint32_t *ret_number,
                   struct volunteer_row *ret_row);
/* The same; held is no such state either. */
int volunteer_open_registered(struct context *context, struct str id, uint32_t *ret_number,
                              struct volunteer_row *ret_row);
/* The same of the person that a field names. */
int volunteer_open_at(struct context *context, struct str id, const char *field,
                      uint32_t *ret_number, struct volunteer_row *ret_row);
/* > 0 with wrong_state that names the other id, where the person was merged. */
int volunteer_refuse_merged(struct context *context, uint32_t volunteer,
                            const struct volunteer_row *row, struct str id, const char *field);
/* The identity of the one leads to the other from now on. */
int volunteer_give_identity(struct context *context, uint32_t from, uint32_t to);
