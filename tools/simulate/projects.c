#include "projects.h"

#include <stdlib.h>

#include "activities.h"
#include "categories.h"
#include "random.h"

#define PEOPLE_PER_PROJECT 120u
#define LEAST_PROJECTS 10u
#define IN_STATION_EVERY 8u
#define CLOSED_PER_1000 70u

enum step { STEP_DEFINED, STEP_CLOSED };

/* A project moves in once its station is open. */
static void move_in(struct project *project, const struct stations *stations, uint32_t index) {
    uint32_t station = index / IN_STATION_EVERY % stations->n;
    const struct station *home = &stations->items[station];
    if (home->closed)
        return;
    project->station = station + 1;
    project->defined = home->opened + 1 + index % 20;
    project->closed = 0;
}

static struct project draw_project(const struct projects *projects, uint32_t index,
                                   const struct stations *stations) {
    struct random random = random_for(projects->plan->seed, STREAM_PROJECT, index);
    struct project project = {.organisation = random_below(&random, projects->organisations->n)};
    project.category = (uint8_t)category_draw((uint32_t)random_next(&random), false, false);
    project.brand = random_chance(&random, 120);
    project.sponsored = random_chance(&random, 200);
    project.defined = random_chance(&random, 600)
                          ? SETUP_DAYS - random_between(&random, 1, PUBLISHED_DAYS_AHEAD)
                          : SETUP_DAYS + random_between(&random, 0, 250);
    if (random_chance(&random, CLOSED_PER_1000))
        project.closed = project.defined + random_between(&random, 60, 200);
    if (stations->n && index % IN_STATION_EVERY == IN_STATION_EVERY - 1)
        move_in(&project, stations, index);
    return project;
}

void projects_init(struct projects *projects, const struct plan *plan,
                   const struct organisations *organisations, const struct stations *stations) {
    uint32_t n = plan->n_volunteers / PEOPLE_PER_PROJECT;
    *projects = (struct projects){.plan = plan,
                                  .organisations = organisations,
                                  .regions = stations->regions,
                                  .n = n < LEAST_PROJECTS ? LEAST_PROJECTS : n};
    projects->items = calloc(projects->n, sizeof(*projects->items));
    if (!projects->items)
        abort();
    for (uint32_t i = 0; i < projects->n; i++)
        projects->items[i] = draw_project(projects, i, stations);
}

void projects_deinit(struct projects *projects) {
    free(projects->items);
    projects->items = NULL;
}

bool project_exists(const struct project *project, uint32_t day) {
    return project->defined < day && (!project->closed || day < project->closed);
}

void field_project(struct output *out, const char *name, uint32_t project) {
    field_id(out, name, "tszyz:p", 4, project + 1);
}

void projects_plan_day(const struct projects *projects, struct schedule *schedule, uint32_t day) {
    for (uint32_t i = 0; i < projects->n; i++) {
        const uint32_t days[] = {projects->items[i].defined, projects->items[i].closed};
        for (uint32_t step = 0; step < 2; step++)
            if (days[step] == day)
                schedule_add(schedule, &(struct entry){.moment = day * DAY_S + 9 * HOUR_S +
                                                                 i * 53 % (8 * HOUR_S),
                                                       .kind = ENTRY_PROJECT,
                                                       .subject = i,
                                                       .activity = step});
    }
}

static void write_defined(const struct projects *projects, struct output *out, uint32_t index) {
    static const char *const names[] = {"爱心", "阳光", "清泉", "暖心",
                                        "守望", "同行", "绿色", "微光"};
    const struct project *project = &projects->items[index];
    const struct category *category = category_at(project->category);
    uint32_t county = region_ancestor(
        projects->regions, projects->organisations->items[project->organisation].region, 3);
    struct buf title = {0};
    buf_printf(&title, "%.*s“%s”%s项目%u", STR_ARG(projects->regions->items[county].name),
               names[index % 8], category->title, (unsigned)index + 1);
    field_text(out, "title", buf_str(&title));
    field_text(out, "category", str_from(category->code));
    field_organisation(out, "organisation", project->organisation);
    if (project->station)
        field_station(out, "station", project->station - 1);
    if (project->brand)
        field_true(out, "brand");
    if (project->sponsored) {
        field_list(out, "sponsors");
        list_text(out, STR("模拟爱心企业"));
        list_end(out);
    }
    buf_deinit(&title);
}

void project_write(const struct projects *projects, struct output *out, const struct entry *entry) {
    bool defined = entry->activity == STEP_DEFINED;
    event_begin(out, SOURCE_PLATFORM, defined ? "project.defined" : "project.closed",
                entry->moment);
    field_project(out, "project", entry->subject);
    if (defined)
        write_defined(projects, out, entry->subject);
    else
        field_text(out, "reason", STR("项目期满"));
    event_end(out);
}
