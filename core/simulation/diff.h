/* What a draft would change: the policies in force and the draft are asked about everyone in scope,
 * or every record of a period, on one snapshot, by the evaluation function of the engine. Worker
 * threads take blocks of consecutive subjects, each with hosts of its own; what they count is
 * merged, so that the result does not depend on how many they are.
 *
 * Which kinds, and how each is asked: judge.c. Threads: policy_diff runs in the caller's and starts
 * as many as the plan says. Memory: the document is the caller's. Errors: < 0 where the state
 * cannot be read. */
#pragma once

#include <jansson.h>

#include "policy/simulate.h"

struct diff_plan {
    struct policy_draft draft;
    struct str title; /* the draft's, none: STR_NONE */
    bool scheduled;   /* the draft has a schedule: points are asked for by the clock too */
    uint32_t scope;   /* whom: those who live, or what lies, in this region; 0: everyone */
    int32_t as_of;    /* the question's day for people, regions and organisations */
    int32_t from;     /* records whose first day lies between the two, both included */
    int32_t to;
    struct policy_limits limits;
    unsigned n_threads; /* 1 to DIFF_THREADS */
    uint32_t n_examples;
    uint32_t wall_ms; /* a snapshot that is held longer makes the state grow */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};
#define DIFF_THREADS 64
#define DIFF_EXAMPLES_LIMIT 200

/* 0 with the document (scripts/README.md describes it); DIFF_REFUSED with the reason in the arena;
 * < 0. */
int policy_diff(struct store *store, const struct diff_plan *plan, struct arena *arena,
                json_t **ret_document, struct str *ret_reason);
enum { DIFF_REFUSED = 1 };

/* Why a draft of this kind cannot be compared, or NULL. */
const char *policy_diff_excuse(enum POLICY_KIND_choice kind);
/* Whether what is asked about is records of a period. */
bool policy_diff_of_records(enum POLICY_KIND_choice kind);
