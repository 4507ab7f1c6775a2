#include "domain/trainings.h"

#include "domain/counters.h"
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

/* Last day on which training of that day holds, and its topic, by what the course says now. */
static int read_course(struct context *context, uint32_t course, int32_t on, int32_t *ret_until,
                       enum COURSE_TOPIC_choice *ret_topic) {
    struct thing thing;
    int r = thing_get(context->view, NOUN_COURSE, course, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a course has no attributes");
    const struct course_defined *attributes = thing.attributes;
    *ret_until = HAS(attributes, course_defined, valid_months)
                     ? months_later(on, attributes->valid_months)
                     : 0;
    *ret_topic = (enum COURSE_TOPIC_choice)attributes->topic;
    return 0;
}

/* ---- what ends when: key last day u32, training u32 (0: a qualification), volunteer u32 ---- */

#define VALIDITY_KEY_BYTES 12

static struct str validity_key(char key[static VALIDITY_KEY_BYTES],
                               const struct validity *validity) {
    number_key(key, (uint32_t)validity->until ^ UINT32_C(0x80000000));
    number_key(key + 4, validity->training);
    number_key(key + 8, validity->volunteer);
    return (struct str){key, VALIDITY_KEY_BYTES};
}

int validity_decode(struct str key, struct validity *ret_validity) {
    struct cursor in = cursor_from(key);
    ret_validity->until = (int32_t)(cursor_u32_sorted(&in) ^ UINT32_C(0x80000000));
    ret_validity->training = cursor_u32_sorted(&in);
    ret_validity->volunteer = cursor_u32_sorted(&in);
    return in.failed || cursor_left(&in) ? THING_DAMAGED : 0;
}

static void validity_note(struct context *context, const struct validity *validity) {
    char key[VALIDITY_KEY_BYTES];
    store_put(context->store, TABLE_VALIDITY, validity_key(key, validity), STR("1"));
}

struct validity_walk {
    int32_t to;
    int (*each)(void *context, const struct validity *validity);
    void *context;
    int outcome;
};

static int take_validity(void *context, struct str key, struct str row) {
    struct validity_walk *walk = context;
    struct validity validity;
    (void)row;
    if (validity_decode(key, &validity) != 0)
        walk->outcome = error_note(-EBADMSG, "what ends on a day cannot be read");
    else if (validity.until > walk->to)
        return 1;
    else
        walk->outcome = walk->each(walk->context, &validity);
    return walk->outcome != 0;
}

int validity_each(struct view *view, int32_t from, int32_t to,
                  int (*each)(void *context, const struct validity *validity), void *context) {
    char key[VALIDITY_KEY_BYTES];
    struct validity_walk walk = {to, each, context, 0};
    int r = view_scan(view, TABLE_VALIDITY, validity_key(key, &(struct validity){.until = from}),
                      take_validity, &walk);
    return r < 0 ? r : walk.outcome;
}

int validity_course(struct view *view, const struct validity *validity, uint32_t *ret_course) {
    struct person_entries entries;
    struct person_entry training = {0};
    *ret_course = 0;
    int r = person_list_get(view, validity->volunteer, LIST_TRAININGS, &entries);
    if (r != 0)
        return r;
    for (size_t i = 0; i < entries.n; i++) {
        struct person_entry entry = person_entry_at(&entries, i);
        if (entry.number == validity->training)
            training = entry;
    }
    for (size_t i = 0; i < entries.n; i++) {
        struct person_entry entry = person_entry_at(&entries, i);
        if (entry.state && entry.other == training.other && entry.number != training.number &&
            (!entry.until || entry.until > training.until ||
             (entry.until == training.until && entry.number > training.number)))
            return 0;
    }
    *ret_course = training.other;
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

static int count(struct context *context, const struct volunteer_row *person, int32_t on,
                 enum COURSE_TOPIC_choice topic) {
    const struct counter_change changes[] = {
        {COUNTER_trainings, 1}, {(enum counter)(COUNTER_trainings_theory + (unsigned)topic), 1}};
    int r = counter_add_region(context, date_month(on), person->region, changes, 2);
    return r == 0 ? counter_add_organisation(context, date_month(on), person->employer, changes, 2)
                  : r;
}

int apply_training_completed(struct context *context, const struct event *event,
                             const struct training_completed *data) {
    uint32_t number, course, volunteer;
    enum COURSE_TOPIC_choice topic = COURSE_TOPIC_THEORY;
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
        r = read_course(context, course, data->on, &entry.until, &topic);
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
    if (r != 0 || !data->passed)
        return r;
    if (entry.until)
        validity_note(context, &(struct validity){entry.until, volunteer, number});
    points_ask_volunteer(context, volunteer, EVENT_training_completed);
    return count(context, &person, data->on, topic);
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
    if (qualification.valid_until != INT32_MIN)
        validity_note(context, &(struct validity){qualification.valid_until, volunteer, 0});
    return put_qualifications(context, volunteer, &qualification);
}

static void validity_move(struct context *context, struct validity validity, uint32_t into) {
    char key[VALIDITY_KEY_BYTES];
    store_put(context->store, TABLE_VALIDITY, validity_key(key, &validity), STR_NONE);
    validity.volunteer = into;
    validity_note(context, &validity);
}

int trainings_move(struct context *context, uint32_t from, uint32_t into) {
    struct person_entries entries;
    int r = person_list_get(context->view, from, LIST_TRAININGS, &entries);
    for (size_t i = 0; r == 0 && i < entries.n; i++) {
        struct person_entry entry = person_entry_at(&entries, i);
        if (entry.until && entry.state)
            validity_move(context, (struct validity){entry.until, from, entry.number}, into);
    }
    return r == 0 ? person_list_move(context, from, into, LIST_TRAININGS) : r;
}

static int is_there(void *context, const struct qualification *qualification) {
    return str_equal(qualification->qualification, *(const struct str *)context);
}

int qualifications_move(struct context *context, uint32_t from, uint32_t into) {
    char key[4];
    struct qualification other;
    struct str theirs, ours;
    struct buf *out = &context->scratch;
    int r = row_of(context->view, from, &theirs);
    if (r == 0)
        r = row_of(context->view, into, &ours);
    if (r != 0 || theirs.size == 0)
        return r;
    struct cursor in = cursor_from(theirs);
    buf_reset(out);
    buf_put_str(out, ours);
    while ((r = qualification_next(&in, &other)) == 0) {
        if (other.valid_until != INT32_MIN)
            validity_move(context, (struct validity){other.valid_until, from, 0}, into);
        r = qualifications_each(context->view, into, is_there, &other.qualification);
        if (r < 0)
            return r;
        if (r == 0)
            put_qualification(out, &other);
    }
    if (r == THING_DAMAGED)
        return error_note(-EBADMSG, "qualifications cannot be read");
    store_put(context->store, TABLE_QUALIFICATION, number_key(key, into), buf_str(out));
    store_put(context->store, TABLE_QUALIFICATION, number_key(key, from), STR_NONE);
    return 0;
}
