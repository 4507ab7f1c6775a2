/* Questions of kind star_rating: of a person, whose totals changed, and of an application for
 * stars. */
#include "domain/days.h"
#include "domain/star_applications.h"
#include "domain/stars.h"
#include "domain/volunteers.h"
#include "engine/decision.h"

/* Who rises gets the certificate of the stars. */
static int give_certificate(struct asked *asked, uint32_t volunteer,
                            const struct volunteer_row *row, struct star_changed *data) {
    struct context *context = asked_context(asked);
    struct star_certificate certificate;
    int32_t year, month, day;
    if (data->to <= data->from)
        return 0;
    date_to_civil(asked->question->date, &year, &month, &day);
    int r =
        star_certificate_for(context->view, volunteer, row, (uint8_t)data->to, year, &certificate);
    if (r != 0)
        return r;
    char *text = arena_alloc(context->arena, STAR_CERTIFICATE_BYTES);
    data->certificate_number = star_certificate_text(certificate, text);
    GIVE(data, star_changed, certificate_number);
    return 0;
}

/* star.changed: from what the person has to `stars`. Titles and last day are the answer's where it
 * is about as many. */
static int change_stars(struct asked *asked, uint32_t volunteer, const struct volunteer_row *row,
                        int64_t stars, struct str granted_by) {
    const struct answer *answer = &asked->answer;
    bool same = stars == answer->stars;
    struct str id;
    int r = thing_named(asked_context(asked), NOUN_VOLUNTEER, volunteer, &id);
    if (r != 0)
        return r;
    struct star_changed *data = decision_shape(asked, EVENT_star_changed);
    data->volunteer = id;
    data->from = row->stars;
    data->to = stars;
    data->titles = same ? answer->titles : (struct list){0};
    data->valid_until = same ? answer->valid_until : INT32_MIN;
    data->findings = answer->findings;
    data->granted_by = granted_by;
    GIVE(data, star_changed, volunteer);
    GIVE(data, star_changed, from);
    GIVE(data, star_changed, to);
    if (data->titles.n)
        GIVE(data, star_changed, titles);
    if (data->valid_until != INT32_MIN)
        GIVE(data, star_changed, valid_until);
    if (data->findings.n)
        GIVE(data, star_changed, findings);
    if (granted_by.size)
        GIVE(data, star_changed, granted_by);
    r = give_certificate(asked, volunteer, row, data);
    return r == 0 ? decision_apply(asked) : r;
}

/* Where stars are given on application, totals alone raise nobody. */
int decide_stars(struct asked *asked) {
    const struct answer *answer = &asked->answer;
    struct volunteer_row row;
    struct str granted_by = STR_NONE;
    if (!answer->asked || answer->failed)
        return 0;
    int r = volunteer_get(asked_context(asked)->view, asked->question->number, &row);
    if (r == 0 && answer->stars < row.stars)
        r = decide_keep_stars(asked, &row, &granted_by);
    if (r != 0 || row.stars == answer->stars ||
        (answer->on_application && answer->stars > row.stars))
        return r;
    return change_stars(asked, asked->question->number, &row, answer->stars, granted_by);
}

/* ---- applications ---- */

struct applied {
    uint32_t number;
    struct application_row row;
    struct volunteer_row person;
};

/* What becomes of an application that the rule finds good. */
static enum OUTCOME_choice outcome_of(const struct asked *asked, const struct applied *applied) {
    const struct answer *answer = &asked->answer;
    if (!answer->asked || answer->failed || answer->stars < applied->row.stars)
        return OUTCOME_REFUSED;
    return answer->approved_by && applied->row.state == APPLICATION_APPLIED ? OUTCOME_HELD
                                                                            : OUTCOME_ACCEPTED;
}

/* The last day of the notice; INT32_MIN: there is none, or it was given. */
static int find_notice(const struct asked *asked, const struct applied *applied,
                       int32_t *ret_until) {
    struct context *context = asked_context(asked);
    *ret_until = INT32_MIN;
    if (asked->answer.notice_days == 0 || applied->row.state == APPLICATION_NOTICED)
        return 0;
    int32_t today = zone_date(context->zone, asked->asking->recorded_us);
    return day_after_workdays(context->view, today, (uint32_t)asked->answer.notice_days, ret_until);
}

static int shape_decided(struct asked *asked, const struct applied *applied,
                         enum OUTCOME_choice outcome, int32_t notice_until) {
    const struct answer *answer = &asked->answer;
    struct str id;
    int r = thing_named(asked_context(asked), NOUN_APPLICATION, applied->number, &id);
    if (r != 0)
        return r;
    struct star_decided *data = decision_shape(asked, EVENT_star_decided);
    data->application = id;
    data->outcome = (int32_t)outcome;
    data->approved_by = answer->approved_by - 1;
    data->notice_days = answer->notice_days;
    data->notice_until = notice_until;
    data->findings = decision_findings(asked);
    GIVE(data, star_decided, application);
    GIVE(data, star_decided, outcome);
    if (answer->approved_by && outcome != OUTCOME_REFUSED)
        GIVE(data, star_decided, approved_by);
    if (answer->notice_days && outcome != OUTCOME_REFUSED)
        GIVE(data, star_decided, notice_days);
    if (notice_until != INT32_MIN)
        GIVE(data, star_decided, notice_until);
    if (data->findings.n)
        GIVE(data, star_decided, findings);
    return decision_apply(asked);
}

static int decide_applied(struct asked *asked, const struct applied *applied) {
    enum OUTCOME_choice outcome = outcome_of(asked, applied);
    int32_t notice_until = INT32_MIN;
    int r = outcome == OUTCOME_ACCEPTED ? find_notice(asked, applied, &notice_until) : 0;
    if (r == 0)
        r = shape_decided(asked, applied, outcome, notice_until);
    bool now = outcome == OUTCOME_ACCEPTED && notice_until == INT32_MIN;
    if (r != 0 || !now || applied->person.stars >= applied->row.stars)
        return r;
    /* Both decisions come from one answer; what it read stands with the first. */
    asked->answer.facts = STR_NONE;
    return change_stars(asked, applied->row.volunteer, &applied->person, applied->row.stars,
                        STR_NONE);
}

/* The rule is asked about the person, by the day of what happened to the application. */
int decide_application(struct asked *asked) {
    struct context *context = asked_context(asked);
    struct applied applied = {.number = asked->question->number};
    int r = application_get(context->view, applied.number, &applied.row);
    if (r == 0)
        r = volunteer_get(context->view, applied.row.volunteer, &applied.person);
    if (r != 0)
        return r;
    struct question about = *asked->question;
    about.number = applied.row.volunteer;
    about.noun = NOUN_VOLUNTEER;
    const struct question *question = asked->question;
    asked->question = &about;
    r = decision_ask(asked);
    asked->question = question;
    return r == 0 ? decide_applied(asked, &applied) : r;
}
