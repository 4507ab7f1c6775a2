#include "domain/person_months.h"

#include <assert.h>

#include "util/error.h"

#define DAY_MINUTES 1440
/* A record's span is at most this many days, so an overlapping one starts at most so long before
 * (codec's limit). */
#define MONTHS_LIMIT 14
#define ENTRIES_LIMIT 4096
#define LAST_MONTH (2199 * 12 + 11)
/* By category (number + 1; 0: none) and method. */
#define TOTALS_LIMIT 512

struct month_head {
    uint16_t n_totals;
    uint16_t n_entries;
};

struct str person_month_key(char key[static 6], int32_t month, uint32_t volunteer) {
    key[0] = (char)(uint8_t)(month >> 8);
    key[1] = (char)(uint8_t)month;
    for (int i = 0; i < 4; i++)
        key[2 + i] = (char)(uint8_t)(volunteer >> (24 - 8 * i));
    return (struct str){key, 6};
}

int person_month_decode(struct str row, struct person_month *ret_month) {
    struct month_head head;
    if (row.size < sizeof head)
        return 1;
    memcpy(&head, row.data, sizeof head);
    size_t size = sizeof head + head.n_totals * sizeof(struct month_total) +
                  head.n_entries * sizeof(struct month_entry);
    if (row.size != size)
        return 1;
    *ret_month = (struct person_month){.n_totals = head.n_totals,
                                       .totals = row.data + sizeof head,
                                       .n_entries = head.n_entries,
                                       .entries = row.data + size -
                                                  head.n_entries * sizeof(struct month_entry)};
    return 0;
}

int person_month_get(struct view *view, int32_t month, uint32_t volunteer,
                     struct person_month *ret_month) {
    char key[6];
    struct str row;
    memset(ret_month, 0, sizeof *ret_month);
    int r = view_get(view, TABLE_PERSON_MONTH, person_month_key(key, month, volunteer), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    return person_month_decode(row, ret_month) == 0
               ? 0
               : error_note(-EBADMSG, "a person's month cannot be read");
}

struct month_entry person_month_entry(const struct person_month *month, size_t i) {
    struct month_entry entry;
    memcpy(&entry, (const char *)month->entries + i * sizeof entry, sizeof entry);
    return entry;
}

struct month_total person_month_total(const struct person_month *month, size_t i) {
    struct month_total total;
    memcpy(&total, (const char *)month->totals + i * sizeof total, sizeof total);
    return total;
}

/* Day by day; `more` minutes are added to those of the last one. */
static int walk_days(const struct zone *zone, uint32_t starts_minute, uint32_t minutes,
                     uint32_t more, int (*each)(void *context, int32_t date, uint32_t minutes),
                     void *context) {
    int64_t at = starts_minute, end = at + minutes;
    while (at < end) {
        int32_t date = zone_date(zone, at * 60 * MICROSECONDS);
        int64_t midnight = zone_midnight(zone, date + 1) / (60 * MICROSECONDS);
        int64_t until = midnight < end ? midnight : end;
        if (until <=
            at) /* a zone whose offset is not whole minutes: go on by one, never stand still */
            until = at + 1;
        int r = each(context, date, (uint32_t)(until - at) + (until == end ? more : 0));
        if (r != 0)
            return r;
        at = until;
    }
    return 0;
}

int record_days(const struct zone *zone, uint32_t starts_minute, uint32_t minutes,
                int (*each)(void *context, int32_t date, uint32_t minutes), void *context) {
    return walk_days(zone, starts_minute, minutes, 0, each, context);
}

/* The credited minutes that lie within the span. */
static uint32_t minutes_within(const struct month_entry *entry) {
    return entry->minutes < entry->span_minutes ? entry->minutes : entry->span_minutes;
}

int credited_days(const struct zone *zone, const struct month_entry *entry,
                  int (*each)(void *context, int32_t date, uint32_t minutes), void *context) {
    uint32_t within = minutes_within(entry);
    return walk_days(zone, entry->starts_minute, within, entry->minutes - within, each, context);
}

void credited_span(const struct zone *zone, const struct month_entry *entry, int32_t *ret_first,
                   int32_t *ret_last) {
    uint32_t within = minutes_within(entry);
    int64_t last = (int64_t)entry->starts_minute + (within ? within - 1 : 0);
    *ret_first = zone_date(zone, (int64_t)entry->starts_minute * 60 * MICROSECONDS);
    *ret_last = zone_date(zone, last * 60 * MICROSECONDS);
}

bool date_is_kept(int32_t date) {
    return date > 0 && date < month_first_date(LAST_MONTH + 1);
}

/* A month in minutes. Around a midnight that comes twice or not at all a minute's date is not told
 * by its order: within a day of the ends each is looked at. */
struct month_bounds {
    int32_t month;
    int64_t first_minute;
    int64_t end_minute;
};

static struct month_bounds bounds_of(const struct zone *zone, int32_t month) {
    const int64_t minute_us = 60 * MICROSECONDS;
    return (struct month_bounds){
        .month = month,
        .first_minute = zone_midnight(zone, month_first_date(month) + 1) / minute_us,
        .end_minute = zone_midnight(zone, month_first_date(month + 1) - 1) / minute_us,
    };
}

/* What a record adds to one month. */
struct month_share {
    int32_t month;
    uint32_t minutes;
};

static int share_day(void *context, int32_t date, uint32_t minutes) {
    struct month_share *share = context;
    if (date_month(date) == share->month)
        share->minutes += minutes;
    return 0;
}

static uint32_t minutes_in_month(const struct zone *zone, const struct month_entry *entry,
                                 const struct month_bounds *bounds) {
    struct month_share share = {.month = bounds->month};
    if (entry->state != RECORD_ACCEPTED)
        return 0;
    if (entry->starts_minute >= bounds->first_minute &&
        (int64_t)entry->starts_minute + entry->span_minutes <= bounds->end_minute &&
        entry->span_minutes > 0)
        return entry->minutes; /* as nearly always */
    credited_days(zone, entry, share_day, &share);
    return share.minutes;
}

/* The totals of one month, summed anew from its entries. */
struct month_totals {
    size_t n;
    struct month_total list[TOTALS_LIMIT];
};

static void add_to_totals(const struct zone *zone, struct month_totals *totals,
                          const struct month_bounds *bounds, const struct month_entry *entry) {
    size_t i = 0;
    if (entry->state != RECORD_ACCEPTED)
        return;
    while (i < totals->n &&
           (totals->list[i].category != entry->category || totals->list[i].method != entry->method))
        i++;
    if (i == totals->n) {
        assert(totals->n < TOTALS_LIMIT); /* a few categories, a few methods */
        totals->list[totals->n++] =
            (struct month_total){.category = entry->category, .method = entry->method};
    }
    totals->list[i].minutes += minutes_in_month(zone, entry, bounds);
    totals->list[i].n_records++;
}

static int32_t minute_month(const struct zone *zone, int64_t minute) {
    return date_month(zone_date(zone, minute * 60 * MICROSECONDS));
}

/* The place of the record's entry, or n_entries. */
static size_t find_entry(const struct person_month *month, uint32_t record) {
    size_t i = 0;
    while (i < month->n_entries && person_month_entry(month, i).record != record)
        i++;
    return i;
}

/* Writes one month's row with the entry put in, or without it, its totals summed anew: they follow
 * the entries by construction. No memory but the scratch is used, because one message may do this
 * 10,000 times. */
static int write_month(struct context *context, int32_t month_number, uint32_t volunteer,
                       const struct month_entry *entry, bool keep) {
    struct person_month month;
    struct month_totals totals;
    int r = person_month_get(context->view, month_number, volunteer, &month);
    if (r != 0)
        return r;
    size_t at = find_entry(&month, entry->record);
    size_t n = month.n_entries + (at == month.n_entries);
    if (n > ENTRIES_LIMIT && keep)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.starts",
                           "this person has %d records in one month already; that cannot be true",
                           ENTRIES_LIMIT);
    struct month_bounds bounds = bounds_of(context->zone, month_number);
    totals.n = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == at && !keep)
            continue;
        struct month_entry other = i == at ? *entry : person_month_entry(&month, i);
        add_to_totals(context->zone, &totals, &bounds, &other);
    }
    struct month_head head = {.n_totals = (uint16_t)totals.n, .n_entries = (uint16_t)(n - !keep)};
    struct buf *row = &context->scratch;
    char key[6];
    buf_reset(row);
    buf_put(row, &head, sizeof head);
    if (totals.n)
        buf_put(row, totals.list, totals.n * sizeof *totals.list);
    for (size_t i = 0; i < n; i++) {
        if (i == at && !keep)
            continue;
        struct month_entry other = i == at ? *entry : person_month_entry(&month, i);
        buf_put(row, &other, sizeof other);
    }
    store_put(context->store, TABLE_PERSON_MONTH, person_month_key(key, month_number, volunteer),
              head.n_entries ? buf_str(row) : STR_NONE);
    return 0;
}

static int write_months(struct context *context, uint32_t volunteer,
                        const struct month_entry *entry, bool keep) {
    int64_t last_minute =
        (int64_t)entry->starts_minute + (entry->span_minutes ? entry->span_minutes - 1 : 0);
    int32_t last = minute_month(context->zone, last_minute);
    for (int32_t month = minute_month(context->zone, entry->starts_minute); month <= last;
         month++) {
        int r = write_month(context, month, volunteer, entry, keep);
        if (r != 0)
            return r;
    }
    return 0;
}

int person_month_set(struct context *context, uint32_t volunteer, const struct month_entry *entry) {
    return write_months(context, volunteer, entry, true);
}

int person_month_drop(struct context *context, uint32_t volunteer,
                      const struct month_entry *entry) {
    return write_months(context, volunteer, entry, false);
}

/* The part of a month that a filter asks for, record by record. */
struct window_sum {
    const struct minutes_filter *filter;
    int32_t month;
    int64_t minutes;
};

static int sum_day(void *context, int32_t date, uint32_t minutes) {
    struct window_sum *sum = context;
    const struct minutes_filter *filter = sum->filter;
    if (date_month(date) == sum->month && (!filter->from || date >= filter->from) &&
        (!filter->to || date <= filter->to))
        sum->minutes += minutes;
    return 0;
}

static bool filter_takes(const struct minutes_filter *filter, uint8_t category, uint8_t method) {
    return (filter->category <= 0 || filter->category == category) &&
           (filter->method <= 0 || filter->method == method + 1);
}

static bool holds_record(const struct person_month *month, uint32_t record) {
    for (size_t i = 0; record && i < month->n_entries; i++)
        if (person_month_entry(month, i).record == record)
            return true;
    return false;
}

static int64_t month_minutes(const struct zone *zone, const struct person_month *row, int32_t month,
                             const struct minutes_filter *filter) {
    struct window_sum sum = {.filter = filter, .month = month};
    bool whole = (!filter->from || filter->from <= month_first_date(month)) &&
                 (!filter->to || filter->to >= month_first_date(month + 1) - 1) &&
                 !holds_record(row, filter->except);
    for (size_t i = 0; whole && i < row->n_totals; i++) {
        struct month_total total = person_month_total(row, i);
        if (filter_takes(filter, total.category, total.method))
            sum.minutes += total.minutes;
    }
    for (size_t i = 0; !whole && i < row->n_entries; i++) {
        struct month_entry entry = person_month_entry(row, i);
        if (entry.state == RECORD_ACCEPTED && entry.record != filter->except &&
            filter_takes(filter, entry.category, entry.method))
            credited_days(zone, &entry, sum_day, &sum);
    }
    return sum.minutes;
}

int person_minutes(struct view *view, const struct zone *zone, uint32_t volunteer, int32_t first,
                   int32_t last, const struct minutes_filter *filter, int64_t *ret_minutes) {
    int64_t minutes = 0;
    if (filter->from && filter->from > first)
        first = filter->from;
    if (filter->to && filter->to < last)
        last = filter->to;
    for (int32_t month = date_month(first); first <= last && month <= date_month(last); month++) {
        struct person_month row;
        int r = person_month_get(view, month, volunteer, &row);
        if (r != 0)
            return r;
        minutes += month_minutes(zone, &row, month, filter);
    }
    *ret_minutes = minutes;
    return 0;
}

int person_overlaps(struct view *view, const struct zone *zone, uint32_t volunteer,
                    uint32_t starts_minute, uint32_t span_minutes, uint32_t except,
                    uint32_t *ret_records, size_t limit) {
    int64_t end = (int64_t)starts_minute + span_minutes;
    int32_t first = minute_month(zone, starts_minute);
    int32_t last = minute_month(zone, end - (span_minutes != 0));
    int n = 0;
    for (int32_t month = first; month <= last && month - first <= MONTHS_LIMIT; month++) {
        struct person_month row;
        int r = person_month_get(view, month, volunteer, &row);
        if (r != 0)
            return r;
        for (size_t i = 0; i < row.n_entries; i++) {
            struct month_entry entry = person_month_entry(&row, i);
            int64_t entry_end = (int64_t)entry.starts_minute + entry.span_minutes;
            bool counted_before = month > first && minute_month(zone, entry.starts_minute) < month;
            if (entry.record == except || entry.state == RECORD_REFUSED ||
                entry.state == RECORD_REVOKED || counted_before || entry.starts_minute >= end ||
                entry_end <= starts_minute)
                continue;
            if ((size_t)n < limit)
                ret_records[n] = entry.record;
            n++;
        }
    }
    return n;
}
