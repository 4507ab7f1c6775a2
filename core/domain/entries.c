#include "domain/entries.h"

#include "domain/hot.h"
#include "util/error.h"

static const struct hot_kind rows = HOT_PLAIN(TABLE_ENTRIES, struct entries_row);

int record_pace(struct view *view, uint32_t record, struct pace *ret_pace) {
    char key[4];
    struct str row;
    *ret_pace = (struct pace){0};
    int r = view_get(view, TABLE_PACE, number_key(key, record), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size != sizeof *ret_pace)
        return error_note(-EBADMSG, "the pace of a record cannot be read");
    memcpy(ret_pace, row.data, sizeof *ret_pace);
    return 0;
}

int entries_count(struct context *context, uint32_t record, struct str recorder) {
    char key[4];
    void *value;
    int64_t minute = context->event->time.us / (60 * MICROSECONDS);
    int32_t day = context_date(context);
    int r = hot_change(context, &rows, recorder, &value);
    if (r != 0)
        return r;
    struct entries_row *row = value;
    row->n_minute = row->minute == minute ? row->n_minute + 1 : 1;
    row->n_day = row->day == day ? row->n_day + 1 : 1;
    row->minute = minute;
    row->day = day;
    const struct pace pace = {row->n_minute, row->n_day};
    if (pace.n_minute >= PACE_MINUTE_LEAST || pace.n_day >= PACE_DAY_LEAST)
        store_put(context->store, TABLE_PACE, number_key(key, record),
                  (struct str){(const char *)&pace, sizeof pace});
    return 0;
}
