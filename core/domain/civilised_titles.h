/* Civilised titles: a unit (an organisation), a community, a village or town, a city (regions) is
 * awarded one at a level, reviewed, and may lose it. One row holds all that was said of one title
 * of one subject, so that what was held at the end of any past day can be said again. Threads: the
 * view's owner. */
#pragma once

#include "domain/things.h"

enum civilised_title_step_kind {
    CIVILISED_TITLE_AWARDED,
    CIVILISED_TITLE_REVIEWED,
    CIVILISED_TITLE_WITHDRAWN
};

struct civilised_title_step {
    enum civilised_title_step_kind kind;
    enum TITLE_LEVEL_choice level;
    int outcome; /* TITLE_OUTCOME_choice; -1: not said */
    int32_t on;
    int32_t recorded_on;
    uint32_t document; /* 0: none */
    uint64_t sequence;
};

struct civilised_title {
    bool held;
    enum TITLE_LEVEL_choice level; /* or the last one held */
    int outcome;                   /* of the last step that said one; -1: none */
    int32_t awarded_on;            /* at this level */
    int32_t reviewed_on;           /* the last review at this level; 0: none */
    int32_t withdrawn_on;          /* 0: not */
    uint32_t document;             /* of the award at this level; 0: none */
    uint64_t sequence;             /* of the last step */
};

/* As known at the end of `at` (COUNTER_NOW: as things stand). 0: held, or withdrawn since;
 * THING_NOT_FOUND: never awarded by then; < 0. */
int civilised_title_get(struct view *view, enum CIVILISED_TITLE_choice title, enum noun noun,
                        uint32_t number, int32_t at, struct civilised_title *ret_title);
/* Every step, oldest first. `each` returns 0 to go on; what ends the walk is returned. */
int civilised_title_each(struct view *view, enum CIVILISED_TITLE_choice title, enum noun noun,
                         uint32_t number,
                         int (*each)(void *context, const struct civilised_title_step *step),
                         void *context);
/* "held", "withdrawn" */
const char *civilised_title_state_text(const struct civilised_title *title);

/* ---- for those who scan: key noun u8, number u32, title u8 ---- */

#define CIVILISED_TITLE_KEY_BYTES 6
/* The next step of a row's bytes: 0, or > 0 at the end or where damaged. */
int civilised_title_next(struct cursor *in, struct civilised_title_step *ret_step);
/* A row's bytes taken together, as known at the end of `at`: as civilised_title_get. */
int civilised_title_decode(struct str row, int32_t at, struct civilised_title *ret_title);
