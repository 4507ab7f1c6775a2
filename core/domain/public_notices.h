/* Public notices (公示): what is to stand is shown for so many working days, and whoever knows
 * better objects. What a notice is about may be anything; of a record, or of the records of an
 * activity or an organisation, those that were accepted when it was opened and have not changed
 * since become final (service.finalised) when it ends well.
 *
 *   open -> passed               its last day is over: the midnight after it ends it
 *    |  +-> objected -> passed   somebody says so, once the last day is over
 *    +------> refused            at any time
 *
 * A notice that is recorded late counts its days from then. Threads: the view's owner. Errors: as
 * things.h. */
#pragma once

#include "domain/records.h"

enum public_notice_state {
    PUBLIC_NOTICE_OPEN,
    PUBLIC_NOTICE_OBJECTED,
    PUBLIC_NOTICE_PASSED,
    PUBLIC_NOTICE_REFUSED,
    PUBLIC_NOTICE_STATES
};
const char *public_notice_state_text(enum public_notice_state state);

struct public_notice_row {
    uint32_t subject;
    uint32_t region;   /* where it is counted; 0: nowhere */
    uint32_t previous; /* notice about the same; 0: none */
    uint32_t n_objections;
    int32_t from;
    int32_t until;    /* its last day */
    int32_t ended_on; /* 0: not ended */
    uint8_t noun;     /* of the subject */
    uint8_t state;    /* enum public_notice_state */
    uint8_t spare[2];
    uint64_t opened; /* sequence of public_notice.opened */
    uint64_t ended;  /* of public_notice.ended; 0: not */
};
int public_notice_get(struct view *view, uint32_t notice, struct public_notice_row *ret_row);
bool public_notice_is_over(enum public_notice_state state);
/* The newest notice that the record, as it stands, was in: of itself, its activity or its
 * organisation; with `passed` of those alone that ended well. 0: none. */
int public_notice_of(struct view *view, uint32_t number, const struct record_row *record,
                     bool passed, uint32_t *ret_notice);
/* The n-th of those whose last day that is. THING_NOT_FOUND: it is done. */
int public_notice_of_day(struct view *view, int32_t date, uint32_t n, uint32_t *ret_notice);

/* ---- for apply functions ---- */

/* Whether a record became final meanwhile is asked. */
void public_notice_ask(struct context *context, uint32_t record);
/* A day is over: a run is to end those whose last day it was. */
int public_notices_day_ended(struct context *context, int32_t date);
void public_notices_drop(struct context *context, int32_t date, uint32_t from, uint32_t to,
                         bool done);
