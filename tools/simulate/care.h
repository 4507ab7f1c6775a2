/* The people who are looked after: enrolled with their consent, a plan with two volunteers, an
 * activity of a project that goes on for the whole year, and a visit before breakfast every other
 * week; now and then nobody comes. Few leave. Nobody is in it: names are drawn, numbers are of an
 * area that is not assigned. */
#pragma once

#include "projects.h"
#include "shares.h"

struct cares {
    const struct people *people;
    const struct projects *projects;
    uint32_t n;
};

void cares_init(struct cares *cares, const struct people *people, const struct projects *projects);
void cares_plan_day(const struct cares *cares, struct schedule *schedule, uint32_t day);
void care_write(const struct cares *cares, struct output *out, const struct entry *entry);
