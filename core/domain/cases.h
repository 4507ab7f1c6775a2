/* Cases (典型案例): somebody or something that others may learn from. Found and written down,
 * looked into by somebody else with evidence, and published where whom it is about agrees.
 *
 *   nominated -> verified -> published -> withdrawn   by hand, or by itself when the person's
 *       |           |                                 consent to publicity ends (case.retracted)
 *       +-> refused +-> withdrawn
 *
 * What is published stands in clear; what the clue said stays sealed. A case that is withdrawn
 * keeps its steps, and its text is only in the journal. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* Numbers stand in rows and are for ever. */
enum case_state {
    CASE_NOMINATED,
    CASE_VERIFIED,
    CASE_REFUSED,
    CASE_PUBLISHED,
    CASE_WITHDRAWN,
    CASE_STATES
};
const char *case_state_text(enum case_state state);

struct case_row {
    uint32_t noun; /* of the subject */
    uint32_t subject;
    uint32_t previous;   /* case about the same; 0: none */
    uint32_t ordinal;    /* which of the subject's cases it is, from 1 */
    uint32_t nomination; /* for an honour, that it came from; 0: none */
    uint32_t region;     /* where it is counted; 0: nowhere */
    int32_t nominated_on;
    int32_t verified_on; /* or refused; 0: not */
    int32_t published_on;
    int32_t withdrawn_on;
    uint32_t state;     /* enum case_state */
    uint32_t by_itself; /* withdrawn because the consent was */
};

/* Texts borrow from the row; STR_NONE where there is none. */
struct case_record {
    struct case_row row;
    struct str verified_by;
    struct str evidence; /* encoded: see case_evidence_next */
    struct str text;     /* while it is published */
    struct str published_by;
    struct str reason; /* why it was refused or withdrawn */
    struct str withdrawn_by;
};
int case_get(struct view *view, uint32_t number, struct case_record *ret_case);
int case_decode(struct str row, struct case_record *ret_case); /* a row's bytes: 0, or > 0 */
/* 0, or > 0 behind the last or where damaged. */
int case_evidence_next(struct cursor *in, struct evidence *ret_evidence);
/* The newest of a subject; 0: none. */
int case_last(struct view *view, enum noun noun, uint32_t subject, uint32_t *ret_case);
/* Those that may be shown to anybody, the newest case first: published, and whom it is about agrees
 * as of that day. `each` returns 0 to go on; what ends the walk is returned. */
int cases_each_public(struct view *view, int32_t today,
                      int (*each)(void *context, uint32_t number, const struct case_record *record),
                      void *context);

/* ---- for apply functions, and what follows from them ---- */

#define CASES_OF_SUBJECT_LIMIT 100
/* Somebody agrees to publicity no more: it is asked which cases this concerns. */
int cases_consent_ended(struct context *context, uint32_t volunteer);
/* The published cases of a person, and of whoever was merged into it, that rest on no consent as of
 * that day. `each` returns 0 to go on. */
int cases_without_consent(struct view *view, uint32_t volunteer, int32_t today,
                          int (*each)(void *context, uint32_t number), void *context);
