#include "domain/duty_calendar.h"

#include "domain/things.h"

#define WEEK_DAYS 7
#define WEEK ((1U << WEEK_DAYS) - 1)
#define DAY_MINUTES_ALL (24 * 60)

/* ---- reading the text ---- */

static const struct {
    const char *word;
    uint16_t days;
} words[] = {
    {"mon", 1U << 0},
    {"tue", 1U << 1},
    {"wed", 1U << 2},
    {"thu", 1U << 3},
    {"fri", 1U << 4},
    {"sat", 1U << 5},
    {"sun", 1U << 6},
    {"daily", WEEK},
    {"workday", 1U << (WEEK_DAYS + DAY_KIND_WORKDAY)},
    {"rest", 1U << (WEEK_DAYS + DAY_KIND_REST)},
    {"holiday", 1U << (WEEK_DAYS + DAY_KIND_HOLIDAY)},
};

static struct str trim(struct str text) {
    while (text.size && text.data[0] == ' ')
        text = (struct str){text.data + 1, text.size - 1};
    while (text.size && text.data[text.size - 1] == ' ')
        text.size--;
    return text;
}

/* What stands before the mark, and behind it; the whole where there is none. */
static struct str take_until(struct str *rest, char mark) {
    const char *at = rest->size ? memchr(rest->data, mark, rest->size) : NULL;
    struct str part = *rest;
    if (!at) {
        *rest = (struct str){rest->data + rest->size, 0};
        return part;
    }
    part.size = (size_t)(at - rest->data);
    *rest = (struct str){at + 1, rest->size - part.size - 1};
    return part;
}

static unsigned word_days(struct str word) {
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_equal(word, str_from(words[i].word)))
            return words[i].days;
    return 0;
}

/* mon-fri; over the week's end as well: sat-mon. */
static unsigned span_days(unsigned first, unsigned last) {
    unsigned days = 0;
    if (!(first & WEEK) || !(last & WEEK) || first == WEEK || last == WEEK || first == last)
        return 0;
    for (unsigned day = first; days |= day, day != last;)
        day = day == 1U << (WEEK_DAYS - 1) ? 1 : day << 1;
    return days;
}

static unsigned read_days(struct str text) {
    unsigned days = 0;
    for (bool more = true; more;) {
        more = text.size && memchr(text.data, ',', text.size);
        struct str span = trim(take_until(&text, ','));
        bool spans = span.size && memchr(span.data, '-', span.size);
        struct str first = take_until(&span, '-');
        unsigned some = spans ? span_days(word_days(first), word_days(span)) : word_days(first);
        if (!some)
            return 0;
        days |= some;
    }
    return days;
}

static bool read_minute(struct str text, int16_t *ret_minute) {
    if (text.size != 5 || text.data[2] != ':')
        return false;
    for (size_t i = 0; i < 5; i++)
        if (i != 2 && (text.data[i] < '0' || text.data[i] > '9'))
            return false;
    int hour = (text.data[0] - '0') * 10 + text.data[1] - '0';
    int minute = (text.data[3] - '0') * 10 + text.data[4] - '0';
    *ret_minute = (int16_t)(hour * 60 + minute);
    return minute < 60 && *ret_minute <= DAY_MINUTES_ALL;
}

static bool read_rule(struct str text, struct duty_rule *ret_rule) {
    struct str rest = trim(text);
    unsigned days = 0;
    size_t at = rest.size;
    while (at > 0 && rest.data[at - 1] != ' ')
        at--;
    struct str time = {rest.data + at, rest.size - at};
    struct str from = take_until(&time, '-');
    if (at > 0)
        days = read_days(trim((struct str){rest.data, at}));
    ret_rule->days = (uint16_t)days;
    return days && read_minute(from, &ret_rule->from_minute) &&
           read_minute(time, &ret_rule->to_minute) &&
           ret_rule->from_minute != ret_rule->to_minute && ret_rule->from_minute < DAY_MINUTES_ALL;
}

int duty_calendar_parse(struct str text, struct duty_calendar *ret_calendar) {
    ret_calendar->n = 0;
    while (trim(text).size) {
        if (ret_calendar->n == DUTY_RULES ||
            !read_rule(take_until(&text, ';'), &ret_calendar->rules[ret_calendar->n++]))
            return 1;
    }
    return ret_calendar->n == 0;
}

/* ---- what it asks ---- */

static unsigned all_days(const struct duty_calendar *calendar) {
    unsigned days = 0;
    for (size_t i = 0; i < calendar->n; i++)
        days |= calendar->rules[i].days;
    return days;
}

/* 1970-01-01 was a Thursday. */
static unsigned weekday(int32_t date) {
    return 1U << (((date + 3) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS);
}

int duty_calendar_asks(struct view *view, const struct duty_calendar *calendar, int32_t date,
                       bool *ret_asks) {
    unsigned days = all_days(calendar);
    struct day day = {.kind = DAY_KIND_WORKDAY};
    *ret_asks = days & weekday(date);
    if (*ret_asks || !(days & ~WEEK))
        return 0;
    int r = day_get(view, date, &day);
    *ret_asks = days & 1U << (WEEK_DAYS + day.kind);
    return r;
}

int duty_calendar_next(const struct duty_calendar *calendar, int32_t after, int32_t *ret_date) {
    unsigned days = all_days(calendar);
    int32_t date = after + 1;
    if (!days)
        return THING_NOT_FOUND;
    while (!(days & ~WEEK) && !(days & weekday(date)))
        date++;
    *ret_date = date;
    return 0;
}
