/* The city's calendar: which days are worked. In a case that does not give a day, the week's own
 * rule holds. */
#include "domain/days.h"
#include "policy/call.h"

static int kind_of(struct reading *reading, int32_t date, enum DAY_KIND_choice *ret_kind) {
    struct day day = {.kind = day_usual_kind(date)};
    int r = reading->call->view ? day_get(reading->call->view, date, &day) : 0;
    *ret_kind = day.kind;
    return r;
}

static int read_kind(struct reading *reading) {
    enum DAY_KIND_choice kind;
    int r = kind_of(reading, reading->arguments.on, &kind);
    return r ? r : push_choice(reading, &DAY_KIND_choices, (int32_t)kind);
}

/* The n-th workday after the day; the day itself for 0. */
static int read_working_days(struct reading *reading) {
    const struct arguments *arguments = &reading->arguments;
    int32_t date = arguments->on;
    sandbox_charge(reading->lua, 8 * ((uint64_t)arguments->n + 1));
    for (int64_t left = arguments->n, looked = 0; left > 0; looked++) {
        enum DAY_KIND_choice kind;
        int r = kind_of(reading, ++date, &kind);
        if (r != 0)
            return r;
        if (looked > 4 * arguments->n + 366)
            return luaL_error(reading->lua, "working_days: there are not so many workdays");
        left -= kind == DAY_KIND_WORKDAY;
    }
    return push_date(reading, date);
}

static const struct fact facts[] = {
    FACT_METHOD("kind", read_kind, ARGUMENT_ON, DEFAULT_READ),
    FACT_METHOD("working_days", read_working_days, ARGUMENT_ON | ARGUMENT_N, DEFAULT_READ),
};

const struct object_type calendar_object = {"calendar", FACTS(facts), NULL};
