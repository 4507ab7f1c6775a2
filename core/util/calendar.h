/* Times and dates. A time is microseconds since 1970-01-01T00:00:00Z (int64_t, years 0000 to 9999);
 * a date is days since 1970-01-01 (int32_t); a month is year * 12 + month - 1 (int32_t). The city's
 * zone is data: a list of offsets that stands in the city.configured event, so that a replay never
 * asks the machine's zone files. Threads: pure functions. */
#pragma once

#include "util/str.h"

#define MICROSECONDS INT64_C(1000000)
#define DAY_SECONDS INT64_C(86400)

struct zone_offset {
    int64_t from_s; /* epoch seconds from which it holds; the first one is INT64_MIN */
    int32_t offset_s;
};

struct zone {
    size_t n_offsets;
    struct zone_offset offsets[64];
};

/* Asks the machine's zone files, once, when a city is configured: every offset between 1900 and
 * 2100. 0, or > 0 where the name is not known or the zone changes too often for the list (those
 * that still keep summer time). Not for threads: it sets TZ for a moment. */
int zone_load(const char *name, struct zone *ret_zone);
int32_t zone_offset_at(const struct zone *zone, int64_t time_us);

/* The date in the zone, and the first microsecond of a date (where a zone skipped the date: of the
 * next one). */
int32_t zone_date(const struct zone *zone, int64_t time_us);
int64_t zone_midnight(const struct zone *zone, int32_t date);

int32_t date_from_civil(int32_t year, int32_t month, int32_t day);
void date_to_civil(int32_t date, int32_t *ret_year, int32_t *ret_month, int32_t *ret_day);
int32_t date_month(int32_t date);        /* month number of a date */
int32_t month_first_date(int32_t month); /* first date of a month number */

/* Strict readers: 0, or > 0 where the text is not of that form or names a day that does not exist.
 */
int date_parse(struct str text, int32_t *ret_date);   /* YYYY-MM-DD */
int month_parse(struct str text, int32_t *ret_month); /* YYYY-MM */
/* The first and last date of a year, a quarter or a month: 2018, 2018-Q3, 2018-09. */
bool period_parse(struct str text, int32_t *ret_first, int32_t *ret_last);
/* RFC 3339, offset required; digits beyond the microsecond are cut off, and the instant lies in
 * years 0000 to 9999 of UTC too. */
int time_parse(struct str text, int64_t *ret_time_us, int16_t *ret_offset_minutes);

/* Writers fill ret_text with a terminated string and return its length. */
size_t date_format(int32_t date, char ret_text[static 16]);
size_t month_format(int32_t month, char ret_text[static 16]);
/* Fraction only where there is one, without zeros at its end; offset 0 is written as Z. */
size_t time_format(int64_t time_us, int16_t offset_minutes, char ret_text[static 40]);
