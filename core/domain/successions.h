/* What becomes of what an organisation or a team leaves to its successor, by runs over what there
 * is: teams, open projects, activities, posts and pairings of an organisation; members and open
 * activities of a team. Applying a run's progress passes it on: nothing is decided about any of
 * them. What is over stays with whom it was of, and so do service records: who recorded certifies,
 * and organisation_successor says who does in their place. People keep the employer they named: a
 * merger moves nobody's employment. Where there is no successor nothing passes on. Threads: the
 * engine's. */
#pragma once

#include "domain/runs.h"

/* For apply functions: the thing was dissolved, with a successor. */
int succession_begin(struct context *context, enum noun noun, uint32_t number);

bool run_is_succession(enum run_kind kind);
/* What the run walks from where it stands up to `cursor`. */
int succession_pass_on(struct context *context, const struct run_row *run, uint32_t cursor);
