#include "domain/schedules.h"

#include <stdio.h>

#include "util/calendar.h"

static bool is_yearly(struct str month_day, int32_t date) {
    char text[16];
    int32_t year, month, day, meant;
    date_to_civil(date, &year, &month, &day);
    int size = snprintf(text, sizeof text, "%04d-%.*s", year,
                        (int)(month_day.size < 8 ? month_day.size : 8), month_day.data);
    if (date_parse((struct str){text, (size_t)size}, &meant) == 0)
        return meant == date;
    return str_equal(month_day, STR("02-29")) && month == 2 && day == 28;
}

static bool is_monthly(struct str day_of_month, int32_t date) {
    char text[16];
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    snprintf(text, sizeof text, "%d", day);
    return str_equal(day_of_month, str_from(text));
}

static struct str rest_of(struct str text, struct str prefix) {
    return (struct str){text.data + prefix.size, text.size - prefix.size};
}

bool schedule_falls_on(struct str schedule, int32_t date) {
    const struct str monthly = STR("monthly:"), yearly = STR("yearly:");
    if (str_starts_with(schedule, monthly))
        return is_monthly(rest_of(schedule, monthly), date);
    if (str_starts_with(schedule, yearly))
        return is_yearly(rest_of(schedule, yearly), date);
    return str_equal(schedule, STR("daily"));
}
