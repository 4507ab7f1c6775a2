/* Both sides' totals beside each other, with examples of what differs. One at a time; a step after
 * the other, so that the plugin's loop goes on; after RECONCILE_MS what was found is answered, with
 * `partial`.
 *
 * The platform says its totals; here are those of what was read and told; the daemon says what it
 * has of the same people and things. Threads: one. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "resources.h"

struct recruitment;
struct vol_call;

#define RECONCILE_MS 7000
#define EXAMPLES_MOST 10 /* of a resource or kind */

struct reconcile {
    struct recruitment *recruitment;
    struct vol_call *call;
    int64_t began_ms;
    bool partial;
    json_t *totals;    /* of the platform */
    json_t *core;      /* of the daemon: name -> number */
    json_t *examples;  /* array */
    char *last;        /* where the next slice goes on */
    int step;          /* a resource; then results; see reconcile.c */
    size_t n_examples; /* of this step */
};

/* The next step, or the answer where there is none. */
void reconcile_next(struct reconcile *reconcile);
void reconcile_fail(struct reconcile *reconcile, const char *error);
bool reconcile_is_late(struct reconcile *reconcile);
/* Walks through what the platform has of a resource, or of results, and notes what differs. */
void reconcile_walk_resource(struct reconcile *reconcile, enum resource resource);
void reconcile_walk_results(struct reconcile *reconcile);
/* `platform` and `here` may be NULL: there is none. */
void reconcile_example(struct reconcile *reconcile, const char *what, const char *external,
                       const char *platform, const char *here);
