#include "engine/decide.h"

#include "domain/records.h"
#include "domain/volunteers.h"
#include "util/log.h"

/* What a decision is shaped from. */
struct asked {
    struct decider *decider;
    const struct question *question;
    struct answer answer;
    struct event *decision; /* to fill; type NULL: no decision */
    struct list *refused_findings;
};

static struct context *context_of(const struct asked *asked) {
    return &asked->decider->stepper->context;
}

/* The findings of the answer or, where the policy failed or none is in force, one that says so. */
static struct list findings_of(const struct asked *asked) {
    const struct answer *answer = &asked->answer;
    if (answer->asked && !answer->failed)
        return answer->findings;
    struct finding *finding = arena_alloc(context_of(asked)->arena, sizeof *finding);
    finding->code = answer->asked ? STR("policy_failed") : STR("no_policy");
    GIVE(finding, finding, code);
    return (struct list){1, finding};
}

static void *shape(const struct asked *asked, enum event_number number) {
    asked->decision->type = catalogue_by_number(number);
    asked->decision->data =
        arena_alloc(context_of(asked)->arena, asked->decision->type->fields->struct_size);
    asked->decision->revision = asked->answer.asked ? asked->answer.revision : STR_NONE;
    asked->decision->facts = asked->answer.facts;
    return asked->decision->data;
}

static int shape_registration(struct asked *asked) {
    const struct answer *answer = &asked->answer;
    struct str id;
    if (!answer->asked)
        return 0;
    if (!answer->failed && answer->outcome == OUTCOME_REFUSED) {
        *asked->refused_findings = answer->findings;
        const struct finding *first = answer->findings.n ? answer->findings.items : NULL;
        return problem_set(context_of(asked)->problem, PROBLEM_POLICY_REFUSED, "data",
                           "the city's rule %.*s refuses this registration%s%.*s",
                           STR_ARG(answer->revision), first ? ": " : "",
                           first ? (int)first->code.size : 0, first ? first->code.data : "");
    }
    int r = thing_id(context_of(asked)->view, NOUN_VOLUNTEER, asked->question->number,
                     context_of(asked)->arena, &id);
    if (r != 0)
        return r;
    struct registration_decided *data = shape(asked, EVENT_registration_decided);
    data->volunteer = id;
    data->outcome = answer->failed ? OUTCOME_ACCEPTED : answer->outcome;
    data->findings = findings_of(asked);
    GIVE(data, registration_decided, volunteer);
    GIVE(data, registration_decided, outcome);
    if (data->findings.n)
        GIVE(data, registration_decided, findings);
    return 0;
}

static int shape_acceptance(struct asked *asked) {
    const struct answer *answer = &asked->answer;
    bool answered = answer->asked && !answer->failed;
    struct record record;
    int r = record_get(context_of(asked)->view, asked->question->number, &record);
    if (r != 0)
        return r;
    struct service_decided *data = shape(asked, EVENT_service_decided);
    data->record = arena_copy(context_of(asked)->arena, record.id);
    data->outcome = answered ? answer->outcome : OUTCOME_HELD;
    data->minutes = answered ? answer->minutes : record.row.minutes;
    data->findings = findings_of(asked);
    GIVE(data, service_decided, record);
    GIVE(data, service_decided, outcome);
    GIVE(data, service_decided, minutes);
    if (data->findings.n)
        GIVE(data, service_decided, findings);
    return 0;
}

static int shape_star_rating(struct asked *asked) {
    const struct answer *answer = &asked->answer;
    struct volunteer_row row;
    struct str id;
    if (!answer->asked || answer->failed)
        return 0;
    int r = volunteer_get(context_of(asked)->view, asked->question->number, &row);
    if (r != 0 || row.stars == answer->stars)
        return r;
    r = thing_id(context_of(asked)->view, NOUN_VOLUNTEER, asked->question->number,
                 context_of(asked)->arena, &id);
    if (r != 0)
        return r;
    struct star_changed *data = shape(asked, EVENT_star_changed);
    data->volunteer = id;
    data->from = row.stars;
    data->to = answer->stars;
    data->titles = answer->titles;
    data->valid_until = answer->valid_until;
    data->findings = answer->findings;
    GIVE(data, star_changed, volunteer);
    GIVE(data, star_changed, from);
    GIVE(data, star_changed, to);
    if (data->titles.n)
        GIVE(data, star_changed, titles);
    if (data->valid_until != INT32_MIN)
        GIVE(data, star_changed, valid_until);
    if (data->findings.n)
        GIVE(data, star_changed, findings);
    return 0;
}

/* One row a kind: how its answer becomes a decision. */
static int (*const shapes[POLICY_KIND_COUNT])(struct asked *asked) = {
    [POLICY_KIND_REGISTRATION] = shape_registration,
    [POLICY_KIND_ACCEPTANCE] = shape_acceptance,
    [POLICY_KIND_STAR_RATING] = shape_star_rating,
};

static void log_failure(const struct asked *asked) {
    const char *kind = POLICY_KIND_choices.words[asked->question->kind];
    log_warning("policy %.*s (%s) failed and was answered for by its kind's rule: %.*s",
                STR_ARG(asked->answer.revision), kind, STR_ARG(asked->answer.failure));
}

int decide_one(struct decider *decider, const struct question *question, uint64_t cause,
               enum question_cause why, struct str event_type, uint64_t sequence,
               int64_t recorded_us, struct event *ret_decision, struct list *ret_refused_findings) {
    struct stepper *stepper = decider->stepper;
    struct asked asked = {.decider = decider,
                          .question = question,
                          .decision = ret_decision,
                          .refused_findings = ret_refused_findings};
    memset(ret_decision, 0, sizeof *ret_decision);
    int r = policy_evaluate(decider->host, stepper->context.view, &stepper->city, question, why,
                            event_type, stepper->context.arena, &asked.answer);
    if (r != 0)
        return r;
    decider->n_calls += asked.answer.asked;
    decider->n_failures += asked.answer.failed;
    if (asked.answer.failed)
        log_failure(&asked);
    ret_decision->sequence = sequence;
    ret_decision->cause = cause;
    ret_decision->recorded_us = recorded_us;
    ret_decision->time.us = recorded_us;
    r = shapes[question->kind](&asked);
    if (r != 0 || !ret_decision->type)
        return r;
    ret_decision->time.offset_minutes =
        (int16_t)(zone_offset_at(&stepper->city.zone, recorded_us) / 60);
    ret_decision->revision = arena_copy(stepper->context.arena, ret_decision->revision);
    return stepper_apply(stepper, ret_decision);
}

int decide_all(struct decider *decider, const struct event *event,
               struct decisions *ret_decisions) {
    struct context *context = &decider->stepper->context;
    ret_decisions->n = 0;
    ret_decisions->refused_findings = (struct list){0, NULL};
    if (context->n_questions == 0)
        return 0;
    ret_decisions->list = arena_alloc(context->arena, QUESTION_LIMIT * sizeof *ret_decisions->list);
    for (size_t i = 0; i < context->n_questions; i++) {
        struct question question = context->questions[i];
        struct event *decision = &ret_decisions->list[ret_decisions->n];
        int r = decide_one(decider, &question, event->sequence, CAUSE_EVENT,
                           str_from(event->type->name), event->sequence + 1 + ret_decisions->n,
                           event->recorded_us, decision, &ret_decisions->refused_findings);
        if (r != 0)
            return r;
        ret_decisions->n += decision->type != NULL;
    }
    return 0;
}
