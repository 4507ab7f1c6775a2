/* What the campaign's units do in the communities: each agrees with one, keeps watch over a post
 * there with bounds and days of duty, and its Party members in service report in and claim it. Now
 * and then nobody comes, some never report in, one post in four is claimed by the unit for people
 * who agree.
 */
#pragma once

#include "people.h"

struct posts {
    const struct people *people;
};

void posts_plan_day(const struct posts *posts, struct schedule *schedule, uint32_t day);
void post_write(const struct posts *posts, struct output *out, const struct entry *entry);
