/* A second look at service records (核查). Signals ask for one: a finding of the acceptance rule
 * whose code is a word of SIGNAL, what a rule says of a review (record.flagged), or an inspector
 * who draws a record (review.sampled). A signal accuses nobody: what is wrong is said by a person,
 * and a record that was real counts as the signal's false alarm. Counters keep both, by signal.
 *
 * A held record is answered by its review as well, and a refusal there blames nobody; one that
 * counts by review.answered alone: where that says false, the record is revoked, and the person and
 * the recorder have it on record (false_hours.h). Threads: the view's owner. */
#pragma once

#include "domain/records.h"

_Static_assert(SIGNAL_COUNT <= 16, "signals are bits of 16");

struct check_row {
    int32_t asked_on;    /* the last time */
    int32_t answered_on; /* 0: never */
    uint16_t raised;     /* bits of SIGNAL_choice: all there ever were */
    uint16_t open;       /* those that wait for an answer */
    uint16_t answered;   /* those the last answer was about */
    uint8_t answer;      /* REVIEW_ANSWER_choice + 1; 0: none yet */
    uint8_t spare;
};

struct record_check {
    struct check_row row;
    struct str by; /* who answered last; borrowed from the row */
};

/* "open", "real", "false", or "closed" where nobody answered. */
const char *record_check_state(const struct check_row *row);
/* THING_NOT_FOUND: nothing was ever asked about it. */
int record_check_get(struct view *view, uint32_t record, struct record_check *ret_check);
/* The signals among findings, as bits. */
unsigned record_signals(const struct list *findings);
/* Those findings that are signals of a review (QUICK_APPROVAL, ONE_APPROVER), in the arena. */
struct list record_review_signals(const struct list *findings, struct arena *arena);

/* ---- for apply functions; none of them puts the record ---- */

/* Those that were raised before are not raised again. */
int record_check_raise(struct context *context, uint32_t number, const struct record_row *record,
                       unsigned signals);
/* What is open is answered; nothing where nothing is. */
int record_check_answer(struct context *context, uint32_t number, const struct record *record,
                        enum REVIEW_ANSWER_choice answer, struct str by);
/* The record does not count any more for another reason: what is open is open no longer, and counts
 * neither way. */
int record_check_close(struct context *context, uint32_t number, const struct record_row *record);
/* An appeal is upheld: what was found false was real. */
int record_check_overturn(struct context *context, uint32_t number, const struct record *record);
