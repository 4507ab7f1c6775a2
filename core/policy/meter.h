/* What the revisions of a host were asked since it began, and what that took: for whoever watches
 * the daemon. Nothing here is part of an answer.
 *
 * Threads: the host's owner notes, anybody reads; numbers that are read while a call is noted may
 * be of before and after it. Memory: a revision that was asked once stays until meter_free; what
 * meter_each gives is borrowed until then. Errors: none. */
#pragma once

#include <stdatomic.h>

#include "domain/policies.h"

struct meter;

/* One revision. */
struct meter_use {
    struct meter_use *next;
    uint32_t number;
    int32_t kind;
    char *policy;   /* its name */
    char *revision; /* "points:3" */
    atomic_uint_fast64_t
        calls; /* all that were answered: known + failures of loading + runs of Lua */
    atomic_uint_fast64_t known; /* of those without running Lua: policy/known.h */
    atomic_uint_fast64_t failures;
    atomic_uint_fast64_t runs;         /* of Lua */
    atomic_uint_fast64_t run_ns;       /* of all of them */
    atomic_uint_fast64_t run_most_ns;  /* of the longest */
    atomic_uint_fast64_t instructions; /* of all runs, as the budget counts: by the thousand */
    atomic_uint_fast64_t instructions_most;
};

struct meter *meter_new(void);
void meter_free(struct meter *meter);

/* The row's, made at its first call. */
struct meter_use *meter_of(struct meter *meter, const struct policy_revision *row);
/* Before and after a run of Lua. */
int64_t meter_begin(void);
void meter_ran(struct meter_use *use, int64_t began_ns, uint64_t instructions, bool failed);
void meter_knew(struct meter_use *use);
/* It does not load: the call failed without running. */
void meter_failed(struct meter_use *use);

/* The one that was asked first comes last. */
const struct meter_use *meter_first(const struct meter *meter);
