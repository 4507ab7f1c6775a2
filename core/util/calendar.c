#include "util/calendar.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_MICROSECONDS (DAY_SECONDS * MICROSECONDS)
#define MINUTE_MICROSECONDS (60 * MICROSECONDS)

static int64_t floor_divide(int64_t value, int64_t divisor) {
    return value / divisor - (value % divisor < 0);
}

static int64_t floor_remainder(int64_t value, int64_t divisor) {
    int64_t remainder = value % divisor;
    return remainder < 0 ? remainder + divisor : remainder;
}

int32_t date_from_civil(int32_t year, int32_t month, int32_t day) {
    /* Years begin in March, so that the leap day is their last; eras have 400 years, 146,097 days.
     */
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_divide(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * 146097 + day_of_era - 719468);
}

void date_to_civil(int32_t date, int32_t *ret_year, int32_t *ret_month, int32_t *ret_day) {
    int64_t days = (int64_t)date + 719468;
    int64_t era = floor_divide(days, 146097);
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
    *ret_day = (int32_t)(day_of_year - (153 * march_month + 2) / 5 + 1);
    *ret_month = (int32_t)month;
    *ret_year = (int32_t)(year_of_era + era * 400 + (month <= 2));
}

int32_t date_month(int32_t date) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    return year * 12 + month - 1;
}

int32_t month_first_date(int32_t month) {
    int32_t year = (int32_t)floor_divide(month, 12);
    return date_from_civil(year, month - year * 12 + 1, 1);
}

int32_t zone_offset_at(const struct zone *zone, int64_t time_us) {
    int64_t time_s = floor_divide(time_us, MICROSECONDS);
    for (size_t i = zone->n_offsets; i > 0; i--)
        if (time_s >= zone->offsets[i - 1].from_s)
            return zone->offsets[i - 1].offset_s;
    return 0;
}

int32_t zone_date(const struct zone *zone, int64_t time_us) {
    int64_t local_us = time_us + zone_offset_at(zone, time_us) * MICROSECONDS;
    return (int32_t)floor_divide(local_us, DAY_MICROSECONDS);
}

/* The last offset that holds two days before that local time, or the first one: no offset is as
 * large, so that the reigns before it had ended by then. */
static size_t reign_before(const struct zone *zone, int64_t local_s) {
    size_t i = zone->n_offsets;
    while (i > 1 && zone->offsets[i - 1].from_s > local_s - 2 * DAY_SECONDS)
        i--;
    return i > 0 ? i - 1 : 0;
}

int64_t zone_midnight(const struct zone *zone, int32_t date) {
    int64_t local_s = date * DAY_SECONDS;
    /* The first instant of each offset's reign whose local time has reached the date: the earliest
     * is the answer, also where midnight was skipped, came twice, or the whole date is missing. */
    for (size_t i = reign_before(zone, local_s); i < zone->n_offsets; i++) {
        const struct zone_offset *offset = &zone->offsets[i];
        int64_t first_s = local_s - offset->offset_s;
        if (first_s < offset->from_s)
            first_s = offset->from_s;
        if (i + 1 == zone->n_offsets || first_s < offset[1].from_s)
            return first_s * MICROSECONDS;
    }
    return local_s * MICROSECONDS;
}

/* Reads n digits at the start of *text and steps over them. */
static bool take_digits(struct str *text, size_t n, int32_t *ret_number) {
    int32_t number = 0;
    if (text->size < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text->data[i] < '0' || text->data[i] > '9')
            return false;
        number = number * 10 + (text->data[i] - '0');
    }
    *text = (struct str){text->data + n, text->size - n};
    *ret_number = number;
    return true;
}

/* Steps over one of two characters. */
static bool take_one_of(struct str *text, char one, char other) {
    if (text->size == 0 || (*text->data != one && *text->data != other))
        return false;
    *text = (struct str){text->data + 1, text->size - 1};
    return true;
}

static bool take_character(struct str *text, char character) {
    return take_one_of(text, character, character);
}

static int32_t month_days(int32_t year, int32_t month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

static bool take_month(struct str *text, int32_t *ret_year, int32_t *ret_month) {
    return take_digits(text, 4, ret_year) && take_character(text, '-') &&
           take_digits(text, 2, ret_month) && *ret_month >= 1 && *ret_month <= 12;
}

static bool take_date(struct str *text, int32_t *ret_date) {
    int32_t year, month, day;
    if (!take_month(text, &year, &month) || !take_character(text, '-') ||
        !take_digits(text, 2, &day) || day < 1 || day > month_days(year, month))
        return false;
    *ret_date = date_from_civil(year, month, day);
    return true;
}

static bool take_hour_minute(struct str *text, int32_t *ret_minutes) {
    int32_t hour, minute;
    if (!take_digits(text, 2, &hour) || !take_character(text, ':') ||
        !take_digits(text, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *ret_minutes = hour * 60 + minute;
    return true;
}

/* Nothing, or a point and 1 to 9 digits, of which those beyond the sixth are cut off. */
static bool take_fraction(struct str *text, int32_t *ret_microseconds) {
    int32_t microseconds = 0, digit;
    size_t n_digits = 0;
    if (take_character(text, '.')) {
        for (; take_digits(text, 1, &digit); n_digits++)
            if (n_digits < 6)
                microseconds = microseconds * 10 + digit;
        if (n_digits < 1 || n_digits > 9)
            return false;
        for (; n_digits < 6; n_digits++)
            microseconds *= 10;
    }
    *ret_microseconds = microseconds;
    return true;
}

static bool take_offset(struct str *text, int32_t *ret_minutes) {
    if (take_one_of(text, 'Z', 'z')) {
        *ret_minutes = 0;
        return true;
    }
    bool west = text->size && *text->data == '-';
    if (!take_one_of(text, '+', '-') || !take_hour_minute(text, ret_minutes))
        return false;
    if (west)
        *ret_minutes = -*ret_minutes;
    return true;
}

int date_parse(struct str text, int32_t *ret_date) {
    int32_t date;
    if (!take_date(&text, &date) || text.size)
        return 1;
    *ret_date = date;
    return 0;
}

int month_parse(struct str text, int32_t *ret_month) {
    int32_t year, month;
    if (!take_month(&text, &year, &month) || text.size)
        return 1;
    *ret_month = year * 12 + month - 1;
    return 0;
}

bool period_parse(struct str text, int32_t *ret_first, int32_t *ret_last) {
    int32_t month, n;
    char first[] = "0000-01"; /* of a year or a quarter: the month that it begins with */
    bool is_quarter = text.size == 7 && text.data[5] == 'Q';
    if (is_quarter && (text.data[4] != '-' || text.data[6] < '1' || text.data[6] > '4'))
        return false;
    if (text.size == 4 || is_quarter) {
        int begin = is_quarter ? 1 + 3 * (text.data[6] - '1') : 1;
        memcpy(first, text.data, 4);
        first[5] = (char)('0' + begin / 10);
        first[6] = (char)('0' + begin % 10);
        text = (struct str){first, sizeof first - 1};
        n = is_quarter ? 3 : 12;
    } else {
        n = 1;
    }
    if (month_parse(text, &month) != 0)
        return false;
    *ret_first = month_first_date(month);
    *ret_last = month_first_date(month + n) - 1;
    return true;
}

int time_parse(struct str text, int64_t *ret_time_us, int16_t *ret_offset_minutes) {
    int32_t date, minutes, seconds, microseconds, offset_minutes;
    if (!take_date(&text, &date) || !take_one_of(&text, 'T', 't') ||
        !take_hour_minute(&text, &minutes) || !take_character(&text, ':') ||
        !take_digits(&text, 2, &seconds) || seconds > 59 || !take_fraction(&text, &microseconds) ||
        !take_offset(&text, &offset_minutes) || text.size)
        return 1;
    int64_t time_us = date * DAY_MICROSECONDS + (minutes - offset_minutes) * MINUTE_MICROSECONDS +
                      seconds * MICROSECONDS + microseconds;
    if (time_us < date_from_civil(0, 1, 1) * DAY_MICROSECONDS ||
        time_us >= date_from_civil(10000, 1, 1) * DAY_MICROSECONDS)
        return 1;
    *ret_time_us = time_us;
    *ret_offset_minutes = (int16_t)offset_minutes;
    return 0;
}

/* The lowest n digits of a number that is not negative; returns where the text goes on. */
static char *write_digits(char *next, int64_t number, size_t n) {
    for (size_t i = n; i > 0; i--) {
        next[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    return next + n;
}

static char *write_month(char *next, int32_t year, int32_t month) {
    /* Years outside 0000 to 9999 cannot be read back, but must not write wild either. */
    if (year >= 0 && year <= 9999)
        next = write_digits(next, year, 4);
    else
        next += snprintf(next, 9, "%" PRId32, year % 10000000);
    *next++ = '-';
    return write_digits(next, month, 2);
}

static char *write_date(char *next, int32_t date) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    next = write_month(next, year, month);
    *next++ = '-';
    return write_digits(next, day, 2);
}

size_t date_format(int32_t date, char ret_text[static 16]) {
    char *end = write_date(ret_text, date);
    *end = '\0';
    return (size_t)(end - ret_text);
}

size_t month_format(int32_t month, char ret_text[static 16]) {
    int64_t year = floor_divide(month, 12);
    char *end = write_month(ret_text, (int32_t)year, (int32_t)(month - year * 12 + 1));
    *end = '\0';
    return (size_t)(end - ret_text);
}

static char *write_fraction(char *next, int64_t microseconds) {
    if (microseconds == 0)
        return next;
    *next++ = '.';
    next = write_digits(next, microseconds, 6);
    while (next[-1] == '0')
        next--;
    return next;
}

static char *write_offset(char *next, int16_t minutes) {
    if (minutes == 0) {
        *next++ = 'Z';
        return next;
    }
    int32_t size = minutes < 0 ? -minutes : minutes;
    *next++ = minutes < 0 ? '-' : '+';
    next = write_digits(next, size / 60, 2);
    *next++ = ':';
    return write_digits(next, size % 60, 2);
}

size_t time_format(int64_t time_us, int16_t offset_minutes, char ret_text[static 40]) {
    int64_t day = floor_divide(time_us, DAY_MICROSECONDS);
    int64_t within_us =
        floor_remainder(time_us, DAY_MICROSECONDS) + offset_minutes * MINUTE_MICROSECONDS;
    /* The day is split off before the offset is added: no time overflows then. */
    int64_t days_over = floor_divide(within_us, DAY_MICROSECONDS);
    within_us = floor_remainder(within_us, DAY_MICROSECONDS);
    char *next = write_date(ret_text, (int32_t)(day + days_over));
    *next++ = 'T';
    next = write_digits(next, within_us / (60 * MINUTE_MICROSECONDS), 2);
    *next++ = ':';
    next = write_digits(next, within_us / MINUTE_MICROSECONDS % 60, 2);
    *next++ = ':';
    next = write_digits(next, within_us / MICROSECONDS % 60, 2);
    next = write_fraction(next, within_us % MICROSECONDS);
    next = write_offset(next, offset_minutes);
    *next = '\0';
    return (size_t)(next - ret_text);
}
