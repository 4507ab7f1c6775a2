/* Projects: services that go on, some of them brands, some at home in a station, a few closed
 * within the year. One activity in six belongs to one. Memory: one row a project. */
#pragma once

#include "organisations.h"
#include "stations.h"

#define NO_PROJECT UINT32_MAX

struct project {
    uint32_t organisation;
    uint32_t station; /* index + 1, or 0 */
    uint32_t defined; /* days; 0: never */
    uint32_t closed;
    uint8_t category;
    bool brand;
    bool sponsored;
};

struct projects {
    const struct plan *plan;
    const struct organisations *organisations;
    const struct regions *regions;
    struct project *items;
    uint32_t n;
};

void projects_init(struct projects *projects, const struct plan *plan,
                   const struct organisations *organisations, const struct stations *stations);
void projects_deinit(struct projects *projects);

bool project_exists(const struct project *project, uint32_t day);
void field_project(struct output *out, const char *name, uint32_t project);
void projects_plan_day(const struct projects *projects, struct schedule *schedule, uint32_t day);
void project_write(const struct projects *projects, struct output *out, const struct entry *entry);
