/* Facts that a person-month does not tell: its records are read one by one. */
#include <stdlib.h>

#include "domain/activities.h"
#include "domain/regions.h"
#include "policy/call.h"
#include "policy/volunteer_service.h"

#define RECORDS_LIMIT 100
/* Steps of the budget for reading a record, an activity or the role and quantities of a record. */
#define RECORD_STEPS 8
#define DETAILS_STEPS 20

/* Whether the record counts, and is not the one that is asked about. */
static bool entry_counts(const struct reading *reading, const struct month_entry *entry) {
    return entry->state == RECORD_ACCEPTED && entry->record != reading->call->record;
}

static int32_t entry_date(const struct reading *reading, const struct month_entry *entry) {
    return zone_date(&reading->call->city->zone, (int64_t)entry->starts_minute * 60 * MICROSECONDS);
}

/* Its first day lies in the window and in this month: a record stands in each month it touches. */
static bool begins_within(const struct reading *reading, const struct month_entry *entry,
                          int32_t month) {
    const struct arguments *arguments = &reading->arguments;
    int32_t date = entry_date(reading, entry);
    return date_month(date) == month && (!arguments->from || date >= arguments->from) &&
           (!arguments->to || date <= arguments->to);
}

/* The entries of each month that is asked for, in the order of the months. */
static int each_entry(struct reading *reading,
                      int (*each)(void *context, int32_t month, const struct month_entry *entry),
                      void *context) {
    int32_t first, last;
    int r = 0;
    service_months(reading, &first, &last);
    for (int32_t month = first; r == 0 && month <= last; month++) {
        struct person_month row;
        sandbox_charge(reading->lua, SERVICE_MONTH_STEPS);
        r = person_month_get(reading->call->view, month, reading->object->number, &row);
        if (r == 0)
            sandbox_charge(reading->lua, row.n_entries);
        for (size_t i = 0; r == 0 && i < row.n_entries; i++) {
            struct month_entry entry = person_month_entry(&row, i);
            if (entry_counts(reading, &entry))
                r = each(context, month, &entry);
        }
    }
    return r;
}

/* ---- minutes by what stands in the record ---- */

struct minutes_search {
    struct reading *reading;
    uint32_t activity; /* numbers of what is asked for; 0: not asked */
    uint32_t project;
    uint32_t organisation;
    uint32_t region;
    bool nothing; /* one of them is not there: nobody served it */
    /* Of the activity and region looked at last: many records are of one. */
    uint32_t last_activity;
    uint32_t last_project;
    uint32_t last_region;
    bool last_within;
    int32_t month;
    int64_t minutes;
};

static int find_wanted(struct minutes_search *search, enum noun noun, struct str id,
                       uint32_t *ret_number) {
    int r = find_number(search->reading, noun, id, ret_number);
    search->nothing |= id.size && *ret_number == 0;
    return r;
}

static int find_all(struct minutes_search *search) {
    const struct arguments *arguments = &search->reading->arguments;
    int r = find_wanted(search, NOUN_ACTIVITY, arguments->activity, &search->activity);
    if (r == 0)
        r = find_wanted(search, NOUN_PROJECT, arguments->project, &search->project);
    if (r == 0)
        r = find_wanted(search, NOUN_ORGANISATION, arguments->organisation, &search->organisation);
    if (r == 0)
        r = find_wanted(search, NOUN_REGION, arguments->region, &search->region);
    return r;
}

/* 0 of this project, 1 not, < 0. */
static int check_project(struct minutes_search *search, uint32_t activity) {
    struct call *call = search->reading->call;
    if (activity == 0)
        return 1;
    if (activity != search->last_activity) {
        struct activity_published attributes;
        enum activity_state state;
        sandbox_charge(search->reading->lua, DETAILS_STEPS);
        int r = activity_get(call->view, activity, call->arena, &attributes, &state);
        if (r == 0)
            r = find_number(search->reading, NOUN_PROJECT, attributes.project,
                            &search->last_project);
        if (r != 0)
            return r;
        search->last_activity = activity;
    }
    return search->last_project != search->project;
}

static bool lies_within(struct minutes_search *search, uint32_t region) {
    uint32_t path[REGION_DEPTH];
    if (region == search->last_region)
        return search->last_within;
    sandbox_charge(search->reading->lua, RECORD_STEPS);
    size_t n = region_path(search->reading->call->view, region, path);
    search->last_region = region;
    search->last_within = false;
    for (size_t i = 0; i < n; i++)
        search->last_within |= path[i] == search->region;
    return search->last_within;
}

/* 0 in this role, 1 not, < 0. */
static int check_role(struct minutes_search *search, uint32_t record) {
    struct service_recorded details;
    struct call *call = search->reading->call;
    sandbox_charge(search->reading->lua, DETAILS_STEPS);
    int r = record_details(call->view, record, call->arena, &details);
    return r ? r : !str_equal(details.role, search->reading->arguments.role);
}

/* 0 where the record is of what is asked for, 1 where not, < 0. */
static int check_record(struct minutes_search *search, uint32_t number) {
    struct record record;
    sandbox_charge(search->reading->lua, RECORD_STEPS);
    int r = record_get(search->reading->call->view, number, &record);
    const struct record_row *row = &record.row;
    if (r == 0)
        r = (search->activity && row->activity != search->activity) ||
            (search->organisation && row->organisation != search->organisation) ||
            (search->region && !lies_within(search, row->region));
    if (r == 0 && search->project)
        r = check_project(search, row->activity);
    if (r == 0 && search->reading->arguments.given & ARGUMENT_ROLE)
        r = check_role(search, number);
    return r;
}

static int add_day(void *context, int32_t date, uint32_t minutes) {
    struct minutes_search *search = context;
    const struct arguments *arguments = &search->reading->arguments;
    if (date_month(date) == search->month && (!arguments->from || date >= arguments->from) &&
        (!arguments->to || date <= arguments->to))
        search->minutes += minutes;
    return 0;
}

static int add_minutes(void *context, int32_t month, const struct month_entry *entry) {
    struct minutes_search *search = context;
    const struct arguments *arguments = &search->reading->arguments;
    if ((arguments->category && entry->category != arguments->category) ||
        (arguments->method && entry->method + 1 != arguments->method))
        return 0;
    int r = check_record(search, entry->record);
    search->month = month;
    if (r == 0)
        credited_days(&search->reading->call->city->zone, entry, add_day, search);
    return r < 0 ? r : 0;
}

int service_minutes_of_records(struct reading *reading, int64_t *ret_minutes) {
    struct minutes_search search = {.reading = reading};
    int r = find_all(&search);
    if (r == 0 && !search.nothing)
        r = each_entry(reading, add_minutes, &search);
    *ret_minutes = search.minutes;
    return r;
}

/* ---- quantities ---- */

struct quantity_sum {
    struct reading *reading;
    int64_t sum;
};

static int add_quantity(void *context, int32_t month, const struct month_entry *entry) {
    struct quantity_sum *sum = context;
    struct call *call = sum->reading->call;
    struct service_recorded details;
    if (!begins_within(sum->reading, entry, month))
        return 0;
    sandbox_charge(sum->reading->lua, DETAILS_STEPS);
    int r = record_details(call->view, entry->record, call->arena, &details);
    const struct quantity *quantities = details.quantities.items;
    for (size_t i = 0; r == 0 && i < details.quantities.n; i++)
        if (str_equal(quantities[i].name, sum->reading->arguments.quantity) &&
            __builtin_add_overflow(sum->sum, quantities[i].amount, &sum->sum))
            sum->sum = INT64_MAX;
    return r;
}

int service_quantity(struct reading *reading) {
    struct quantity_sum sum = {reading, 0};
    int r = each_entry(reading, add_quantity, &sum);
    return r ? r : push_integer(reading, sum.sum);
}

/* ---- the records themselves ---- */

static int newer_first(const void *left, const void *right) {
    const struct month_entry *a = left, *b = right;
    if (a->starts_minute != b->starts_minute)
        return a->starts_minute < b->starts_minute ? 1 : -1;
    return (a->record < b->record) - (a->record > b->record);
}

/* Pushes it, its row read. */
static int push_record(struct reading *reading, uint32_t number) {
    struct call *call = reading->call;
    struct record record;
    sandbox_charge(reading->lua, RECORD_STEPS);
    int r = record_get(call->view, number, &record);
    if (r != 0)
        return r;
    struct str path = object_path(reading, "records");
    path = object_path_listed(reading, path, record.id);
    reading_list_id(reading, record.id);
    r = object_push(reading->host, OBJECT_RECORD, number, path);
    struct object *object = lua_touserdata(reading->lua, -1);
    if (!object->loaded)
        object->row.record = record;
    object->loaded = true;
    object_note_listed(reading, path);
    return r;
}

/* Adds the month's records to the list on the top: those that begin in it, within the window. */
static int add_records(struct reading *reading, int32_t month, lua_Integer limit,
                       lua_Integer *count) {
    const struct arguments *arguments = &reading->arguments;
    int32_t from = month_first_date(month), to = month_first_date(month + 1) - 1;
    struct person_month row;
    from = arguments->from > from ? arguments->from : from;
    to = arguments->to && arguments->to < to ? arguments->to : to;
    sandbox_charge(reading->lua, SERVICE_MONTH_STEPS);
    int r = person_month_get(reading->call->view, month, reading->object->number, &row);
    if (r < 0 || row.n_entries == 0)
        return r;
    sandbox_charge(reading->lua, row.n_entries);
    struct month_entry *entries =
        arena_alloc(reading->call->arena, row.n_entries * sizeof *entries);
    memcpy(entries, row.entries, row.n_entries * sizeof *entries);
    qsort(entries, row.n_entries, sizeof *entries, newer_first);
    for (size_t i = 0; i < row.n_entries && *count < limit; i++) {
        int32_t on = entry_date(reading, &entries[i]);
        if (!entry_counts(reading, &entries[i]) || on < from || on > to)
            continue;
        r = push_record(reading, entries[i].record);
        if (r != 0)
            return r;
        lua_rawseti(reading->lua, -2, ++*count);
    }
    return 0;
}

int service_records(struct reading *reading) {
    int32_t first, last;
    lua_Integer count = 0;
    lua_Integer limit = reading->arguments.limit ? reading->arguments.limit : RECORDS_LIMIT;
    service_months(reading, &first, &last);
    lua_newtable(reading->lua);
    reading_list_begin(reading);
    for (int32_t month = last; month >= first && count < limit; month--) {
        int r = add_records(reading, month, limit, &count);
        if (r != 0)
            return r;
    }
    reading_list_end(reading);
    return 0;
}
