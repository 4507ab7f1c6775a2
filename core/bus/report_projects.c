/* report.projects: what was done in each project, and whether brands go on: a brand has activities
 * in each of the last months. It walks the rows of activities once. */
#include "bus/methods.h"
#include "bus/project_sums.h"
#include "bus/report.h"
#include "bus/thing_show.h"
#include "domain/projects.h"

#define MONTHS_DEFAULT 3

struct projecting {
    struct project_window window;
    struct project_sum *sums; /* by number */
    uint32_t n;
    bool brands; /* alone */
    struct project_sum whole;
    json_t *section;
};

static json_t *project_cells(struct report *report, uint32_t number, const struct thing *thing,
                             const struct project_sum *sum, struct arena *arena) {
    const struct projecting *projecting = report->context;
    const struct project_defined *project = thing->attributes;
    struct organisation_defined organisation = {.name = STR_NONE};
    uint32_t holder;
    if (thing_find(report->query->view, NOUN_ORGANISATION, project->organisation, &holder) == 0)
        organisation_attributes(report->query->view, holder, arena, &organisation);
    const char *goes_on = !project->brand                              ? NULL
                          : sum->months == projecting->window.n_months ? "met"
                                                                       : "not_met";
    (void)number;
    return json_pack(
        "[o, o, o, o, s, s, I, I, I, I, o]", json_from_str(project->project),
        json_from_str(project->title), json_from_str(organisation.name),
        json_from_str(HAS(project, project_defined, station) ? project->station : STR_NONE),
        project->brand ? "是" : "否", project_stage_label(thing->state, sum),
        (json_int_t)sum->activities, (json_int_t)sum->records, (json_int_t)sum->minutes,
        (json_int_t)sum->months, goes_on ? json_string(goes_on) : json_null());
}

static int add_project(struct report *report, uint32_t number) {
    struct projecting *projecting = report->context;
    const struct project_sum *sum = &projecting->sums[number];
    struct thing thing;
    uint32_t region = 0;
    int r =
        query_found(thing_get(report->query->view, NOUN_PROJECT, number, &report->arena, &thing));
    if (r == 0)
        r = query_found(project_region(report->query, number, &thing, &region));
    if (r != 0)
        return r;
    const struct project_defined *project = thing.attributes;
    if (!region_lies_in(report->query, region, report->region) ||
        (projecting->brands && !project->brand))
        return 0;
    projecting->whole.activities += sum->activities;
    projecting->whole.records += sum->records;
    projecting->whole.minutes += sum->minutes;
    section_row(projecting->section, project_cells(report, number, &thing, sum, &report->arena));
    return 0;
}

static int fill(struct report *report, json_t *document) {
    struct projecting *projecting = report->context;
    json_t *section = document_section(document, projecting->brands ? "品牌项目" : "项目");
    int r = 0;
    projecting->section = section;
    section_column(section, "project", "编号", "text");
    section_column(section, "title", "名称", "text");
    section_column(section, "organisation", "主办组织", "text");
    section_column(section, "station", "落户服务站", "text");
    section_column(section, "brand", "品牌", "text");
    section_column(section, "stage", "阶段", "text");
    section_column(section, "activities", "活动数", "number");
    section_column(section, "records", "服务人次", "number");
    section_column(section, "minutes", "服务时长", "hours");
    section_column(section, "months", "近期有活动的月数", "number");
    section_column(section, "goes_on", "品牌持续", "state");
    for (uint32_t number = 1; r == 0 && number <= projecting->n; number++) {
        arena_reset(&report->arena);
        r = add_project(report, number);
    }
    section_total(section, json_pack("[n, s, n, n, n, n, I, I, I, n, n]", "合计",
                                     (json_int_t)projecting->whole.activities,
                                     (json_int_t)projecting->whole.records,
                                     (json_int_t)projecting->whole.minutes));
    document_text(document, arena_printf(report->query->arena,
                                         "品牌项目须在最近%d个月（含本月）每月都有活动。",
                                         (int)projecting->window.n_months));
    return r;
}

int query_report_projects(struct query *query, json_t **ret_result) {
    struct report report;
    struct projecting projecting = {.brands = query_boolean(query, "brands", false)};
    int64_t months = MONTHS_DEFAULT;
    int r = report_open_region(query, &report);
    if (r == 0)
        r = query_range(query, "months", (struct range){1, PROJECT_MONTHS_LIMIT}, MONTHS_DEFAULT,
                        &months);
    projecting.window =
        (struct project_window){.last = date_month(report.day.as_of), .n_months = (int32_t)months};
    report.context = &projecting;
    if (r == 0)
        r = query_found(thing_count(query->view, NOUN_PROJECT, &projecting.n));
    if (r == 0)
        r = project_sums(query, &projecting.window, projecting.n, &projecting.sums);
    return report_answer(&report, r, "志愿服务项目", fill, ret_result);
}
