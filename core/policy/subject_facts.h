/* What regions and organisations have in common besides counts: figures, plans, civilised titles;
 * and the lists of them. All as known at the end of the question's day `at`. Threads: the host's
 * owner. */
#pragma once

#include "domain/regions.h"
#include "policy/object.h"

/* figure(name, as_of): value or nil. */
#define FIGURE_ARGUMENTS (ARGUMENT_NAME | ARGUMENT_ON)
void figure_check(struct reading *reading);
int figure_read(struct reading *reading, enum noun noun);
/* gained(name, days): how many more of what is counted than so many days before. */
#define GAINED_ARGUMENTS (ARGUMENT_NAME | ARGUMENT_N)
void gained_check(struct reading *reading);
int gained_read(struct reading *reading, enum noun noun);
/* evidence(item): { state, value, whole, method, on, evidence } of what was accepted last, or nil.
 */
void evidence_check(struct reading *reading);
int evidence_read(struct reading *reading, enum noun noun);
/* plan(measure): { target, due } or nil. */
void plan_check(struct reading *reading);
int plan_read(struct reading *reading, enum noun noun);
/* List of { title, level, on }. */
/* region.funds: the allocations of special funds that are for it, or lie below. */
int funds_read(struct reading *reading);
int titles_read(struct reading *reading, enum noun noun);

/* region.children, organisation.children; region.units. */
int region_children(struct reading *reading);
int organisation_children(struct reading *reading);
int region_units(struct reading *reading);
