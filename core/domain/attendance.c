#include "domain/attendance.h"

#include "domain/activities.h"
#include "domain/derived.h"
#include "domain/person_lists.h"
#include "domain/person_months.h"
#include "domain/records.h"
#include "domain/standing.h"
#include "util/error.h"

#define STEPS_LIMIT 400 /* of one enrolment */
/* How far from its shift somebody may check in or out: beyond, the date is a mistake. */
#define TOLERANCE_S (24 * 60 * 60)

/* ---- reading ---- */

int attendance_next(struct cursor *in, struct attendance_step *ret_step) {
    if (cursor_left(in) == 0)
        return THING_NOT_FOUND;
    ret_step->out = cursor_byte(in) != 0;
    ret_step->method = cursor_byte(in);
    ret_step->at_s = cursor_signed(in);
    ret_step->distance_m = cursor_signed(in);
    ret_step->sequence = cursor_varint(in);
    ret_step->device = cursor_counted(in);
    return in->failed ? THING_DAMAGED : 0;
}

static int row_of(struct view *view, uint32_t enrolment, struct str *ret_row) {
    char key[4];
    *ret_row = STR("");
    int r = view_get(view, TABLE_ATTENDANCE, number_key(key, enrolment), ret_row);
    return r < 0 ? r : 0;
}

int attendance_each(struct view *view, uint32_t enrolment,
                    int (*each)(void *context, const struct attendance_step *step), void *context) {
    struct attendance_step step;
    struct str row;
    int outcome = 0, r = row_of(view, enrolment, &row);
    if (r != 0)
        return r;
    struct cursor in = cursor_from(row);
    while (outcome == 0 && (r = attendance_next(&in, &step)) == 0)
        outcome = each(context, &step);
    return r == THING_DAMAGED ? error_note(-EBADMSG, "attendance cannot be read") : outcome;
}

/* ---- whom an event is about ---- */

struct present {
    uint32_t number;
    uint32_t activity;
    struct enrolment enrolment;
    struct shift_row shift;
};

static int open_activity(struct context *context, struct str id, uint32_t *ret_activity) {
    struct activity_summary summary;
    int r = thing_resolve(context, NOUN_ACTIVITY, id, "data.activity", ret_activity);
    if (r == 0)
        r = activity_summary(context->view, *ret_activity, &summary);
    if (r == 0 && summary.state == ACTIVITY_CANCELLED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                           "activity %.*s was cancelled; nobody came or was missed there",
                           STR_ARG(id));
    return r;
}

static int open_present(struct context *context, struct str activity, struct str shift,
                        struct str volunteer, struct present *ret_present) {
    uint32_t person;
    struct volunteer_row row;
    int r = open_activity(context, activity, &ret_present->activity);
    if (r == 0)
        r = shift_open(context, ret_present->activity, shift, &ret_present->shift);
    if (r == 0)
        r = volunteer_open_registered(context, volunteer, &person, &row);
    if (r == 0)
        r = standing_allows(context, &row, volunteer, "data.volunteer");
    return r == 0 ? enrolment_open(context, NOUN_ACTIVITY, ret_present->activity, person, shift,
                                   &ret_present->number, &ret_present->enrolment)
                  : r;
}

/* ---- checked in, checked out ---- */

static int check_time(struct context *context, const struct shift_row *shift, int64_t at_us) {
    int64_t at_s = at_us / MICROSECONDS;
    if (at_us > context->event->time.us)
        return problem_set(context->problem, PROBLEM_IN_FUTURE, "data.at",
                           "this lies after the event; send it when it has happened");
    if (at_s >= shift->starts_s - TOLERANCE_S && at_s <= shift->ends_s + TOLERANCE_S)
        return 0;
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.at",
                       "this lies over a day before the start or after the end; mend the time, the "
                       "activity or the shift");
}

/* The last step, and how many there are; at_s INT64_MIN where there is none. */
static int last_step(struct context *context, uint32_t enrolment, struct attendance_step *ret_last,
                     size_t *ret_n) {
    struct attendance_step step;
    struct str row;
    int r = row_of(context->view, enrolment, &row);
    *ret_last = (struct attendance_step){.out = true, .at_s = INT64_MIN};
    *ret_n = 0;
    struct cursor in = cursor_from(row);
    while (r == 0 && (r = attendance_next(&in, &step)) == 0) {
        *ret_last = step;
        (*ret_n)++;
    }
    return r == THING_DAMAGED ? error_note(-EBADMSG, "attendance cannot be read") : r < 0 ? r : 0;
}

static int add_step(struct context *context, uint32_t enrolment,
                    const struct attendance_step *step) {
    char key[4];
    struct str row;
    int r = row_of(context->view, enrolment, &row);
    if (r != 0)
        return r;
    struct buf *out = &context->scratch;
    buf_reset(out);
    buf_put_str(out, row);
    buf_put_byte(out, step->out);
    buf_put_byte(out, step->method);
    buf_put_signed(out, step->at_s);
    buf_put_signed(out, step->distance_m);
    buf_put_varint(out, step->sequence);
    buf_put_counted(out, step->device);
    store_put(context->store, TABLE_ATTENDANCE, number_key(key, enrolment), buf_str(out));
    return 0;
}

/* Who forgot to check out checks in again on another day. */
static bool is_later_day(const struct context *context, int64_t before_s, int64_t at_s) {
    return zone_date(context->zone, at_s * MICROSECONDS) >
           zone_date(context->zone, before_s * MICROSECONDS);
}

static int check_order(struct context *context, const struct attendance_step *step,
                       uint32_t enrolment) {
    struct attendance_step last;
    size_t n;
    int r = last_step(context, enrolment, &last, &n);
    if (r != 0)
        return r;
    if (n >= STEPS_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.at",
                           "nobody checks in or out more than %d times in one shift", STEPS_LIMIT);
    if (!step->out && !last.out && is_later_day(context, last.at_s, step->at_s))
        return 0;
    if (last.out == step->out)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           step->out ? "the person has not checked in, or is out already; send "
                                       "attendance.checked_in first"
                                     : "the person has checked in and not out; send "
                                       "attendance.checked_out first");
    if (step->out && step->at_s - last.at_s > STAY_DAYS_LIMIT * DAY_SECONDS)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.at",
                           "nobody stays over %d days without checking out; check out of each day",
                           STAY_DAYS_LIMIT);
    bool later = step->out ? step->at_s > last.at_s : step->at_s >= last.at_s;
    if (later)
        return 0;
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.at",
                       "this does not lie after the last time the person checked %s",
                       step->out ? "in" : "out");
}

/* The person was there after all. */
static int take_back_absence(struct context *context, struct present *present) {
    struct enrolment_row *row = &present->enrolment.row;
    const struct shift_change change = {.missed = -1};
    row->absence = ABSENCE_NONE;
    int r = person_list_drop(context, row->volunteer, LIST_ABSENCES, present->number);
    if (r == 0)
        r = shift_count(context, present->activity, present->enrolment.shift, &change);
    if (r == 0)
        standing_ask(context, row->volunteer);
    return r;
}

/* A group is entered at once: that many came in one second says nothing of them. */
static int count_check_in(struct context *context, uint32_t activity,
                          const struct attendance_step *step) {
    uint32_t most;
    int r = shift_check_in(context, activity, step->at_s, step->method == ATTENDANCE_METHOD_GROUP,
                           &most);
    return r == 0 ? activity_check_in(context, activity, most) : r;
}

static int take_step(struct context *context, struct present *present,
                     const struct attendance_step *step) {
    struct enrolment_row *row = &present->enrolment.row;
    const struct shift_change first = {.attended = 1};
    int r = check_order(context, step, present->number);
    if (r == 0)
        r = add_step(context, present->number, step);
    if (r == 0 && row->absence)
        r = take_back_absence(context, present);
    if (r == 0 && !step->out && row->n_check_ins == 0)
        r = shift_count(context, present->activity, present->enrolment.shift, &first);
    if (r == 0 && !step->out)
        r = count_check_in(context, present->activity, step);
    if (r != 0)
        return r;
    row->n_check_ins += !step->out;
    row->is_here = !step->out;
    enrolment_put(context, present->number, &present->enrolment);
    if (step->out)
        stay_ask(context, present->number);
    return 0;
}

int apply_attendance_checked_in(struct context *context, const struct event *event,
                                const struct attendance_checked_in *data) {
    (void)event;
    struct present present;
    int r = open_present(context, data->activity, data->shift, data->volunteer, &present);
    if (r == 0)
        r = check_time(context, &present.shift, data->at.us);
    if (r != 0)
        return r;
    struct attendance_step step = {
        .method = (uint8_t)data->method,
        .at_s = data->at.us / MICROSECONDS,
        .distance_m = HAS(data, attendance_checked_in, distance_m) ? data->distance_m : -1,
        .sequence = context->sequence,
        .device = data->device};
    return take_step(context, &present, &step);
}

int apply_attendance_checked_out(struct context *context, const struct event *event,
                                 const struct attendance_checked_out *data) {
    (void)event;
    struct present present;
    int r = open_present(context, data->activity, data->shift, data->volunteer, &present);
    if (r == 0)
        r = check_time(context, &present.shift, data->at.us);
    if (r != 0)
        return r;
    struct attendance_step step = {
        .out = true,
        .method = (uint8_t)data->method,
        .at_s = data->at.us / MICROSECONDS,
        .distance_m = HAS(data, attendance_checked_out, distance_m) ? data->distance_m : -1,
        .sequence = context->sequence,
        .device = data->device};
    return take_step(context, &present, &step);
}

int attendance_served(struct context *context, uint32_t activity, struct str shift,
                      uint32_t volunteer) {
    struct present present = {.activity = activity};
    int r =
        enrolment_find(context->view, NOUN_ACTIVITY, activity, volunteer, shift, &present.number);
    if (r == 0)
        r = enrolment_open(context, NOUN_ACTIVITY, activity, volunteer, shift, &present.number,
                           &present.enrolment);
    if (r != 0 || present.enrolment.row.absence != ABSENCE_UNEXCUSED)
        return r < 0 ? r : 0;
    r = take_back_absence(context, &present);
    if (r == 0)
        enrolment_put(context, present.number, &present.enrolment);
    return r;
}

/* ---- missed ---- */

/* Whether a record of that month says that the person served there. */
static int served_in(struct view *view, int32_t month, const struct enrolment_row *row,
                     bool *ret_served) {
    struct person_month records;
    int r = person_month_get(view, month, row->volunteer, &records);
    for (size_t i = 0; r == 0 && !*ret_served && i < records.n_entries; i++) {
        struct month_entry entry = person_month_entry(&records, i);
        struct record record;
        r = record_get(view, entry.record, &record);
        *ret_served = r == 0 && record.row.activity == row->activity &&
                      entry.state != RECORD_REFUSED && entry.state != RECORD_REVOKED;
    }
    return r;
}

static int served(struct view *view, const struct zone *zone, const struct enrolment_row *row,
                  const struct shift_row *shift, bool *ret_served) {
    int32_t first = date_month(zone_date(zone, (shift->starts_s - TOLERANCE_S) * MICROSECONDS));
    int32_t last = date_month(zone_date(zone, (shift->ends_s + TOLERANCE_S) * MICROSECONDS));
    int r = 0;
    *ret_served = false;
    for (int32_t month = first; r == 0 && !*ret_served && month <= last; month++)
        r = served_in(view, month, row, ret_served);
    return r;
}

int attendance_is_missing(struct view *view, const struct zone *zone,
                          const struct enrolment *enrolment, int64_t now_s, bool *ret_missing) {
    const struct enrolment_row *row = &enrolment->row;
    struct volunteer_row person;
    struct person_entries absences;
    struct shift_row shift;
    bool was_there = true;
    *ret_missing = false;
    if (row->state != ENROLMENT_ACCEPTED || row->n_check_ins || row->absence)
        return 0;
    int r = enrolment_shift(view, enrolment, &shift);
    if (r == 0)
        r = volunteer_get(view, row->volunteer, &person);
    if (r == 0)
        r = person_list_get(view, row->volunteer, LIST_ABSENCES, &absences);
    if (r != 0 || shift.gone || now_s < shift.starts_s || person.state != VOLUNTEER_REGISTERED ||
        absences.n >= PERSON_LIST_LIMIT)
        return r;
    r = served(view, zone, row, &shift, &was_there);
    *ret_missing = r == 0 && !was_there;
    return r;
}

static int check_missed(struct context *context, const struct present *present, struct str who,
                        enum absence absence) {
    const struct enrolment_row *row = &present->enrolment.row;
    if (row->state != ENROLMENT_ACCEPTED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "%.*s was not to come: the enrolment is %s", STR_ARG(who),
                           enrolment_state_text((enum enrolment_state)row->state));
    if (row->n_check_ins)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "%.*s checked in; whoever was there was not absent", STR_ARG(who));
    if (row->absence == absence)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "this absence of %.*s is recorded already", STR_ARG(who));
    if (context->event->time.us / MICROSECONDS < present->shift.starts_s)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                           "it has not begun; whoever cannot come cancels (enrolment.cancelled)");
    return 0;
}

/* Said again, an absence may be excused afterwards, or be no longer. */
int apply_attendance_missed(struct context *context, const struct event *event,
                            const struct attendance_missed *data) {
    (void)event;
    struct present present;
    const struct shift_change change = {.missed = 1};
    enum absence absence = data->excused ? ABSENCE_EXCUSED : ABSENCE_UNEXCUSED;
    int r = open_present(context, data->activity, data->shift, data->volunteer, &present);
    if (r == 0)
        r = check_missed(context, &present, data->volunteer, absence);
    if (r != 0)
        return r;
    struct enrolment_row *row = &present.enrolment.row;
    struct person_entry entry = {
        .number = present.number,
        .on = zone_date(context->zone, present.shift.starts_s * MICROSECONDS),
        .other = present.activity,
        .state = (uint8_t)absence};
    if (!row->absence)
        r = shift_count(context, present.activity, present.enrolment.shift, &change);
    if (r == 0)
        r = person_list_put(context, row->volunteer, LIST_ABSENCES, &entry, "data.volunteer");
    if (r != 0)
        return r;
    row->absence = (uint8_t)absence;
    enrolment_put(context, present.number, &present.enrolment);
    standing_ask(context, row->volunteer);
    return 0;
}
