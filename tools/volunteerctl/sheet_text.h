/* Dates, times and digits as clerks write them into a spreadsheet. Threads: any. */
#pragma once

#include "util/buf.h"

/* Full-width letters, digits and signs become the narrow ones; blanks go unless they are kept. */
void sheet_narrow(struct str text, bool keeps_blanks, struct buf *out);

/* Each takes what it can from *at and moves it; false where something else stands there. */
bool sheet_digits_take(const char **at, unsigned most, int64_t *ret_value);
/* 2018-03-05, 2018/3/5, 2018.3.5, 2018年3月5日, 20180305. */
bool sheet_day_take(const char **at, int32_t *ret_date);
/* 2018-03, 2018/3, 2018年3月, 201803: a month number. */
bool sheet_month_take(const char **at, int32_t *ret_month);
/* 9:05, 9:05:30, 9点05分, 9时, 上午9:05, 下午2:30: seconds since midnight, up to 24:00. */
bool sheet_clock_take(const char **at, int64_t *ret_seconds);
