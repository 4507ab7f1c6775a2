/* The dated sets of parameters: what they are called and whether decide reads them, what kind of
 * value each has from set to set, and that numbers which are thresholds rise and bands meet. What
 * `describe` says of a parameter holds (an error); what only its name suggests is a warning.
 * Threads: the host's owner. */
#pragma once

#include <jansson.h>

#include "policy/load.h"
#include "policy/result.h"
#include "policy/scan_types.h"

#define PARAMETER_NAMES_LIMIT 256

struct parameter_check {
    struct policy_host *host;
    const struct program *program;
    const struct policy_kind *kind; /* NULL: not known; facts are not looked at then */
    struct str text;
    json_t *complaints;
    struct arena *arena;
};

/* All sets, by what is described and what is usual. */
void check_parameters(const struct parameter_check *check);
/* The names of facts and parameters in the text. */
void check_names(const struct parameter_check *check);

/* ---- of both ---- */

struct parameter_names {
    size_t n;
    struct parameter_name list[PARAMETER_NAMES_LIMIT];
};

/* Of all sets and descriptions, by name. */
void check_names_of(const struct parameter_check *check, struct parameter_names *ret_names);
/* Pushes the table of the n-th set; the policy's field. */
void check_push_set(const struct parameter_check *check, size_t set);
void check_push_field(const struct parameter_check *check, const char *name);
