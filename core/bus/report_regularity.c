/* report.regularity: whether service goes on all the year round: activities of each month, and in
 * how many of the last months there was any. From the counters of months; of teams, which have
 * none, from the activities that they held in those months, as things stand. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/activities.h"
#include "domain/teams.h"

#define MONTHS_DEFAULT 12
#define MONTHS_LIMIT 60

struct regularity {
    int32_t first; /* month */
    int32_t last;
    json_t *section;
    struct course **teams; /* by number; NULL: held nothing */
    uint32_t n_teams;
};

/* The months of one region or organisation. */
struct course {
    int64_t activities[MONTHS_LIMIT];
    int64_t records[MONTHS_LIMIT];
    int64_t minutes[MONTHS_LIMIT];
};

static size_t n_months(const struct regularity *regularity) {
    return (size_t)(regularity->last - regularity->first + 1);
}

static int read_course(struct report *report, enum noun noun, uint32_t number,
                       struct course *ret_course) {
    const struct regularity *regularity = report->context;
    struct view *view = report->query->view;
    int r = 0;
    for (size_t i = 0; r == 0 && i < n_months(regularity); i++) {
        const struct {
            enum counter counter;
            int64_t *value;
        } reads[] = {{COUNTER_activities, &ret_course->activities[i]},
                     {COUNTER_records, &ret_course->records[i]},
                     {COUNTER_minutes, &ret_course->minutes[i]}};
        int32_t month = regularity->first + (int32_t)i;
        for (size_t k = 0; r == 0 && k < sizeof reads / sizeof *reads; k++)
            r = counter_months(view, report->day.at, noun, number, reads[k].counter, month, month,
                               reads[k].value);
    }
    return r;
}

static int64_t sum_of(const int64_t *values, size_t n) {
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum;
}

static int64_t months_with(const int64_t *values, size_t n) {
    int64_t months = 0;
    for (size_t i = 0; i < n; i++)
        months += values[i] > 0;
    return months;
}

/* The longest time without service. */
static int64_t longest_pause(const int64_t *values, size_t n) {
    int64_t longest = 0, pause = 0;
    for (size_t i = 0; i < n; i++) {
        pause = values[i] > 0 ? 0 : pause + 1;
        longest = pause > longest ? pause : longest;
    }
    return longest;
}

static void put_course(const struct regularity *regularity, const struct course *course,
                       json_t *cells) {
    size_t n = n_months(regularity);
    int64_t active = months_with(course->records, n);
    const int64_t values[] = {sum_of(course->activities, n),
                              months_with(course->activities, n),
                              sum_of(course->records, n),
                              sum_of(course->minutes, n),
                              active,
                              longest_pause(course->records, n)};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        json_array_append_new(cells, json_integer((json_int_t)values[i]));
    json_array_append_new(cells, cell_percent(active, (int64_t)n));
    json_array_append_new(cells, json_string(active == (int64_t)n ? "met" : "not_met"));
}

static void course_columns(json_t *section) {
    section_column(section, "activities", "活动", "number");
    section_column(section, "activity_months", "有活动月数", "number");
    section_column(section, "records", "服务记录", "number");
    section_column(section, "minutes", "服务时长", "hours");
    section_column(section, "active_months", "有服务月数", "number");
    section_column(section, "pause", "最长间断（月）", "number");
    section_column(section, "rate", "活跃月占比", "percent");
    section_column(section, "state", "月月有服务", "state");
}

/* ---- rows ---- */

static int region_cells(struct report *report, uint32_t number, struct course *ret_course,
                        json_t **ret_cells) {
    int r = read_course(report, NOUN_REGION, number, ret_course);
    if (r != 0)
        return r;
    *ret_cells = report_region_cells(report, number);
    put_course(report->context, ret_course, *ret_cells);
    return 0;
}

static int add_region(struct report *report, uint32_t number) {
    const struct regularity *regularity = report->context;
    struct course course;
    json_t *cells;
    int r = region_cells(report, number, &course, &cells);
    if (r == 0)
        section_row(regularity->section, cells);
    return r;
}

/* Those that stand, and had anything at all. */
static int add_unit(struct report *report, const struct report_unit *unit) {
    const struct regularity *regularity = report->context;
    struct course course;
    int64_t ever;
    int r = counter_value(report->query->view, report->day.at, NOUN_ORGANISATION, unit->number,
                          COUNTER_activities, &ever);
    if (r == 0)
        r = read_course(report, NOUN_ORGANISATION, unit->number, &course);
    if (r != 0 || !unit->stands || (ever == 0 && sum_of(course.records, n_months(regularity)) == 0))
        return r;
    json_t *cells = json_pack("[o, o]", json_from_str(unit->attributes.organisation),
                              json_from_str(unit->attributes.name));
    put_course(regularity, &course, cells);
    section_row(regularity->section, cells);
    return 0;
}

/* ---- teams ---- */

static int note_activity(struct report *report, uint32_t number,
                         const struct activity_summary *summary) {
    struct regularity *regularity = report->context;
    struct query *query = report->query;
    struct activity_published activity;
    enum activity_state state;
    uint32_t team;
    arena_reset(&report->arena);
    int r = query_found(activity_get(query->view, number, &report->arena, &activity, &state));
    if (r != 0 || !HAS(&activity, activity_published, team))
        return r;
    r = thing_find(query->view, NOUN_TEAM, activity.team, &team);
    if (r != 0 || team > regularity->n_teams)
        return r < 0 ? r : 0;
    struct course **course = &regularity->teams[team];
    size_t month = (size_t)((int32_t)summary->month - regularity->first);
    if (!*course)
        *course = arena_alloc(query->arena, sizeof **course);
    (*course)->activities[month]++;
    (*course)->records[month] += summary->n_records;
    (*course)->minutes[month] += (int64_t)summary->minutes;
    return 0;
}

static int take_activity(void *context, struct str key, struct str row) {
    struct report *report = context;
    const struct regularity *regularity = report->context;
    struct cursor in = cursor_from(key);
    uint32_t number = cursor_u32_sorted(&in);
    struct activity_summary summary;
    if (row.size != sizeof summary)
        return query_found(THING_DAMAGED);
    memcpy(&summary, row.data, sizeof summary);
    if (summary.state == ACTIVITY_CANCELLED || summary.month < regularity->first ||
        summary.month > regularity->last)
        return 0;
    return note_activity(report, number, &summary);
}

/* Active ones that lie in the region, those that held nothing as well. */
static int add_team(struct report *report, uint32_t number) {
    static const struct course nothing;
    const struct regularity *regularity = report->context;
    struct query *query = report->query;
    struct team_row row;
    struct team_formed team;
    arena_reset(&report->arena);
    int r = query_found(team_get(query->view, number, &row));
    if (r != 0 || row.state != TEAM_ACTIVE || !region_lies_in(query, row.region, report->region))
        return r;
    r = query_found(team_attributes(query->view, number, &report->arena, &team));
    if (r != 0)
        return r;
    const struct course *course = regularity->teams[number];
    json_t *cells = json_pack("[o, o]", json_from_str(team.team), json_from_str(team.name));
    put_course(regularity, course ? course : &nothing, cells);
    section_row(regularity->section, cells);
    return 0;
}

static int each_team(struct report *report) {
    struct regularity *regularity = report->context;
    struct query *query = report->query;
    int r = thing_count(query->view, NOUN_TEAM, &regularity->n_teams);
    if (r != 0)
        return r;
    regularity->teams =
        arena_alloc(query->arena, (regularity->n_teams + 1) * sizeof *regularity->teams);
    r = view_scan(query->view, TABLE_ACTIVITY, STR_NONE, take_activity, report);
    for (uint32_t number = 1; r == 0 && number <= regularity->n_teams; number++)
        r = add_team(report, number);
    return r;
}

/* ---- month by month ---- */

static void put_months(struct report *report, const struct course *course, json_t *document) {
    const struct regularity *regularity = report->context;
    json_t *section = document_section(document, "逐月");
    json_t *activities = document_series(document, "每月活动", "line", NULL);
    json_t *records = document_series(document, "每月服务记录", "line", NULL);
    section_column(section, "month", "月份", "text");
    section_column(section, "activities", "活动", "number");
    section_column(section, "records", "服务记录", "number");
    section_column(section, "minutes", "服务时长", "hours");
    for (size_t i = 0; i < n_months(regularity); i++) {
        int32_t month = regularity->first + (int32_t)i;
        struct str label =
            arena_printf(report->query->arena, "%04d-%02d", month / 12, month % 12 + 1);
        section_row(section,
                    json_pack("[o, I, I, I]", json_from_str(label),
                              (json_int_t)course->activities[i], (json_int_t)course->records[i],
                              (json_int_t)course->minutes[i]));
        series_point(activities, json_from_str(label),
                     json_integer((json_int_t)course->activities[i]));
        series_point(records, json_from_str(label), json_integer((json_int_t)course->records[i]));
    }
}

static void put_text(struct report *report, const struct course *course, json_t *document) {
    const struct regularity *regularity = report->context;
    size_t n = n_months(regularity);
    const char *name =
        json_string_value(json_object_get(json_object_get(document, "region"), "name"));
    document_text(document, arena_printf(report->query->arena,
                                         "%s近%zu个月开展活动%lld场，%lld个月有服务记录。", name, n,
                                         (long long)sum_of(course->activities, n),
                                         (long long)months_with(course->records, n)));
}

/* ---- the report ---- */

enum rows { BY_REGION, BY_UNIT, BY_TEAM };
static const char *const other_rows[] = {"unit", "team"}; /* behind the levels of regions */
static const char *const titles[][4] = {{"分区划", "region", "区划代码", NULL},
                                        {"分单位", "organisation", "组织编号", "单位"},
                                        {"分队伍", "team", "队伍编号", "队伍"}};

static int each_row(struct report *report, enum rows by) {
    switch (by) {
    case BY_UNIT:
        return report_each_unit(report, add_unit);
    case BY_TEAM:
        return each_team(report);
    default:
        return report_each(report, add_region);
    }
}

static int put_rows(struct report *report, enum rows by, json_t *document) {
    struct regularity *regularity = report->context;
    struct course whole;
    json_t *cells;
    json_t *section = document_section(document, titles[by][0]);
    section_column(section, titles[by][1], titles[by][2], "text");
    section_column(section, "name",
                   titles[by][3] ? titles[by][3] : REGION_LEVEL_choices.labels[report->level],
                   "text");
    course_columns(section);
    regularity->section = section;
    int r = each_row(report, by);
    if (r == 0)
        r = region_cells(report, report->region, &whole, &cells);
    if (r != 0)
        return r;
    section_total(section, cells);
    put_months(report, &whole, document);
    put_text(report, &whole, document);
    return 0;
}

static int fill(struct report *report, json_t *document) {
    struct regularity *regularity = report->context;
    struct query *query = report->query;
    int64_t months;
    int other;
    int r = report_read_by(report, other_rows, sizeof other_rows / sizeof *other_rows, &other);
    if (r == 0)
        r = query_range(query, "months", (struct range){1, MONTHS_LIMIT}, MONTHS_DEFAULT, &months);
    if (r != 0)
        return r;
    regularity->last = date_month(report->day.as_of);
    regularity->first = regularity->last - (int32_t)months + 1;
    return put_rows(report, (enum rows)(other + 1), document);
}

int query_report_regularity(struct query *query, json_t **ret_result) {
    struct regularity regularity = {0};
    struct report report;
    int r = report_open_region(query, &report);
    report.context = &regularity;
    return report_answer(&report, r, "志愿服务常态化", fill, ret_result);
}
