/* Duty calendars (值守安排): on which days somebody is to be at a post, and from when to when, as
 * the one line of text that post.defined carries:
 *
 *     mon,sat 07:30-09:00; workday 17:30-19:00
 *
 * Rules are divided by semicolons. A rule names days, divided by commas, and one time. Days are mon
 * to sun, spans of them (mon-fri), daily, and the kinds of days of the city's calendar: workday,
 * rest, holiday. A time that ends before it begins ends on the next day. What is owed is a day, not
 * a time: whoever is there on that day has done what the day asks.
 *
 * Threads: the view's owner. Errors: as things.h. */
#pragma once

#include "domain/days.h"

#define DUTY_RULES 8

struct duty_rule {
    uint16_t days; /* bits: 0 to 6 Monday to Sunday, then the kinds of DAY_KIND_choice */
    int16_t from_minute;
    int16_t to_minute;
};

struct duty_calendar {
    size_t n;
    struct duty_rule rules[DUTY_RULES];
};

/* 0, or > 0 where the text is not of that form. */
int duty_calendar_parse(struct str text, struct duty_calendar *ret_calendar);
/* Whether the day is one of duty, by the city's calendar as the view has it. */
int duty_calendar_asks(struct view *view, const struct duty_calendar *calendar, int32_t date,
                       bool *ret_asks);
/* The day after `after` on which it is to be looked at: the first one of duty; where kinds of days
 * matter, which the city may still set, the next day, whatever it is. THING_NOT_FOUND: never. */
int duty_calendar_next(const struct duty_calendar *calendar, int32_t after, int32_t *ret_date);
