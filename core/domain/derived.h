/* Records made from attendance: a check-out and the check-in before it are a stay, and each day of
 * it becomes a record of its own (service.derived), named by the daemon, of whoever holds the
 * activity. Duty at a post (duties.h) is a stay there, of the organisation whose post it is. From
 * there on it is a record like any other: accepted, held or refused by the city's rule, reviewed,
 * corrected, revoked. A check-in without its check-out gives none.
 *
 * Threads: the view's owner. Errors: as things.h. */
#pragma once

#include "domain/things.h"

/* Who stays longer without checking out forgot to. */
#define STAY_DAYS_LIMIT 7

struct stay {
    uint32_t volunteer;
    uint32_t activity; /* 0: it was duty at a post */
    uint32_t post;     /* 0: it was at an activity */
    uint32_t
        organisation; /* that holds the activity, or whose team does; whose post it is; 0: none */
    struct str shift; /* none: the activity as a whole */
    int64_t starts_s;
    int64_t ends_s;
    enum METHOD_choice method; /* the weaker one of check-in and check-out */
    uint64_t sequence;         /* of the check-out */
};
/* The last one of an enrolment. THING_NOT_FOUND: the last step is no check-out after a check-in. */
int stay_last(struct view *view, uint32_t enrolment, struct arena *arena, struct stay *ret_stay);

/* What a record has of how somebody's being there was told (ATTENDANCE_METHOD_choice). */
enum METHOD_choice stay_method(uint8_t method);

/* ---- for apply functions ---- */

/* Somebody checked out: what the stay gives is asked for. */
void stay_ask(struct context *context, uint32_t enrolment);
