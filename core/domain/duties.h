/* Duty at posts (值守): what was done there and found (巡查), and the days on which nobody came.
 *
 * post.duty_done is written by whoever was there, or for them: it makes a record of service as a
 * check-out does (derived.h), and its findings are the patrol record, kept at the post.
 *
 * A post with a duty calendar (duty_calendar.h) stands on the list of its next day of duty
 * (day_lists.h). The midnight after it begins a run over that list alone: of each duty day that is
 * over and on which nobody did duty it says so (post.overdue), and applying its progress puts the
 * post on the list of its next day. A day of duty is one since the day after the post was defined
 * or its calendar changed. From the first day that was missed to the next duty somebody does the
 * post is overdue. Duty that is told of late counts on its day: what was missed then was not. Duty
 * whose record is revoked was none: the day is missed after all, unless an appeal brings the record
 * back.
 *
 * Threads: the view's owner. Errors: as things.h. */
#pragma once

#include "domain/derived.h"
#include "domain/posts.h"
#include "domain/records.h"

struct duty_row {
    int64_t starts_s;
    uint64_t sequence; /* of post.duty_done */
    uint32_t volunteer;
    uint32_t span_s;
    uint8_t method;  /* ATTENDANCE_METHOD_choice */
    uint8_t revoked; /* 1: its record was revoked: nobody was there */
    uint8_t spare[6];
};
_Static_assert(sizeof(struct duty_row) == 32, "a row has no gaps");

struct duty {
    struct duty_row row;
    struct str findings; /* none: not said; borrowed from the row */
};

/* The n-th at a post, from 1, in the order in which they were told. */
int duty_get(struct view *view, uint32_t post, uint32_t n, struct duty *ret_duty);
/* What the record is called that the duty gave on its first day: the daemon's name for it, which
 * stands behind another number where a publisher had taken it before. */
struct str duty_record_name(struct arena *arena, uint64_t sequence);

/* What became of a day at a post: whether it was missed, and which duties were told of it. */
struct duty_day {
    bool missed;
    size_t n_done; /* of those told: not revoked */
    size_t n;
    const char *duties; /* u32 each, with DUTY_REVOKED; borrowed as view_get says */
};
#define DUTY_REVOKED UINT32_C(0x80000000)
int duty_day_get(struct view *view, uint32_t post, int32_t date, struct duty_day *ret_day);
/* Each day at a post on which something was, from `from` on. `each` returns 0 to go on. */
int duty_days_each(struct view *view, uint32_t post, int32_t from,
                   int (*each)(void *context, int32_t date, const struct duty_day *day),
                   void *context);
/* The next day of duty after `after`, by the calendar as the city has it; looks two months ahead.
 * THING_NOT_FOUND: none, or the post has no calendar. */
int duty_next(struct view *view, const struct post_defined *post, int32_t after, int32_t *ret_date);

/* For the run of a day: the n-th post on that day's list; and, of a post with a day of duty up to
 * `until` that nobody has looked at, the first one after `after` that was missed, or
 * THING_NOT_FOUND. */
int duty_due_get(struct view *view, int32_t date, uint32_t n, uint32_t *ret_post);
int duty_missed_after(struct view *view, uint32_t post, int32_t after, int32_t until,
                      struct arena *arena, int32_t *ret_date);

/* The last duty told of at a post, as a stay there. */
int duty_stay(struct view *view, uint32_t post, struct stay *ret_stay);

/* ---- for apply functions ---- */

/* > 0 with out_of_range where the calendar of the post cannot be read. */
int duty_check_calendar(struct context *context, const struct post_defined *data);
/* The post is as `data` says from now on; `before` is how it was while it was open, or NULL. Its
 * next day of duty follows. */
int duty_plan(struct context *context, uint32_t post, const struct post_defined *before,
              const struct post_defined *data, struct post_row *row);
/* A record of duty came into a state: revoked, or another. */
int duty_record_settled(struct context *context, const struct record_row *record,
                        const struct service_recorded *details);
/* A day is over: a run is to look at the posts with duty on it. */
int duties_day_ended(struct context *context, int32_t date);
/* The run has looked at those after `from` up to `to`: each goes on to its next day. */
int duties_settle(struct context *context, int32_t date, uint32_t from, uint32_t to, bool done);
