/* report.reach: how far service comes into communities (做到基层、做进社区、做进家庭): which of
 * them have a station in use, a team, and activities or service of the last months, and which have
 * nothing. Counters of each community. */
#include "bus/methods.h"
#include "bus/report.h"

#define MONTHS_DEFAULT 3
#define MONTHS_LIMIT 36

struct reach {
    int64_t communities;
    int64_t stations; /* in use */
    int64_t teams;
    int64_t activities; /* in the last months */
    int64_t records;
    int64_t reached; /* had one or the other */
    int64_t minutes; /* of those months */
    int64_t households;
};

struct reaching {
    int32_t first; /* month */
    int32_t last;
    struct reach whole;
    struct reach *rows; /* by the number of the row's region */
    json_t *blank;
    json_t *section;
};

static void reach_add(struct reach *sum, const struct reach *one) {
    sum->communities += one->communities;
    sum->stations += one->stations;
    sum->teams += one->teams;
    sum->activities += one->activities;
    sum->records += one->records;
    sum->reached += one->reached;
    sum->minutes += one->minutes;
    sum->households += one->households;
}

static int read_community(struct report *report, uint32_t number, struct reach *ret_reach) {
    const struct reaching *reaching = report->context;
    struct view *view = report->query->view;
    struct counter_row row;
    static const enum counter counted[] = {COUNTER_activities, COUNTER_records, COUNTER_minutes,
                                           COUNTER_households};
    int64_t values[sizeof counted / sizeof *counted] = {0};
    int r = counter_get(view, report->day.at, NOUN_REGION, number, &row);
    for (size_t i = 0; r == 0 && i < sizeof counted / sizeof *counted; i++)
        r = counter_months(view, report->day.at, NOUN_REGION, number, counted[i], reaching->first,
                           reaching->last, &values[i]);
    *ret_reach = (struct reach){.communities = 1,
                                .stations = row.stations_opened > 0,
                                .teams = row.teams > 0,
                                .activities = values[0] > 0,
                                .records = values[1] > 0,
                                .reached = values[0] > 0 || values[1] > 0,
                                .minutes = values[2],
                                .households = values[3]};
    return r;
}

/* Neither an activity nor service: the work list. */
static int add_blank(struct report *report, const uint32_t *path, size_t depth,
                     const struct reach *reach) {
    const struct reaching *reaching = report->context;
    struct region_defined region;
    struct str name;
    int r = query_found(report_region_attributes(report, path[0], &report->arena, &region));
    if (r == 0)
        r = report_path_name(report, path, depth, &name);
    if (r == 0)
        json_array_append_new(reaching->blank,
                              json_pack("[o, o, s, s]", json_from_str(region.region),
                                        json_from_str(name), reach->stations ? "有" : "无",
                                        reach->teams ? "有" : "无"));
    return r;
}

static int note_region(struct report *report, uint32_t number, const uint32_t *path, size_t depth) {
    struct reaching *reaching = report->context;
    struct reach reach;
    if (depth != REGION_LEVEL_COMMUNITY + 1)
        return 0;
    int r = read_community(report, number, &reach);
    if (r != 0)
        return r;
    reach_add(&reaching->whole, &reach);
    reach_add(&reaching->rows[path[REGION_LEVEL_COMMUNITY - report->level]], &reach);
    return reach.reached ? 0 : add_blank(report, path, depth, &reach);
}

static void put_reach(const struct reach *reach, json_t *cells) {
    const int64_t values[] = {reach->communities, reach->stations, reach->teams,
                              reach->activities,  reach->records,  reach->reached};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        json_array_append_new(cells, json_integer((json_int_t)values[i]));
    json_array_append_new(cells, cell_percent(reach->reached, reach->communities));
    json_array_append_new(cells, json_integer((json_int_t)reach->minutes));
    json_array_append_new(cells, json_integer((json_int_t)reach->households));
}

static json_t *reach_cells(struct report *report, uint32_t number, const struct reach *reach) {
    json_t *cells = report_region_cells(report, number);
    put_reach(reach, cells);
    return cells;
}

static int add_region(struct report *report, uint32_t number) {
    const struct reaching *reaching = report->context;
    section_row(reaching->section, reach_cells(report, number, &reaching->rows[number]));
    return 0;
}

static int put_tables(struct report *report, json_t *document) {
    struct reaching *reaching = report->context;
    json_t *section = document_section(document, "社区覆盖");
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    section_column(section, "communities", "社区", "number");
    section_column(section, "stations", "有服务站", "number");
    section_column(section, "teams", "有队伍", "number");
    section_column(section, "activities", "有活动", "number");
    section_column(section, "records", "有服务记录", "number");
    section_column(section, "reached", "已覆盖", "number");
    section_column(section, "rate", "覆盖率", "percent");
    section_column(section, "minutes", "服务时长", "hours");
    section_column(section, "households", "入户（户次）", "number");
    reaching->section = section;
    int r = report_each(report, add_region);
    if (r != 0)
        return r;
    section_total(section, reach_cells(report, report->region, &reaching->whole));
    json_t *blank = document_section(document, "尚未覆盖的社区");
    section_column(blank, "region", "区划代码", "text");
    section_column(blank, "name", "社区", "text");
    section_column(blank, "station", "服务站", "text");
    section_column(blank, "team", "队伍", "text");
    json_object_set(blank, "rows", reaching->blank);
    return 0;
}

static int fill(struct report *report, json_t *document) {
    struct reaching *reaching = report->context;
    struct query *query = report->query;
    int64_t months;
    uint32_t n;
    int r = query_range(query, "months", (struct range){1, MONTHS_LIMIT}, MONTHS_DEFAULT, &months);
    if (r == 0)
        r = thing_count(query->view, NOUN_REGION, &n);
    if (r != 0)
        return r;
    reaching->last = date_month(report->day.as_of);
    reaching->first = reaching->last - (int32_t)months + 1;
    reaching->rows = arena_alloc(query->arena, (n + 1) * sizeof *reaching->rows);
    r = report_each_region(report, note_region);
    if (r == 0)
        r = put_tables(report, document);
    const char *name =
        json_string_value(json_object_get(json_object_get(document, "region"), "name"));
    document_text(
        document,
        arena_printf(query->arena,
                     "%s共有社区%lld个，近%lld个月有活动或服务的%lld个，占%.*s；入户%lld户次。",
                     name, (long long)reaching->whole.communities, (long long)months,
                     (long long)reaching->whole.reached,
                     STR_ARG(percent_text(query->arena, reaching->whole.reached,
                                          reaching->whole.communities)),
                     (long long)reaching->whole.households));
    return r;
}

int query_report_reach(struct query *query, json_t **ret_result) {
    struct reaching reaching = {.blank = json_array()};
    struct report report;
    int r = report_open(query, &report);
    report.context = &reaching;
    r = report_answer(&report, r, "社区覆盖情况", fill, ret_result);
    json_decref(reaching.blank);
    return r;
}
