/* `explain` of a volunteer: the stars, what gave them, what counts and what does not, the rule, how
 * far it is to the next level, and what is pending. Of a past day: as it was decided then, over the
 * service up to that day as it is known now. */
#include <stdio.h>
#include <stdlib.h>

#include "bus/explain.h"
#include "bus/methods_common.h"
#include "bus/methods_integrity.h"
#include "bus/methods_record.h"
#include "domain/stars.h"

#define CHANGES_LIMIT 100
#define RECORDS_DEFAULT 100
#define CURSOR_BYTES 32

struct explaining {
    struct query *query;
    uint32_t volunteer;
    struct volunteer_row row;
    struct query_day day;
    bool past;
    struct wanted_list wanted;
    json_t *decision; /* borrowed: what gave the stars; NULL: nothing did */
    json_t *object;
};

/* ---- stars ---- */

static json_t *change_json(const struct star_change_row *change) {
    char text[STAR_CERTIFICATE_BYTES];
    struct star_certificate certificate = {change->certificate_year, change->certificate};
    json_t *object =
        json_pack("{s:i, s:i, s:o, s:I}", "from", change->from, "to", change->to, "on",
                  json_from_date(change->on, INT32_MIN), "sequence", (json_int_t)change->sequence);
    if (certificate.year)
        json_object_set_new(object, "certificate_number",
                            json_from_str(star_certificate_text(certificate, text)));
    return object;
}

/* The last ones up to the day; the last of them gave the stars. */
static int put_changes(struct explaining *self) {
    json_t *changes = json_array(), *last = NULL;
    json_object_set_new(self->object, "changes", changes);
    uint32_t n = self->row.n_star_changes;
    for (uint32_t i = n > CHANGES_LIMIT ? n - CHANGES_LIMIT + 1 : 1; i <= n; i++) {
        struct star_change_row change;
        int r = query_found(star_change_get(self->query->view, self->volunteer, i, &change));
        if (r != 0)
            return r;
        if (change.on > self->day.as_of)
            continue;
        last = change_json(&change);
        json_array_append_new(changes, last);
        wanted_add(self->query, &self->wanted, change.sequence, last);
    }
    self->decision = last;
    return 0;
}

static int put_stars(struct explaining *self) {
    uint8_t stars = self->row.stars;
    const json_t *on = json_object_get(self->decision, "on");
    int r = self->past
                ? stars_on(self->query->view, self->volunteer, &self->row, self->day.as_of, &stars)
                : 0;
    json_object_set_new(self->object, "stars", json_integer(stars));
    if (self->past)
        json_object_set_new(self->object, "stars_since",
                            on ? json_incref((json_t *)(uintptr_t)on) : json_null());
    else
        json_object_set_new(self->object, "stars_since", json_from_date(self->row.stars_since, 0));
    return r;
}

/* ---- what the rule says ---- */

/* The first finding that says what is still needed. */
static json_t *next_of(const json_t *findings) {
    size_t i;
    json_t *finding;
    json_array_foreach((json_t *)(uintptr_t)findings, i, finding) {
        if (json_object_get(finding, "needed"))
            return json_incref(finding);
    }
    return json_null();
}

static void put_why(struct explaining *self, json_t *findings) {
    json_object_set_new(self->object, "why", findings);
    json_object_set_new(self->object, "next", next_of(findings));
}

/* More stars than the rule gives now: an earlier revision granted them, or they were not rated
 * since. */
static int put_kept(struct explaining *self, const struct answer *answer, json_t *rule) {
    struct query *query = self->query;
    struct star_change_row change;
    if (answer->stars >= self->row.stars || !self->row.n_star_changes)
        return 0;
    int r = star_change_get(query->view, self->volunteer, self->row.n_star_changes, &change);
    const struct policy_revision *by =
        r == 0 ? policy_host_revision(query->host, change.revision) : NULL;
    if (by && !str_equal(by->data.revision, answer->revision))
        json_object_set_new(rule, "kept",
                            json_pack("{s:i, s:o}", "stars", self->row.stars, "granted_by",
                                      json_from_str(by->data.revision)));
    return query_found(r);
}

/* Of a past day the facts of then are gone: only the rule is told, and later what was decided. */
static int put_rating(struct explaining *self) {
    struct query *query = self->query;
    struct question question = {
        .kind = POLICY_KIND_STAR_RATING, .number = self->volunteer, .date = self->day.as_of};
    struct answer answer;
    int r = policy_evaluate(query->host, query->view, &query->city, &question, CAUSE_ON_DEMAND,
                            STR_NONE, query->arena, &answer);
    if (r < 0)
        return r;
    bool judged = answer.asked && !answer.failed && !self->past;
    json_t *rule = explain_rule(query, answer.asked ? answer.revision : STR_NONE, self->day.as_of);
    json_object_set_new(self->object, "rule", rule);
    if (answer.asked && answer.failed && !self->past)
        json_object_set_new(rule, "failure", json_from_str(answer.failure));
    else if (judged)
        json_object_set_new(rule, "stars", json_integer(answer.stars));
    r = judged ? put_kept(self, &answer, rule) : 0;
    if (r != 0)
        return r;
    put_why(self, judged
                      ? json_from_findings(query, answer.revision, &answer.findings, query->arena)
                      : json_array());
    return 0;
}

/* ---- records ---- */

/* A page of those that count, or of those that do not: newest first, older than the cursor. */
struct record_page {
    struct explaining *self;
    bool counted;
    uint64_t before;
    size_t limit;
    bool more;
    size_t n;
    struct month_entry *entries;
    uint32_t n_all;
};

/* Newer ones are greater. */
static uint64_t entry_order(const struct month_entry *entry) {
    return (uint64_t)entry->starts_minute << 32 | entry->record;
}

static int newest_first(const void *a, const void *b) {
    uint64_t left = entry_order(a), right = entry_order(b);
    return (left < right) - (left > right);
}

/* A full page gives up its oldest for a newer one. */
static void keep(struct record_page *page, const struct month_entry *entry) {
    size_t oldest = 0;
    if (page->n < page->limit) {
        page->entries[page->n++] = *entry;
        return;
    }
    page->more = true;
    for (size_t i = 1; i < page->n; i++)
        if (entry_order(&page->entries[i]) < entry_order(&page->entries[oldest]))
            oldest = i;
    if (page->n && entry_order(entry) > entry_order(&page->entries[oldest]))
        page->entries[oldest] = *entry;
}

static int look_at(void *context, const struct month_entry *entry) {
    struct record_page *page = context;
    const struct zone *zone = &page->self->query->city.zone;
    int32_t date = zone_date(zone, (int64_t)entry->starts_minute * 60 * MICROSECONDS);
    if ((entry->state == RECORD_ACCEPTED) != page->counted || date > page->self->day.as_of)
        return 0;
    page->n_all++;
    if (entry_order(entry) < page->before)
        keep(page, entry);
    return 0;
}

static int put_record(struct explaining *self, const struct month_entry *entry, json_t *list) {
    struct query *query = self->query;
    struct record record;
    int r = query_found(record_get(query->view, entry->record, &record));
    if (r != 0)
        return r;
    json_t *item = json_pack("{s:o, s:s, s:o, s:I}", "record", json_from_str(record.id), "state",
                             record_state_text(record.row.state), "starts",
                             json_from_time(query, record.row.starts_s * MICROSECONDS), "minutes",
                             (json_int_t)record.row.minutes);
    if (record.row.state == RECORD_ACCEPTED)
        json_object_set_new(item, "counted_minutes", json_integer(record.row.counted));
    json_array_append_new(list, item);
    wanted_add(query, &self->wanted, record.row.decision, item);
    return 0;
}

static int put_page(struct record_page *page, const char *name, const char *next) {
    json_t *list = json_array(), *cursor = json_null();
    char text[CURSOR_BYTES];
    int r = person_records(page->self->query, page->self->volunteer, look_at, page);
    if (page->n)
        qsort(page->entries, page->n, sizeof *page->entries, newest_first);
    json_object_set_new(page->self->object, name, list);
    for (size_t i = 0; r == 0 && i < page->n; i++)
        r = put_record(page->self, &page->entries[i], list);
    if (page->more && page->n) {
        const struct month_entry *last = &page->entries[page->n - 1];
        snprintf(text, sizeof text, "%u.%u", last->starts_minute, last->record);
        cursor = json_string(text);
    }
    json_object_set_new(page->self->object, next, cursor);
    return r;
}

static int read_cursor(struct query *query, uint64_t *ret_before) {
    struct str text = query_text(query, "cursor");
    unsigned minute, record;
    int n = 0;
    *ret_before = UINT64_MAX;
    if (!text.data)
        return 0;
    if (sscanf(text.data, "%10u.%10u%n", &minute, &record, &n) != 2 || (size_t)n != text.size)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "cursor",
                           "a cursor is what an answer before gave as not_counted_next or "
                           "counted_next");
    *ret_before = (uint64_t)minute << 32 | record;
    return 0;
}

/* Those that do not count; with `records` "counted" those that do, instead. */
static int put_records(struct explaining *self, uint32_t *ret_n_counted) {
    static const char *const words[] = {"not_counted", "counted"};
    struct query *query = self->query;
    struct record_page page = {.self = self}, all = {.self = self, .counted = true};
    int64_t limit;
    int word;
    int r = query_word(query, "records", words, 2, &word);
    if (r == 0)
        r = query_range(query, "limit", (struct range){1, PAGE_LIMIT}, RECORDS_DEFAULT, &limit);
    if (r == 0)
        r = read_cursor(query, &page.before);
    if (r != 0)
        return r;
    page.counted = word == 1;
    page.limit = (size_t)limit;
    page.entries = arena_alloc(query->arena, page.limit * sizeof *page.entries);
    r = put_page(&page, page.counted ? "counted_records" : "not_counted",
                 page.counted ? "counted_next" : "not_counted_next");
    if (r == 0 && self->past)
        r = person_records(query, self->volunteer, look_at, &all);
    *ret_n_counted = self->past ? all.n_all : self->row.n_accepted;
    return r;
}

static int put_counted(struct explaining *self, uint32_t n_records) {
    const struct volunteer_row *row = &self->row;
    struct minutes_filter filter = {.to = self->day.as_of};
    int64_t minutes = row->minutes;
    int r = 0;
    if (self->past)
        minutes = 0;
    if (self->past && row->first_service_on)
        r = person_minutes(self->query->view, &self->query->city.zone, self->volunteer,
                           row->first_service_on, row->last_service_on, &filter, &minutes);
    json_object_set_new(self->object, "minutes", json_integer(minutes));
    json_object_set_new(self->object, "carried_minutes", json_integer(row->carried_minutes));
    json_object_set_new(
        self->object, "counted",
        json_pack("{s:I, s:I}", "records", (json_int_t)n_records, "minutes", (json_int_t)minutes));
    json_object_set_new(self->object, "held", json_integer(row->n_held));
    return r;
}

/* ---- all of it ---- */

static void put_decision(struct explaining *self) {
    json_object_set_new(self->object, "decision",
                        self->decision ? json_deep_copy(self->decision) : json_null());
    if (self->past && self->decision)
        put_why(self, json_incref(json_object_get(self->decision, "findings")));
}

static int put_all(struct explaining *self) {
    uint32_t n_counted = 0;
    json_t *pending = NULL;
    int r = put_changes(self);
    if (r == 0 && !self->past) /* what it was on a past day is not kept */
        r = put_standing_explained(self->query, self->volunteer, self->day.as_of, self->object);
    if (r == 0)
        r = put_stars(self);
    if (r == 0)
        r = put_rating(self);
    if (r == 0)
        r = put_records(self, &n_counted);
    if (r == 0)
        r = put_counted(self, n_counted);
    if (r == 0)
        r = wanted_fill(self->query, &self->wanted);
    if (r == 0)
        put_decision(self);
    if (r == 0 && self->past)
        pending = json_array();
    else if (r == 0)
        r = explain_pending(self->query, self->volunteer, &pending);
    if (pending)
        json_object_set_new(self->object, "pending", pending);
    return r;
}

int explain_volunteer(struct query *query, json_t **ret_result) {
    struct explaining self = {.query = query};
    int r = query_noun(query, NOUN_VOLUNTEER, "volunteer", &self.volunteer);
    if (r == 0)
        r = query_as_of(query, &self.day);
    if (r == 0)
        r = query_found(volunteer_get(query->view, self.volunteer, &self.row));
    if (r != 0)
        return r;
    self.past = self.day.at != COUNTER_NOW;
    self.object =
        json_pack("{s:o, s:o}", "volunteer", json_from_str(query_text(query, "volunteer")), "as_of",
                  json_from_date(self.day.as_of, INT32_MIN));
    r = put_all(&self);
    if (r == 0)
        *ret_result = self.object;
    else
        json_decref(self.object);
    return r;
}
