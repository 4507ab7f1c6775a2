/* Items of one resource on their way into the daemon: mapped, published, and what became of them
 * written down in one transaction, together with the cursor.
 *
 * Nothing is written before everything was answered. Killed in between, the same items are read
 * again and the same ids published again, which then are duplicates. Threads: one. Memory: a work
 * frees itself after `done`. Errors: told to `done`. */
#pragma once

#include <jansson.h>

#include "database.h"

struct recruitment;
struct work;

/* good: all of it is written down. Otherwise nothing is, and the same may be tried again. */
typedef void work_done(struct recruitment *recruitment, bool good);

struct work *work_new(struct recruitment *recruitment, enum resource resource, work_done *done);
/* Adds an item of the platform. `again`: it waits or was refused, else it is passed over where it
 * was seen already. The item is kept alive. */
void work_add(struct work *work, json_t *item, bool again);
/* Adds what was put off: a statement by name. */
void work_add_late(struct work *work, const char *external, int64_t modified, const char *name,
                   json_t *one);
/* Publishes; `place` is the cursor afterwards, or NULL. `done` may be called at once. */
void work_run(struct work *work, const struct place *place);
/* Drops it without a word, where the plugin stops. */
void work_drop(struct work *work);
