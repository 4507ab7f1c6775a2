/* Ratings (评价) of service, 1 to 5, by who was served and by who held the activity. Of a record
 * the last word of each side holds; of an activity every rating counts. What the served say is
 * counted by region, organisation and category in the month of the service, and at the activity,
 * its own ratings and those of its records; of a record it also stands on the volunteer's list
 * (LIST_RATINGS: the record, its day, `state` the rating). Threads: the view's owner. */
#pragma once

#include "domain/record_notes.h"

#define RATING_MOST 5

struct activity_rating {
    uint32_t n[RATED_BY_COUNT][RATING_MOST]; /* [by][rating - 1] */
};
/* All zero where nobody rated. 0 or < 0. */
int activity_rating_get(struct view *view, uint32_t activity, struct activity_rating *ret_rating);
/* How many ratings, and their sum. */
struct rating_sum {
    int64_t n;
    int64_t sum;
};
struct rating_sum activity_rating_sum(const struct activity_rating *rating,
                                      enum RATED_BY_choice by);
