/* The parent's side of checking: starts a child of our own binary (posix_spawn, never a bare fork)
 * with hard limits on memory, CPU and wall time, gives it the source on stdin, reads the verdict.
 * For query threads: may block up to the wall limit. Threads: any. */
#pragma once

#include "policy/check.h"

struct vet_options {
    const char *program; /* path of volunteerd: /proc/self/exe */
    uint32_t wall_ms;    /* 10,000 */
    struct policy_limits limits;
};

/* 0 with the verdict's JSON in *out (as policy_check writes it; a killed child gives ok false with
 * a complaint). */
int policy_vet(const struct vet_options *options, const struct policy_source *source,
               struct buf *out);
/* The same for several at once, each with its verdict in out[i], in one child as long as that comes
 * to an end: a child of our own costs more than most checks. Where it does not, each is checked in
 * one of its own, so that the verdict names who ended it. */
int policy_vet_all(const struct vet_options *options, const struct policy_source *sources, size_t n,
                   struct buf *out);
/* What the child runs: `volunteerd --child check` reads stdin, writes stdout, returns the exit
 * code. */
int policy_vet_child(void);
