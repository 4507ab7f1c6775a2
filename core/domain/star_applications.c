#include "domain/star_applications.h"

#include "domain/day_lists.h"
#include "domain/runs.h"
#include "domain/standing.h"
#include "domain/volunteers.h"
#include "util/error.h"

const char *application_state_text(enum application_state state) {
    static const char *const texts[APPLICATION_STATES] = {"applied", "pending",  "reviewed",
                                                          "noticed", "approved", "refused"};
    return state < APPLICATION_STATES ? texts[state] : "unknown";
}

static bool is_open(const struct application_row *row) {
    return row->state != APPLICATION_APPROVED && row->state != APPLICATION_REFUSED;
}

/* ---- rows ---- */

#define DAMAGED "a row of a star application cannot be read"

int application_get(struct view *view, uint32_t application, struct application_row *ret_row) {
    char key[4];
    return fixed_row_get(view, TABLE_APPLICATION, number_key(key, application), sizeof *ret_row,
                         DAMAGED, ret_row);
}

int application_open_of(struct view *view, uint32_t volunteer, uint32_t *ret_application) {
    char key[4];
    int r = fixed_row_get(view, TABLE_APPLYING, number_key(key, volunteer), sizeof *ret_application,
                          DAMAGED, ret_application);
    if (r > 0)
        *ret_application = 0;
    return r < 0 ? r : 0;
}

static void row_put(struct context *context, uint32_t number, const struct application_row *row) {
    char key[4];
    uint32_t open = is_open(row) ? number : 0;
    store_put(context->store, TABLE_APPLICATION, number_key(key, number),
              (struct str){(const char *)row, sizeof *row});
    store_put(context->store, TABLE_APPLYING, number_key(key, row->volunteer),
              open ? (struct str){(const char *)&open, sizeof open} : STR_NONE);
}

/* ---- notices ---- */

int notice_get(struct view *view, int32_t date, uint32_t n, uint32_t *ret_application) {
    return day_list_get(view, TABLE_NOTICE, date, n, ret_application);
}

int notices_day_ended(struct context *context, int32_t date) {
    uint32_t n;
    int r = day_list_count(context->view, TABLE_NOTICE, date, &n);
    return r == 0 ? run_begin_between(context, RUN_NOTICES, 0, date, 0, n) : r;
}

void notices_drop(struct context *context, int32_t date, uint32_t from, uint32_t to, bool done) {
    day_list_drop(context, TABLE_NOTICE, date, from, to, done);
}

/* ---- star.applied ---- */

static int check_applicant(struct context *context, const struct star_applied *data,
                           uint32_t *ret_volunteer) {
    struct volunteer_row person;
    uint32_t open;
    int r = volunteer_open(context, data->volunteer, ret_volunteer, &person);
    if (r == 0)
        r = standing_allows(context, &person, data->volunteer, "data.volunteer");
    if (r == 0)
        r = application_open_of(context->view, *ret_volunteer, &open);
    if (r != 0)
        return r;
    if (person.state != VOLUNTEER_REGISTERED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "the registration of %.*s is held; settle it first",
                           STR_ARG(data->volunteer));
    if (open)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "an application of %.*s is open already; review it first",
                           STR_ARG(data->volunteer));
    if (data->stars <= person.stars)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.stars",
                           "%.*s has %d stars already", STR_ARG(data->volunteer), person.stars);
    return 0;
}

/* The date of a question is the event's: by the rule of that day. */
static void ask(struct context *context, uint32_t application) {
    context_ask_of(context, (struct question){.kind = POLICY_KIND_STAR_RATING,
                                              .number = application,
                                              .date = context_date(context),
                                              .noun = NOUN_APPLICATION});
}

int apply_star_applied(struct context *context, const struct event *event,
                       const struct star_applied *data) {
    struct application_row row;
    uint32_t number;
    memset(&row, 0, sizeof row);
    int r = check_applicant(context, data, &row.volunteer);
    if (r == 0)
        r = thing_name(context, NOUN_APPLICATION, data->application, "data.application", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .attributes = event->data};
    row.stars = (uint8_t)data->stars;
    row.state = APPLICATION_APPLIED;
    row.on = context_date(context);
    thing_put(context, NOUN_APPLICATION, number, &thing);
    row_put(context, number, &row);
    ask(context, number);
    return 0;
}

/* ---- what becomes of it ---- */

static int application_named(struct context *context, struct str id, uint32_t *ret_number,
                             struct application_row *ret_row) {
    int r = thing_resolve(context, NOUN_APPLICATION, id, "data.application", ret_number);
    return r == 0 ? application_get(context->view, *ret_number, ret_row) : r;
}

static int wrong_state(struct context *context, struct str id, const struct application_row *row) {
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.application",
                       "application %.*s is %s", STR_ARG(id), application_state_text(row->state));
}

int apply_star_decided(struct context *context, const struct event *event,
                       const struct star_decided *data) {
    (void)event;
    struct application_row row;
    uint32_t number;
    int r = application_named(context, data->application, &number, &row);
    if (r != 0)
        return r;
    if (!is_open(&row))
        return wrong_state(context, data->application, &row);
    bool noticed = HAS(data, star_decided, notice_until);
    row.decided = context->sequence;
    row.level = HAS(data, star_decided, approved_by) ? (uint8_t)(data->approved_by + 1) : 0;
    row.notice_until = noticed ? data->notice_until : 0;
    if (data->outcome == OUTCOME_REFUSED)
        row.state = APPLICATION_REFUSED;
    else if (data->outcome == OUTCOME_HELD)
        row.state = APPLICATION_PENDING;
    else
        row.state = noticed ? APPLICATION_NOTICED : APPLICATION_APPROVED;
    row_put(context, number, &row);
    return row.state == APPLICATION_NOTICED
               ? day_list_add(context, TABLE_NOTICE, row.notice_until, number)
               : 0;
}

/* Who approves is the rule's to say; whether it was they who did is the sender's word, until keys
 * are bound to levels. */
static int check_level(struct context *context, const struct star_reviewed *data,
                       const struct application_row *row) {
    if (!row->level || !HAS(data, star_reviewed, level) || data->level + 1 == row->level)
        return 0;
    return problem_set(context->problem, PROBLEM_NOT_ALLOWED, "data.level",
                       "by the rule this star is approved by the %s",
                       APPROVAL_LEVEL_choices.words[row->level - 1]);
}

/* Nobody reviews their own application. */
static int check_reviewer(struct context *context, const struct star_reviewed *data,
                          const struct application_row *row) {
    struct str applicant;
    int r = thing_named(context, NOUN_VOLUNTEER, row->volunteer, &applicant);
    if (r != 0 || !str_equal(applicant, data->by))
        return r > 0 ? error_note(-EBADMSG, "an applicant has no name") : r;
    return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.by",
                       "application %.*s is this person's own; somebody else reviews it",
                       STR_ARG(data->application));
}

/* An objection is heard until the notice ends: what was accepted may then still be refused. */
int apply_star_reviewed(struct context *context, const struct event *event,
                        const struct star_reviewed *data) {
    (void)event;
    struct application_row row;
    uint32_t number;
    int r = application_named(context, data->application, &number, &row);
    if (r != 0)
        return r;
    bool accepted = data->outcome == REVIEW_ACCEPTED;
    if (row.state != APPLICATION_PENDING && (accepted || row.state != APPLICATION_NOTICED))
        return wrong_state(context, data->application, &row);
    r = check_reviewer(context, data, &row);
    if (r == 0)
        r = check_level(context, data, &row);
    if (r != 0)
        return r;
    row.state = accepted ? APPLICATION_REVIEWED : APPLICATION_REFUSED;
    row.decided = context->sequence;
    row_put(context, number, &row);
    if (accepted)
        ask(context, number);
    return 0;
}
