/* The body of FRAME_EVENTS: events one behind the other, read where they lie. */
#pragma once

#include "plugin/protocol.h"
#include "plugin/volunteer_plugin.h"
#include "util/buf.h"

/* The next one. False at the end, or with cursor->failed where what is there is no event. */
bool event_frame_next(struct cursor *cursor, struct vol_event *ret_event);
