/* What the names of a policy's text hold: which of them are decide's subject, its parameters and
 * its context, followed through locals, loops over lists of objects, and functions of the file that
 * are called by their name. So a fact or parameter that does not exist is found where nothing runs.
 *
 * Only what is certain is said. Not followed: what goes through tables, library files and functions
 * that are passed as values, and names that are assigned again. Threads: pure but for the host's
 * state that is read. */
#pragma once

#include "policy/object.h"
#include "policy/scan_scanner.h"

struct parameter_name {
    const char *name;
    bool in_set; /* of some day; else it is only described */
    bool read;
};

struct scan_types {
    enum object_kind subject, other_subject;
    size_t n_parameters;
    struct parameter_name *parameters; /* `read` is set here */
    /* Of a fact that is not there: "did you mean". */
    const char *(*nearest_fact)(void *context, enum object_kind kind, const char *name);
    const struct scan *scan;
    bool decides;           /* set here: decide was found */
    bool parameters_escape; /* set here: they may be read where it is not seen */
};

void scan_types(struct str text, struct scan_types *types);

/* ---- for scan.c ---- */

/* A name is read at token i. */
void types_read(const struct scanner *scanner, size_t i);
void types_write(const struct scanner *scanner, const struct local *local);
/* `local a, b =`: n names from token `first` on; the sign, if there is one, stands at `sign`. */
void types_locals(const struct scanner *scanner, size_t n, size_t first, size_t sign);
/* `for a, b in`: names from `first` on; `in` or a sign stands at `sign`. */
void types_for(const struct scanner *scanner, size_t first, size_t sign);
/* The word `function` stands at that token. */
void types_function(const struct scanner *scanner, size_t function, bool is_local);
