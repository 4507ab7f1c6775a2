/* Who is to come where: enrolments for activities and their shifts, and claims of posts. One row
 * for each person and shift (or post), whatever became of it, numbered in journal order; a person
 * who came without having enrolled has one, too, because attendance hangs on it. Lists lead to them
 * from the pair, from the person and from the activity or post, in their order, so that the engine
 * walks them by number.
 *
 * requested -> (a policy of kind eligibility) accepted, waitlisted, refused -> (a reviewer) another
 * of the three; cancelled or released; requested anew. A claim that a team or an employer makes for
 * somebody is offered until that person accepts it (posts.h). Threads: the view's owner. */
#pragma once

#include "domain/shifts.h"
#include "domain/volunteers.h"

/* Numbers stand in rows and are for ever. */
enum enrolment_state {
    ENROLMENT_NONE, /* came, but never enrolled */
    ENROLMENT_REQUESTED,
    ENROLMENT_ACCEPTED,
    ENROLMENT_WAITLISTED,
    ENROLMENT_REFUSED,
    ENROLMENT_CANCELLED,
    ENROLMENT_OFFERED, /* claimed for the person, who has not accepted yet */
    ENROLMENT_STATES
};

enum absence { ABSENCE_NONE, ABSENCE_UNEXCUSED, ABSENCE_EXCUSED };

struct enrolment_row {
    uint32_t volunteer;
    uint32_t activity;   /* 0: it is a claim of a post */
    uint32_t post;       /* 0: it is for an activity */
    uint32_t n_requests; /* times it was asked for */
    int64_t requested_s; /* the event's time, of the last one; 0: never */
    uint64_t sequence;   /* of that event */
    uint64_t decision;   /* of the last decision, review, cancellation or release; 0: none */
    uint8_t state;
    uint8_t by;      /* ENROLLED_BY_choice */
    uint8_t is_here; /* checked in and not out again */
    uint8_t absence; /* enum absence */
    uint32_t n_check_ins;
    uint32_t waiting;   /* its place on the list of those who waited last; 0: never */
    uint32_t n_changes; /* of its state, since it was asked for first */
};

struct enrolment {
    struct enrolment_row row;
    struct str shift; /* none: the activity as a whole; borrowed from the row */
    struct str agreement;
};

const char *enrolment_state_text(enum enrolment_state state);

int enrolment_get(struct view *view, uint32_t number, struct enrolment *ret_enrolment);
/* Of a person, for an activity (NOUN_ACTIVITY) with that shift, or a post (NOUN_POST). */
int enrolment_find(struct view *view, enum noun noun, uint32_t number, uint32_t volunteer,
                   struct str shift, uint32_t *ret_enrolment);
/* How many rows a person, an activity or a post has; and the n-th of them, from 1. */
int enrolment_count(struct view *view, enum noun noun, uint32_t number, uint32_t *ret_count);
int enrolment_nth(struct view *view, enum noun noun, uint32_t number, uint32_t n,
                  uint32_t *ret_enrolment);
/* How many a person has for one activity or post, a shift each; and the i-th of them, from 0. */
int enrolment_pair_count(struct view *view, enum noun noun, uint32_t number, uint32_t volunteer,
                         uint32_t *ret_count);
int enrolment_pair_nth(struct view *view, enum noun noun, uint32_t number, uint32_t volunteer,
                       uint32_t i, uint32_t *ret_enrolment);
/* Where and when it is: of a post the region alone. */
int enrolment_shift(struct view *view, const struct enrolment *enrolment,
                    struct shift_row *ret_shift);
int enrolment_region(struct view *view, const struct enrolment *enrolment, uint32_t *ret_region);
/* How many may still be accepted beside it; > 0 where there is no limit (a post without places). */
enum { ENROLMENT_UNLIMITED = 2 };
int enrolment_places_left(struct view *view, const struct enrolment *enrolment,
                          uint32_t *ret_places);
/* The same as it is offered to that person: none while others are being moved up who waited. */
int enrolment_places_offered(struct view *view, const struct enrolment *enrolment,
                             uint32_t *ret_places);
/* The person's other accepted enrolments that take place at the same time: fills up to `limit`
 * numbers, returns how many it filled, or < 0. Looks at the newest ENROLMENT_OVERLAPS_LOOKED. */
#define ENROLMENT_OVERLAPS_LOOKED 256
int enrolment_overlaps(struct view *view, uint32_t number, const struct enrolment *enrolment,
                       uint32_t *ret_numbers, size_t limit);

/* ---- for apply functions ---- */

/* The row as it is now, a new one (state NONE) where there is none. Its texts live in the context's
 * arena. */
int enrolment_open(struct context *context, enum noun noun, uint32_t number, uint32_t volunteer,
                   struct str shift, uint32_t *ret_number, struct enrolment *ret_enrolment);
/* At the end of a list of enrolments; waiting.h has some of its own. */
int enrolment_list_add(struct context *context, enum noun noun, uint32_t number,
                       uint32_t enrolment);
void enrolment_put(struct context *context, uint32_t number, const struct enrolment *enrolment);
/* Puts it in that state, with the places that this takes or frees. */
int enrolment_set_state(struct context *context, uint32_t number, struct enrolment *enrolment,
                        enum enrolment_state state);
/* Asked for: the row is put, and a policy is asked. > 0 with wrong_state where it was asked for
 * already; `field` is what was asked for. */
int enrolment_request(struct context *context, uint32_t number, struct enrolment *enrolment,
                      const char *field);
/* > 0 with wrong_state where it was asked for or offered, or is held, already. */
int enrolment_require_none(struct context *context, const struct enrolment *enrolment,
                           const char *field);
/* A decision on one that was asked for. */
int enrolment_decide(struct context *context, uint32_t number, struct enrolment *enrolment,
                     enum ENROLMENT_OUTCOME_choice outcome);
/* The person is not there any more: what still was to come is cancelled, posts are released. */
int enrolments_end(struct context *context, uint32_t volunteer);
/* A merge. The n-th of the one's is the other's from now on; where the other one has one for the
 * same shift, it stays, and leaves its place to that one. When all have passed the list says what
 * is left. */
int enrolment_pass(struct context *context, uint32_t n, uint32_t from, uint32_t into);
int enrolments_passed(struct context *context, uint32_t from);
