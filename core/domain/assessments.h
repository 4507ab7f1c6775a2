/* Who is assessed: the city and its counties, and whoever has a figure reported or holds a
 * civilised title. A numbered list, so that a run can walk it; those who are to be assessed out of
 * turn, by the run that does so; the last known state of each indicator. Threads: the view's owner.
 */
#pragma once

#include "domain/things.h"

struct assessed {
    enum noun noun;
    uint32_t number;
    enum event_number event; /* what made it due; 0 in the list of all */
};

/* The n-th of all, from 1. 0, THING_NOT_FOUND, < 0. */
uint32_t assessed_count(struct view *view);
int assessed_get(struct view *view, uint32_t n, struct assessed *ret_assessed);
/* Its place in that list. 0, THING_NOT_FOUND, < 0. */
int assessed_find(struct view *view, enum noun noun, uint32_t number, uint32_t *ret_n);
/* The n-th that the run RUN_DUE is to assess. */
int assessed_due_get(struct view *view, uint32_t run, uint32_t n, struct assessed *ret_assessed);

/* How an indicator of a subject stands, since it came to stand so. */
struct assessment {
    struct str state;
    bool has_value;
    bool has_target;
    bool veto;           /* as it stands it is in the way of a civilised title */
    struct scalar value; /* when the state changed */
    struct scalar target;
    int32_t since;     /* as_of of the change */
    uint64_t sequence; /* of assessment.changed */
};
/* Borrowed from the row. 0, THING_NOT_FOUND, < 0. */
int assessment_get(struct view *view, enum noun noun, uint32_t number, struct str indicator,
                   struct assessment *ret_assessment);

/* The indicators that are in the way of a civilised title of the subject, by the rules in force
 * when it was assessed last: a row, borrowed, for assessment_veto_next. 0, THING_NOT_FOUND, < 0. */
int assessment_vetoes(struct view *view, enum noun noun, uint32_t number, struct str *ret_row);
/* The next one: 0, or > 0 at the end or where damaged. */
int assessment_veto_next(struct cursor *in, struct str *ret_indicator);

/* ---- for those who scan TABLE_ASSESSMENT: key noun u8, number u32, indicator ---- */

#define ASSESSMENT_KEY_BYTES 5 /* before the indicator */
/* A row's bytes: 0, or > 0 where they are damaged. */
int assessment_decode(struct str row, struct assessment *ret_assessment);

/* ---- for apply functions ---- */

/* The subject joins the list of those who are assessed at midnight; nothing where it is there. */
int assessment_enrol(struct context *context, enum noun noun, uint32_t number);
/* The same, and it is assessed soon, without holding up the event: by a run. */
int assessment_due(struct context *context, enum noun noun, uint32_t number);
/* A day has ended: everyone is assessed for it, by a run. Without a policy in force, none is. */
int assessment_day_ended(struct context *context, int32_t date);
/* The run has assessed those after `from` up to `to` of its list. */
int assessment_due_drop(struct context *context, uint32_t run, uint32_t from, uint32_t to);
