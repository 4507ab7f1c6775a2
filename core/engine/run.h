/* What the files of the runs share: a chunk under way, and how a question of it is asked. Threads:
 * the engine's. */
#pragma once

#include "domain/runs.h"
#include "engine/internal.h"

struct chunk {
    struct engine *engine;
    uint32_t number;
    struct run_row run;
    uint32_t cursor;
    uint64_t sequence; /* of the last record of this chunk */
    int64_t recorded_us;
    size_t n_decisions;
    size_t weight; /* rows that applying its progress moves, beside one a step */
};

static inline struct view *chunk_view(const struct chunk *chunk) {
    return chunk->engine->stepper.context.view;
}
/* Why a question of this run is asked. */
struct asking chunk_asking(struct chunk *chunk, enum question_cause why, struct str event_type);
/* A schedule, or the activation it follows from. */
struct asking chunk_asking_by_rule(struct chunk *chunk);
/* What was decided (`r` is what came of it) and whatever that raises, written into the frame. A
 * question that finds nothing (> 0) is passed over; but a decision that was applied cannot be taken
 * back alone, and one that is not in the frame would be lost in a replay: so none is refused. */
int chunk_finish(struct chunk *chunk, const struct asking *asking, struct decisions decisions,
                 int r);
/* Whether somebody in that region is asked by the run's revision on that day, or by a newer one in
 * its place: whoever has rules of a nearer scope is asked by those, when their run comes. */
bool chunk_concerns(struct chunk *chunk, uint32_t region, int32_t date);

/* run_people.c: 0 where that volunteer is asked by the run's revision, 1 where not, < 0. */
int chunk_find_person(struct chunk *chunk, uint32_t volunteer);

/* A step of each kind of run: what is done about the number-th. > 0 is passed over. */
int run_step_star_rating(struct chunk *chunk, uint32_t number);
int run_step_standing(struct chunk *chunk, uint32_t number);
int run_step_person_points(struct chunk *chunk, uint32_t number);
int run_step_withheld(struct chunk *chunk, uint32_t number);
int run_step_acceptance(struct chunk *chunk, uint32_t number);
int run_step_record_points(struct chunk *chunk, uint32_t number);
int run_step_day_ended(struct chunk *chunk, uint32_t number);
int run_step_due(struct chunk *chunk, uint32_t number);
int run_step_assessed(struct chunk *chunk, uint32_t number);
int run_step_applied(struct chunk *chunk, uint32_t number);
int run_step_notice(struct chunk *chunk, uint32_t number);
int run_step_candidate(struct chunk *chunk, uint32_t number);
int run_step_undo(struct chunk *chunk, uint32_t n);
int run_step_proposal(struct chunk *chunk, uint32_t number);
int run_step_waiting(struct chunk *chunk, uint32_t number);
int run_step_absence(struct chunk *chunk, uint32_t number);
int run_step_public_notice(struct chunk *chunk, uint32_t number);
int run_step_final(struct chunk *chunk, uint32_t number);
int run_step_visit(struct chunk *chunk, uint32_t number);
int run_step_duty(struct chunk *chunk, uint32_t n);
int run_step_merge(struct chunk *chunk, uint32_t number);
int run_step_merged(struct chunk *chunk, uint32_t number);
int run_step_task(struct chunk *chunk, uint32_t number);
int run_step_commitment(struct chunk *chunk, uint32_t number);
