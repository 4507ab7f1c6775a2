/* Reading the platform, a round after the other: each resource to its end, in their order; then
 * what was put off until all was read; then what waits and is due. A page is fetched while the one
 * before is published.
 *
 * Whatever fails is tried again after growing pauses, at the place where it failed. Threads: one.
 * Errors: in recruitment->last_error. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "database.h"

struct recruitment;
struct work;

enum pull_stage { STAGE_LATE = RESOURCES, STAGE_WAITING, STAGE_IDLE };

struct pull {
    int stage; /* a resource, or enum pull_stage */
    struct work *work;
    bool asks;           /* a request is on its way */
    bool again;          /* another round is wanted as soon as this one ends */
    bool rounded;        /* a round got through since the start */
    int timer;           /* number of the one that waits; 0: none */
    int64_t failures;    /* in a row */
    int64_t held_ms;     /* nothing is asked before: the platform said so */
    int repeats;         /* pages in a row that were those of before */
    uint64_t generation; /* of requests; answers to older ones are dropped */
    struct place place;  /* of the resource: after the page that is being published */
    json_t *ahead;       /* the next page, where it came already */
    json_t *hooked;      /* items that a webhook brought: array of {resource, items} */
};

void pull_start(struct recruitment *recruitment);
void pull_stop(struct recruitment *recruitment);
/* A round at once, or after the one that runs. */
void pull_soon(struct recruitment *recruitment);
/* Items that came by themselves; they are taken like those of a page, and the cursor stays. */
void pull_items(struct recruitment *recruitment, enum resource resource, json_t *items);
/* "pulling", "waiting" (after a failure), "idle". */
const char *pull_state(const struct recruitment *recruitment);
/* The items of a page. NULL where it is not as the contract says, with what is wrong. */
json_t *page_items(const json_t *page, char *ret_message, size_t size);
/* The same for a list of items. */
bool items_are_right(const json_t *items, char *ret_message, size_t size);
