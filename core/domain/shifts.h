/* Shifts: when an activity takes place, how many it takes, and how many came. Each shift of an
 * activity has a row, and the activity as a whole has one, under no shift: it counts everybody,
 * whatever shift they are in. A shift that a change leaves out keeps its row, gone. Threads: the
 * view's owner. */
#pragma once

#include "domain/things.h"

struct shift_row {
    int64_t starts_s;
    int64_t ends_s;
    uint64_t sequence; /* of the event that said it last */
    uint32_t places;
    uint32_t n_accepted; /* enrolments in that state now */
    uint32_t n_waitlisted;
    uint32_t n_attended; /* people who checked in */
    uint32_t n_missed;
    uint32_t n_ratings; /* of the activity as a whole */
    uint32_t rating_sum;
    uint32_t waiting;       /* the list of those who wait for it (waiting.h); 0: nobody ever did */
    uint32_t waiting_first; /* before this entry nobody waits any more */
    /* Of the activity as a whole: check-ins that followed one another in the same second, of
     * everybody on his or her own (not by group); now, and the most there were. */
    uint32_t n_at_once;
    uint32_t most_at_once;
    int64_t last_check_in_s;
    uint8_t gone;   /* left out by a change, or the activity was cancelled */
    uint8_t moving; /* a run moves up those who wait */
    uint8_t spare[6];
};

/* THING_NOT_FOUND: there never was such a shift. */
int shift_get(struct view *view, uint32_t activity, struct str shift, struct shift_row *ret_row);
/* How many may still be accepted; never below 0. */
uint32_t shift_places_left(const struct shift_row *row);

/* ---- for apply functions ---- */

/* The rows follow what an activity now says; `before` is what it said until now, or NULL. > 0 where
 * a shift stands twice. */
int shifts_put(struct context *context, uint32_t activity, const struct activity_published *data,
               const struct activity_published *before);
/* The activity is cancelled: none of them takes place. */
int shifts_cancel(struct context *context, uint32_t activity,
                  const struct activity_published *data);
/* The shift named, or the activity as a whole; one that takes place. > 0 with unknown_shift. */
int shift_open(struct context *context, uint32_t activity, struct str shift,
               struct shift_row *ret_row);

/* What one person's enrolment adds to the counts. */
struct shift_change {
    int32_t accepted;
    int32_t waitlisted;
    int32_t attended;
    int32_t missed;
};
int shift_count(struct context *context, uint32_t activity, struct str shift,
                const struct shift_change *change);
void shift_put(struct context *context, uint32_t activity, struct str shift,
               const struct shift_row *row);
/* *ret_most: the most there were in one second. */
int shift_check_in(struct context *context, uint32_t activity, int64_t at_s, bool by_group,
                   uint32_t *ret_most);
int shift_rate(struct context *context, uint32_t activity, int64_t rating);
