/* Answers that are known. A policy is a pure function of its parameters and of the facts it reads:
 * one that reads what an earlier call read, value by value, answers as that one did. So the calls
 * of a set of parameters are kept as a tree: at each place stands the fact that is read next, its
 * values lead on, and at the end stands the answer. A call that finds its way through has read its
 * facts, and they stand in the log, but no Lua ran.
 *
 * What is not kept: an answer that failed; a call that read what a value does not tell (lists of
 * objects, more objects than the pool has), or that met an error on its way; one that used half of
 * a budget, so that what is found again is always within it, whatever reading costs this time.
 * Accounts that an answer posts to are looked up each time.
 *
 * Memory: at most KNOWN_BYTES for each set of parameters; beyond it all is forgotten. Where few
 * calls are found, none are looked for, for a while. Threads: the host's owner. */
#pragma once

#include "policy/object.h"

#define KNOWN_BYTES (8u << 20)

struct answer;
struct known;
struct policy_kind;

/* The facts that a call reads, as they are read. */
#define TRACE_LIMIT 32
struct trace_step {
    uint8_t object; /* place in the pool */
    uint8_t fact;
    uint32_t value; /* where it begins in `values` */
    uint32_t size;
    const struct arguments *arguments; /* in the call's arena; NULL: an attribute */
};
struct trace {
    bool on;
    uint32_t n_begun; /* as many as `n`, or some are not told by a value */
    uint32_t n;
    struct trace_step steps[TRACE_LIMIT];
    struct buf values;
};

/* Whether answers of that kind are worth keeping: those that follow from events. */
bool known_has(const struct policy_kind *kind);
void known_free(struct known *known);

/* Stack: subject, parameters, context. True with the answer, as call_run gives it, where it is
 * known; else call_run follows, and then known_keep. */
bool known_find(struct policy_host *host, struct known **known, struct answer *ret_answer);
/* Of the call that has just been run. */
void known_keep(struct policy_host *host, struct known *known, const struct answer *answer);

static inline void trace_reset(struct trace *trace) {
    trace->n_begun = 0;
    trace->n = 0;
    buf_reset(&trace->values);
}
/* For object.c: a fact was asked for; and its value stands on the top. */
static inline void trace_begin(struct trace *trace) {
    trace->n_begun++;
}
void trace_note(struct reading *reading, size_t fact, const struct fact_value *value);
