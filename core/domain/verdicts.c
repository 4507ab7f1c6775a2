#include "domain/verdicts.h"

#include "util/error.h"

int verdict_get(struct view *view, uint32_t record, struct verdict *ret_verdict) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_VERDICT, number_key(key, record), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_verdict->row);
    ret_verdict->by = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "who judged a record cannot be read");
    memcpy(&ret_verdict->row, fixed.data, sizeof ret_verdict->row);
    return 0;
}

void verdict_put(struct context *context, uint32_t record, unsigned before, struct str by) {
    char key[4];
    struct verdict_row verdict = {.at_s = context->event->time.us / MICROSECONDS,
                                  .before = (uint8_t)before};
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &verdict, sizeof verdict);
    buf_put_counted(row, by);
    store_put(context->store, TABLE_VERDICT, number_key(key, record), buf_str(row));
}
