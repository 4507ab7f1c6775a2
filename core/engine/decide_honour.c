#include "engine/decide_honour.h"

#include "domain/honours.h"
#include "domain/volunteers.h"
#include "engine/decision.h"

/* Room for what the honours that follow may still decide. */
#define CONSIDERED_MOST (DECISIONS_LIMIT / 2)

struct considering {
    struct asked *asked;
    uint32_t run;
    struct str policy;
    uint32_t honour;
};

/* Whether the candidate would be among those who are proposed. */
static int is_among_best(const struct considering *self, bool *ret_is) {
    struct context *context = asked_context(self->asked);
    const struct answer *answer = &self->asked->answer;
    struct honour_defined honour;
    struct candidate *list = NULL;
    size_t n;
    int r = honour_get(context->view, self->honour, context->arena, &honour);
    if (r == 0)
        r = candidates_get(context->view, self->run, self->honour, context->arena, &list, &n);
    if (r == 0)
        *ret_is = candidate_place(list, n, self->asked->question->number, answer->rank) <
                  honour_places(&honour);
    return r;
}

static int consider(const struct considering *self) {
    struct asked *asked = self->asked;
    struct context *context = asked_context(asked);
    const struct answer *answer = &asked->answer;
    struct str honour, volunteer;
    int r = thing_named(context, NOUN_HONOUR, self->honour, &honour);
    if (r == 0)
        r = thing_named(context, NOUN_VOLUNTEER, asked->question->number, &volunteer);
    if (r != 0)
        return r;
    struct honour_considered *data = decision_shape(asked, EVENT_honour_considered);
    data->run = self->run;
    data->honour = honour;
    data->volunteer = volunteer;
    data->class = answer->class;
    data->rank = answer->rank;
    data->findings = answer->findings;
    GIVE(data, honour_considered, run);
    GIVE(data, honour_considered, honour);
    GIVE(data, honour_considered, volunteer);
    GIVE(data, honour_considered, rank);
    if (data->class.size)
        GIVE(data, honour_considered, class);
    if (data->findings.n)
        GIVE(data, honour_considered, findings);
    return decision_apply(asked);
}

static int ask_for(const struct considering *self) {
    struct asked *asked = self->asked;
    struct stepper *stepper = asked->decider->stepper;
    struct honour_defined honour;
    struct answer *answers;
    bool best = false;
    size_t n;
    int r = honour_get(stepper->context.view, self->honour, stepper->context.arena, &honour);
    if (r != 0 || !honour_is_for(&honour, NOUN_VOLUNTEER))
        return r;
    r = policy_honour(asked->decider->host, stepper->context.view, &stepper->city,
                      asked->question->number, self->honour, self->policy, asked->question->date,
                      asked->asking->why, asked->asking->event_type, stepper->context.arena,
                      &answers, &n);
    if (r != 0 || n == 0)
        return r;
    asked->answer = answers[0];
    decision_note_answer(asked);
    if (!asked->answer.failed && asked->answer.nominate)
        r = is_among_best(self, &best);
    return r == 0 && best ? consider(self) : r;
}

int decide_candidate(struct decider *decider, const struct question *question, uint32_t run,
                     struct str policy, const struct asking *asking, struct decisions *decisions) {
    struct asked asked = {
        .decider = decider, .question = question, .asking = asking, .decisions = decisions};
    struct considering self = {.asked = &asked, .run = run, .policy = policy};
    struct view *view = asked_context(&asked)->view;
    struct volunteer_row person;
    uint32_t n_honours = 0;
    int r = volunteer_get(view, question->number, &person);
    if (r != 0 || person.state != VOLUNTEER_REGISTERED || person.standing == STANDING_DEREGISTERED)
        return r < 0 ? r : 0;
    r = thing_count(view, NOUN_HONOUR, &n_honours);
    for (uint32_t honour = 1; r == 0 && honour <= n_honours && decisions->n < CONSIDERED_MOST;
         honour++) {
        self.honour = honour;
        r = ask_for(&self);
    }
    return r;
}

int decide_proposal(struct decider *decider, uint32_t run, uint32_t n, int32_t as_of,
                    const struct asking *asking, struct decisions *decisions) {
    struct question question = {.kind = POLICY_KIND_HONOUR, .date = as_of};
    struct asked asked = {
        .decider = decider, .question = &question, .asking = asking, .decisions = decisions};
    struct context *context = asked_context(&asked);
    struct candidate candidate;
    struct str honour_id, volunteer;
    uint32_t honour, place;
    int32_t year, month, day;
    int r = candidate_at(context->view, run, n, context->arena, &honour, &place, &candidate);
    if (r == 0)
        r = thing_named(context, NOUN_HONOUR, honour, &honour_id);
    if (r == 0)
        r = thing_named(context, NOUN_VOLUNTEER, candidate.volunteer, &volunteer);
    if (r != 0)
        return r;
    date_to_civil(as_of, &year, &month, &day);
    struct honour_proposed *data = decision_shape(&asked, EVENT_honour_proposed);
    data->honour = honour_id;
    data->year = year;
    data->subject = (struct subject){.kind = SUBJECT_KIND_VOLUNTEER, .id = volunteer};
    GIVE(&data->subject, subject, kind);
    GIVE(&data->subject, subject, id);
    data->class = arena_copy(context->arena, candidate.class);
    data->rank = candidate.rank;
    data->place = place;
    data->considered = (int64_t)candidate.considered;
    GIVE(data, honour_proposed, honour);
    GIVE(data, honour_proposed, year);
    GIVE(data, honour_proposed, subject);
    GIVE(data, honour_proposed, rank);
    GIVE(data, honour_proposed, place);
    GIVE(data, honour_proposed, considered);
    if (data->class.size)
        GIVE(data, honour_proposed, class);
    return decision_apply(&asked);
}
