#include "domain/days.h"

#include "domain/things.h"
#include "util/error.h"

#define LOOK_AHEAD_DAYS 3660

static struct str date_key(char key[static 4], int32_t date) {
    return number_key(key, (uint32_t)date);
}

/* 1970-01-01 was a Thursday. */
static bool is_weekend(int32_t date) {
    int32_t weekday = ((date + 3) % 7 + 7) % 7; /* 0: Monday */
    return weekday >= 5;
}

enum DAY_KIND_choice day_usual_kind(int32_t date) {
    return is_weekend(date) ? DAY_KIND_REST : DAY_KIND_WORKDAY;
}

int day_get(struct view *view, int32_t date, struct day *ret_day) {
    char key[4];
    struct str row;
    *ret_day = (struct day){.kind = day_usual_kind(date)};
    int r = view_get(view, TABLE_CALENDAR, date_key(key, date), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    struct cursor in = cursor_from(row);
    ret_day->kind = cursor_byte(&in);
    ret_day->set = true;
    ret_day->name = cursor_counted(&in);
    if (in.failed || ret_day->kind >= DAY_KIND_COUNT)
        return error_note(-EBADMSG, "a day's row cannot be read");
    return 0;
}

int day_after_workdays(struct view *view, int32_t date, uint32_t n, int32_t *ret_date) {
    for (int32_t look = 0; n > 0; look++) {
        struct day day;
        if (look >= LOOK_AHEAD_DAYS)
            return THING_NOT_FOUND;
        int r = day_get(view, ++date, &day);
        if (r != 0)
            return r;
        n -= day.kind == DAY_KIND_WORKDAY;
    }
    *ret_date = date;
    return 0;
}

int apply_calendar_day_set(struct context *context, const struct event *event,
                           const struct calendar_day_set *data) {
    (void)event;
    char key[4];
    struct buf *row = &context->scratch;
    if (data->date <= 0)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.date",
                           "the calendar begins on 1970-01-02");
    buf_reset(row);
    buf_put_byte(row, (uint8_t)data->kind);
    buf_put_counted(row, data->name);
    store_put(context->store, TABLE_CALENDAR, date_key(key, data->date), buf_str(row));
    return 0;
}
