#include "policy/counts.h"

#include "domain/counters.h"
#include "policy/call.h"

/* Steps of the budget for reading one. */
#define COUNT_STEPS 40

static void refuse_name(struct reading *reading) {
    const char *names[COUNTER_COUNT];
    for (unsigned i = 0; i < COUNTER_COUNT; i++)
        names[i] = counter_name((enum counter)i);
    const char *nearest = str_nearest(reading->arguments.name, names, COUNTER_COUNT);
    luaL_error(reading->lua, "count: '%s' is not counted%s%s%s", reading->arguments.name.data,
               nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

void counts_check(struct reading *reading) {
    const struct arguments *arguments = &reading->arguments;
    enum counter counter = counter_find(arguments->name);
    if (counter == COUNTER_COUNT)
        refuse_name(reading);
    if (!(arguments->given & (ARGUMENT_FROM | ARGUMENT_TO)))
        return;
    if (!counter_has_months(counter))
        luaL_error(reading->lua,
                   "count: '%s' is counted as it stands, not over months; minutes, records, "
                   "activities, needs, visits and ratings are",
                   counter_name(counter));
    if ((arguments->given & ARGUMENT_FROM) &&
        arguments->from != month_first_date(date_month(arguments->from)))
        luaL_error(reading->lua, "count: 'from' is the first day of a month: whole months are "
                                 "counted");
    if ((arguments->given & ARGUMENT_TO) &&
        arguments->to + 1 != month_first_date(date_month(arguments->to) + 1))
        luaL_error(reading->lua, "count: 'to' is the last day of a month: whole months are "
                                 "counted");
}

static int read_months(struct reading *reading, enum noun noun, enum counter counter) {
    const struct arguments *arguments = &reading->arguments;
    int32_t first = arguments->given & ARGUMENT_FROM ? date_month(arguments->from) : 0;
    int32_t last = arguments->given & ARGUMENT_TO ? date_month(arguments->to) : INT32_MAX - 1;
    int64_t n = (int64_t)last - first + 1, value = 0;
    sandbox_charge(reading->lua, COUNT_STEPS * (uint64_t)(n < 0 ? 0 : n < 120 ? n : 120));
    int r = counter_months(reading->call->view, reading->call->at, noun, reading->object->number,
                           counter, first, last, &value);
    return r < 0 ? r : push_integer(reading, value);
}

int counts_read(struct reading *reading, enum noun noun) {
    enum counter counter = counter_find(reading->arguments.name);
    int64_t value = 0;
    if (reading->arguments.given & (ARGUMENT_FROM | ARGUMENT_TO))
        return read_months(reading, noun, counter);
    sandbox_charge(reading->lua, COUNT_STEPS);
    if (counter_group(counter) != COUNTER_ALARMS) /* these change by assessing */
        reading_is_steady(reading);
    int r = counter_value(reading->call->view, reading->call->at, noun, reading->object->number,
                          counter, &value);
    return r < 0 ? r : push_integer(reading, value);
}
