/* Applications for stars (依次申请): asked for, judged by the rule of kind star_rating, reviewed
 * where the rule says by whom, noticed where it says for how long; then star.changed follows.
 *
 *   applied -> approved                     the rule asks for no more
 *      |  +--> noticed -> approved          the notice ended
 *      |  +--> pending -> reviewed -> approved | noticed | refused
 *      +-> refused                          by the rule, a reviewer, or while it was noticed
 *
 * Threads: the view's owner. Errors: as things.h. */
#pragma once

#include "domain/things.h"

enum application_state {
    APPLICATION_APPLIED,
    APPLICATION_PENDING,
    APPLICATION_REVIEWED, /* within one event: the rule is asked once more */
    APPLICATION_NOTICED,
    APPLICATION_APPROVED,
    APPLICATION_REFUSED,
    APPLICATION_STATES
};
const char *application_state_text(enum application_state state);

struct application_row {
    uint32_t volunteer;
    uint8_t stars; /* applied for */
    uint8_t state; /* enum application_state */
    uint8_t level; /* who is to approve it: choice + 1; 0: nobody */
    uint8_t spare;
    int32_t on;           /* the day of the application */
    int32_t notice_until; /* the last day of the notice; 0: none */
    uint64_t decided;     /* sequence of the last star.decided or star.reviewed */
};
int application_get(struct view *view, uint32_t application, struct application_row *ret_row);
/* The one that is open; 0: none. */
int application_open_of(struct view *view, uint32_t volunteer, uint32_t *ret_application);

/* The n-th of those whose notice ends on that day. THING_NOT_FOUND: it is done. */
int notice_get(struct view *view, int32_t date, uint32_t n, uint32_t *ret_application);

/* ---- for apply functions ---- */

/* A day is over: a run is to ask about those whose notice ended with it. */
int notices_day_ended(struct context *context, int32_t date);
/* Those after `from` up to `to` were asked about; with `done` the list goes. */
void notices_drop(struct context *context, int32_t date, uint32_t from, uint32_t to, bool done);
