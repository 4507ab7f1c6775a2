/* Who the volunteers are, as far as it is counted: decade of birth, occupation, what is missing of
 * them, and who leads one of the four bodies (四大组织). Age passes without an event, so what is
 * counted is the decade of birth; an age is said when somebody asks. Threads: the view's owner. */
#pragma once

#include "domain/counters.h"
#include "domain/volunteers.h"

/* Marks of a volunteer's row. */
#define MARK_NO_EDUCATION 1
#define MARK_NO_SKILLS 2
#define MARK_NO_IDENTITY 4
#define MARK_LEADER_SHIFT 3 /* three bits: enum leader_body */
#define MARK_REPORTED_IN 64 /* there is a row of it (report_ins.h) */
#define MARK_HAS_MERGED 128 /* others were merged into this one (merges.h) */

/* Whom leader_body names: it is a text, because a city writes it as it does. */
enum leader_body {
    LEADER_NONE,
    LEADER_PARTY,      /* 市委 */
    LEADER_CONGRESS,   /* 人大 */
    LEADER_GOVERNMENT, /* 政府 */
    LEADER_CONFERENCE, /* 政协 */
    LEADER_OTHER,
    LEADER_BODIES
};
enum leader_body leader_body_of(struct str text);
const char *leader_body_title(enum leader_body body); /* as a report writes it */

static inline enum leader_body volunteer_leader_body(const struct volunteer_row *row) {
    return (enum leader_body)(row->marks >> MARK_LEADER_SHIFT & 7);
}

/* Place of a birth month among the cohorts; -1: not known. */
int cohort_of(int32_t born);
const char *cohort_title(int cohort);    /* "1980年代" */
const char *occupation_title(int place); /* as the shipped dictionary has it */

/* Sets occupation and marks of the row by the attributes. */
void people_mix_read(const struct volunteer_registered *attributes, bool has_identity,
                     struct volunteer_row *row);
/* Whether both count alike. */
bool people_mix_same(const struct volunteer_row *a, const struct volunteer_row *b);
/* Fills in how the row counts, and gives how many changes there are. */
#define PEOPLE_MIX_CHANGES 6
size_t people_mix_changes(const struct volunteer_row *row, int32_t by,
                          struct counter_change ret_changes[static PEOPLE_MIX_CHANGES]);

/* The list of leaders follows the row. */
void leader_note(struct context *context, uint32_t volunteer, const struct volunteer_row *before,
                 const struct volunteer_row *after);
