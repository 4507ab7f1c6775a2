#include "engine/decide_alerts.h"

#include "domain/record_checks.h"
#include "domain/volunteers.h"
#include "util/log.h"

struct list decision_findings(const struct asked *asked) {
    const struct answer *answer = &asked->answer;
    if (answer->asked && !answer->failed)
        return answer->findings;
    struct finding *finding = arena_alloc(asked_context(asked)->arena, sizeof *finding);
    finding->code = answer->asked ? STR("policy_failed") : STR("no_policy");
    GIVE(finding, finding, code);
    return (struct list){1, finding};
}

struct list decision_add_finding(const struct asked *asked, struct list findings, struct str code,
                                 struct scalar value) {
    struct finding *more =
        arena_alloc(asked_context(asked)->arena, (findings.n + 1) * sizeof *more);
    if (findings.n)
        memcpy(more, findings.items, findings.n * sizeof *more);
    more[findings.n] = (struct finding){.code = code, .value = value};
    GIVE(&more[findings.n], finding, code);
    GIVE(&more[findings.n], finding, value);
    return (struct list){findings.n + 1, more};
}

size_t decision_bytes(const struct answer *answer) {
    const struct finding *findings = answer->findings.items;
    size_t sum = 1024 + answer->facts.size;
    for (size_t i = 0; i < answer->findings.n; i++)
        sum +=
            findings[i].code.size + findings[i].value.text.size + findings[i].needed.text.size + 32;
    return sum;
}

static struct event *add(struct decisions *decisions, struct arena *arena) {
    if (decisions->n == decisions->capacity) {
        size_t capacity = decisions->capacity ? 2 * decisions->capacity : QUESTIONS_USUAL;
        struct event *grown = arena_alloc(arena, capacity * sizeof *grown);
        if (decisions->n)
            memcpy(grown, decisions->list, decisions->n * sizeof *grown);
        decisions->list = grown;
        decisions->capacity = capacity;
    }
    struct event *event = &decisions->list[decisions->n++];
    memset(event, 0, sizeof *event);
    return event;
}

void *decision_shape(const struct asked *asked, enum event_number number) {
    const struct asking *asking = asked->asking;
    struct stepper *stepper = asked->decider->stepper;
    struct arena *arena = stepper->context.arena;
    struct event *decision = add(asked->decisions, arena);
    decision->type = catalogue_by_number(number);
    decision->data = arena_alloc(arena, decision->type->fields->struct_size);
    decision->sequence = asking->sequence + asked->decisions->n - 1;
    decision->cause = asking->cause;
    decision->recorded_us = asking->recorded_us;
    decision->time.us = asking->recorded_us;
    decision->time.offset_minutes =
        (int16_t)(zone_offset_at(&stepper->city.zone, asking->recorded_us) / 60);
    if (asked->answer.asked)
        decision->revision = arena_copy(arena, asked->answer.revision);
    decision->facts = asked->answer.facts;
    return decision->data;
}

int decision_apply(const struct asked *asked) {
    return stepper_apply(asked->decider->stepper, &asked->decisions->list[asked->decisions->n - 1]);
}

static int shape_registration(struct asked *asked) {
    const struct answer *answer = &asked->answer;
    struct str id;
    if (!answer->asked)
        return 0;
    if (!answer->failed && answer->outcome == OUTCOME_REFUSED) {
        asked->decisions->refused_findings = answer->findings;
        const struct finding *first = answer->findings.n ? answer->findings.items : NULL;
        return problem_set(asked_context(asked)->problem, PROBLEM_POLICY_REFUSED, "data",
                           "the city's rule %.*s refuses this registration%s%.*s",
                           STR_ARG(answer->revision), first ? ": " : "",
                           first ? (int)first->code.size : 0, first ? first->code.data : "");
    }
    int r = thing_named(asked_context(asked), NOUN_VOLUNTEER, asked->question->number, &id);
    if (r != 0)
        return r;
    struct registration_decided *data = decision_shape(asked, EVENT_registration_decided);
    data->volunteer = id;
    data->outcome = answer->failed ? OUTCOME_ACCEPTED : answer->outcome;
    data->findings = decision_findings(asked);
    GIVE(data, registration_decided, volunteer);
    GIVE(data, registration_decided, outcome);
    if (data->findings.n)
        GIVE(data, registration_decided, findings);
    r = decision_apply(asked);
    return r == 0 && answer->failed ? decide_registration_failed(asked) : r;
}

/* Asked again about a record that is decided (somebody complained, or a new rule looks back): a
 * rule that says the same, or fails, leaves it as it is. */
static bool is_settled(const struct record_row *row, const struct answer *answer, bool answered) {
    static const enum record_state states[] = {[OUTCOME_ACCEPTED] = RECORD_ACCEPTED,
                                               [OUTCOME_HELD] = RECORD_HELD,
                                               [OUTCOME_REFUSED] = RECORD_REFUSED};
    if (row->state == RECORD_PENDING)
        return false;
    return !answered || (states[answer->outcome] == (enum record_state)row->state &&
                         (row->state == RECORD_REFUSED || answer->minutes == row->counted));
}

/* Asked because somebody reviewed the record: the outcome is the reviewer's, and only signals count
 * that the review itself gives. */
static int shape_flags(struct asked *asked) {
    const struct answer *answer = &asked->answer;
    struct list signals = record_review_signals(&answer->findings, asked_context(asked)->arena);
    struct record record;
    if (!answer->asked || answer->failed || !signals.n)
        return 0;
    int r = record_get(asked_context(asked)->view, asked->question->number, &record);
    if (r != 0)
        return r;
    struct record_flagged *data = decision_shape(asked, EVENT_record_flagged);
    data->record = arena_copy(asked_context(asked)->arena, record.id);
    data->findings = signals;
    GIVE(data, record_flagged, record);
    GIVE(data, record_flagged, findings);
    return decision_apply(asked);
}

static int shape_acceptance(struct asked *asked) {
    const struct answer *answer = &asked->answer;
    if (asked->question->event == EVENT_service_reviewed)
        return shape_flags(asked);
    bool answered = answer->asked && !answer->failed;
    struct record record;
    int r = record_get(asked_context(asked)->view, asked->question->number, &record);
    if (r != 0)
        return r;
    if (is_settled(&record.row, answer, answered))
        return 0;
    struct service_decided *data = decision_shape(asked, EVENT_service_decided);
    data->record = arena_copy(asked_context(asked)->arena, record.id);
    data->outcome = answered ? answer->outcome : OUTCOME_HELD;
    data->minutes = answered ? answer->minutes : record.row.minutes;
    data->findings = decision_findings(asked);
    GIVE(data, service_decided, record);
    GIVE(data, service_decided, outcome);
    GIVE(data, service_decided, minutes);
    if (data->findings.n)
        GIVE(data, service_decided, findings);
    return decision_apply(asked);
}

/* One row a kind: how its answer becomes a decision. */
static int (*const shapes[POLICY_KIND_COUNT])(struct asked *asked) = {
    [POLICY_KIND_REGISTRATION] = shape_registration, [POLICY_KIND_ACCEPTANCE] = shape_acceptance,
    [POLICY_KIND_STAR_RATING] = decide_stars,        [POLICY_KIND_REDEMPTION] = decide_redemption,
    [POLICY_KIND_ELIGIBILITY] = shape_eligibility,   [POLICY_KIND_STANDING] = shape_standing,
};

static void log_failure(const struct asked *asked) {
    const char *kind = POLICY_KIND_choices.words[asked->question->kind];
    log_warning("policy %.*s (%s) failed and was answered for by its kind's rule: %.*s",
                STR_ARG(asked->answer.revision), kind, STR_ARG(asked->answer.failure));
}

int decide_ended(struct decider *decider, uint32_t notice, const struct asking *asking,
                 struct decisions *decisions) {
    struct question question = {.number = notice, .noun = NOUN_PUBLIC_NOTICE};
    struct asked asked = {
        .decider = decider, .question = &question, .asking = asking, .decisions = decisions};
    return decide_notice_ended(&asked);
}

void decision_note_answer(const struct asked *asked) {
    struct decider *decider = asked->decider;
    decider->n_calls += asked->answer.asked;
    decider->n_failures += asked->answer.failed;
    if (asked->answer.failed)
        log_failure(asked);
}

int decision_ask(struct asked *asked) {
    struct decider *decider = asked->decider;
    struct stepper *stepper = decider->stepper;
    int r = policy_evaluate(decider->host, stepper->context.view, &stepper->city, asked->question,
                            asked->asking->why, asked->asking->event_type, stepper->context.arena,
                            &asked->answer);
    if (r != 0)
        return r;
    decision_note_answer(asked);
    return 0;
}

int decide_one(struct decider *decider, const struct question *question,
               const struct asking *asking, struct decisions *decisions) {
    struct asked asked = {
        .decider = decider, .question = question, .asking = asking, .decisions = decisions};
    if (question->event == EVENT_service_rated &&
        !policy_host_reads_ratings(decider->host, question->kind))
        return 0;
    if (question->kind == POLICY_KIND_POINTS)
        return decide_points(&asked);
    if (question->noun == NOUN_APPLICATION)
        return decide_application(&asked);
    if (question->noun == NOUN_SHIFT)
        return decide_waiting(&asked);
    if (question->noun == NOUN_ATTENDANCE || question->noun == NOUN_POST)
        return decide_derived(&asked);
    if (question->noun == NOUN_PUBLIC_NOTICE)
        return decide_final(&asked);
    if (question->noun == NOUN_ALERT)
        return decide_alert_over(&asked);
    if (question->noun == NOUN_CASE)
        return decide_retracted(&asked);
    int r = question->kind == POLICY_KIND_STANDING ? standing_is_asked(&asked) : 0;
    if (r != 0)
        return r < 0 ? r : 0;
    r = decision_ask(&asked);
    return r == 0 ? shapes[question->kind](&asked) : r;
}

int decide_raised(struct decider *decider, const struct asking *asking,
                  struct decisions *decisions) {
    struct context *context = &decider->stepper->context;
    for (size_t i = 0; i < context->n_questions; i++) {
        struct question question = context->questions[i];
        int r = decide_one(decider, &question, asking, decisions);
        if (r != 0)
            return r;
        if (decisions->n > DECISIONS_LIMIT)
            return problem_set(context->problem, PROBLEM_TOO_LARGE, "data",
                               "this event would have more than %d decisions", DECISIONS_LIMIT);
    }
    context->n_questions = 0;
    return 0;
}

int decide_all(struct decider *decider, const struct event *event,
               struct decisions *ret_decisions) {
    struct asking asking = {.cause = event->sequence,
                            .why = CAUSE_EVENT,
                            .event_type = str_from(event->type->name),
                            .sequence = event->sequence + 1,
                            .recorded_us = event->recorded_us,
                            .anew = event->type->number == EVENT_service_rated};
    *ret_decisions = (struct decisions){0};
    return decide_raised(decider, &asking, ret_decisions);
}
