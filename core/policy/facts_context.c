/* The context: the question's day and cause. */
#include "policy/call.h"

static int read_as_of(struct reading *reading) {
    return push_date(reading, reading->call->as_of);
}

static int read_year(struct reading *reading) {
    int32_t year, month, day;
    date_to_civil(reading->call->as_of, &year, &month, &day);
    return push_integer(reading, year);
}

static int read_quarter_start(struct reading *reading) {
    int32_t year, month, day;
    date_to_civil(reading->call->as_of, &year, &month, &day);
    return push_date(reading, date_from_civil(year, (month - 1) / 3 * 3 + 1, 1));
}

static int read_cause(struct reading *reading) {
    switch (reading->call->cause) {
    case CAUSE_SCHEDULE:
        return push_text(reading, STR("schedule"));
    case CAUSE_ON_DEMAND:
        return push_text(reading, STR("on_demand"));
    case CAUSE_EVENT:
        break;
    }
    return push_text(reading, reading->call->event_type);
}

/* What is asked about, where a kind asks about more than one: "region", "organisation". */
static int read_subject(struct reading *reading) {
    reading_is_steady(reading);
    return push_text(reading, str_from(object_type(reading->call->subject)->name));
}

static int read_period(struct reading *reading) {
    struct str period = reading->call->period;
    return push_text(reading, period.size ? period : STR_NONE);
}

/* The region whose rule it is. */
static int read_region(struct reading *reading) {
    uint32_t region = reading->call->scope;
    if (!region) {
        int r = find_number(reading, NOUN_REGION, str_from(reading->call->city->region), &region);
        if (r < 0)
            return r;
    }
    return reading_object(reading, OBJECT_REGION, "region", region);
}

static int read_calendar(struct reading *reading) {
    return reading_object(reading, OBJECT_CALENDAR, "calendar", UINT32_MAX);
}

/* For which a candidate is asked about. */
static int read_honour(struct reading *reading) {
    return reading_object(reading, OBJECT_HONOUR, "honour", reading->call->honour);
}

static const struct fact facts[] = {
    FACT("as_of", read_as_of, DEFAULT_NONE),
    FACT("year", read_year, DEFAULT_NONE),
    FACT("quarter_start", read_quarter_start, DEFAULT_NONE),
    FACT("cause", read_cause, DEFAULT_NONE),
    FACT("subject", read_subject, DEFAULT_NONE),
    FACT("period", read_period, DEFAULT_NONE),
    FACT_OBJECT("region", read_region, OBJECT_REGION),
    FACT_OBJECT("calendar", read_calendar, OBJECT_CALENDAR),
    FACT_OBJECT("honour", read_honour, OBJECT_HONOUR),
};

const struct object_type context_object = {"context", FACTS(facts), NULL};
