/* What midnight need not look at again. A policy that read nothing of a subject but its counts,
 * figures and titles answers tomorrow as it did today, unless one of these changes or another rule
 * comes into force; asking would change nothing, so that it is left out. Kept in memory alone:
 * after a start everyone is asked once, and what is decided is the same. Threads: the engine's. */
#pragma once

#include "policy/evaluate.h"

struct seen_subject {
    int32_t as_of;     /* the last day that was looked at; 0: none */
    int32_t disturbed; /* the last day on which a figure or a title changed; 0: none */
    bool steady;       /* all that was asked then */
};

struct seen {
    uint32_t generation; /* of the policies */
    size_t n;
    struct seen_subject *list; /* by place in the list of all; malloc'ed */
};

void seen_deinit(struct seen *seen);
/* 1 where the n-th (from 1) stands on that day as it did when last looked at; 0; < 0. */
int seen_is_same(struct seen *seen, const struct policy_host *host, struct view *view, uint32_t n,
                 enum noun noun, uint32_t number, int32_t as_of);
void seen_note(struct seen *seen, uint32_t n, int32_t as_of, bool steady);
/* A figure or a title of it changed, by that day. */
void seen_disturb(struct seen *seen, uint32_t n, int32_t date);
