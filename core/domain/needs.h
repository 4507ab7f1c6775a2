/* Needs (需求): what somebody asks for, filed with how urgent it is; matched with an activity that
 * meets it, or referred to whose duty it is (政府部门、市场服务); closed with what came of it. What
 * was said is sealed under a key of the need's own.
 *
 * They stand in one order: open before closed, urgent first, and of those that are as urgent the
 * oldest first. A need that was matched with an activity is as it was filed again when the activity
 * is cancelled.
 *
 * Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* Numbers stand in rows and are for ever. */
enum need_state { NEED_FILED, NEED_MATCHED, NEED_REFERRED, NEED_CLOSED, NEED_STATES };

struct need_row {
    uint32_t region;
    uint32_t activity; /* while it is matched with it; 0: none */
    int32_t filed_on;
    int32_t matched_on; /* the last time; 0: never */
    int32_t referred_on;
    int32_t closed_on;
    uint8_t state;    /* enum need_state */
    uint8_t priority; /* NEED_PRIORITY_choice */
    uint8_t category; /* number of the code */
    uint8_t group;    /* served group: number of the code + 1; 0: none */
    uint8_t outcome;  /* NEED_OUTCOME_choice + 1; 0: open */
    uint8_t spare[3];
};

struct need {
    struct need_row row;
    struct str referred_to; /* the last time, none: never; borrowed from the row */
};

int need_get(struct view *view, uint32_t need, struct need *ret_need);
const char *need_state_text(enum need_state state);
/* The needs that an activity is to meet: 0 or < 0, borrowed as view_get says. */
struct need_list {
    size_t n;
    const char *items;
};
int needs_of_activity(struct view *view, uint32_t activity, struct need_list *ret_list);
uint32_t need_list_at(const struct need_list *list, size_t i);

/* The key of its place in the order: closed u8, priority u8, filed on u32, need u32. */
#define NEED_ORDER_KEY_BYTES 10
/* The need whose place this is. */
uint32_t need_order_number(struct str key);

/* ---- for apply functions ---- */

#define NEEDS_OF_ACTIVITY_LIMIT 200
/* It does not take place: its needs are open again. */
int needs_activity_cancelled(struct context *context, uint32_t activity);
