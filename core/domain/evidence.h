/* Evidence (测评佐证): what people bring for an assessment that no counter knows: a state, a
 * number, or a number of so many who were asked, for one item of one subject. It counts once
 * another person accepted it. A row for each subject and item keeps what was accepted, with the day
 * it is of and the day it was accepted on, so that what was known at the end of any past day can be
 * said again. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* Numbers stand in rows and are for ever. */
enum evidence_state { EVIDENCE_SUBMITTED, EVIDENCE_ACCEPTED, EVIDENCE_REFUSED, EVIDENCE_STATES };

struct evidence_row {
    uint32_t subject;
    uint32_t region; /* where it was counted when it was handed in */
    int32_t submitted_on;
    int32_t reviewed_on; /* 0: not yet */
    uint8_t noun;        /* REGION or ORGANISATION */
    uint8_t state;       /* enum evidence_state */
    uint8_t spare[2];
};

struct evidence_record {
    struct evidence_row row;
    struct str reviewed_by; /* borrowed from the row */
    struct str review;      /* what the reviewer said */
};

const char *evidence_state_text(enum evidence_state state);
int evidence_get(struct view *view, uint32_t number, struct evidence_record *ret_evidence);

/* What was accepted of an item. */
struct proof {
    uint32_t evidence;
    int32_t on;
    int32_t accepted_on;
    int32_t state; /* GRADE_choice; -1: none was said */
    int64_t value; /* -1: none */
    int64_t whole; /* -1: none */
    uint8_t method;
    uint8_t spare[7];
};
/* The newest of a day not after `as_of` that was accepted by the end of `at` (COUNTER_NOW: as
 * things stand). 0, THING_NOT_FOUND, < 0. */
int proof_get(struct view *view, enum noun noun, uint32_t number, struct str item, int32_t as_of,
              int32_t at, struct proof *ret_proof);

/* ---- for those who scan: key noun u8, number u32, item ---- */

#define PROOF_KEY_BYTES 5 /* before the item */
size_t proof_count(struct str row);
struct proof proof_at(struct str row, size_t i);

/* ---- for apply functions ---- */

/* Small letters, digits and _: as the rules name their indicators. > 0 with out_of_range. */
int item_check(struct context *context, struct str item, const char *field);
