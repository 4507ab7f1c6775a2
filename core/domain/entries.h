/* How fast somebody enters records by hand (method manual): counted by recorder, for the minute and
 * for the day, in the event's own time. A record keeps what it saw where that was fast, so that the
 * answer stays the same whenever it is asked for. Threads: the view's owner. */
#pragma once

#include "domain/records.h"

/* Below these nothing is kept: that many a minute or a day is anybody's pace. */
#define PACE_MINUTE_LEAST 5
#define PACE_DAY_LEAST 50

struct pace {
    uint32_t n_minute; /* records by its recorder in that minute, itself with them; 0: few */
    uint32_t n_day;
};

/* All zero where it was not fast. 0 or < 0. */
int record_pace(struct view *view, uint32_t record, struct pace *ret_pace);

/* A recorder's row, for the export. */
struct entries_row {
    int64_t minute; /* since 1970 */
    int32_t day;
    uint32_t n_minute;
    uint32_t n_day;
    uint32_t spare;
};

/* ---- for apply functions ---- */

/* That person enters this record by hand, now. */
int entries_count(struct context *context, uint32_t record, struct str recorder);
