#include "domain/derived.h"

#include "domain/activities.h"
#include "domain/attendance.h"
#include "domain/posts.h"
#include "domain/records.h"
#include "domain/sources.h"
#include "domain/teams.h"
#include "util/error.h"

/* Records that no service sent. */
#define SOURCE STR("/volunteerd")

/* ---- reading ---- */

/* How strong the proof is that somebody was there: a machine's, a code that was given out or a
 * group that was counted, a clerk's word. Weaker ones are greater numbers. */
enum METHOD_choice stay_method(uint8_t method) {
    static const enum METHOD_choice methods[ATTENDANCE_METHOD_COUNT] = {
        [ATTENDANCE_METHOD_QR] = METHOD_AUTOMATIC,
        [ATTENDANCE_METHOD_CODE] = METHOD_CODE,
        [ATTENDANCE_METHOD_GPS] = METHOD_AUTOMATIC,
        [ATTENDANCE_METHOD_GROUP] = METHOD_CODE,
        [ATTENDANCE_METHOD_MANUAL] = METHOD_MANUAL};
    return method < ATTENDANCE_METHOD_COUNT ? methods[method] : METHOD_MANUAL;
}

struct last_steps {
    struct attendance_step before;
    struct attendance_step last;
};

static int take_step(void *context, const struct attendance_step *step) {
    struct last_steps *steps = context;
    steps->before = steps->last;
    steps->last = *step;
    return 0;
}

/* Who holds it: an organisation, else that of the team. */
static int find_holder(struct view *view, uint32_t activity, struct arena *arena,
                       uint32_t *ret_organisation) {
    struct activity_summary summary;
    struct activity_published data;
    enum activity_state state;
    struct team_row team;
    uint32_t number;
    int r = activity_summary(view, activity, &summary);
    *ret_organisation = r == 0 ? summary.organisation : 0;
    if (r != 0 || *ret_organisation)
        return r;
    r = activity_get(view, activity, arena, &data, &state);
    if (r == 0)
        r = thing_find(view, NOUN_TEAM, data.team, &number);
    if (r == 0)
        r = team_get(view, number, &team);
    if (r == 0)
        *ret_organisation = team.organisation;
    return r < 0 ? r : 0;
}

int stay_last(struct view *view, uint32_t enrolment, struct arena *arena, struct stay *ret_stay) {
    struct last_steps steps = {.before = {.out = true}, .last = {.out = true}};
    struct enrolment enrolled;
    int r = enrolment_get(view, enrolment, &enrolled);
    if (r != 0)
        return r;
    *ret_stay = (struct stay){.volunteer = enrolled.row.volunteer,
                              .activity = enrolled.row.activity,
                              .shift = arena_copy(arena, enrolled.shift)};
    r = attendance_each(view, enrolment, take_step, &steps);
    if (r != 0)
        return r;
    if (!steps.last.out || steps.before.out)
        return THING_NOT_FOUND;
    enum METHOD_choice in = stay_method(steps.before.method), out = stay_method(steps.last.method);
    ret_stay->starts_s = steps.before.at_s;
    ret_stay->ends_s = steps.last.at_s;
    ret_stay->method = in > out ? in : out;
    ret_stay->sequence = steps.last.sequence;
    return find_holder(view, ret_stay->activity, arena, &ret_stay->organisation);
}

/* ---- applying ---- */

void stay_ask(struct context *context, uint32_t enrolment) {
    context_ask_of(context, (struct question){.kind = POLICY_KIND_ACCEPTANCE,
                                              .number = enrolment,
                                              .date = context_date(context),
                                              .noun = NOUN_ATTENDANCE});
}

static int resolve_all(struct context *context, const struct service_derived *data,
                       struct record_row *row) {
    struct activity_summary activity = {.visit = false};
    uint32_t post;
    int r =
        thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &row->volunteer);
    if (r == 0)
        r = thing_resolve(context, NOUN_ACTIVITY, data->activity, "data.activity", &row->activity);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                          &row->organisation);
    if (r == 0)
        r = thing_resolve(context, NOUN_POST, data->post, "data.post", &post);
    if (r == 0)
        r = post ? post_region(context->view, post, &activity.region)
                 : activity_summary(context->view, row->activity, &activity);
    if (r != 0)
        return r;
    row->region = activity.region;
    row->category = activity.category;
    if (activity.visit)
        row->flags |= RECORD_VISIT;
    return source_number(context, SOURCE, &row->source);
}

/* Nobody entered it: whoever the city trusts may review it. */
int apply_service_derived(struct context *context, const struct event *event,
                          const struct service_derived *data) {
    struct record record = {.id = data->record};
    struct service_recorded details;
    struct record_row *row = &record.row;
    uint32_t number;
    memset(row, 0, sizeof *row);
    memset(&details, 0, sizeof details);
    row->starts_s = data->starts.us / MICROSECONDS;
    row->span_s = (uint32_t)((data->ends.us - data->starts.us) / MICROSECONDS);
    row->minutes = (uint32_t)data->minutes;
    row->recorded_s = event->recorded_us / MICROSECONDS;
    row->sequence = context->sequence;
    row->method = (uint8_t)data->method;
    row->state = RECORD_PENDING;
    row->flags = RECORD_DERIVED;
    int r = resolve_all(context, data, row);
    if (r == 0)
        r = thing_name(context, NOUN_RECORD, data->record, "data.record", &number);
    if (r != 0)
        return r;
    if (HAS(data, service_derived, shift)) {
        details.shift = data->shift;
        GIVE(&details, service_recorded, shift);
    }
    if (HAS(data, service_derived, post)) {
        details.post = data->post;
        GIVE(&details, service_recorded, post);
    }
    return record_begin(context, number, &record, &details);
}
