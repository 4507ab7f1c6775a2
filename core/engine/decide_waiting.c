/* Whoever waits for a place is moved up: the eligibility rule is asked about each in turn, in the
 * order in which they began to wait, and whoever it accepts has the place. Nothing is decided about
 * those who go on waiting. */
#include "domain/waiting.h"
#include "engine/decision.h"

static bool is_accepted(const struct answer *answer) {
    return answer->asked && !answer->failed &&
           answer->outcome == (int32_t)ENROLMENT_OUTCOME_ACCEPTED;
}

/* Whether anybody can be moved up there at all. */
static int takes_more(struct view *view, const struct enrolment *enrolment, bool *ret_takes) {
    struct shift_row shift;
    int r = enrolment_shift(view, enrolment, &shift);
    *ret_takes = r == 0 && !shift.gone && shift_places_left(&shift) > 0;
    return r;
}

int decide_move_up(struct decider *decider, const struct waiting_question *waiting,
                   const struct asking *asking, struct decisions *decisions, bool *ret_full) {
    struct context *context = &decider->stepper->context;
    struct enrolment enrolment;
    struct question question = {.kind = POLICY_KIND_ELIGIBILITY, .date = waiting->date};
    struct asked asked = {
        .decider = decider, .question = &question, .asking = asking, .decisions = decisions};
    bool takes = false, may = false;
    int r = waiting_nth(context->view, waiting->list, waiting->n, &question.number, &enrolment);
    if (r != 0)
        return r < 0 ? r : 0;
    r = takes_more(context->view, &enrolment, &takes);
    *ret_full = !takes;
    if (r == 0 && takes)
        r = waiting_may_move(context->view, &enrolment, waiting->date, &may);
    if (r == 0 && may)
        r = decision_ask(&asked);
    return r == 0 && may && is_accepted(&asked.answer) ? shape_moved_up(&asked) : r;
}

int decide_waiting(struct asked *asked) {
    struct view *view = asked_context(asked)->view;
    struct waiting_question waiting = {.list = asked->question->number,
                                       .date = asked->question->date};
    struct shift_row shift;
    uint32_t last;
    bool full = false;
    int r = waiting_shift(view, waiting.list, &shift);
    if (r == 0)
        r = enrolment_count(view, NOUN_SHIFT, waiting.list, &last);
    for (waiting.n = shift.waiting_first; r == 0 && !full && waiting.n <= last; waiting.n++)
        r = decide_move_up(asked->decider, &waiting, asked->asking, asked->decisions, &full);
    return r;
}
