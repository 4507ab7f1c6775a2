#include "domain/report_ins.h"

#include "domain/counters.h"
#include "domain/pairings.h"
#include "domain/people_mix.h"
#include "domain/person_months.h"
#include "util/error.h"

/* ---- reading ---- */

int report_in_get(struct view *view, uint32_t volunteer, struct report_in *ret_report) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_REPORT_IN, number_key(key, volunteer), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_report->row);
    ret_report->received_by = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "the row of a report-in cannot be read");
    memcpy(&ret_report->row, fixed.data, sizeof ret_report->row);
    return 0;
}

bool report_in_is_owed(const struct volunteer_row *person) {
    return person->state == VOLUNTEER_REGISTERED && person->standing != STANDING_DEREGISTERED &&
           person->party_status == PARTY_STATUS_IN_SERVICE + 1 && person->employer;
}

static bool stands(const struct report_in_row *row, const struct volunteer_row *person) {
    return report_in_is_owed(person) && row->employer == person->employer;
}

int report_in_stands(struct view *view, uint32_t volunteer, const struct volunteer_row *person,
                     bool *ret_stands) {
    struct report_in report;
    *ret_stands = false;
    if (!(person->marks & MARK_REPORTED_IN))
        return 0;
    int r = report_in_get(view, volunteer, &report);
    *ret_stands = r == 0 && stands(&report.row, person);
    return r > 0 ? error_note(-EBADMSG, "a person who reported in has no row of it") : r;
}

/* ---- applying ---- */

static void put(struct context *context, uint32_t volunteer, const struct report_in *report) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &report->row, sizeof report->row);
    buf_put_counted(row, report->received_by);
    store_put(context->store, TABLE_REPORT_IN, number_key(key, volunteer), buf_str(row));
}

static int count(struct context *context, const struct report_in_row *row, int by) {
    const struct counter_change change = {COUNTER_members_reported_in, by};
    int r = counter_add_region(context, 0, row->region, &change, 1);
    return r == 0 ? counter_add_organisation(context, 0, row->employer, &change, 1) : r;
}

/* Checks what the person is; the message says what to mend. */
static int check(struct context *context, const struct party_member_reported_in *data,
                 const struct volunteer_row *person, const struct report_in_row *row) {
    if (person->party_status != PARTY_STATUS_IN_SERVICE + 1)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "%.*s is not registered as a Party member in service; say so first "
                           "(volunteer.updated, party_status in_service)",
                           STR_ARG(data->volunteer));
    if (person->employer != row->employer)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.employer",
                           "%.*s is not registered as employed by %.*s; mend the registration "
                           "(volunteer.updated, employer) or name the right unit",
                           STR_ARG(data->volunteer), STR_ARG(data->employer));
    if (data->on > context_date(context) || !date_is_kept(data->on))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                           "somebody has reported in on a day that is not ahead; mend the date");
    return 0;
}

static int check_first(struct context *context, const struct party_member_reported_in *data,
                       uint32_t volunteer, const struct volunteer_row *person,
                       const struct report_in_row *row, struct report_in *ret_before) {
    char day[16];
    memset(ret_before, 0, sizeof *ret_before);
    if (!(person->marks & MARK_REPORTED_IN))
        return 0;
    int r = report_in_get(context->view, volunteer, ret_before);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a person who reported in has no row of it");
    if (ret_before->row.employer != row->employer || ret_before->row.region != row->region)
        return 0;
    date_format(ret_before->row.on, day);
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                       "%.*s has reported in there on %s already; nothing more is asked for",
                       STR_ARG(data->volunteer), day);
}

int apply_party_member_reported_in(struct context *context, const struct event *event,
                                   const struct party_member_reported_in *data) {
    (void)event;
    uint32_t volunteer;
    struct volunteer_row person;
    struct report_in before;
    struct report_in report = {.row = {.sequence = context->sequence, .on = data->on},
                               .received_by = data->received_by};
    struct report_in_row *row = &report.row;
    bool paired;
    int r = volunteer_open_registered(context, data->volunteer, &volunteer, &person);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->employer, "data.employer",
                          &row->employer);
    if (r == 0)
        r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &row->region);
    if (r == 0)
        r = check(context, data, &person, row);
    if (r == 0)
        r = check_first(context, data, volunteer, &person, row, &before);
    if (r == 0)
        r = pairing_covers(context->view, row->employer, row->region, &paired);
    if (r == 0 && before.row.sequence && stands(&before.row, &person))
        r = count(context, &before.row, -1);
    if (r != 0)
        return r;
    row->paired = paired;
    put(context, volunteer, &report);
    person.marks |= MARK_REPORTED_IN;
    volunteer_put(context, volunteer, &person);
    return stands(row, &person) ? count(context, row, 1) : 0;
}

int report_in_follow(struct context *context, uint32_t volunteer,
                     const struct volunteer_row *before, const struct volunteer_row *after) {
    struct report_in report;
    int r = report_in_get(context->view, volunteer, &report);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a person who reported in has no row of it");
    int by = stands(&report.row, after) - stands(&report.row, before);
    return by ? count(context, &report.row, by) : 0;
}

int report_in_move(struct context *context, uint32_t from, uint32_t into) {
    char key[4];
    struct volunteer_row one, other;
    struct report_in report;
    int r = volunteer_get(context->view, from, &one);
    if (r == 0)
        r = volunteer_get(context->view, into, &other);
    if (r != 0 || !(one.marks & MARK_REPORTED_IN))
        return r;
    r = report_in_get(context->view, from, &report);
    if (r == 0 && stands(&report.row, &one))
        r = count(context, &report.row, -1);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a person who reported in has no row of it");
    report.received_by = arena_copy(context->arena, report.received_by);
    store_put(context->store, TABLE_REPORT_IN, number_key(key, from), STR_NONE);
    one.marks &= (uint8_t)~MARK_REPORTED_IN;
    volunteer_put(context, from, &one);
    if (other.marks & MARK_REPORTED_IN)
        return 0;
    put(context, into, &report);
    other.marks |= MARK_REPORTED_IN;
    volunteer_put(context, into, &other);
    return stands(&report.row, &other) ? count(context, &report.row, 1) : 0;
}
