#include "bus/methods_record.h"

#include <stdlib.h>

#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_integrity.h"
#include "bus/record_stage.h"
#include "domain/carried_over.h"
#include "domain/dictionaries.h"
#include "domain/organisations.h"
#include "domain/record_checks.h"
#include "domain/record_notes.h"

static json_t *category_json(struct query *query, uint8_t category) {
    struct dictionary_code entry;
    bool known =
        category > 0 && dictionary_at(query->view, DICTIONARY_CATEGORY, category - 1U, &entry) == 0;
    return known ? json_from_str(entry.code) : json_null();
}

static json_t *method_json(uint8_t method) {
    return method < METHOD_choices.n ? json_string(METHOD_choices.words[method]) : json_null();
}

static void put_service(struct query *query, const struct record_row *row, json_t *object) {
    int64_t ends_s = row->starts_s + row->span_s;
    json_object_set_new(object, "starts", json_from_time(query, row->starts_s * MICROSECONDS));
    json_object_set_new(object, "ends", json_from_time(query, ends_s * MICROSECONDS));
    json_object_set_new(object, "method", method_json(row->method));
}

/* A total of earlier years has days, and where it was kept, but no hours of the day. */
static void put_carried(struct query *query, const struct record *record, json_t *object) {
    int32_t from, to;
    carried_days(&query->city.zone, &record->row, &from, &to);
    json_object_set_new(object, "carried", json_true());
    json_object_set_new(object, "from", json_from_date(from, INT32_MIN));
    json_object_set_new(object, "to", json_from_date(to, INT32_MIN));
    json_object_set_new(object, "system",
                        record->system.size ? json_from_str(record->system) : json_null());
    json_object_set_new(object, "evidence", json_from_str(record->evidence));
}

static void put_numbers(struct query *query, const struct record_row *row, json_t *object) {
    uint32_t counted = row->state == RECORD_ACCEPTED ? row->counted : 0;
    json_object_set_new(object, "minutes", json_integer(row->minutes));
    json_object_set_new(object, "counted_minutes", json_integer(counted));
    if (row->category)
        json_object_set_new(object, "category", category_json(query, row->category));
    json_object_set_new(object, "state", json_string(record_state_text(row->state)));
    json_object_set_new(object, "corrected", json_integer(row->corrected));
    json_object_set_new(object, "entered", json_from_time(query, row->recorded_s * MICROSECONDS));
    json_object_set_new(object, "recorded_sequence", json_integer((json_int_t)row->sequence));
    json_object_set_new(object, "decision",
                        row->decision ? json_integer((json_int_t)row->decision) : json_null());
}

/* Role, quantities, evidence: only where they were given. */
static int put_details(struct query *query, uint32_t number, struct arena *arena, json_t *object) {
    struct service_recorded details;
    int r = record_details(query->view, number, arena, &details);
    if (r != 0 || !details.head.present)
        return r;
    json_t *given = json_from_struct(&service_recorded_fields, &details);
    json_object_update(object, given);
    json_decref(given);
    return 0;
}

/* What others said of it. */
static int put_note(struct query *query, uint32_t number, json_t *object) {
    struct record_note note;
    int r = record_note_get(query->view, number, &note);
    if (r == 0 && note.n_open + note.n_upheld)
        json_object_set_new(object, "complaints", json_integer(note.n_open + note.n_upheld));
    for (unsigned by = 0; r == 0 && by < RATED_BY_COUNT; by++)
        if (note.rating[by])
            json_object_set_new(object,
                                by == RATED_BY_SERVED ? "rating_served" : "rating_organiser",
                                json_integer(note.rating[by]));
    return r;
}

static int record_describe(struct query *query, uint32_t number, const struct record *record,
                           struct arena *arena, json_t **ret_object) {
    const struct record_row *row = &record->row;
    struct str source = STR_NONE;
    json_t *object = json_pack("{s:o}", "record", json_from_str(record->id));
    const struct {
        const char *name;
        enum noun noun;
        uint32_t number;
    } others[] = {
        {"volunteer", NOUN_VOLUNTEER, row->volunteer},
        {"activity", NOUN_ACTIVITY, row->activity},
        {"organisation", NOUN_ORGANISATION, row->organisation},
        {"region", NOUN_REGION, row->region},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].number)
            json_object_set_new(object, others[i].name,
                                json_from_number(query, others[i].noun, others[i].number, arena));
    if (record_is_carried(row))
        put_carried(query, record, object);
    else
        put_service(query, row, object);
    put_numbers(query, row, object);
    json_object_set_new(object, "recorder",
                        record->recorder.size ? json_from_str(record->recorder) : json_null());
    if (row->batched)
        json_object_set_new(object, "batch", json_from_str(record->batch));
    if (row->flags & RECORD_DERIVED)
        json_object_set_new(object, "derived", json_true());
    enum record_stage stage = STAGE_PENDING;
    int r = record_stage(query, number, row, &stage);
    json_object_set_new(object, "stage", json_string(record_stage_text(stage)));
    if (r >= 0)
        r = source_text(query->view, row->source, arena, &source);
    json_object_set_new(object, "source", json_from_str(source));
    if (r >= 0 && !record_is_carried(row))
        r = put_details(query, number, arena, object);
    if (r >= 0)
        r = put_note(query, number, object);
    if (r < 0)
        json_decref(object);
    else
        *ret_object = object;
    return r < 0 ? r : 0;
}

int record_asked(struct query *query, struct record *ret_record, json_t **ret_object) {
    uint32_t number;
    int r = query_noun(query, NOUN_RECORD, "record", &number);
    if (r == 0)
        r = query_found(record_get(query->view, number, ret_record));
    if (r == 0)
        r = record_describe(query, number, ret_record, query->arena, ret_object);
    if (r != 0)
        return r;
    r = record_put_stage(query, number, &ret_record->row, query->arena, *ret_object);
    if (r == 0)
        r = put_verdict(query, number, *ret_object);
    if (r == 0)
        r = put_check(query, number, *ret_object);
    if (r == 0)
        r = put_appeal(query, NOUN_RECORD, number, query->arena, *ret_object);
    if (r != 0)
        json_decref(*ret_object);
    return r;
}

int query_record_get(struct query *query, json_t **ret_result) {
    struct wanted_list wanted = {0};
    struct record record;
    json_t *object;
    int r = record_asked(query, &record, &object);
    if (r != 0)
        return r;
    wanted_add(query, &wanted, record.row.decision, object);
    r = wanted_fill(query, &wanted);
    if (r == 0)
        *ret_result = object;
    else
        json_decref(object);
    return r;
}

/* ---- a person's records ---- */

/* Service lies between 1970 and the last recorded time (the domain refuses any other), so a walk
 * over those months meets every record, also what was never accepted. */
int person_records(struct query *query, uint32_t volunteer,
                   int (*each)(void *context, const struct month_entry *entry), void *context) {
    const struct zone *zone = &query->city.zone;
    int32_t first = date_month(zone_date(zone, 0));
    for (int32_t month = date_month(query_today(query)) + 1; month >= first; month--) {
        struct person_month row;
        int r = person_month_get(query->view, month, volunteer, &row);
        for (size_t i = 0; r == 0 && i < row.n_entries; i++) {
            struct month_entry entry = person_month_entry(&row, i);
            int32_t date = zone_date(zone, entry.starts_minute * 60 * MICROSECONDS);
            if (date_month(date) == month) /* it stands in every month that it touches */
                r = each(context, &entry);
        }
        if (r != 0)
            return r;
    }
    return 0;
}

/* ---- list ---- */

#define N_STATES (RECORD_REVOKED + 1)

struct record_filter {
    uint32_t volunteer;
    uint32_t activity;
    uint32_t organisation;
    uint32_t region;
    int state;        /* -1: any */
    int stage;        /* -1: any */
    int carried;      /* -1: any, else whether it is a total of earlier years */
    int check;        /* -1: any, else check_words: what became of a second look */
    int signal;       /* -1: any */
    int32_t from, to; /* days on which there was service; INT32_MIN, INT32_MAX: any */
    struct wanted_list wanted;
};

/* Recorded by the organisation, or by one that it succeeded: what waits there is its to review. */
static bool is_of(struct query *query, uint32_t organisation, uint32_t asked) {
    uint32_t today = organisation;
    return organisation == asked ||
           (organisation_successor(query->view, organisation, &today) == 0 && today == asked);
}

static const char *const check_words[] = {"open", "real", "false"};

static bool asks_for_checks(const struct record_filter *filter) {
    return filter->check >= 0 || filter->signal >= 0;
}

/* Of those that are open, the signals that are. */
static int takes_check(struct query *query, const struct record_filter *filter, uint32_t number,
                       bool *ret_takes) {
    struct record_check check;
    *ret_takes = !asks_for_checks(filter);
    int r = *ret_takes ? 1 : record_check_get(query->view, number, &check);
    if (r != 0)
        return r < 0 ? r : 0;
    bool state = filter->check < 0 ||
                 strcmp(check_words[filter->check], record_check_state(&check.row)) == 0;
    unsigned signals = filter->check == 0 ? check.row.open : check.row.raised;
    *ret_takes = state && (filter->signal < 0 || (signals >> filter->signal & 1));
    return 0;
}

static bool takes(struct query *query, const struct record_filter *filter,
                  const struct record_row *row) {
    return (!filter->volunteer || row->volunteer == filter->volunteer) &&
           (!filter->activity || row->activity == filter->activity) &&
           (filter->state < 0 || row->state == filter->state) &&
           (filter->carried < 0 || record_is_carried(row) == (filter->carried != 0)) &&
           (!filter->region || region_lies_in(query, row->region, filter->region));
}

/* ---- service within days ---- */

struct within {
    const struct record_filter *filter;
    uint32_t minutes;
    bool any;
    bool begins; /* its first day is one of them */
};

static int add_day(void *context, int32_t date, uint32_t minutes) {
    struct within *within = context;
    if (date >= within->filter->from && date <= within->filter->to) {
        within->minutes += minutes;
        within->any = true;
    }
    return 0;
}

static bool asks_for_days(const struct record_filter *filter) {
    return filter->from != INT32_MIN || filter->to != INT32_MAX;
}

/* What of it lies in the days that are asked for: what is credited of it while it is accepted, else
 * what it says. Totals of earlier years have no days. */
static int within_days(struct query *query, const struct record_filter *filter,
                       const struct record_row *row, struct within *ret_within) {
    struct month_entry entry = {.starts_minute = (uint32_t)(row->starts_s / 60),
                                .span_minutes = row->span_s / 60,
                                .minutes =
                                    row->state == RECORD_ACCEPTED ? row->counted : row->minutes};
    int32_t first, last;
    *ret_within = (struct within){.filter = filter};
    if (record_is_carried(row))
        return 0;
    credited_span(&query->city.zone, &entry, &first, &last);
    ret_within->begins = first >= filter->from && first <= filter->to;
    int r = credited_days(&query->city.zone, &entry, add_day, ret_within);
    ret_within->any |= ret_within->begins;
    return r;
}

static int list_record(struct page *page, uint32_t number) {
    struct record_filter *filter = page->context;
    struct record record;
    json_t *item;
    enum record_stage stage;
    struct within within = {.any = true};
    bool taken;
    uint32_t holder;
    int r = record_get(page->query->view, number, &record);
    if (r != 0 || !takes(page->query, filter, &record.row))
        return r;
    if (asks_for_days(filter))
        r = within_days(page->query, filter, &record.row, &within);
    if (r != 0 || !within.any)
        return r;
    r = record_holder(page->query->view, number, &record.row, &holder);
    if (r != 0 || (filter->organisation &&
                   !is_of(page->query, record.row.organisation, filter->organisation) &&
                   !is_of(page->query, holder, filter->organisation)))
        return r;
    r = takes_check(page->query, filter, number, &taken);
    if (r != 0 || !taken)
        return r;
    r = record_stage(page->query, number, &record.row, &stage);
    if (r != 0 || (filter->stage >= 0 && (int)stage != filter->stage))
        return r;
    r = record_describe(page->query, number, &record, &page->arena, &item);
    if (r == 0 && asks_for_checks(filter))
        r = put_check(page->query, number, item);
    if (r != 0)
        return r;
    if (asks_for_days(filter)) {
        json_object_set_new(item, "minutes_within", json_integer(within.minutes));
        json_object_set_new(item, "begins_within", json_boolean(within.begins));
    }
    json_array_append_new(page->items, item);
    if (record.row.state == RECORD_HELD || asks_for_checks(filter))
        wanted_add(page->query, &filter->wanted, record.row.decision, item);
    return 0;
}

struct number_list {
    struct arena *arena;
    uint32_t *items;
    size_t n;
    size_t capacity;
};

static void add_number(struct number_list *list, uint32_t number) {
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 256;
        uint32_t *items = arena_alloc(list->arena, capacity * sizeof *items);
        for (size_t i = 0; i < list->n; i++)
            items[i] = list->items[i];
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n++] = number;
}

static int collect_number(void *context, const struct month_entry *entry) {
    add_number(context, entry->record);
    return 0;
}

/* They stand in no month. */
static int collect_carried(struct query *query, uint32_t volunteer, struct number_list *list) {
    struct record record;
    uint32_t number;
    int r = 0;
    for (uint32_t n = 1; r == 0; n++) {
        r = carried_get(query->view, volunteer, n, &number, &record);
        if (r == 0)
            add_number(list, number);
    }
    return r < 0 ? r : 0;
}

static int number_compare(const void *a, const void *b) {
    const uint32_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static int list_of_person(struct page *page, uint32_t volunteer) {
    struct number_list list = {.arena = page->query->arena};
    int r = person_records(page->query, volunteer, collect_number, &list);
    if (r == 0)
        r = collect_carried(page->query, volunteer, &list);
    if (r == 0 && list.n)
        qsort(list.items, list.n, sizeof *list.items, number_compare);
    return r == 0 ? page_numbers(page, list.items, list.n) : r;
}

/* Over what is fewest: one person's records, those that are held or of which something is said, or
 * all. */
static int list_records(struct page *page, const struct record_filter *filter) {
    if (filter->volunteer)
        return list_of_person(page, filter->volunteer);
    if (filter->stage == STAGE_DISPUTED)
        return page_table(page, TABLE_RECORD_NOTE);
    if (asks_for_checks(filter))
        return page_table(page, TABLE_CHECK);
    return page_table(page, filter->state == RECORD_HELD ? TABLE_HELD : TABLE_RECORD);
}

static int state_parameter(struct query *query, int *ret_state) {
    const char *words[N_STATES];
    for (unsigned i = 0; i < N_STATES; i++)
        words[i] = record_state_text((enum record_state)i);
    return query_word(query, "state", words, N_STATES, ret_state);
}

static int stage_parameter(struct query *query, int *ret_stage) {
    const char *words[RECORD_STAGES];
    for (unsigned i = 0; i < RECORD_STAGES; i++)
        words[i] = record_stage_text((enum record_stage)i);
    return query_word(query, "stage", words, RECORD_STAGES, ret_stage);
}

int query_record_list(struct query *query, json_t **ret_result) {
    bool carried_asked = json_object_get(query->params, "carried") != NULL;
    struct record_filter filter = {.state = -1,
                                   .stage = -1,
                                   .from = query_date(query, "from", INT32_MIN),
                                   .to = query_date(query, "to", INT32_MAX),
                                   .carried =
                                       carried_asked ? query_boolean(query, "carried", false) : -1};
    struct page page;
    int r = page_open(query, &page);
    page.each = list_record;
    page.context = &filter;
    if (r == 0)
        r = query_noun(query, NOUN_VOLUNTEER, "volunteer", &filter.volunteer);
    if (r == 0)
        r = query_noun(query, NOUN_ACTIVITY, "activity", &filter.activity);
    if (r == 0)
        r = query_noun(query, NOUN_ORGANISATION, "organisation", &filter.organisation);
    if (r == 0)
        r = query_noun(query, NOUN_REGION, "region", &filter.region);
    if (r == 0)
        r = state_parameter(query, &filter.state);
    if (r == 0)
        r = stage_parameter(query, &filter.stage);
    if (r == 0)
        r = query_word(query, "check", check_words, sizeof check_words / sizeof *check_words,
                       &filter.check);
    if (r == 0)
        r = query_choice(query, "signal", &SIGNAL_choices, &filter.signal);
    if (r == 0)
        r = list_records(&page, &filter);
    if (r == 0)
        r = wanted_fill(query, &filter.wanted);
    return page_close(&page, r, ret_result);
}
