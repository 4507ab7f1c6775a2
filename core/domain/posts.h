/* Posts (岗位): places of duty that volunteers claim (认岗定责): an estate, a road section with its
 * bounds (划段包干), a crossing. A claim is an enrolment (enrolments.h): made by the person, it is
 * decided at once; made by a team or an employer, it waits until the person accepts it
 * (post.accepted) or declines (post.released), since nobody is put on a post. Duty at a post is in
 * duties.h.
 *
 * A post that is closed asks for no duty any more and takes no claims; what was claimed stays as it
 * was, for post.defined opens it again. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* Numbers stand in rows and are for ever. */
enum post_state { POST_OPEN, POST_CLOSED, POST_STATES };

struct post_row {
    uint32_t region;
    uint32_t places; /* 0: no limit */
    uint32_t n_accepted;
    uint32_t n_waitlisted;
    uint32_t organisation; /* 0: none */
    uint32_t n_duties;     /* done, ever */
    uint32_t n_days;       /* duty days that are over */
    uint32_t n_missed;     /* of those */
    uint32_t n_findings;   /* duties that found something */
    uint32_t n_revoked;    /* duties whose record was revoked: nobody was there */
    uint32_t campaign;     /* 0: of none */
    int32_t due_on;        /* the next day to be looked at when it is over; 0: none */
    int32_t last_duty_on;  /* 0: never */
    int32_t missed_on;     /* the newest day that was missed; 0: never */
    int32_t overdue_since; /* the first day missed since somebody was there; 0: not overdue */
    uint8_t kind;          /* POST_KIND_choice */
    uint8_t state;         /* enum post_state */
    uint8_t has_responsible;
    uint8_t spare;
};
_Static_assert(sizeof(struct post_row) == 64, "a row has no gaps");

int post_get(struct view *view, uint32_t post, struct post_row *ret_row);
int post_region(struct view *view, uint32_t post, uint32_t *ret_region);
/* ENROLMENT_UNLIMITED (> 0) where it has no limit. */
int post_places_left(struct view *view, uint32_t post, uint32_t *ret_places);

/* ---- for apply functions ---- */

/* Its organisation was dissolved; the post is the successor's, where it is that one's. */
int post_pass_on(struct context *context, uint32_t post, uint32_t from, uint32_t to);
/* Claims came into these states (or left them). */
int post_count(struct context *context, uint32_t post, int32_t accepted, int32_t waitlisted);
/* Puts the row and moves the counters where what is counted of it differs. */
int post_replace(struct context *context, uint32_t post, const struct post_row *before,
                 const struct post_row *after);
/* > 0 with wrong_state where it is closed. */
int post_require_open(struct context *context, const struct post_row *row, struct str id);
/* The claim of the person named, as it stands. > 0 with unknown_post, unknown_volunteer, or
 * wrong_state where the person never claimed it. */
struct enrolment;
int post_find_claim(struct context *context, struct str post, struct str volunteer,
                    uint32_t *ret_number, struct enrolment *ret_claim);
