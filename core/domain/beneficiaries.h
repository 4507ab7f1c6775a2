/* The people served (帮扶对象): whoever is looked after, with consent and a sealed identity; the
 * care plan, by which somebody comes to see them every so many days; the visits, which are accepted
 * service records that name them, or whose activity does; and the visits that were missed.
 *
 * A visit is due at the end of a day: so many days after the last one, or after the plan was set.
 * Who is due stands on that day's list (domain/day_lists.h); the midnight after it begins a run
 * over the list, which says of each who was not visited that the visit was missed (visit.missed),
 * and when the next is due. From the first visit that was missed to the next visit somebody is
 * overdue. A record that is no longer accepted takes its visit back.
 *
 * Threads: the view's owner. */
#pragma once

#include "domain/records.h"
#include "domain/things.h"

/* Numbers stand in rows and are for ever. */
enum beneficiary_state { BENEFICIARY_ENROLLED, BENEFICIARY_LEFT, BENEFICIARY_STATES };

struct beneficiary_row {
    uint64_t plan_sequence; /* of care_plan.set */
    uint32_t region;
    uint32_t project; /* of the plan; 0: there is none */
    uint32_t n_missed;
    int32_t enrolled_on;
    int32_t left_on;       /* 0: not left */
    int32_t plan_on;       /* the day the plan was set on */
    int32_t last_visit_on; /* 0: never */
    int32_t missed_on;     /* the newest visit that was missed was due on; 0: never */
    int32_t due_on;        /* the last day for the next visit; 0: no plan */
    int32_t overdue_since; /* the day the first visit that was missed was due on; 0: not overdue */
    uint16_t interval_days;
    uint8_t group; /* served group: number of the code + 1; 0: none */
    uint8_t state; /* enum beneficiary_state */
    uint8_t spare[4];
};
_Static_assert(sizeof(struct beneficiary_row) == 56, "a row has no gaps");

struct beneficiary {
    struct beneficiary_row row;
    size_t n_volunteers;    /* of the plan */
    const char *volunteers; /* numbers, borrowed from the row */
};

int beneficiary_get(struct view *view, uint32_t beneficiary, struct beneficiary *ret_beneficiary);
uint32_t beneficiary_volunteer_at(const struct beneficiary *beneficiary, size_t i);
/* The one enrolled with this identity (keyed hash), or THING_NOT_FOUND. */
int beneficiary_by_identity(struct view *view, struct str match, uint32_t *ret_beneficiary);

/* A record that was accepted: the newest of each person are kept, by day. */
struct visit {
    uint32_t record;
    int32_t on;
};
#define VISITS_KEPT 64
struct visits {
    size_t n;
    const char *items; /* borrowed as view_get says */
};
int visits_get(struct view *view, uint32_t beneficiary, struct visits *ret_visits);
struct visit visit_at(const struct visits *visits, size_t i);

/* The n-th of those who are due on that day. THING_NOT_FOUND: it is done. */
int visit_due_get(struct view *view, int32_t date, uint32_t n, uint32_t *ret_beneficiary);
/* Whether a visit is due on that day, or was before. */
bool visit_is_due(const struct beneficiary_row *row, int32_t date);

/* ---- for apply functions ---- */

#define CARE_VOLUNTEERS_LIMIT 50
/* A day is over: a run is to look at those who were due. */
int visits_day_ended(struct context *context, int32_t date);
/* The beneficiary that a record of that day names: > 0 with unknown_beneficiary, or wrong_state of
 * one who had left. */
int visit_require(struct context *context, struct str id, int32_t on);
/* The record counts now, or no longer does. */
int visit_accepted(struct context *context, uint32_t record, const struct record_row *row);
int visit_reversed(struct context *context, uint32_t record, const struct record_row *row);
