/* Activities: published, changed, cancelled, closed. */
#pragma once

#include "domain/things.h"

enum activity_state { ACTIVITY_PUBLISHED, ACTIVITY_CANCELLED, ACTIVITY_CLOSED };

int activity_get(struct view *view, uint32_t activity, struct arena *arena,
                 struct activity_published *ret_activity, enum activity_state *ret_state);
/* What records and reports need of an activity, without decoding it; and what was served there. A
 * report over activities walks these rows alone. */
struct activity_summary {
    uint32_t region;
    uint8_t category; /* dictionary number + 1 */
    uint8_t state;
    uint16_t n_changes; /* changed, cancelled, closed; stays at the most it holds */
    uint32_t organisation;
    uint32_t project; /* 0: none */
    uint64_t domains; /* a bit for each dictionary number; those beyond are not kept */
    uint32_t outcomes;
    uint32_t served_groups;
    uint8_t kind;       /* ACTIVITY_KIND_choice */
    uint8_t care;       /* CARE_choice + 1, 0: not said */
    uint16_t month;     /* of its start */
    uint32_t n_records; /* accepted */
    uint64_t minutes;   /* of those */
    uint8_t emergency;  /* 1: it is one */
    uint8_t visit;      /* 1: to a beneficiary, who stands in the attributes */
    uint8_t signs_in;   /* somebody checked in */
    uint8_t at_once; /* the most check-ins in one second (domain/shifts.h); 255: at least as many */
    uint32_t campaign; /* 0: none */
};
int activity_summary(struct view *view, uint32_t activity, struct activity_summary *ret_summary);

/* For apply functions: a record of service there counts from now on (sign 1), or no longer (-1). */
int activity_serve(struct context *context, uint32_t activity, uint32_t minutes, int32_t sign);
/* Its organisation, or its team, was dissolved: what is published still is the successor's, where
 * it is that one's (`from`). */
int activity_pass_on(struct context *context, uint32_t activity, uint32_t from, uint32_t to);
int activity_pass_on_team(struct context *context, uint32_t activity, uint32_t from, uint32_t to);
/* For apply functions: somebody checks in, and so many came in one second at most. */
int activity_check_in(struct context *context, uint32_t activity, uint32_t at_once);
