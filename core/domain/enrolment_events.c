/* What events do to enrolments for activities: requested, decided, reviewed, cancelled. */
#include "domain/activities.h"
#include "domain/enrolments.h"
#include "domain/person_lists.h"
#include "domain/standing.h"
#include "util/error.h"

/* What an event names: who, where. */
struct who {
    struct str activity;
    struct str shift;
    struct str volunteer;
};
#define WHO(data)                                                                                  \
    &(struct who) {                                                                                \
        (data)->activity, (data)->shift, (data)->volunteer                                         \
    }

/* The activity named, which takes place. */
static int open_activity(struct context *context, struct str id, uint32_t *ret_activity) {
    struct activity_summary summary;
    int r = thing_resolve(context, NOUN_ACTIVITY, id, "data.activity", ret_activity);
    if (r == 0)
        r = activity_summary(context->view, *ret_activity, &summary);
    if (r == 0 && summary.state != ACTIVITY_PUBLISHED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                           "activity %.*s is %s; nobody enrols there any more", STR_ARG(id),
                           summary.state == ACTIVITY_CLOSED ? "closed" : "cancelled");
    return r;
}

static bool is_over(const struct context *context, const struct shift_row *shift) {
    return context->event->time.us / MICROSECONDS >= shift->ends_s;
}

int apply_enrolment_requested(struct context *context, const struct event *event,
                              const struct enrolment_requested *data) {
    (void)event;
    uint32_t activity, volunteer, number;
    struct volunteer_row person;
    struct shift_row shift;
    struct enrolment enrolment;
    int r = open_activity(context, data->activity, &activity);
    if (r == 0)
        r = shift_open(context, activity, data->shift, &shift);
    if (r == 0)
        r = volunteer_open_registered(context, data->volunteer, &volunteer, &person);
    if (r == 0)
        r = standing_allows(context, &person, data->volunteer, "data.volunteer");
    if (r != 0)
        return r;
    if (is_over(context, &shift))
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                           "this was over before the event; service that was done is recorded with "
                           "service.recorded");
    r = enrolment_open(context, NOUN_ACTIVITY, activity, volunteer, data->shift, &number,
                       &enrolment);
    if (r != 0)
        return r;
    enrolment.row.by = (uint8_t)data->by;
    enrolment.agreement = data->agreement_version;
    return enrolment_request(context, number, &enrolment, "data.activity");
}

/* The enrolment that there is. */
static int find(struct context *context, const struct who *who, uint32_t *ret_number,
                struct enrolment *ret_enrolment) {
    uint32_t activity, volunteer;
    struct volunteer_row person;
    int r = thing_resolve(context, NOUN_ACTIVITY, who->activity, "data.activity", &activity);
    if (r == 0)
        r = thing_resolve(context, NOUN_VOLUNTEER, who->volunteer, "data.volunteer", &volunteer);
    if (r != 0)
        return r;
    r = enrolment_find(context->view, NOUN_ACTIVITY, activity, volunteer, who->shift, ret_number);
    if (r == 0)
        r = enrolment_open(context, NOUN_ACTIVITY, activity, volunteer, who->shift, ret_number,
                           ret_enrolment);
    if (r < 0 || (r == 0 && ret_enrolment->row.state != ENROLMENT_NONE))
        return r;
    r = volunteer_get(context->view, volunteer, &person);
    if (r == 0)
        r = volunteer_refuse_merged(context, volunteer, &person, who->volunteer, "data.volunteer");
    if (r != 0)
        return r;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                       "%.*s never enrolled here; look at the activity and the shift",
                       STR_ARG(who->volunteer));
}

int apply_enrolment_decided(struct context *context, const struct event *event,
                            const struct enrolment_decided *data) {
    (void)event;
    uint32_t number;
    struct enrolment enrolment;
    int r = find(context, WHO(data), &number, &enrolment);
    return r == 0 ? enrolment_decide(context, number, &enrolment,
                                     (enum ENROLMENT_OUTCOME_choice)data->outcome)
                  : r;
}

/* A reviewer accepts no more than there are places; who may be more is the policy's to say. */
static int check_places(struct context *context, const struct enrolment *enrolment) {
    uint32_t left = 0;
    int r = enrolment_places_left(context->view, enrolment, &left);
    if (r == ENROLMENT_UNLIMITED || (r == 0 && left > 0))
        return 0;
    return r < 0 ? r
                 : problem_set(context->problem, PROBLEM_NO_PLACES, "data.outcome",
                               "all places are taken; raise their number (activity.changed) or let "
                               "the person wait");
}

static enum ENROLMENT_OUTCOME_choice outcome_of(enum enrolment_state state) {
    return state == ENROLMENT_ACCEPTED     ? ENROLMENT_OUTCOME_ACCEPTED
           : state == ENROLMENT_WAITLISTED ? ENROLMENT_OUTCOME_WAITLISTED
           : state == ENROLMENT_REFUSED    ? ENROLMENT_OUTCOME_REFUSED
                                           : ENROLMENT_OUTCOME_COUNT;
}

int apply_enrolment_reviewed(struct context *context, const struct event *event,
                             const struct enrolment_reviewed *data) {
    (void)event;
    uint32_t number;
    struct enrolment enrolment;
    int r = find(context, WHO(data), &number, &enrolment);
    if (r != 0)
        return r;
    enum enrolment_state state = (enum enrolment_state)enrolment.row.state;
    if (state == ENROLMENT_CANCELLED || (int32_t)outcome_of(state) == data->outcome)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.outcome",
                           "the enrolment of %.*s is %s already", STR_ARG(data->volunteer),
                           enrolment_state_text(state));
    if (enrolment.row.n_check_ins && data->outcome != ENROLMENT_OUTCOME_ACCEPTED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.outcome",
                           "%.*s has been there; the enrolment cannot be taken back",
                           STR_ARG(data->volunteer));
    if (data->outcome == ENROLMENT_OUTCOME_ACCEPTED) {
        struct volunteer_row person;
        r = volunteer_get(context->view, enrolment.row.volunteer, &person);
        if (r == 0)
            r = standing_allows(context, &person, data->volunteer, "data.volunteer");
        if (r == 0)
            r = check_places(context, &enrolment);
    }
    return r == 0 ? enrolment_decide(context, number, &enrolment,
                                     (enum ENROLMENT_OUTCOME_choice)data->outcome)
                  : r;
}

/* How long before it began the person gave the place back; a rule may take what is late for an
 * absence. What is not kept of a full list is passed over: nobody is kept from cancelling. */
static int note_cancellation(struct context *context, uint32_t number,
                             const struct enrolment_row *row, const struct shift_row *shift) {
    int64_t before_s = shift->starts_s - context->event->time.us / MICROSECONDS;
    struct person_entries entries;
    struct person_entry entry = {.number = number,
                                 .on = zone_date(context->zone, shift->starts_s * MICROSECONDS),
                                 .other = row->activity,
                                 .minutes = before_s > 0 ? (uint32_t)(before_s / 60) : 0};
    int r = person_list_get(context->view, row->volunteer, LIST_CANCELLATIONS, &entries);
    if (r != 0 || entries.n >= PERSON_LIST_LIMIT)
        return r;
    r = person_list_put(context, row->volunteer, LIST_CANCELLATIONS, &entry, "data.volunteer");
    if (r == 0)
        standing_ask(context, row->volunteer);
    return r;
}

/* In time: afterwards it is an absence (attendance.missed), excused or not. */
int apply_enrolment_cancelled(struct context *context, const struct event *event,
                              const struct enrolment_cancelled *data) {
    (void)event;
    uint32_t number;
    struct enrolment enrolment;
    struct shift_row shift;
    int r = find(context, WHO(data), &number, &enrolment);
    if (r == 0)
        r = enrolment_shift(context->view, &enrolment, &shift);
    if (r != 0)
        return r;
    enum enrolment_state state = (enum enrolment_state)enrolment.row.state;
    if (state != ENROLMENT_ACCEPTED && state != ENROLMENT_WAITLISTED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "the enrolment of %.*s is %s; there is nothing to cancel",
                           STR_ARG(data->volunteer), enrolment_state_text(state));
    if (enrolment.row.n_check_ins || enrolment.row.absence || is_over(context, &shift))
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "it is too late to cancel: %s",
                           enrolment.row.n_check_ins ? "the person was there"
                           : enrolment.row.absence   ? "the absence is recorded"
                                                     : "it is over (attendance.missed)");
    r = state == ENROLMENT_ACCEPTED ? note_cancellation(context, number, &enrolment.row, &shift)
                                    : 0;
    return r == 0 ? enrolment_set_state(context, number, &enrolment, ENROLMENT_CANCELLED) : r;
}
