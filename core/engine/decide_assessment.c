/* Questions of kind assessment: every policy in force is asked about a region or an organisation;
 * an indicator that stands otherwise than when last seen becomes a decision. A policy that fails
 * decides nothing: what was known stays. */
#include "domain/assessments.h"
#include "engine/decide_alerts.h"
#include "util/log.h"

static bool is_same(const struct assessment *before, const struct indicator *indicator) {
    return str_equal(before->state, indicator->state) && before->veto == indicator->veto;
}

static void shape(const struct asked *asked, struct str id, const struct indicator *indicator,
                  struct str from) {
    struct assessment_changed *data = decision_shape(asked, EVENT_assessment_changed);
    data->subject.kind = (int32_t)subject_kind(asked->question->noun);
    data->subject.id = id;
    GIVE(&data->subject, subject, kind);
    GIVE(&data->subject, subject, id);
    data->indicator = indicator->id;
    data->value = indicator->value;
    data->target = indicator->target;
    data->from = from;
    data->to = indicator->state;
    data->as_of = asked->question->date;
    data->findings = asked->answer.findings;
    GIVE(data, assessment_changed, subject);
    GIVE(data, assessment_changed, indicator);
    if (indicator->has_value)
        GIVE(data, assessment_changed, value);
    if (indicator->has_target)
        GIVE(data, assessment_changed, target);
    if (from.data)
        GIVE(data, assessment_changed, from);
    GIVE(data, assessment_changed, to);
    GIVE(data, assessment_changed, as_of);
    if (data->findings.n)
        GIVE(data, assessment_changed, findings);
    data->veto = indicator->veto;
    if (indicator->veto)
        GIVE(data, assessment_changed, veto);
}

/* `left`: bytes that there is room for; 0 once something found none. */
static int decide_indicator(const struct asked *asked, const struct indicator *indicator,
                            size_t *left) {
    struct context *context = asked_context(asked);
    const struct question *question = asked->question;
    struct assessment before;
    struct str id, from = STR_NONE;
    int r = assessment_get(context->view, question->noun, question->number, indicator->id, &before);
    if (r < 0 || (r == 0 && is_same(&before, indicator)))
        return r;
    if (r == 0)
        from = arena_copy(context->arena, before.state);
    size_t bytes = decision_bytes(&asked->answer);
    *left = asked->decisions->n < DECISIONS_LIMIT && bytes < *left ? *left - bytes : 0;
    if (*left == 0)
        return 0;
    r = thing_id(context->view, question->noun, question->number, context->arena, &id);
    if (r != 0)
        return r;
    shape(asked, id, indicator, from);
    r = decision_apply(asked);
    return r == 0 && from.data ? decide_fall(asked, indicator, from) : r;
}

/* Two policies may not speak of one indicator: the first by name has it. */
static bool is_taken(const struct answer *answers, size_t n, struct str indicator) {
    for (size_t i = 0; i < n; i++) {
        const struct indicator *list = answers[i].indicators.items;
        for (size_t k = 0; k < answers[i].indicators.n; k++)
            if (str_equal(list[k].id, indicator))
                return true;
    }
    return false;
}

static int decide_answer(const struct asked *asked, const struct answer *answers, size_t n,
                         size_t *left) {
    const struct list *indicators = &answers[n].indicators;
    const struct indicator *list = indicators->items;
    for (size_t i = 0; i < indicators->n && *left; i++) {
        if (is_taken(answers, n, list[i].id)) {
            log_warning("policy %.*s: indicator %.*s is another policy's already",
                        STR_ARG(answers[n].policy), STR_ARG(list[i].id));
            continue;
        }
        int r = decide_indicator(asked, &list[i], left);
        if (r != 0)
            return r;
    }
    return 0;
}

static bool is_answered(const struct answer *answers, size_t n, struct str indicator) {
    for (size_t i = 0; i < n; i++)
        if (answers[i].failed)
            return true; /* it may be that one's */
    return is_taken(answers, n, indicator);
}

/* An indicator that was in the way of a title, and that no policy answers any more. */
static int drop_veto(struct asked *asked, struct str indicator) {
    struct context *context = asked_context(asked);
    const struct question *question = asked->question;
    const struct indicator gone = {.id = indicator, .state = STR("not_assessed")};
    struct assessment before;
    struct str id;
    int r = assessment_get(context->view, question->noun, question->number, indicator, &before);
    if (r == 0)
        r = thing_id(context->view, question->noun, question->number, context->arena, &id);
    if (r != 0)
        return r;
    asked->answer = (struct answer){.asked = false};
    shape(asked, id, &gone, arena_copy(context->arena, before.state));
    return decision_apply(asked);
}

static int drop_vetoes(struct asked *asked, const struct answer *answers, size_t n) {
    struct context *context = asked_context(asked);
    const struct question *question = asked->question;
    struct str row, indicator;
    int r = assessment_vetoes(context->view, question->noun, question->number, &row);
    if (r != 0)
        return r < 0 ? r : 0;
    row = arena_copy(context->arena, row); /* it changes while it is walked */
    struct cursor in = cursor_from(row);
    while (r == 0 && assessment_veto_next(&in, &indicator) == 0)
        if (!is_answered(answers, n, indicator))
            r = drop_veto(asked, indicator);
    return r;
}

int decide_assessment(struct decider *decider, const struct question *question, int32_t at,
                      const struct asking *asking, struct decisions *decisions, bool *ret_steady) {
    const struct stepper *stepper = decider->stepper;
    struct asked asked = {
        .decider = decider, .question = question, .asking = asking, .decisions = decisions};
    struct answer *answers;
    size_t n, left = DECISIONS_BYTES_LIMIT;
    int r = policy_assess(decider->host, stepper->context.view, &stepper->city, question->noun,
                          question->number, question->date, at, asking->why, asking->event_type,
                          stepper->context.arena, &answers, &n);
    *ret_steady = true;
    for (size_t i = 0; r == 0 && i < n; i++) {
        asked.answer = answers[i];
        *ret_steady &= asked.answer.steady;
        decision_note_answer(&asked);
        r = decide_answer(&asked, answers, i, &left);
    }
    const struct assessed_answers all = {answers, n};
    if (r == 0)
        r = drop_vetoes(&asked, answers, n);
    if (r == 0)
        r = decide_alerts(&asked, &all);
    /* What found no room any more is seen again tomorrow. */
    *ret_steady &= left > 0 && decisions->n < DECISIONS_LIMIT;
    return r;
}

int decide_not_assessed(struct decider *decider, const struct question *question,
                        const struct asking *asking, struct decisions *decisions) {
    struct asked asked = {
        .decider = decider, .question = question, .asking = asking, .decisions = decisions};
    const struct assessed_answers none = {NULL, 0};
    return decide_alerts(&asked, &none);
}
