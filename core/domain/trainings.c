#include "domain/trainings.h"

#include "domain/person_months.h"
#include "domain/points.h"
#include "domain/standing.h"
#include "util/error.h"

bool training_holds(const struct person_entry *entry, int32_t on) {
    return entry->state && entry->on <= on && (!entry->until || on <= entry->until);
}

bool qualification_holds(const struct qualification *qualification, int32_t on) {
    return qualification->valid_until == INT32_MIN || on <= qualification->valid_until;
}

/* ---- courses and training ---- */

int apply_course_defined(struct context *context, const struct event *event,
                         const struct course_defined *data) {
    uint32_t number;
    struct thing thing;
    int r = thing_define(context, NOUN_COURSE, data->course, "data.course", &number, &thing);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing.attributes = event->data;
    thing_put(context, NOUN_COURSE, number, &thing);
    return 0;
}

/* The same day of a later month, or that month's last day. */
static int32_t months_later(int32_t date, int64_t months) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    int32_t later = date_month(date) + (int32_t)months;
    int32_t last = month_first_date(later + 1) - 1, same = month_first_date(later) + day - 1;
    return same < last ? same : last;
}

/* Last day on which training of that day holds, by what the course says now. */
static int last_day(struct context *context, uint32_t course, int32_t on, int32_t *ret_until) {
    struct thing thing;
    int r = thing_get(context->view, NOUN_COURSE, course, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a course has no attributes");
    const struct course_defined *attributes = thing.attributes;
    *ret_until = HAS(attributes, course_defined, valid_months)
                     ? months_later(on, attributes->valid_months)
                     : 0;
    return 0;
}

static int check_day(struct context *context, int32_t on) {
    if (on > context_date(context))
        return problem_set(context->problem, PROBLEM_IN_FUTURE, "data.on",
                           "the training lies after this event; send it when it is completed");
    if (!date_is_kept(on))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                           "training is kept from 1970-01-02 to 2199; mend the year");
    return 0;
}

int apply_training_completed(struct context *context, const struct event *event,
                             const struct training_completed *data) {
    uint32_t number, course, volunteer;
    struct volunteer_row person;
    struct person_entry entry = {
        .on = data->on, .minutes = (uint32_t)data->minutes, .state = data->passed};
    int r = volunteer_open(context, data->volunteer, &volunteer, &person);
    if (r == 0)
        r = standing_allows(context, &person, data->volunteer, "data.volunteer");
    if (r == 0)
        r = thing_resolve(context, NOUN_COURSE, data->course, "data.course", &course);
    if (r == 0)
        r = check_day(context, data->on);
    if (r == 0)
        r = last_day(context, course, data->on, &entry.until);
    if (r == 0)
        r = thing_name(context, NOUN_TRAINING, data->training, "data.training", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .attributes = event->data};
    thing_put(context, NOUN_TRAINING, number, &thing);
    entry.number = number;
    entry.other = course;
    r = person_list_put(context, volunteer, LIST_TRAININGS, &entry, "data.volunteer");
    if (r == 0 && data->passed)
        points_ask_volunteer(context, volunteer, EVENT_training_completed);
    return r;
}

/* ---- qualifications ---- */

int qualification_next(struct cursor *in, struct qualification *ret_qualification) {
    if (cursor_left(in) == 0)
        return THING_NOT_FOUND;
    ret_qualification->qualification = cursor_counted(in);
    ret_qualification->number = cursor_counted(in);
    ret_qualification->valid_until = (int32_t)cursor_signed(in);
    ret_qualification->recorded_on = (int32_t)cursor_signed(in);
    ret_qualification->sequence = cursor_varint(in);
    return in->failed ? THING_DAMAGED : 0;
}

static int row_of(struct view *view, uint32_t volunteer, struct str *ret_row) {
    char key[4];
    *ret_row = STR("");
    int r = view_get(view, TABLE_QUALIFICATION, number_key(key, volunteer), ret_row);
    return r < 0 ? r : 0;
}

int qualifications_each(struct view *view, uint32_t volunteer,
                        int (*each)(void *context, const struct qualification *qualification),
                        void *context) {
    struct qualification qualification;
    struct str row;
    int outcome = 0, r = row_of(view, volunteer, &row);
    if (r != 0)
        return r;
    struct cursor in = cursor_from(row);
    while (outcome == 0 && (r = qualification_next(&in, &qualification)) == 0)
        outcome = each(context, &qualification);
    return r == THING_DAMAGED ? error_note(-EBADMSG, "qualifications cannot be read") : outcome;
}

static void put_qualification(struct buf *out, const struct qualification *qualification) {
    buf_put_counted(out, qualification->qualification);
    buf_put_counted(out, qualification->number);
    buf_put_signed(out, qualification->valid_until);
    buf_put_signed(out, qualification->recorded_on);
    buf_put_varint(out, qualification->sequence);
}

/* What is recorded again takes the place of what it was. */
static int put_qualifications(struct context *context, uint32_t volunteer,
                              const struct qualification *added) {
    char key[4];
    struct qualification other;
    struct str row;
    size_t n = 0;
    bool placed = false;
    int r = row_of(context->view, volunteer, &row);
    if (r != 0)
        return r;
    struct buf *out = &context->scratch;
    struct cursor in = cursor_from(row);
    buf_reset(out);
    for (; (r = qualification_next(&in, &other)) == 0; n++) {
        bool same = str_equal(other.qualification, added->qualification);
        put_qualification(out, same ? added : &other);
        placed |= same;
    }
    if (r == THING_DAMAGED)
        return error_note(-EBADMSG, "qualifications cannot be read");
    if (!placed && n >= QUALIFICATIONS_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.qualification",
                           "more than %d qualifications of one person are not kept",
                           QUALIFICATIONS_LIMIT);
    if (!placed)
        put_qualification(out, added);
    store_put(context->store, TABLE_QUALIFICATION, number_key(key, volunteer), buf_str(out));
    return 0;
}

int apply_qualification_recorded(struct context *context, const struct event *event,
                                 const struct qualification_recorded *data) {
    (void)event;
    uint32_t volunteer;
    struct volunteer_row person;
    int r = volunteer_open(context, data->volunteer, &volunteer, &person);
    if (r != 0)
        return r;
    struct qualification qualification = {
        .qualification = data->qualification,
        .number = data->number,
        .valid_until =
            HAS(data, qualification_recorded, valid_until) ? data->valid_until : INT32_MIN,
        .recorded_on = context_date(context),
        .sequence = context->sequence};
    return put_qualifications(context, volunteer, &qualification);
}
