#include "policy/volunteer_service.h"

#include "policy/call.h"

/* The whole life's total stands in the row: the usual question is one read. */
static int service_total(struct reading *reading, int64_t *ret_minutes) {
    const struct call *call = reading->call;
    int64_t minutes = reading->object->row.volunteer.minutes;
    if (call->record) {
        struct record record;
        int r = record_get(call->view, call->record, &record);
        if (r != 0)
            return r;
        if (record.row.volunteer == reading->object->number && record.row.state == RECORD_ACCEPTED)
            minutes -= record.row.counted;
    }
    *ret_minutes = minutes;
    return 0;
}

int service_minutes(struct reading *reading, struct minutes_filter *filter, int64_t *ret_minutes) {
    const struct volunteer_row *row = &reading->object->row.volunteer;
    *ret_minutes = 0;
    if (!row->first_service_on)
        return 0;
    if (!filter->from && !filter->to && !filter->category && !filter->method)
        return service_total(reading, ret_minutes);
    filter->except = reading->call->record;
    int32_t first = filter->from > row->first_service_on ? filter->from : row->first_service_on;
    int32_t last =
        filter->to && filter->to < row->last_service_on ? filter->to : row->last_service_on;
    if (last < first)
        return 0;
    sandbox_charge(reading->lua,
                   SERVICE_MONTH_STEPS * (uint64_t)(date_month(last) - date_month(first) + 1));
    return person_minutes(reading->call->view, &reading->call->city->zone, reading->object->number,
                          row->first_service_on, row->last_service_on, filter, ret_minutes);
}

void service_months(const struct reading *reading, int32_t *ret_first, int32_t *ret_last) {
    const struct volunteer_row *row = &reading->object->row.volunteer;
    const struct arguments *arguments = &reading->arguments;
    int32_t first = row->first_service_on, last = row->last_service_on;
    *ret_first = 1;
    *ret_last = 0;
    if (!first)
        return;
    if (arguments->from > first)
        first = arguments->from;
    if (arguments->to && arguments->to < last)
        last = arguments->to;
    if (first > last)
        return;
    *ret_first = date_month(first);
    *ret_last = date_month(last);
}

/* A whole month is read from its totals; one that is cut, or holds the record asked about, by days.
 */
static int month_minutes(struct reading *reading, int32_t month, int64_t *ret_minutes) {
    struct minutes_filter filter = {.from = month_first_date(month),
                                    .to = month_first_date(month + 1) - 1};
    const struct arguments *arguments = &reading->arguments;
    if (arguments->from > filter.from)
        filter.from = arguments->from;
    if (arguments->to && arguments->to < filter.to)
        filter.to = arguments->to;
    return service_minutes(reading, &filter, ret_minutes);
}

int service_months_active(struct reading *reading) {
    int32_t first, last;
    int64_t n = 0;
    service_months(reading, &first, &last);
    for (int32_t month = first; month <= last; month++) {
        int64_t minutes = 0;
        int r = month_minutes(reading, month, &minutes);
        if (r != 0)
            return r;
        n += minutes > 0;
    }
    return push_integer(reading, n);
}
