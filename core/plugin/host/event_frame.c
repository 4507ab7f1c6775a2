#include "plugin/host/event_frame.h"

static const char *take_text(struct cursor *cursor, size_t size) {
    struct str text = cursor_take(cursor, size + 1);
    if (!cursor->failed && text.data[size] != '\0')
        cursor->failed = true;
    return text.data;
}

bool event_frame_next(struct cursor *cursor, struct vol_event *ret_event) {
    if (cursor->failed || cursor_left(cursor) == 0)
        return false;
    struct vol_event event = {.sequence = cursor_u64(cursor),
                              .cause = cursor_u64(cursor),
                              .time_us = (int64_t)cursor_u64(cursor),
                              .recorded_us = (int64_t)cursor_u64(cursor)};
    event.json_size = cursor_u32(cursor);
    size_t type_size = cursor_u16(cursor);
    event.type = take_text(cursor, type_size);
    event.json = take_text(cursor, event.json_size);
    if (cursor->failed)
        return false;
    *ret_event = event;
    return true;
}
