/* Attendance: who came, when, and who did not. It hangs on the person's enrolment for the shift
 * (enrolments.h), which comes into being with the first check-in of somebody who never enrolled.
 *
 * A person checks in and out in turns, each check-in after the last check-out, or on a later day
 * than a check-in that was never followed by one; times are those at which it happened, and the
 * events may arrive later, in that order. A check-out makes records of the stay (derived.h). An
 * absence is recorded of somebody who was to come, once it has begun: by a publisher, and when the
 * activity is closed by the daemon. A check-in or a record that arrives afterwards takes it back.
 * Threads: the view's owner. */
#pragma once

#include "domain/enrolments.h"

struct attendance_step {
    bool out;       /* else in */
    uint8_t method; /* ATTENDANCE_METHOD_choice */
    int64_t at_s;
    int64_t distance_m; /* -1: not said */
    uint64_t sequence;
    struct str device; /* none: not said; borrowed from the row */
};

/* Each check-in and check-out of an enrolment, oldest first. `each` returns 0 to go on; what ends
 * the walk is returned. */
int attendance_each(struct view *view, uint32_t enrolment,
                    int (*each)(void *context, const struct attendance_step *step), void *context);
/* Whether that person was to come and did not, as far as is known at that time: it has begun,
 * nobody cancelled, there is no check-in, no absence yet and no record of service there. */
int attendance_is_missing(struct view *view, const struct zone *zone,
                          const struct enrolment *enrolment, int64_t now_s, bool *ret_missing);
/* For apply functions: a record says that the person served there after all; an absence that the
 * daemon noted is taken back. */
int attendance_served(struct context *context, uint32_t activity, struct str shift,
                      uint32_t volunteer);
/* The next of a row: 0, or THING_NOT_FOUND at its end, THING_DAMAGED. */
int attendance_next(struct cursor *in, struct attendance_step *ret_step);
