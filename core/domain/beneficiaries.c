#include "domain/beneficiaries.h"

#include <stdio.h>

#include "domain/activities.h"
#include "domain/counters.h"
#include "domain/day_lists.h"
#include "domain/dictionaries.h"
#include "domain/projects.h"
#include "domain/runs.h"
#include "domain/volunteers.h"
#include "util/error.h"

/* ---- reading ---- */

int beneficiary_get(struct view *view, uint32_t number, struct beneficiary *ret_beneficiary) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_BENEFICIARY, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size < sizeof ret_beneficiary->row ||
        (row.size - sizeof ret_beneficiary->row) % sizeof(uint32_t) != 0)
        return error_note(-EBADMSG, "a beneficiary's row cannot be read");
    memcpy(&ret_beneficiary->row, row.data, sizeof ret_beneficiary->row);
    ret_beneficiary->volunteers = row.data + sizeof ret_beneficiary->row;
    ret_beneficiary->n_volunteers = (row.size - sizeof ret_beneficiary->row) / sizeof(uint32_t);
    return 0;
}

uint32_t beneficiary_volunteer_at(const struct beneficiary *beneficiary, size_t i) {
    uint32_t number;
    memcpy(&number, beneficiary->volunteers + i * sizeof number, sizeof number);
    return number;
}

int beneficiary_by_identity(struct view *view, struct str match, uint32_t *ret_beneficiary) {
    struct str row;
    int r = match.size ? view_get(view, TABLE_BENEFICIARY_IDENTITY, match, &row) : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_beneficiary)
        return error_note(-EBADMSG, "an identity's row cannot be read");
    memcpy(ret_beneficiary, row.data, sizeof *ret_beneficiary);
    return 0;
}

int visits_get(struct view *view, uint32_t beneficiary, struct visits *ret_visits) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_VISIT, number_key(key, beneficiary), &row);
    *ret_visits = r == 0 ? (struct visits){row.size / sizeof(struct visit), row.data}
                         : (struct visits){0, NULL};
    return r < 0 ? r : 0;
}

struct visit visit_at(const struct visits *visits, size_t i) {
    struct visit visit;
    memcpy(&visit, visits->items + i * sizeof visit, sizeof visit);
    return visit;
}

int visit_due_get(struct view *view, int32_t date, uint32_t n, uint32_t *ret_beneficiary) {
    return day_list_get(view, TABLE_VISIT_DUE, date, n, ret_beneficiary);
}

bool visit_is_due(const struct beneficiary_row *row, int32_t date) {
    return row->state == BENEFICIARY_ENROLLED && row->project && row->due_on <= date &&
           row->due_on > row->missed_on && row->due_on > row->last_visit_on &&
           date_is_kept(row->due_on);
}

/* ---- rows ---- */

static void put(struct context *context, uint32_t number, const struct beneficiary *beneficiary) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &beneficiary->row, sizeof beneficiary->row);
    buf_put(row, beneficiary->volunteers, beneficiary->n_volunteers * sizeof(uint32_t));
    store_put(context->store, TABLE_BENEFICIARY, number_key(key, number), buf_str(row));
}

/* Its volunteers are copied, because the row is about to be replaced. */
static int load(struct context *context, uint32_t number, struct beneficiary *ret_beneficiary) {
    int r = beneficiary_get(context->view, number, ret_beneficiary);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a beneficiary has no row");
    struct str volunteers = {ret_beneficiary->volunteers,
                             ret_beneficiary->n_volunteers * sizeof(uint32_t)};
    ret_beneficiary->volunteers = arena_copy(context->arena, volunteers).data;
    return 0;
}

/* What is counted of a person as things stand: in the region, and by served group. */
static int count(struct context *context, const struct beneficiary_row *before,
                 const struct beneficiary_row *after) {
    const struct {
        enum counter counter;
        int before;
        int after;
    } each[] = {
        {COUNTER_beneficiaries, before->state == BENEFICIARY_ENROLLED,
         after->state == BENEFICIARY_ENROLLED},
        {COUNTER_care_plans, before->project != 0, after->project != 0},
        {COUNTER_visits_overdue, before->overdue_since != 0, after->overdue_since != 0},
    };
    struct counter_change changes[sizeof each / sizeof *each];
    size_t n = 0;
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        if (each[i].before != each[i].after)
            changes[n++] = (struct counter_change){each[i].counter, each[i].after - each[i].before};
    int r = n ? counter_add_region(context, 0, after->region, changes, n) : 0;
    return r == 0 && n && after->group
               ? counter_add_region_code(context, after->region, DICTIONARY_SERVED_GROUP,
                                         after->group - 1u, changes, n)
               : r;
}

static int replace(struct context *context, uint32_t number, const struct beneficiary_row *before,
                   const struct beneficiary *after) {
    put(context, number, after);
    return count(context, before, &after->row);
}

static int count_visit(struct context *context, enum counter counter, uint32_t region, int32_t on,
                       int by) {
    const struct counter_change change = {counter, by};
    return counter_add_region(context, date_month(on), region, &change, 1);
}

/* ---- enrolled, left ---- */

static struct str event_match(const struct event *event) {
    for (size_t i = 0; i < event->n_blobs; i++)
        if (event->blobs[i].match.size)
            return event->blobs[i].match;
    return STR_NONE;
}

static int check_enrolled(struct context *context, const struct beneficiary_enrolled *data,
                          struct beneficiary_row *row) {
    int32_t group;
    uint32_t other;
    row->enrolled_on = context_date(context);
    if (!date_is_kept(row->enrolled_on))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "time",
                           "beneficiaries are kept from 1970-01-02 to 2199; mend the year");
    if (!data->consent)
        return problem_set(context->problem, PROBLEM_CONSENT_MISSING, "data.consent",
                           "nobody is enrolled without consent, their own or a guardian's");
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &row->region);
    if (r == 0)
        r = dictionary_require(context, DICTIONARY_SERVED_GROUP, data->served_group,
                               context_date(context), "data.served_group", &group);
    if (r != 0)
        return r;
    row->group = (uint8_t)(group + 1);
    r = beneficiary_by_identity(context->view, event_match(context->event), &other);
    if (r == 0)
        return problem_set(context->problem, PROBLEM_IDENTITY_KNOWN, "data.identity",
                           "a person with this document is enrolled already; go on with that one");
    return r < 0 ? r : 0;
}

int apply_beneficiary_enrolled(struct context *context, const struct event *event,
                               const struct beneficiary_enrolled *data) {
    uint32_t number;
    struct beneficiary beneficiary = {.n_volunteers = 0};
    const struct beneficiary_row nobody = {.state = BENEFICIARY_LEFT};
    struct str match = event_match(event);
    int r = check_enrolled(context, data, &beneficiary.row);
    if (r == 0)
        r = thing_name(context, NOUN_BENEFICIARY, data->beneficiary, "data.beneficiary", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .state = BENEFICIARY_ENROLLED,
                          .attributes = event->data};
    thing_take_blobs(context, event->type->fields, &thing, &data->head);
    thing_put(context, NOUN_BENEFICIARY, number, &thing);
    if (match.size)
        store_put(context->store, TABLE_BENEFICIARY_IDENTITY, match,
                  (struct str){(const char *)&number, sizeof number});
    r = replace(context, number, &nobody, &beneficiary);
    return r == 0 ? dictionary_use(context, DICTIONARY_SERVED_GROUP, data->served_group, 1) : r;
}

static int open_beneficiary(struct context *context, struct str id, uint32_t *ret_number,
                            struct beneficiary *ret_beneficiary) {
    int r = thing_resolve(context, NOUN_BENEFICIARY, id, "data.beneficiary", ret_number);
    if (r == 0)
        r = load(context, *ret_number, ret_beneficiary);
    if (r == 0 && ret_beneficiary->row.state != BENEFICIARY_ENROLLED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.beneficiary",
                           "beneficiary %.*s has left; enrol the person anew, under a new id",
                           STR_ARG(id));
    return r;
}

/* The plan ends; what was sealed stays, and the document is free for another enrolment. */
int apply_beneficiary_left(struct context *context, const struct event *event,
                           const struct beneficiary_left *data) {
    (void)event;
    uint32_t number;
    struct beneficiary beneficiary;
    struct thing thing;
    int r = open_beneficiary(context, data->beneficiary, &number, &beneficiary);
    if (r == 0)
        r = thing_get(context->view, NOUN_BENEFICIARY, number, context->arena, &thing);
    if (r != 0)
        return r;
    const struct beneficiary_row before = beneficiary.row;
    const struct beneficiary_enrolled *attributes = thing.attributes;
    struct beneficiary_row *row = &beneficiary.row;
    row->left_on = HAS(data, beneficiary_left, on) ? data->on : context_date(context);
    if (row->left_on < row->enrolled_on || row->left_on > context_date(context))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                           "somebody leaves after being enrolled and not in the future; mend the "
                           "date");
    row->state = BENEFICIARY_LEFT;
    row->project = 0;
    row->due_on = row->overdue_since = 0;
    beneficiary.n_volunteers = 0;
    for (size_t i = 0; i < thing.n_blobs; i++)
        if (thing.blobs[i].match.size)
            store_put(context->store, TABLE_BENEFICIARY_IDENTITY, thing.blobs[i].match, STR_NONE);
    r = dictionary_use(context, DICTIONARY_SERVED_GROUP, attributes->served_group, -1);
    if (r != 0)
        return r;
    thing.state = BENEFICIARY_LEFT;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_BENEFICIARY, number, &thing);
    return replace(context, number, &before, &beneficiary);
}

/* ---- the plan ---- */

/* Whoever is due stands on a list whose day is still to end: what is due already is looked at when
 * today is over. */
static int be_due(struct context *context, uint32_t number, struct beneficiary_row *row,
                  int32_t due_on) {
    int32_t today = context_today(context);
    while (due_on <= row->missed_on) /* that one is not missed twice */
        due_on += row->interval_days;
    if (row->due_on == due_on && due_on >= today)
        return 0; /* on that day's list already */
    row->due_on = due_on;
    return day_list_add(context, TABLE_VISIT_DUE, due_on > today ? due_on : today, number);
}

static int check_volunteers(struct context *context, const struct care_plan_set *data,
                            uint32_t *ret_numbers) {
    const struct str *ids = data->volunteers.items;
    if (data->volunteers.n < 1 || data->volunteers.n > CARE_VOLUNTEERS_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.volunteers",
                           "a plan names from 1 to %d volunteers", CARE_VOLUNTEERS_LIMIT);
    for (size_t i = 0; i < data->volunteers.n; i++) {
        char field[40];
        struct volunteer_row person;
        snprintf(field, sizeof field, "data.volunteers[%zu]", i);
        int r = thing_resolve(context, NOUN_VOLUNTEER, ids[i], field, &ret_numbers[i]);
        if (r == 0)
            r = volunteer_get(context->view, ret_numbers[i], &person);
        if (r != 0)
            return r;
        if (person.state != VOLUNTEER_REGISTERED)
            return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                               "volunteer %.*s is not registered; name somebody who is",
                               STR_ARG(ids[i]));
        for (size_t j = 0; j < i; j++)
            if (ret_numbers[j] == ret_numbers[i])
                return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, field,
                                   "volunteer %.*s stands there twice", STR_ARG(ids[i]));
    }
    return 0;
}

static int32_t later(int32_t a, int32_t b) {
    return a > b ? a : b;
}

/* A newer plan takes the place of the one before it. Setting one visits nobody: whoever is overdue
 * stays so. */
int apply_care_plan_set(struct context *context, const struct event *event,
                        const struct care_plan_set *data) {
    (void)event;
    uint32_t number, project, *numbers = arena_alloc(context->arena, sizeof(uint32_t[64]));
    struct beneficiary beneficiary;
    int r = open_beneficiary(context, data->beneficiary, &number, &beneficiary);
    if (r == 0)
        r = thing_resolve(context, NOUN_PROJECT, data->project, "data.project", &project);
    if (r == 0)
        r = project_require_open(context, project, data->project, "data.project");
    if (r == 0)
        r = check_volunteers(context, data, numbers);
    if (r != 0)
        return r;
    const struct beneficiary_row before = beneficiary.row;
    struct beneficiary_row *row = &beneficiary.row;
    row->project = project;
    row->plan_sequence = context->sequence;
    row->plan_on = later(context_date(context), row->enrolled_on);
    row->interval_days = (uint16_t)data->interval_days;
    beneficiary.volunteers = (const char *)numbers;
    beneficiary.n_volunteers = data->volunteers.n;
    r = be_due(context, number, row, later(row->plan_on, row->last_visit_on) + row->interval_days);
    return r == 0 ? replace(context, number, &before, &beneficiary) : r;
}

/* ---- visits ---- */

int visits_day_ended(struct context *context, int32_t date) {
    uint32_t n;
    int r = day_list_count(context->view, TABLE_VISIT_DUE, date, &n);
    return r == 0 ? run_begin_between(context, RUN_VISITS, 0, date, 0, n) : r;
}

int visit_require(struct context *context, struct str id, int32_t on) {
    uint32_t number;
    struct beneficiary beneficiary;
    int r = thing_resolve(context, NOUN_BENEFICIARY, id, "data.beneficiary", &number);
    if (r == 0)
        r = beneficiary_get(context->view, number, &beneficiary);
    if (r == 0 && beneficiary.row.left_on && on > beneficiary.row.left_on)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.beneficiary",
                           "beneficiary %.*s had left before this service", STR_ARG(id));
    return r;
}

/* Who was visited: by the record's details, else by its activity. */
static int visited(struct context *context, uint32_t record, const struct record_row *row,
                   uint32_t *ret_number, struct beneficiary *ret_beneficiary) {
    struct service_recorded details;
    struct activity_published activity = {.beneficiary = STR_NONE};
    enum activity_state state;
    int r = record_details(context->view, record, context->arena, &details);
    if (r == 0 && !details.beneficiary.size)
        r = activity_get(context->view, row->activity, context->arena, &activity, &state);
    if (r == 0)
        r = thing_find(context->view, NOUN_BENEFICIARY,
                       details.beneficiary.size ? details.beneficiary : activity.beneficiary,
                       ret_number);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a record names a beneficiary that is not there");
    return load(context, *ret_number, ret_beneficiary);
}

/* The list without that record and, where it is a visit, with it in its place by day; the oldest
 * goes where there are too many. */
static int keep_visits(struct context *context, uint32_t number, struct visit visit, bool stands,
                       int32_t *ret_last_on) {
    char key[4];
    struct visits visits;
    struct visit list[VISITS_KEPT + 1];
    size_t n = 0;
    int r = visits_get(context->view, number, &visits);
    if (r != 0)
        return r;
    for (size_t i = 0; i < visits.n && n < VISITS_KEPT; i++) {
        struct visit other = visit_at(&visits, i);
        if (other.record == visit.record)
            continue;
        if (stands && other.on > visit.on) {
            list[n++] = visit;
            stands = false;
        }
        list[n++] = other;
    }
    if (stands)
        list[n++] = visit;
    size_t first = n > VISITS_KEPT ? n - VISITS_KEPT : 0;
    *ret_last_on = n ? list[n - 1].on : 0;
    store_put(context->store, TABLE_VISIT, number_key(key, number),
              (struct str){(const char *)(list + first), (n - first) * sizeof *list});
    return 0;
}

/* A visit came or went: when the next is due follows, and whether one was missed since. A visit
 * that is told of late counts on its day: what it came in time for was not missed. */
static int follow(struct context *context, uint32_t number, struct beneficiary_row *row,
                  int32_t last_on) {
    row->last_visit_on = last_on;
    if (row->state != BENEFICIARY_ENROLLED || !row->project)
        return 0;
    int32_t due_on = later(row->plan_on, last_on) + row->interval_days;
    row->overdue_since = row->missed_on >= due_on ? due_on : 0;
    return be_due(context, number, row, due_on);
}

static int record_visit(struct context *context, uint32_t record, const struct record_row *row,
                        bool stands) {
    uint32_t number;
    struct beneficiary beneficiary;
    struct visit visit = {record, record_date(context->zone, row)};
    int32_t last_on;
    int r = visited(context, record, row, &number, &beneficiary);
    if (r == 0)
        r = keep_visits(context, number, visit, stands, &last_on);
    if (r != 0)
        return r;
    const struct beneficiary_row before = beneficiary.row;
    r = follow(context, number, &beneficiary.row, last_on);
    if (r == 0)
        r = count_visit(context, COUNTER_visits, before.region, visit.on, stands ? 1 : -1);
    return r == 0 ? replace(context, number, &before, &beneficiary) : r;
}

int visit_accepted(struct context *context, uint32_t record, const struct record_row *row) {
    return record_visit(context, record, row, true);
}

int visit_reversed(struct context *context, uint32_t record, const struct record_row *row) {
    return record_visit(context, record, row, false);
}

/* ---- missed ---- */

static int check_missed(struct context *context, const struct visit_missed *data,
                        const struct beneficiary_row *row) {
    char day[16];
    if (!row->project)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.beneficiary",
                           "beneficiary %.*s has no care plan; set one first (care_plan.set)",
                           STR_ARG(data->beneficiary));
    if (data->on > context_date(context) || data->on < row->plan_on || !date_is_kept(data->on))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                           "a visit is missed on a day since the plan was set, and not ahead");
    if (data->on <= row->missed_on) {
        date_format(row->missed_on, day);
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.on",
                           "it is known that beneficiary %.*s was not visited by %s",
                           STR_ARG(data->beneficiary), day);
    }
    if (row->last_visit_on < data->on)
        return 0;
    date_format(row->last_visit_on, day);
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.on",
                       "beneficiary %.*s was visited on %s; nothing was missed by then",
                       STR_ARG(data->beneficiary), day);
}

/* By the daemon when the day is over on which it was due, or by whoever noticed before. Where that
 * was due by then, the next is an interval later, and not in the past: whatever lies between counts
 * as this one. */
int apply_visit_missed(struct context *context, const struct event *event,
                       const struct visit_missed *data) {
    (void)event;
    uint32_t number;
    struct beneficiary beneficiary;
    int r = open_beneficiary(context, data->beneficiary, &number, &beneficiary);
    if (r == 0)
        r = check_missed(context, data, &beneficiary.row);
    if (r != 0)
        return r;
    const struct beneficiary_row before = beneficiary.row;
    struct beneficiary_row *row = &beneficiary.row;
    int32_t due_on = row->due_on;
    row->n_missed++;
    row->missed_on = data->on;
    row->overdue_since = row->overdue_since ? row->overdue_since : data->on;
    while (due_on <= data->on || due_on < context_today(context))
        due_on += row->interval_days;
    r = be_due(context, number, row, due_on);
    if (r == 0)
        r = count_visit(context, COUNTER_visits_missed, before.region, data->on, 1);
    return r == 0 ? replace(context, number, &before, &beneficiary) : r;
}
