/* A policy's own cases: facts that are given, the answer that is expected. Each runs twice, the
 * second time in the opposite order and in another Lua state, in which texts and tables have other
 * hashes, and must answer the same. Threads: the hosts' owner. */
#pragma once

#include <jansson.h>

#include "policy/load.h"
#include "policy/result.h"

/* More are too many to read, too. */
#define CASES_LIMIT 500

struct case_run {
    struct policy_host *host;
    const struct program *program;
    struct policy_host *other_host; /* for the second time */
    const struct program *other_program;
    const struct policy_kind *kind;
    struct arena *arena;
    json_t *results;  /* array of {"name","ok","message"} */
    json_t *unworded; /* object: codes of findings that `texts` has no words for */
};

/* Asks what the case at that stack place gives: a table with given, context and parameters. False
 * where it cannot be asked. Memory: the answer lies in the run's arena. */
bool case_ask(const struct case_run *run, int test, struct answer *ret_answer);
/* True where every case passed. */
bool cases_run(struct case_run *run);
