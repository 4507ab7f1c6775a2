#include "policy/volunteer_service.h"

#include <stdlib.h>

#include "policy/call.h"

#define RECORDS_LIMIT 100
/* Steps of the budget for each month that is read. */
#define MONTH_STEPS 20

/* The whole life's total stands in the row: the usual question is one read. */
static int service_total(struct reading *reading, int64_t *ret_minutes) {
    const struct call *call = reading->call;
    int64_t minutes = reading->object->row.volunteer.minutes;
    if (call->record) {
        struct record record;
        int r = record_get(call->view, call->record, &record);
        if (r != 0)
            return r;
        if (record.row.volunteer == reading->object->number && record.row.state == RECORD_ACCEPTED)
            minutes -= record.row.counted;
    }
    *ret_minutes = minutes;
    return 0;
}

int service_minutes(struct reading *reading, struct minutes_filter *filter, int64_t *ret_minutes) {
    const struct volunteer_row *row = &reading->object->row.volunteer;
    *ret_minutes = 0;
    if (!row->first_service_on)
        return 0;
    if (!filter->from && !filter->to && !filter->category && !filter->method)
        return service_total(reading, ret_minutes);
    filter->except = reading->call->record;
    int32_t first = filter->from > row->first_service_on ? filter->from : row->first_service_on;
    int32_t last =
        filter->to && filter->to < row->last_service_on ? filter->to : row->last_service_on;
    if (last < first)
        return 0;
    sandbox_charge(reading->lua,
                   MONTH_STEPS * (uint64_t)(date_month(last) - date_month(first) + 1));
    return person_minutes(reading->call->view, &reading->call->city->zone, reading->object->number,
                          row->first_service_on, row->last_service_on, filter, ret_minutes);
}

/* First and last month of what is asked; an empty range where there was no service. */
static void month_range(const struct reading *reading, int32_t *ret_first, int32_t *ret_last) {
    const struct volunteer_row *row = &reading->object->row.volunteer;
    const struct arguments *arguments = &reading->arguments;
    int32_t first = row->first_service_on, last = row->last_service_on;
    *ret_first = 1;
    *ret_last = 0;
    if (!first)
        return;
    if (arguments->from > first)
        first = arguments->from;
    if (arguments->to && arguments->to < last)
        last = arguments->to;
    if (first > last)
        return;
    *ret_first = date_month(first);
    *ret_last = date_month(last);
}

/* A whole month is read from its totals; one that is cut, or holds the record asked about, by days.
 */
static int month_minutes(struct reading *reading, int32_t month, int64_t *ret_minutes) {
    struct minutes_filter filter = {.from = month_first_date(month),
                                    .to = month_first_date(month + 1) - 1};
    const struct arguments *arguments = &reading->arguments;
    if (arguments->from > filter.from)
        filter.from = arguments->from;
    if (arguments->to && arguments->to < filter.to)
        filter.to = arguments->to;
    return service_minutes(reading, &filter, ret_minutes);
}

int service_months_active(struct reading *reading) {
    int32_t first, last;
    int64_t n = 0;
    month_range(reading, &first, &last);
    for (int32_t month = first; month <= last; month++) {
        int64_t minutes = 0;
        int r = month_minutes(reading, month, &minutes);
        if (r != 0)
            return r;
        n += minutes > 0;
    }
    return push_integer(reading, n);
}

static int newer_first(const void *left, const void *right) {
    const struct month_entry *a = left, *b = right;
    if (a->starts_minute != b->starts_minute)
        return a->starts_minute < b->starts_minute ? 1 : -1;
    return (a->record < b->record) - (a->record > b->record);
}

static bool entry_wanted(const struct reading *reading, const struct month_entry *entry,
                         int32_t month) {
    const struct arguments *arguments = &reading->arguments;
    int32_t date =
        zone_date(&reading->call->city->zone, (int64_t)entry->starts_minute * 60 * MICROSECONDS);
    return entry->state == RECORD_ACCEPTED && entry->record != reading->call->record &&
           date_month(date) == month && (!arguments->from || date >= arguments->from) &&
           (!arguments->to || date <= arguments->to);
}

/* Adds the month's records to the list on the top. */
static int add_records(struct reading *reading, int32_t month, lua_Integer limit,
                       lua_Integer *count) {
    struct person_month person_month;
    sandbox_charge(reading->lua, MONTH_STEPS);
    int r = person_month_get(reading->call->view, month, reading->object->number, &person_month);
    if (r < 0 || person_month.n_entries == 0)
        return r;
    sandbox_charge(reading->lua, person_month.n_entries);
    struct month_entry *entries =
        arena_alloc(reading->call->arena, person_month.n_entries * sizeof *entries);
    memcpy(entries, person_month.entries, person_month.n_entries * sizeof *entries);
    qsort(entries, person_month.n_entries, sizeof *entries, newer_first);
    for (size_t i = 0; i < person_month.n_entries && *count < limit; i++) {
        if (!entry_wanted(reading, &entries[i], month))
            continue;
        sandbox_charge(reading->lua, 4);
        struct str path = object_path(reading, "records");
        struct str place =
            arena_printf(reading->call->arena, "%.*s[%lld]", STR_ARG(path), (long long)*count + 1);
        object_push(reading->host, OBJECT_RECORD, entries[i].record, place);
        lua_rawseti(reading->lua, -2, ++*count);
    }
    return 0;
}

int service_records(struct reading *reading) {
    int32_t first, last;
    lua_Integer count = 0;
    lua_Integer limit = reading->arguments.limit ? reading->arguments.limit : RECORDS_LIMIT;
    month_range(reading, &first, &last);
    lua_newtable(reading->lua);
    for (int32_t month = last; month >= first && count < limit; month--) {
        int r = add_records(reading, month, limit, &count);
        if (r != 0)
            return r;
    }
    return 0;
}
