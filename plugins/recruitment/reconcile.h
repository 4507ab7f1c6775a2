/* Both sides' totals beside each other, with examples of what differs. One at a time; a step after
 * the other, so that the plugin's loop goes on. Who asked is answered within RECONCILE_MS, with
 * `partial` where it is not through; it goes on, and who asks again gets its end.
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
#define RECONCILE_KEPT_MS 60000 /* an end that nobody has asked for yet */
#define EXAMPLES_MOST 10        /* of a resource or kind */

struct reconcile {
    struct recruitment *recruitment;
    struct vol_call *call; /* who waits; NULL: nobody, until somebody asks again */
    int64_t began_ms;      /* of the waiting; once it is done: when it was done */
    json_t *result;        /* where it was done while nobody waited */
    json_t *totals;        /* of the platform */
    json_t *core;          /* of the daemon: name -> number */
    json_t *examples;      /* array */
    char *last;            /* where the next slice goes on */
    int step;              /* a resource; then results; see reconcile.c */
    size_t n_examples;     /* of this step */
};

/* The next step, or the answer where there is none. */
void reconcile_next(struct reconcile *reconcile);
void reconcile_fail(struct reconcile *reconcile, const char *error);
/* Between two slices: whoever has waited for long is told how far it is; it goes on. */
void reconcile_beat(struct reconcile *reconcile);
/* Walks through what the platform has of a resource, or of results, and notes what differs. */
void reconcile_walk_resource(struct reconcile *reconcile, enum resource resource);
void reconcile_walk_results(struct reconcile *reconcile);
/* `platform` and `here` may be NULL: there is none. */
void reconcile_example(struct reconcile *reconcile, const char *what, const char *external,
                       const char *platform, const char *here);
