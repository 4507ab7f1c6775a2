/* The run about visits that were due on a day that is over. */
#include "domain/beneficiaries.h"
#include "engine/decision.h"
#include "engine/run.h"

/* Whom nobody visited: no rule is asked, the plan says it. */
int run_step_visit(struct chunk *chunk, uint32_t n) {
    struct context *context = &chunk->engine->stepper.context;
    struct decisions decisions = {0};
    struct beneficiary beneficiary;
    uint32_t number;
    struct str id;
    int r = visit_due_get(chunk_view(chunk), chunk->run.as_of, n, &number);
    if (r == 0)
        r = beneficiary_get(chunk_view(chunk), number, &beneficiary);
    if (r != 0 || !visit_is_due(&beneficiary.row, chunk->run.as_of))
        return r;
    struct asking asking = chunk_asking(chunk, CAUSE_SCHEDULE, STR_NONE);
    const struct asked asked = {
        .decider = &chunk->engine->decider, .asking = &asking, .decisions = &decisions};
    r = thing_id(context->view, NOUN_BENEFICIARY, number, context->arena, &id);
    if (r != 0)
        return r;
    struct visit_missed *missed = decision_shape(&asked, EVENT_visit_missed);
    missed->beneficiary = id;
    missed->on = beneficiary.row.due_on;
    GIVE(missed, visit_missed, beneficiary);
    GIVE(missed, visit_missed, on);
    return chunk_finish(chunk, &asking, decisions, decision_apply(&asked));
}
