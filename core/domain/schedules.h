/* Schedules of policies: "daily", "monthly:5", "yearly:04-30", as policy.activated carries them.
 * Threads: pure functions. */
#pragma once

#include "util/str.h"

/* Whether the schedule falls on that day. What is yearly on 29 February falls on 28 February in
 * years without it. A text that is none of the three falls on no day. */
bool schedule_falls_on(struct str schedule, int32_t date);
