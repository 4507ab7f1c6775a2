/* A person's month: totals by category and method, and the records packed, so that overlap, daily
 * cap, windows and explanations are a few reads. Key (month, volunteer): service of one time lies
 * together.
 *
 * A record stands in the month of each day it touches, with its minutes of that month. Its minutes
 * are counted from its start: a span of 4 hours with 200 minutes counts the first 200 minutes,
 * split at the city's midnights. Times are whole minutes since 1970; a start within a minute counts
 * as that minute's.
 *
 * Months of service and of activities lie between 1970 and 2199: keys hold them in 16 bits, and
 * figures of all time walk from the first to the last. 1970-01-01 itself is no day of service,
 * because date 0 says that there is none. */
#pragma once

#include "domain/context.h"

enum record_state { RECORD_PENDING, RECORD_ACCEPTED, RECORD_HELD, RECORD_REFUSED, RECORD_REVOKED };

struct month_entry {
    uint32_t record;
    uint32_t starts_minute; /* of the whole record */
    uint32_t span_minutes;
    uint32_t minutes; /* counted, of the whole record; 0 while not accepted */
    uint8_t category; /* dictionary number + 1; 0: none */
    uint8_t method;
    uint8_t state; /* enum record_state */
    uint8_t spare;
};

struct month_total {
    uint8_t category;
    uint8_t method;
    uint16_t n_records;
    uint32_t minutes; /* accepted, of days within this month */
};

/* Borrowed from a row, which need not be aligned: read by the two functions below. */
struct person_month {
    size_t n_totals;
    const void *totals;
    size_t n_entries;
    const void *entries;
};
struct month_entry person_month_entry(const struct person_month *month, size_t i);
struct month_total person_month_total(const struct person_month *month, size_t i);

struct str person_month_key(char key[static 6], int32_t month, uint32_t volunteer);
/* A row's bytes: 0, or > 0 where they are not of this form. */
int person_month_decode(struct str row, struct person_month *ret_month);
/* 0 with an empty one where there is no row. Borrowed as view_get says. */
int person_month_get(struct view *view, int32_t month, uint32_t volunteer,
                     struct person_month *ret_month);

/* Puts, replaces (same record) or, with state RECORD_REVOKED, keeps as not counted: rows and totals
 * of every month touched. */
int person_month_set(struct context *context, uint32_t volunteer, const struct month_entry *entry);

/* The record's entry goes from every month touched: it is somebody else's. */
int person_month_drop(struct context *context, uint32_t volunteer, const struct month_entry *entry);

/* What to sum. Negative or 0 = any: from, to (dates, inclusive; 0: open), category (number + 1),
 * method (choice + 1), except: a record left out. */
struct minutes_filter {
    int32_t from;
    int32_t to;
    int32_t category;
    int32_t method;
    uint32_t except;
};
/* Accepted minutes by day of service. `first` and `last` are the person's first and last service
 * dates (they bound the walk). */
int person_minutes(struct view *view, const struct zone *zone, uint32_t volunteer, int32_t first,
                   int32_t last, const struct minutes_filter *filter, int64_t *ret_minutes);
/* The record's minutes on each date it touches. Calls each; stops at non-zero. */
int record_days(const struct zone *zone, uint32_t starts_minute, uint32_t minutes,
                int (*each)(void *context, int32_t date, uint32_t minutes), void *context);
/* The credited minutes of an accepted record on each date. A policy may credit more than the span:
 * the rest counts on its last day. Stops at non-zero. */
int credited_days(const struct zone *zone, const struct month_entry *entry,
                  int (*each)(void *context, int32_t date, uint32_t minutes), void *context);
/* First and last day of them; of a record without minutes, its first day. */
void credited_span(const struct zone *zone, const struct month_entry *entry, int32_t *ret_first,
                   int32_t *ret_last);
/* Whether service and activities of this date are kept. */
bool date_is_kept(int32_t date);
/* Records of the person (accepted, pending or held, other than `except`) whose span overlaps. Fills
 * up to `limit` record numbers, returns how many there are in all, or < 0. */
int person_overlaps(struct view *view, const struct zone *zone, uint32_t volunteer,
                    uint32_t starts_minute, uint32_t span_minutes, uint32_t except,
                    uint32_t *ret_records, size_t limit);
