/* report.maturity: 常态化、专业化、品牌化 as three shares, of each region:
 * - regular: residents' communities with accepted service in at least `active` of the last `months`
 *   months, of all of them (the counters of months);
 * - professional: members of professional teams whose qualifications are valid on the day, of all
 *   members of those teams (as report.teams counts them);
 * - brand: open brand projects with activities in each of the last `brand_months` months, of all
 *   open brand projects (as report.projects counts them).
 * Communities by what was known at the day's end; teams and projects as things stand. */
#include "bus/methods.h"
#include "bus/project_sums.h"
#include "bus/report.h"
#include "bus/station_sites.h"
#include "bus/team_skills.h"
#include "bus/thing_show.h"
#include "domain/projects.h"

#define MONTHS_DEFAULT 12
#define MONTHS_LIMIT 60
#define ACTIVE_DEFAULT 9
#define BRAND_MONTHS_DEFAULT 3

struct tally {
    int64_t communities, regular;
    int64_t teams, members, qualified; /* professional ones */
    int64_t brands, ongoing;
};

struct maturity {
    struct report *report;
    int32_t first, last; /* month */
    int64_t active;
    struct tally *tallies; /* by a region's number */
    uint32_t n_regions;
    json_t *section;
    json_t *series[3];
};

/* One more in the region and whatever it lies in. */
static void add_up(struct maturity *maturity, const uint32_t *path, size_t depth,
                   const struct tally *one) {
    for (size_t i = 0; i < depth; i++) {
        if (path[i] > maturity->n_regions)
            continue;
        struct tally *tally = &maturity->tallies[path[i]];
        tally->communities += one->communities;
        tally->regular += one->regular;
        tally->teams += one->teams;
        tally->members += one->members;
        tally->qualified += one->qualified;
        tally->brands += one->brands;
        tally->ongoing += one->ongoing;
    }
}

static void add_at(struct maturity *maturity, uint32_t region, const struct tally *one) {
    uint32_t path[REGION_DEPTH];
    size_t depth = region_path(maturity->report->query->view, region, path);
    add_up(maturity, path, depth, one);
}

/* ---- 常态化 ---- */

static int take_community(struct report *report, uint32_t region, const uint32_t *path,
                          size_t depth) {
    struct maturity *maturity = report->context;
    struct region_defined attributes;
    struct tally one = {.communities = 1};
    int64_t active = 0;
    if (depth != REGION_LEVEL_COMMUNITY + 1)
        return 0;
    int r = query_found(report_region_attributes(report, region, &report->arena, &attributes));
    if (r != 0 || !region_wants_station(&attributes))
        return r;
    for (int32_t month = maturity->first; r == 0 && month <= maturity->last; month++) {
        int64_t records;
        r = counter_months(report->query->view, report->day.at, NOUN_REGION, region,
                           COUNTER_records, month, month, &records);
        active += r == 0 && records > 0;
    }
    one.regular = active >= maturity->active;
    add_up(maturity, path, depth, &one);
    return r;
}

/* ---- 专业化 ---- */

static int take_team(void *context, struct str key, struct str value) {
    struct maturity *maturity = context;
    struct report *report = maturity->report;
    struct view *view = report->query->view;
    struct cursor in = cursor_from(key);
    uint32_t number = cursor_u32_sorted(&in);
    struct team_row row;
    struct team_formed team;
    struct team_skills skills;
    (void)value;
    arena_reset(&report->arena);
    int r = query_found(team_get(view, number, &row));
    if (r == 0 && row.state == TEAM_ACTIVE)
        r = query_found(team_attributes(view, number, &report->arena, &team));
    if (r != 0 || row.state != TEAM_ACTIVE || !team.professional)
        return r;
    r = team_skills_read(view, number, &team, report->day.as_of, &report->arena, &skills);
    if (r == 0)
        add_at(
            maturity, row.region,
            &(struct tally){.teams = 1, .members = skills.members, .qualified = skills.qualified});
    return r;
}

/* ---- 品牌化 ---- */

static int take_project(struct maturity *maturity, uint32_t number, const struct project_sum *sum,
                        int32_t n_months) {
    struct report *report = maturity->report;
    struct thing thing;
    uint32_t region = 0;
    arena_reset(&report->arena);
    int r =
        query_found(thing_get(report->query->view, NOUN_PROJECT, number, &report->arena, &thing));
    if (r != 0)
        return r;
    const struct project_defined *project = thing.attributes;
    if (!project->brand || thing.state != PROJECT_OPEN)
        return 0;
    r = query_found(project_region(report->query, number, &thing, &region));
    if (r == 0)
        add_at(maturity, region, &(struct tally){.brands = 1, .ongoing = sum->months == n_months});
    return r;
}

static int take_projects(struct maturity *maturity, int32_t n_months) {
    struct query *query = maturity->report->query;
    const struct project_window window = {.last = maturity->last, .n_months = n_months};
    struct project_sum *sums;
    uint32_t n;
    int r = query_found(thing_count(query->view, NOUN_PROJECT, &n));
    if (r == 0)
        r = project_sums(query, &window, n, &sums);
    for (uint32_t number = 1; r == 0 && number <= n; number++)
        r = take_project(maturity, number, &sums[number], n_months);
    return r;
}

/* ---- the document ---- */

static void put_columns(struct report *report, json_t *section) {
    static const char *const columns[][3] = {
        {"communities", "社区", "number"},          {"regular", "常态服务社区", "number"},
        {"regular_rate", "常态化", "percent"},      {"professional_teams", "专业队伍", "number"},
        {"members", "专业队员", "number"},          {"qualified", "持证有效", "number"},
        {"professional_rate", "专业化", "percent"}, {"brands", "品牌项目", "number"},
        {"ongoing", "持续开展", "number"},          {"brand_rate", "品牌化", "percent"},
    };
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        section_column(section, columns[i][0], columns[i][1], columns[i][2]);
}

static json_t *region_cells(struct report *report, uint32_t region) {
    const struct maturity *maturity = report->context;
    const struct tally *tally = &maturity->tallies[region];
    json_t *cells = report_region_cells(report, region);
    const struct {
        int64_t whole, between, part; /* between: -1: nothing stands there */
    } parts[] = {{tally->communities, -1, tally->regular},
                 {tally->teams, tally->members, tally->qualified},
                 {tally->brands, -1, tally->ongoing}};
    for (size_t i = 0; cells && i < sizeof parts / sizeof *parts; i++) {
        json_array_append_new(cells, json_integer(parts[i].whole));
        if (parts[i].between >= 0)
            json_array_append_new(cells, json_integer(parts[i].between));
        json_array_append_new(cells, json_integer(parts[i].part));
        json_array_append_new(
            cells,
            cell_percent(parts[i].part, parts[i].between >= 0 ? parts[i].between : parts[i].whole));
    }
    return cells;
}

static void draw(const struct maturity *maturity, const json_t *cells, const struct tally *tally) {
    const int64_t parts[][2] = {{tally->regular, tally->communities},
                                {tally->qualified, tally->members},
                                {tally->ongoing, tally->brands}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        series_point(maturity->series[i], json_incref(json_array_get(cells, 1)),
                     point_percent(parts[i][0], parts[i][1]));
}

static int add_region(struct report *report, uint32_t region) {
    const struct maturity *maturity = report->context;
    json_t *cells = region_cells(report, region);
    if (!cells)
        return query_found(THING_NOT_FOUND);
    draw(maturity, cells, &maturity->tallies[region]);
    section_row(maturity->section, cells);
    return 0;
}

static int put_all(struct report *report, json_t *document, int64_t brand_months) {
    static const char *const titles[] = {"常态化", "专业化", "品牌化"};
    struct maturity *maturity = report->context;
    maturity->section = document_section(document, "常态化、专业化、品牌化");
    put_columns(report, maturity->section);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        maturity->series[i] = document_series(document, titles[i], "bar", "%");
    int r = report_each(report, add_region);
    if (r != 0)
        return r;
    section_total(maturity->section, region_cells(report, report->region));
    document_text(
        document,
        arena_printf(
            report->query->arena,
            "常态化：近%d个月中至少%lld个月有服务记录的居民社区所占比例；专业化：专业队伍队"
            "员中所需资格有效的比例；品牌化：在办品牌项目中最近%lld个月每月都有活动的比例。",
            (int)(maturity->last - maturity->first + 1), (long long)maturity->active,
            (long long)brand_months));
    return 0;
}

static int fill(struct report *report, json_t *document) {
    struct maturity *maturity = report->context;
    struct query *query = report->query;
    int64_t months, brand_months;
    int r = query_range(query, "months", (struct range){1, MONTHS_LIMIT}, MONTHS_DEFAULT, &months);
    if (r == 0)
        r = query_range(query, "active", (struct range){1, months},
                        months < ACTIVE_DEFAULT ? months : ACTIVE_DEFAULT, &maturity->active);
    if (r == 0)
        r = query_range(query, "brand_months", (struct range){1, PROJECT_MONTHS_LIMIT},
                        BRAND_MONTHS_DEFAULT, &brand_months);
    if (r == 0)
        r = query_found(thing_count(query->view, NOUN_REGION, &maturity->n_regions));
    if (r != 0)
        return r;
    size_t bytes = (maturity->n_regions + 1) * sizeof *maturity->tallies;
    maturity->tallies = arena_alloc(query->arena, bytes);
    memset(maturity->tallies, 0, bytes);
    maturity->last = date_month(report->day.as_of);
    maturity->first = maturity->last - (int32_t)months + 1;
    r = report_each_region(report, take_community);
    if (r == 0)
        r = view_scan(query->view, TABLE_TEAM, STR_NONE, take_team, maturity);
    if (r == 0)
        r = take_projects(maturity, (int32_t)brand_months);
    return r == 0 ? put_all(report, document, brand_months) : r;
}

int query_report_maturity(struct query *query, json_t **ret_result) {
    struct report report;
    struct maturity maturity = {.report = &report};
    int r = report_open(query, &report);
    report.context = &maturity;
    return report_answer(&report, r, "志愿服务成熟度", fill, ret_result);
}
