/* The runs about tasks and commitments whose last day is over: no rule is asked, the day says it.
 */
#include "domain/commitments.h"
#include "domain/day_lists.h"
#include "domain/tasks.h"
#include "engine/decision.h"
#include "engine/run.h"

/* What is decided about one of them, in a frame with what it raises. */
static int decide(struct chunk *chunk, int (*shape)(const struct asked *asked, uint32_t number),
                  uint32_t number) {
    struct decisions decisions = {0};
    struct asking asking = chunk_asking(chunk, CAUSE_SCHEDULE, STR_NONE);
    const struct asked asked = {
        .decider = &chunk->engine->decider, .asking = &asking, .decisions = &decisions};
    int r = shape(&asked, number);
    return chunk_finish(chunk, &asking, decisions, r);
}

/* The thing's attributes; it is there. */
static int attributes(const struct asked *asked, enum noun noun, uint32_t number,
                      const void **ret_attributes) {
    const struct context *context = asked_context(asked);
    struct thing thing;
    int r = thing_get(context->view, noun, number, context->arena, &thing);
    if (r == 0)
        *ret_attributes = thing.attributes;
    return r;
}

static int shape_task(const struct asked *asked, uint32_t number) {
    const void *found;
    int r = attributes(asked, NOUN_TASK, number, &found);
    if (r != 0)
        return r;
    const struct task_assigned *task = found;
    struct task_overdue *overdue = decision_shape(asked, EVENT_task_overdue);
    overdue->task = task->task;
    overdue->organisation = task->organisation;
    overdue->owner = task->owner;
    overdue->due = task->due;
    GIVE(overdue, task_overdue, task);
    GIVE(overdue, task_overdue, organisation);
    GIVE(overdue, task_overdue, owner);
    GIVE(overdue, task_overdue, due);
    return decision_apply(asked);
}

int run_step_task(struct chunk *chunk, uint32_t n) {
    struct task_row row;
    uint32_t number;
    int r = day_list_get(chunk_view(chunk), TABLE_TASK_DUE, chunk->run.as_of, n, &number);
    if (r == 0)
        r = task_get(chunk_view(chunk), number, &row);
    if (r != 0 || !task_is_due(&row, chunk->run.as_of))
        return r;
    return decide(chunk, shape_task, number);
}

static int shape_commitment(const struct asked *asked, uint32_t number) {
    const void *found;
    int r = attributes(asked, NOUN_COMMITMENT, number, &found);
    if (r != 0)
        return r;
    const struct commitment_made *commitment = found;
    struct commitment_overdue *overdue = decision_shape(asked, EVENT_commitment_overdue);
    overdue->commitment = commitment->commitment;
    overdue->subject = commitment->subject;
    overdue->due = commitment->due;
    GIVE(overdue, commitment_overdue, commitment);
    GIVE(overdue, commitment_overdue, subject);
    GIVE(overdue, commitment_overdue, due);
    return decision_apply(asked);
}

int run_step_commitment(struct chunk *chunk, uint32_t n) {
    struct commitment commitment;
    uint32_t number;
    int r = day_list_get(chunk_view(chunk), TABLE_COMMITMENT_DUE, chunk->run.as_of, n, &number);
    if (r == 0)
        r = commitment_get(chunk_view(chunk), number, &commitment);
    if (r != 0 || !commitment_is_due(&commitment.row, chunk->run.as_of))
        return r;
    return decide(chunk, shape_commitment, number);
}
