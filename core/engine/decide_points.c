/* Questions of kind points: what a record caused is taken back first, entry by entry; then every
 * rule in force is asked, all about the same state, and what they say is posted. A rule that fails
 * posts nothing and is asked again later (points.withheld).
 *
 * The findings and facts of an answer stand with the first decision that is shaped from it. */
#include "engine/decide_points.h"

#include "domain/dictionaries.h"
#include "domain/merges.h"
#include "domain/records.h"

#define POSTING_BYTES 512 /* in the journal, about, but for findings and facts */

static int read_record(const struct asked *asked, struct earner *earner) {
    struct record record;
    int r = record_get(asked_context(asked)->view, earner->record, &record);
    if (r != 0)
        return r;
    earner->volunteer = record.row.volunteer;
    earner->record_id = arena_copy(asked_context(asked)->arena, record.id);
    earner->since = record.row.decision;
    earner->fresh = record.row.sequence == asked->asking->cause;
    earner->entitled = record.row.state == RECORD_ACCEPTED;
    return 0;
}

static int read_person(const struct asked *asked, struct earner *earner) {
    struct volunteer_row person;
    int r = volunteer_get(asked_context(asked)->view, earner->volunteer, &person);
    if (r == 0)
        earner->entitled = person.state == VOLUNTEER_REGISTERED;
    return r;
}

int earner_find(const struct asked *asked, struct earner *ret_earner) {
    const struct question *question = asked->question;
    bool is_record = question->noun == NOUN_RECORD;
    *ret_earner = (struct earner){.record = is_record ? question->number : 0,
                                  .volunteer = is_record ? 0 : question->number};
    return is_record ? read_record(asked, ret_earner) : read_person(asked, ret_earner);
}

/* ---- decisions ---- */

/* How much of what is to be taken is not there any more; 0 where all is. */
static int find_shortfall(const struct asked *asked, uint32_t volunteer, uint32_t account,
                          int64_t taken, int64_t *ret_missing) {
    struct context *context = asked_context(asked);
    struct balance balance;
    int32_t today = zone_date(context->zone, asked->asking->recorded_us);
    int r = volunteer_survivor(context->view, &volunteer);
    if (r != 0)
        return r;
    r = balance_get(context->view, volunteer, account, &balance);
    int64_t there = r == 0 ? balance_on(&balance, today) : 0;
    *ret_missing = taken > there ? taken - there : 0;
    return r < 0 ? r : 0;
}

int points_post(const struct asked *asked, const struct earner *earner,
                const struct points_posted *said, uint32_t volunteer, uint32_t account) {
    int64_t missing = 0;
    if (said->amount < 0) {
        int r = find_shortfall(asked, volunteer, account, -said->amount, &missing);
        if (r != 0)
            return r;
    }
    struct points_posted *data = decision_shape(asked, EVENT_points_posted);
    *data = *said;
    if (missing)
        data->findings =
            decision_add_finding(asked, data->findings, STR("points_already_spent"),
                                 (struct scalar){.kind = SCALAR_INTEGER, .integer = missing});
    if (data->findings.n)
        GIVE(data, points_posted, findings);
    if (earner->record) {
        data->record = earner->record_id;
        GIVE(data, points_posted, record);
    }
    return decision_apply(asked);
}

/* ---- taking back ---- */

int points_reverse(const struct asked *asked, const struct earner *earner,
                   const struct standing *standing, const struct posting *posting, int64_t amount,
                   struct list findings) {
    struct context *context = asked_context(asked);
    struct dictionary_code account;
    struct points_posted data;
    memset(&data, 0, sizeof data);
    int r = dictionary_at(context->view, DICTIONARY_ACCOUNT, posting->account, &account);
    if (r == 0)
        r = thing_named(context, NOUN_VOLUNTEER, standing->volunteer, &data.volunteer);
    if (r != 0)
        return r;
    data.account = arena_copy(context->arena, account.code);
    data.amount = amount;
    data.reason = STR("reversal");
    data.reverses = (int64_t)posting->sequence;
    data.findings = findings;
    GIVE(&data, points_posted, volunteer);
    GIVE(&data, points_posted, account);
    GIVE(&data, points_posted, amount);
    GIVE(&data, points_posted, reason);
    GIVE(&data, points_posted, reverses);
    return points_post(asked, earner, &data, standing->volunteer, posting->account);
}

static int take_back_one(const struct asked *asked, const struct earner *earner,
                         const struct standing *standing) {
    struct posting posting;
    int r = posting_get(asked_context(asked)->view, standing->posting, &posting);
    return r == 0 ? points_reverse(asked, earner, standing, &posting,
                                   standing->taken - posting.amount, (struct list){0})
                  : r;
}

/* The list changes with every entry that is taken back. */
static int take_back(struct asked *asked, const struct earner *earner) {
    struct standing standing[POSTINGS_LIMIT];
    struct cursor list;
    size_t n = 0;
    if (!earner->record || earner->fresh)
        return 0;
    int r = standing_get(asked_context(asked)->view, earner->record, &list);
    while (r == 0 && n < POSTINGS_LIMIT && standing_next(&list, &standing[n]))
        n++;
    for (size_t i = 0; r == 0 && i < n; i++)
        r = take_back_one(asked, earner, &standing[i]);
    return r;
}

/* ---- granting ---- */

static int earner_id(const struct asked *asked, const struct earner *earner, struct str *ret_id) {
    return thing_named(asked_context(asked), NOUN_VOLUNTEER, earner->volunteer, ret_id);
}

int points_withhold(struct asked *asked, const struct earner *earner, struct list findings) {
    const struct question *question = asked->question;
    struct str volunteer;
    int r = earner_id(asked, earner, &volunteer);
    if (r != 0)
        return r;
    struct points_withheld *data = decision_shape(asked, EVENT_points_withheld);
    data->volunteer = volunteer;
    data->policy = asked->answer.policy;
    data->on = question->date;
    data->cause = question->event ? str_from(catalogue_by_number(question->event)->name)
                                  : asked->asking->event_type;
    data->findings = findings;
    GIVE(data, points_withheld, volunteer);
    GIVE(data, points_withheld, policy);
    GIVE(data, points_withheld, on);
    GIVE(data, points_withheld, cause);
    GIVE(data, points_withheld, findings);
    if (earner->record) {
        data->record = earner->record_id;
        GIVE(data, points_withheld, record);
    }
    return decision_apply(asked);
}

/* What one event may decide is limited, and a rule's answer must not be what has it refused: beside
 * the postings there is room for the `left` rules that follow to be withheld, and for what else is
 * asked. How much of one record may stand is limited too, so that taking it back fits. */
static bool has_room(const struct asked *asked, const struct earner *earner, size_t left) {
    struct decisions *decisions = asked->decisions;
    size_t n = asked->answer.postings.n;
    size_t bytes = decisions->bytes + decision_bytes(&asked->answer) + n * POSTING_BYTES;
    size_t all = decisions->n + n;
    size_t asked_yet = asked_context(asked)->n_questions;
    size_t reserve = asked_yet > QUESTIONS_USUAL ? asked_yet : QUESTIONS_USUAL;
    if (policy_host_reads_points(asked->decider->host, POLICY_KIND_STANDING))
        all *= 2; /* each may change a standing */
    if (earner->n_standing + n > POSTINGS_LIMIT || bytes > DECISIONS_BYTES_LIMIT ||
        all + left + reserve > DECISIONS_LIMIT)
        return false;
    decisions->bytes = bytes;
    return true;
}

struct list points_no_room(const struct asked *asked) {
    struct finding *finding = arena_alloc(asked_context(asked)->arena, sizeof *finding);
    *finding = (struct finding){.code = STR("too_many_postings")};
    GIVE(finding, finding, code);
    return (struct list){1, finding};
}

int points_wish(struct asked *asked, const struct earner *earner, size_t i, struct wish *ret_wish) {
    struct context *context = asked_context(asked);
    struct points_posted *data = &ret_wish->data;
    struct dictionary_code account;
    *data = ((const struct points_posted *)asked->answer.postings.items)[i];
    ret_wish->volunteer = earner->volunteer;
    int r = dictionary_get(context->view, DICTIONARY_ACCOUNT, data->account, &account);
    if (r == 0 && data->volunteer.size)
        r = thing_find(context->view, NOUN_VOLUNTEER, data->volunteer, &ret_wish->volunteer);
    else if (r == 0)
        r = earner_id(asked, earner, &data->volunteer);
    if (r == 0)
        ret_wish->account = account.number;
    GIVE(data, points_posted, volunteer);
    return r;
}

int points_grant(struct asked *asked, const struct earner *earner, struct wish *wish) {
    wish->data.findings = asked->answer.findings;
    int r = points_post(asked, earner, &wish->data, wish->volunteer, wish->account);
    asked->answer.findings = (struct list){0};
    asked->answer.facts = STR_NONE;
    return r;
}

static int grant_one(struct asked *asked, const struct earner *earner, size_t i) {
    struct wish wish;
    int r = points_wish(asked, earner, i, &wish);
    return r == 0 ? points_grant(asked, earner, &wish) : r;
}

/* What one rule answered; `left` follow it. */
static int grant(struct asked *asked, struct earner *earner, size_t left) {
    int r = 0;
    decision_note_answer(asked);
    if (asked->answer.failed)
        return points_withhold(asked, earner, decision_findings(asked));
    if (!has_room(asked, earner, left))
        return points_withhold(asked, earner, points_no_room(asked));
    for (size_t i = 0; r == 0 && i < asked->answer.postings.n; i++)
        r = grant_one(asked, earner, i);
    if (earner->record)
        earner->n_standing += asked->answer.postings.n;
    return r;
}

int points_ask(const struct asked *asked, struct str only, struct answer **ret_answers,
               size_t *ret_n) {
    struct stepper *stepper = asked->decider->stepper;
    enum event_number event = asked->question->event;
    struct str cause =
        event ? str_from(catalogue_by_number(event)->name) : asked->asking->event_type;
    return policy_points(asked->decider->host, stepper->context.view, &stepper->city,
                         asked->question, only, cause, stepper->context.arena, ret_answers, ret_n);
}

static int ask_rules(struct asked *asked, struct earner *earner, struct str only) {
    struct answer *answers;
    size_t n;
    int r = points_ask(asked, only, &answers, &n);
    for (size_t i = 0; r == 0 && i < n; i++) {
        asked->answer = answers[i];
        r = grant(asked, earner, n - i - 1);
    }
    return r;
}

/* Where no rule of this kind was ever activated, nothing stands either. */
int decide_points(struct asked *asked) {
    struct earner earner;
    if (!policy_host_knows(asked->decider->host, POLICY_KIND_POINTS))
        return 0;
    size_t first = asked->decisions->n;
    int r = earner_find(asked, &earner);
    if (r == 0 && earner.record && asked->asking->anew) {
        r = points_anew(asked, &earner, STR_NONE);
        return r == 0 ? decide_standing_of_points(asked, first) : r;
    }
    if (r == 0)
        r = take_back(asked, &earner);
    if (r == 0 && earner.entitled)
        r = ask_rules(asked, &earner, STR_NONE);
    return r == 0 ? decide_standing_of_points(asked, first) : r;
}

int decide_points_by(struct decider *decider, const struct question *question, struct str policy,
                     const struct asking *asking, struct decisions *decisions) {
    struct asked asked = {
        .decider = decider, .question = question, .asking = asking, .decisions = decisions};
    struct earner earner;
    int r = earner_find(&asked, &earner);
    if (r != 0 || !earner.entitled)
        return r;
    size_t first = decisions->n;
    r = earner.record ? points_anew(&asked, &earner, policy) : ask_rules(&asked, &earner, policy);
    return r == 0 ? decide_standing_of_points(&asked, first) : r;
}

int decide_withheld(struct decider *decider, const struct withheld *withheld,
                    const struct asking *asking, struct decisions *decisions) {
    struct question question = {.kind = POLICY_KIND_POINTS,
                                .number = withheld->record ? withheld->record : withheld->volunteer,
                                .date = withheld->date,
                                .noun = withheld->record ? NOUN_RECORD : NOUN_VOLUNTEER,
                                .event = withheld->event};
    struct asked asked = {
        .decider = decider, .question = &question, .asking = asking, .decisions = decisions};
    struct earner earner;
    struct str policy = arena_copy(asked_context(&asked)->arena, withheld->policy);
    int r = earner_find(&asked, &earner);
    if (r != 0 || earner.since > withheld->sequence)
        return r;
    return decide_points_by(decider, &question, policy, asking, decisions);
}
