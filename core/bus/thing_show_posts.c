/* Posts with their claims and duty, pairings, and who has reported in. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_enrolment.h"
#include "bus/thing_show.h"
#include "domain/duties.h"
#include "domain/pairings.h"
#include "domain/report_ins.h"

/* ---- posts ---- */

const char *const post_states[2] = {[POST_OPEN] = "open", [POST_CLOSED] = "closed"};

int show_post(struct query *query, uint32_t number, const struct thing *thing, struct arena *arena,
              json_t *object) {
    struct post_row row;
    int32_t next = 0;
    (void)arena;
    int r = post_get(query->view, number, &row);
    if (r == 0 && row.due_on) {
        r = duty_next(query->view, thing->attributes, row.due_on - 1, &next);
        r = r > 0 ? 0 : r;
    }
    if (r != 0)
        return r;
    json_object_set_new(object, "claims", json_integer(row.n_accepted));
    json_object_set_new(object, "waitlisted", json_integer(row.n_waitlisted));
    json_put_date(object, "next_duty_on", next);
    json_put_date(object, "last_duty_on", row.last_duty_on);
    json_object_set_new(object, "duties", json_integer(row.n_duties - row.n_revoked));
    json_object_set_new(object, "duty_days", json_integer(row.n_days));
    json_object_set_new(object, "duties_missed", json_integer(row.n_missed));
    json_object_set_new(object, "duty_findings", json_integer(row.n_findings));
    json_object_set_new(object, "overdue", json_boolean(row.overdue_since != 0));
    json_put_date(object, "overdue_since", row.overdue_since);
    return 0;
}

/* What the duty became on its first day. */
static int put_record(struct query *query, const struct duty *duty, struct arena *arena,
                      json_t *item) {
    struct str name = duty_record_name(arena, duty->row.sequence);
    uint32_t record;
    int r = thing_find(query->view, NOUN_RECORD, name, &record);
    if (r == 0)
        json_object_set_new(item, "record", json_from_str(name));
    return r < 0 ? r : 0;
}

#define DUTIES_SHOWN 50

/* The patrol record (巡查记录): the duties told last, newest first. */
static int put_duties(struct query *query, uint32_t post, struct arena *arena, json_t *object) {
    json_t *list = json_array();
    struct post_row row;
    json_object_set_new(object, "patrols", list);
    int r = post_get(query->view, post, &row);
    uint32_t until = r == 0 && row.n_duties > DUTIES_SHOWN ? row.n_duties - DUTIES_SHOWN : 0;
    for (uint32_t n = row.n_duties; r == 0 && n > until; n--) {
        struct duty duty;
        r = duty_get(query->view, post, n, &duty);
        if (r != 0)
            break;
        json_t *item = json_pack(
            "{s:o, s:o, s:o, s:s}", "starts",
            json_from_time(query, duty.row.starts_s * MICROSECONDS), "ends",
            json_from_time(query, (duty.row.starts_s + (int64_t)duty.row.span_s) * MICROSECONDS),
            "volunteer", json_from_number(query, NOUN_VOLUNTEER, duty.row.volunteer, arena),
            "method", ATTENDANCE_METHOD_choices.words[duty.row.method % ATTENDANCE_METHOD_COUNT]);
        if (duty.findings.size)
            json_object_set_new(item, "found", json_from_str(duty.findings));
        if (duty.row.revoked)
            json_object_set_new(item, "revoked", json_true());
        json_array_append_new(list, item);
        r = put_record(query, &duty, arena, item);
    }
    return r;
}

#define MISSED_DAYS 92

static int add_missed(void *context, int32_t date, const struct duty_day *day) {
    if (day->missed)
        json_array_append_new(context, json_from_date(date, 0));
    return 0;
}

int show_post_whole(struct query *query, uint32_t number, const struct thing *thing,
                    struct arena *arena, json_t *object) {
    json_t *list, *missed;
    (void)thing;
    int r = json_from_enrolments(query, NOUN_POST, number, arena, &list);
    if (r != 0)
        return r;
    json_object_set_new(object, "claimed_by", list);
    r = put_duties(query, number, arena, object);
    if (r != 0)
        return r;
    missed = json_array();
    json_object_set_new(object, "missed_on", missed);
    return duty_days_each(query->view, number, query_today(query) - MISSED_DAYS, add_missed,
                          missed);
}

static bool agrees(struct query *query, const char *parameter, bool value) {
    return !json_object_get(query->params, parameter) ||
           query_boolean(query, parameter, false) == value;
}

/* Claimed or not, overdue or not, with somebody responsible or nobody. */
int post_is_asked_for(struct query *query, uint32_t number, bool *ret_takes) {
    struct post_row row;
    int r = post_get(query->view, number, &row);
    *ret_takes = r == 0 && agrees(query, "claimed", row.n_accepted > 0) &&
                 agrees(query, "overdue", row.overdue_since != 0) &&
                 agrees(query, "answered_for", row.has_responsible);
    return r;
}

/* ---- pairings ---- */

const char *const pairing_states[2] = {[PAIRING_AGREED] = "agreed", [PAIRING_ENDED] = "ended"};

int show_pairing(struct query *query, uint32_t number, const struct thing *thing,
                 struct arena *arena, json_t *object) {
    struct pairing_row row;
    (void)thing;
    (void)arena;
    int r = pairing_get(query->view, number, &row);
    if (r != 0)
        return r;
    json_put_date(object, "agreed_on", row.agreed_on);
    json_put_date(object, "ended_on", row.ended_on);
    return 0;
}

/* ---- who has reported in: a row a person, under the person's id ---- */

static int report_in_json(struct query *query, uint32_t volunteer, struct arena *arena,
                          json_t **ret_object) {
    struct volunteer_row person;
    struct report_in report;
    int r = report_in_get(query->view, volunteer, &report);
    if (r == 0)
        r = volunteer_get(query->view, volunteer, &person);
    if (r != 0)
        return r;
    *ret_object =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:I}", "volunteer",
                  json_from_number(query, NOUN_VOLUNTEER, volunteer, arena), "employer",
                  json_from_number(query, NOUN_ORGANISATION, report.row.employer, arena), "region",
                  json_from_number(query, NOUN_REGION, report.row.region, arena), "on",
                  json_from_date(report.row.on, 0), "received_by",
                  json_from_str(report.received_by), "paired", report.row.paired, "counts",
                  report_in_is_owed(&person) && person.employer == report.row.employer, "sequence",
                  (json_int_t)report.row.sequence);
    return 0;
}

int query_report_in_get(struct query *query, json_t **ret_result) {
    struct str id = query_text(query, "report_in");
    uint32_t volunteer;
    int r = thing_find(query->view, NOUN_VOLUNTEER, id, &volunteer);
    if (r == 0)
        r = report_in_json(query, volunteer, query->arena, ret_result);
    return r > 0 ? query_unknown(query, NOUN_REPORT_IN, "report_in", id) : r;
}

struct report_in_filter {
    uint32_t employer;
    uint32_t region;
};

static int list_report_in(struct page *page, uint32_t volunteer) {
    struct query *query = page->query;
    const struct report_in_filter *filter = page->context;
    struct report_in report;
    json_t *item;
    int r = report_in_get(query->view, volunteer, &report);
    if (r != 0 || (filter->employer && report.row.employer != filter->employer) ||
        (filter->region && !region_lies_in(query, report.row.region, filter->region)) ||
        !agrees(query, "paired", report.row.paired))
        return r;
    r = report_in_json(query, volunteer, &page->arena, &item);
    if (r == 0)
        json_array_append_new(page->items, item);
    return r;
}

int query_report_in_list(struct query *query, json_t **ret_result) {
    struct report_in_filter filter;
    struct page page;
    int r = page_open(query, &page);
    page.each = list_report_in;
    page.context = &filter;
    if (r == 0)
        r = query_noun(query, NOUN_ORGANISATION, "employer", &filter.employer);
    if (r == 0)
        r = query_noun(query, NOUN_REGION, "region", &filter.region);
    if (r == 0)
        r = page_table(&page, TABLE_REPORT_IN);
    return page_close(&page, r, ret_result);
}
