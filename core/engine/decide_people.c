/* Questions of kinds eligibility and standing. A failing eligibility rule lets people wait, so that
 * a reviewer decides; a failing standing rule changes nothing. */
#include "domain/enrolments.h"
#include "domain/standing.h"
#include "engine/decision.h"

/* ---- eligibility ---- */

/* What an event about it names; no shift where it is of the activity as a whole. */
static int name_enrolment(const struct asked *asked, const struct enrolment *enrolment,
                          struct str *ret_activity, struct str *ret_volunteer,
                          struct str *ret_shift) {
    struct context *context = asked_context(asked);
    *ret_shift = arena_copy(context->arena, enrolment->shift);
    int r = thing_named(context, NOUN_ACTIVITY, enrolment->row.activity, ret_activity);
    return r == 0 ? thing_named(context, NOUN_VOLUNTEER, enrolment->row.volunteer, ret_volunteer)
                  : r;
}

static int shape_enrolment(struct asked *asked, const struct enrolment *enrolment,
                           enum ENROLMENT_OUTCOME_choice outcome, struct list findings) {
    struct str activity, volunteer, shift;
    int r = name_enrolment(asked, enrolment, &activity, &volunteer, &shift);
    if (r != 0)
        return r;
    struct enrolment_decided *data = decision_shape(asked, EVENT_enrolment_decided);
    data->activity = activity;
    data->volunteer = volunteer;
    data->outcome = (int32_t)outcome;
    data->findings = findings;
    GIVE(data, enrolment_decided, activity);
    GIVE(data, enrolment_decided, volunteer);
    GIVE(data, enrolment_decided, outcome);
    if (shift.size) {
        data->shift = shift;
        GIVE(data, enrolment_decided, shift);
    }
    if (data->findings.n)
        GIVE(data, enrolment_decided, findings);
    return decision_apply(asked);
}

static int shape_claim(struct asked *asked, const struct enrolment *claim,
                       enum ENROLMENT_OUTCOME_choice outcome) {
    struct context *context = asked_context(asked);
    struct str post, volunteer;
    int r = thing_named(context, NOUN_POST, claim->row.post, &post);
    if (r == 0)
        r = thing_named(context, NOUN_VOLUNTEER, claim->row.volunteer, &volunteer);
    if (r != 0)
        return r;
    struct post_decided *data = decision_shape(asked, EVENT_post_decided);
    data->post = post;
    data->volunteer = volunteer;
    data->outcome = (int32_t)outcome;
    data->findings = decision_findings(asked);
    GIVE(data, post_decided, post);
    GIVE(data, post_decided, volunteer);
    GIVE(data, post_decided, outcome);
    if (data->findings.n)
        GIVE(data, post_decided, findings);
    return decision_apply(asked);
}

int shape_eligibility(struct asked *asked) {
    const struct answer *answer = &asked->answer;
    bool answered = answer->asked && !answer->failed;
    enum ENROLMENT_OUTCOME_choice outcome =
        answered ? (enum ENROLMENT_OUTCOME_choice)answer->outcome : ENROLMENT_OUTCOME_WAITLISTED;
    struct enrolment enrolment;
    int r = enrolment_get(asked_context(asked)->view, asked->question->number, &enrolment);
    if (r != 0)
        return r;
    return enrolment.row.post
               ? shape_claim(asked, &enrolment, outcome)
               : shape_enrolment(asked, &enrolment, outcome, decision_findings(asked));
}

/* The finding's value is for how many minutes the person waited. */
int shape_moved_up(struct asked *asked) {
    struct enrolment enrolment;
    struct list findings;
    int r = enrolment_get(asked_context(asked)->view, asked->question->number, &enrolment);
    if (r != 0)
        return r;
    int64_t waited = asked->asking->recorded_us / MICROSECONDS - enrolment.row.requested_s;
    findings = decision_add_finding(
        asked, decision_findings(asked), STR("moved_up"),
        (struct scalar){.kind = SCALAR_INTEGER, .integer = waited > 0 ? waited / 60 : 0});
    return shape_enrolment(asked, &enrolment, ENROLMENT_OUTCOME_ACCEPTED, findings);
}

int shape_missed(struct asked *asked, const struct enrolment *enrolment) {
    struct str activity, volunteer, shift;
    int r = name_enrolment(asked, enrolment, &activity, &volunteer, &shift);
    if (r != 0)
        return r;
    struct attendance_missed *data = decision_shape(asked, EVENT_attendance_missed);
    data->activity = activity;
    data->volunteer = volunteer;
    GIVE(data, attendance_missed, activity);
    GIVE(data, attendance_missed, volunteer);
    if (shift.size) {
        data->shift = shift;
        GIVE(data, attendance_missed, shift);
    }
    return decision_apply(asked);
}

/* ---- standing ---- */

int standing_is_asked(const struct asked *asked) {
    const struct policy_host *host = asked->decider->host;
    struct volunteer_row person;
    if (!policy_host_knows(host, POLICY_KIND_STANDING) ||
        (asked->question->event == EVENT_points_posted &&
         !policy_host_reads_points(host, POLICY_KIND_STANDING)))
        return 1;
    int r = volunteer_get(asked_context(asked)->view, asked->question->number, &person);
    return r == 0 && person.state != VOLUNTEER_REGISTERED ? 1 : r;
}

struct standing_now {
    enum STANDING_choice standing;
    int32_t until; /* 0: no end */
    bool by_hand;
};

static int standing_today(const struct asked *asked, int32_t today, struct standing_now *ret_now) {
    struct view *view = asked_context(asked)->view;
    struct volunteer_row person;
    struct standing_record record;
    int r = volunteer_get(view, asked->question->number, &person);
    if (r == 0)
        r = standing_of(view, asked->question->number, &record);
    if (r != 0)
        return r;
    *ret_now = (struct standing_now){.standing = volunteer_standing(&person, today),
                                     .until = person.standing_until,
                                     .by_hand = record.row.by_hand};
    return 0;
}

/* Whether the answer changes anything: what is in force by hand is only made stricter. */
static bool changes(const struct standing_now *now, const struct standing_now *said) {
    bool longer = said->standing == STANDING_SUSPENDED && now->until &&
                  (!said->until || said->until > now->until);
    if (now->by_hand && now->standing == STANDING_SUSPENDED)
        return said->standing > now->standing || (said->standing == now->standing && longer);
    return said->standing != now->standing ||
           (said->standing == STANDING_SUSPENDED && said->until != now->until);
}

int shape_standing(struct asked *asked) {
    const struct answer *answer = &asked->answer;
    struct context *context = asked_context(asked);
    int32_t today = zone_date(context->zone, asked->asking->recorded_us);
    struct standing_now now, said;
    struct str id;
    if (!answer->asked || answer->failed)
        return 0;
    said =
        (struct standing_now){.standing = (enum STANDING_choice)answer->outcome,
                              .until = answer->valid_until == INT32_MIN ? 0 : answer->valid_until};
    if (said.until && said.until < today)
        said = (struct standing_now){.standing = STANDING_GOOD}; /* it would be over already */
    int r = standing_today(asked, today, &now);
    if (r != 0 || !changes(&now, &said))
        return r;
    r = thing_named(context, NOUN_VOLUNTEER, asked->question->number, &id);
    if (r != 0)
        return r;
    struct standing_changed *data = decision_shape(asked, EVENT_standing_changed);
    data->volunteer = id;
    data->from = (int32_t)now.standing;
    data->to = (int32_t)said.standing;
    data->until = said.until;
    data->findings = answer->findings;
    GIVE(data, standing_changed, volunteer);
    GIVE(data, standing_changed, from);
    GIVE(data, standing_changed, to);
    if (said.until)
        GIVE(data, standing_changed, until);
    if (answer->appeal_days && said.standing != STANDING_GOOD) {
        data->appeal_until = today + (int32_t)answer->appeal_days;
        GIVE(data, standing_changed, appeal_until);
    }
    if (data->findings.n)
        GIVE(data, standing_changed, findings);
    return decision_apply(asked);
}

/* ---- points changed ---- */

/* As of the day on which they changed, whatever day the service was. */
static int ask_once(struct asked *asked, uint32_t volunteer) {
    const struct question question = {
        .kind = POLICY_KIND_STANDING,
        .number = volunteer,
        .date = zone_date(asked_context(asked)->zone, asked->asking->recorded_us),
        .noun = NOUN_VOLUNTEER,
        .event = EVENT_points_posted};
    return decide_one(asked->decider, &question, asked->asking, asked->decisions);
}

int decide_standing_of_points(struct asked *asked, size_t first) {
    struct context *context = asked_context(asked);
    uint32_t seen[DECISIONS_LIMIT];
    size_t n_seen = 0, end = asked->decisions->n;
    if (!policy_host_reads_points(asked->decider->host, POLICY_KIND_STANDING))
        return 0;
    for (size_t i = first; i < end && n_seen < DECISIONS_LIMIT; i++) {
        const struct event *event = &asked->decisions->list[i];
        uint32_t volunteer = 0;
        bool known = false;
        if (event->type->number != EVENT_points_posted)
            continue;
        const struct points_posted *posted = event->data;
        int r = thing_find(context->view, NOUN_VOLUNTEER, posted->volunteer, &volunteer);
        for (size_t k = 0; k < n_seen; k++)
            known |= seen[k] == volunteer;
        if (r == 0 && !known) {
            seen[n_seen++] = volunteer;
            r = ask_once(asked, volunteer);
        }
        if (r != 0)
            return r;
    }
    return 0;
}
