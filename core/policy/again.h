/* A past question asked again of the text that answered it, over the facts that it read then.
 * Runs a policy's code: call it in a child process. Threads: one. Memory: the answer lies in the
 * arena given. */
#pragma once

#include "policy/evaluate.h"
#include "policy/object.h"

struct past_question {
    const struct policy_activated *revision; /* text, library files and parameters as activated */
    enum object_kind subject;
    int32_t as_of;
    struct str facts; /* as they are stored: a list */
};

/* 0 with the answer (failed where the text does not load, too); *ret_missing: a fact that was asked
 * for and is not among those stored, or STR_NONE. > 0 where the stored facts are no list, or the
 * revision has no parameters on that day. */
int policy_ask_again(const struct policy_limits *limits, const struct past_question *question,
                     struct arena *arena, struct answer *ret_answer, struct str *ret_missing);
