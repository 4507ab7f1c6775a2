/* Alerts of an assessment: what a policy says must be looked at, as long as it says so; and an
 * indicator that stands worse than it did, until it stands as well again. */
#include "engine/decide_alerts.h"

#include "domain/alerts.h"
#include "domain/assessments.h"
#include "engine/decision.h"

#define FELL "fell_" /* + the indicator */

/* From what earns least: a word of a policy's own is none of these. Without data nothing is earned,
 * as where it is not met. */
static int rank_of(struct str state) {
    static const struct {
        const char *word;
        int rank;
    } ranks[] = {{"no_data", 0}, {"not_met", 0}, {"C#", 0}, {"C", 1},
                 {"B", 2},       {"A", 3},       {"met", 3}};
    for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++)
        if (str_equal(state, str_from(ranks[i].word)))
            return ranks[i].rank;
    return -1;
}

bool state_is_worse(struct str state, struct str before) {
    int now = rank_of(state), then = rank_of(before);
    return now >= 0 && then >= 0 && now < then;
}

static struct str word_of(struct str state) {
    if (str_equal(state, STR("met")))
        return STR("达标");
    if (str_equal(state, STR("not_met")))
        return STR("未达标");
    return str_equal(state, STR("no_data")) ? STR("无数据") : state;
}

/* ---- shapes ---- */

static int subject_of(const struct asked *asked, struct subject *ret_subject) {
    const struct question *question = asked->question;
    struct context *context = asked_context(asked);
    ret_subject->kind = (int32_t)subject_kind(question->noun);
    GIVE(ret_subject, subject, kind);
    GIVE(ret_subject, subject, id);
    return thing_id(context->view, question->noun, question->number, context->arena,
                    &ret_subject->id);
}

static int raise(const struct asked *asked, const struct answer_alert *alert,
                 const struct indicator *indicator, struct str from) {
    struct context *context = asked_context(asked);
    struct subject subject = {.id = STR_NONE};
    uint32_t open;
    int r = alert_find_open(context->view, asked->question->noun, asked->question->number,
                            alert->code, context->arena, &open);
    if (r > 0)
        r = subject_of(asked, &subject);
    else
        return r; /* it stands already */
    if (r != 0)
        return r;
    struct alert_raised *data = decision_shape(asked, EVENT_alert_raised);
    data->alert = alert_next_id(context->view, context->arena);
    data->code = alert->code;
    data->severity = alert->severity;
    data->subject = subject;
    data->text = alert->text;
    data->help = alert->help;
    data->as_of = asked->question->date;
    data->findings = asked->answer.findings;
    GIVE(data, alert_raised, alert);
    GIVE(data, alert_raised, code);
    GIVE(data, alert_raised, severity);
    GIVE(data, alert_raised, subject);
    GIVE(data, alert_raised, text);
    GIVE(data, alert_raised, help);
    GIVE(data, alert_raised, as_of);
    if (asked->answer.policy.size) {
        data->policy = arena_copy(context->arena, asked->answer.policy);
        GIVE(data, alert_raised, policy);
    }
    if (indicator) {
        data->indicator = indicator->id;
        data->from = from;
        data->to = indicator->state;
        GIVE(data, alert_raised, indicator);
        GIVE(data, alert_raised, from);
        GIVE(data, alert_raised, to);
    }
    if (data->findings.n)
        GIVE(data, alert_raised, findings);
    return decision_apply(asked);
}

/* `state`: of the indicator that it was about; none: it is not assessed any more, or the alert was
 * a policy's own. */
static int clear(const struct asked *asked, const struct alert_raised *alert, struct str state) {
    struct subject subject = {.id = STR_NONE};
    int r = subject_of(asked, &subject);
    if (r != 0)
        return r;
    struct alert_cleared *data = decision_shape(asked, EVENT_alert_cleared);
    data->alert = alert->alert;
    data->code = alert->code;
    data->subject = subject;
    data->as_of = asked->question->date;
    data->findings = asked->answer.findings;
    GIVE(data, alert_cleared, alert);
    GIVE(data, alert_cleared, code);
    GIVE(data, alert_cleared, subject);
    GIVE(data, alert_cleared, as_of);
    if (HAS(alert, alert_raised, indicator)) {
        data->indicator = alert->indicator;
        GIVE(data, alert_cleared, indicator);
    }
    if (state.data) {
        data->to = state;
        GIVE(data, alert_cleared, to);
    }
    if (data->findings.n)
        GIVE(data, alert_cleared, findings);
    return decision_apply(asked);
}

/* ---- an indicator that fell ---- */

int decide_fall(const struct asked *asked, const struct indicator *indicator, struct str from) {
    struct arena *arena = asked_context(asked)->arena;
    if (!state_is_worse(indicator->state, from))
        return 0;
    struct str title = indicator->title.size ? indicator->title : indicator->id;
    struct str was = word_of(from), is = word_of(indicator->state);
    const struct answer_alert alert = {
        .code = arena_printf(arena, FELL "%.*s", STR_ARG(indicator->id)),
        .severity = ALERT_SEVERITY_WARNING,
        .text =
            arena_printf(arena, "“%.*s”由%.*s变为%.*s", STR_ARG(title), STR_ARG(was), STR_ARG(is)),
        .help = STR("volunteerctl explain region|organisation 查看依据，恢复到原等次后自动解除"),
    };
    return raise(asked, &alert, indicator, from);
}

/* ---- what is open ---- */

static const struct indicator *find_indicator(const struct answer *answer, struct str id) {
    const struct indicator *list = answer->indicators.items;
    for (size_t i = 0; i < answer->indicators.n; i++)
        if (str_equal(list[i].id, id))
            return &list[i];
    return NULL;
}

static bool says(const struct answer *answer, struct str code) {
    const struct answer_alert *list = answer->alerts.items;
    for (size_t i = 0; i < answer->alerts.n; i++)
        if (str_equal(list[i].code, code))
            return true;
    return false;
}

/* Whose alert it is: NULL where that policy is not asked about the subject any more. */
static const struct answer *answer_of(const struct assessed_answers *answers, struct str policy) {
    for (size_t i = 0; i < answers->n; i++)
        if (str_equal(answers->list[i].policy, policy))
            return &answers->list[i];
    return NULL;
}

static int look_at(struct asked *asked, const struct assessed_answers *answers,
                   const struct alert_raised *alert) {
    const struct answer *answer = answer_of(answers, alert->policy);
    bool fell = HAS(alert, alert_raised, indicator);
    if (!HAS(alert, alert_raised, policy) || (answer && answer->failed))
        return 0; /* another's, or nobody knows */
    asked->answer = answer ? *answer : (struct answer){.asked = false};
    if (!answer)
        return clear(asked, alert, STR_NONE);
    if (!fell)
        return says(answer, alert->code) ? 0 : clear(asked, alert, STR_NONE);
    const struct indicator *indicator = find_indicator(answer, alert->indicator);
    if (indicator && state_is_worse(indicator->state, alert->from))
        return 0;
    return clear(asked, alert, indicator ? indicator->state : STR_NONE);
}

static int clear_what_is_over(struct asked *asked, const struct assessed_answers *answers) {
    struct context *context = asked_context(asked);
    const struct question *question = asked->question;
    struct alert_list list;
    int r = alerts_open(context->view, question->noun, question->number, &list);
    if (r != 0 || !list.n)
        return r;
    /* The row changes while it is walked. */
    struct str rows = arena_copy(context->arena, (struct str){list.items, list.n * 4});
    list.items = rows.data;
    for (size_t i = 0; r == 0 && i < list.n; i++) {
        struct thing thing;
        r = thing_get(context->view, NOUN_ALERT, alert_list_at(&list, i), context->arena, &thing);
        if (r == 0)
            r = look_at(asked, answers, thing.attributes);
    }
    return r;
}

int decide_alerts(struct asked *asked, const struct assessed_answers *answers) {
    int r = clear_what_is_over(asked, answers);
    for (size_t i = 0; r == 0 && i < answers->n; i++) {
        const struct answer_alert *list = answers->list[i].alerts.items;
        asked->answer = answers->list[i];
        for (size_t k = 0;
             r == 0 && k < asked->answer.alerts.n && asked->decisions->n < DECISIONS_LIMIT; k++)
            r = raise(asked, &list[k], NULL, STR_NONE);
    }
    return r;
}

/* ---- a rule of registration that failed ---- */

int decide_registration_failed(const struct asked *asked) {
    struct arena *arena = asked_context(asked)->arena;
    const struct answer *answer = &asked->answer;
    struct question question = {.noun = NOUN_REGION, .date = asked->question->date};
    int r = alert_city_region(asked_context(asked)->view, &question.number);
    if (r != 0)
        return r < 0 ? r : 0;
    const struct answer_alert alert = {
        .code = STR(ALERT_REGISTRATION_FAILED),
        .severity = ALERT_SEVERITY_CRITICAL,
        .text = arena_printf(arena, "注册规则%.*s运行失败，有人未经认定即通过注册；原因见日志",
                             STR_ARG(answer->revision)),
        .help = STR("修正规则并启用(volunteerctl policy activate)，或停用这一版本"
                    "(volunteerctl policy set-aside)；启用或停用后自动解除"),
    };
    struct asked about = *asked;
    about.question = &question;
    about.answer = (struct answer){.asked = false}; /* the daemon's word, not the rule's */
    return raise(&about, &alert, NULL, STR_NONE);
}

int decide_alert_over(const struct asked *asked) {
    struct context *context = asked_context(asked);
    struct question question = {.date = asked->question->date};
    struct asked about = *asked;
    struct alert alert;
    struct thing thing;
    int r = alert_get(context->view, asked->question->number, &alert);
    if (r == 0)
        r = thing_get(context->view, NOUN_ALERT, asked->question->number, context->arena, &thing);
    if (r != 0)
        return r;
    question.noun = (enum noun)alert.row.noun;
    question.number = alert.row.subject;
    about.question = &question;
    about.answer = (struct answer){.asked = false};
    return clear(&about, thing.attributes, STR_NONE);
}
