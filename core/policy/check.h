/* Checking a policy file before it is activated: syntax and shape with line and hint, the sandbox's
 * rules, its cases (each twice, in two orders). Runs hostile code, so it is called in a child
 * process (policy/vet.h) with hard limits; the functions here are what the child runs. Threads:
 * one. */
#pragma once

#include <jansson.h>

#include "policy/evaluate.h"

struct policy_source {
    struct str file; /* for messages */
    struct str text;
    size_t n_libraries;
    const struct library *libraries; /* of types.h: name, text */
    struct str parameters;           /* JSON, sets by date, laid over the text's own; may be none */
};

/* Writes one JSON object: {"ok", "policy", "kind", "title", "scope", "schedule" ("daily",
 * "monthly:5", "yearly:04-30"), "uses", "based_on", "parameters": [dates], "sets": {date:
 * its parameters}, "describe": as the text has it, "complaints":
 * [{"line","severity","code","message"}], "cases": [{"name","ok","message"}], "coverage": {"lines",
 * "run", "missed": [lines]}, null where no case was run}. Returns 0 where it may be activated, 1
 * where not; warnings do not keep it from that. */
int policy_check(const struct policy_source *source, const struct policy_limits *limits,
                 struct buf *out);
/* A verdict that knows nothing but these complaints (taken over). */
json_t *policy_verdict_new(json_t *complaints);
