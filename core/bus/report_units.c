/* report.units: organisations by what they are, with what they do: kinds, the five kinds of
 * sponsors, the departments' lines, channels (communities, window services and the rest), or unit
 * by unit. Counters of each organisation; one walk over them. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/activities.h"
#include "domain/dictionaries.h"
#include "domain/projects.h"
#include "domain/regions.h"

enum grouping { BY_KIND, BY_SPONSOR, BY_LINE, BY_CHANNEL, BY_UNIT };
static const char *const grouping_words[] = {"kind", "sponsor", "line", "channel", "unit"};
#define GROUPINGS (sizeof grouping_words / sizeof *grouping_words)

/* 党政部门、企事业单位、大中专院校、社会团体和行业协会; what is none of them comes last. */
enum sponsor { PARTY_AND_GOVERNMENT, WORK_UNITS, SCHOOLS, GROUPS, ASSOCIATIONS, OTHERS, SPONSORS };
static const char *const sponsor_labels[SPONSORS] = {"党政部门", "企事业单位", "大中专院校",
                                                     "社会团体", "行业协会",   "其他"};
static const enum sponsor sponsors[] = {
    [ORGANISATION_KIND_PARTY_GOVERNMENT] = PARTY_AND_GOVERNMENT,
    [ORGANISATION_KIND_PARTY_BRANCH] = PARTY_AND_GOVERNMENT,
    [ORGANISATION_KIND_ENTERPRISE] = WORK_UNITS,
    [ORGANISATION_KIND_PUBLIC_INSTITUTION] = WORK_UNITS,
    [ORGANISATION_KIND_SCHOOL] = SCHOOLS,
    [ORGANISATION_KIND_MASS_ORGANISATION] = GROUPS,
    [ORGANISATION_KIND_SOCIAL_GROUP] = GROUPS,
    [ORGANISATION_KIND_SOCIAL_SERVICE] = GROUPS,
    [ORGANISATION_KIND_FOUNDATION] = GROUPS,
    [ORGANISATION_KIND_VOLUNTEER_ORGANISATION] = GROUPS,
    [ORGANISATION_KIND_INDUSTRY_ASSOCIATION] = ASSOCIATIONS,
    [ORGANISATION_KIND_SELF_GOVERNING] = OTHERS,
};
_Static_assert(sizeof sponsors / sizeof *sponsors == ORGANISATION_KIND_COUNT,
               "each kind of organisation is some kind of sponsor");

enum channel { COMMUNITIES, WINDOWS, ELSEWHERE, CHANNELS };
static const char *const channel_labels[CHANNELS] = {"社区", "窗口行业", "其他组织"};

#define GROUPS_LIMIT 32

struct tally {
    int64_t organisations; /* that stand; what others did before they were dissolved counts, too */
    int64_t volunteers;
    int64_t teams;
    int64_t projects;
    int64_t activities;
    int64_t records;
    int64_t minutes;
    int64_t year_minutes; /* of the year of the report's day, until then */
    int64_t sponsored;    /* projects that are open; as things stand */
    int64_t window_activities;
};

struct units {
    enum grouping by;
    int line; /* only these; -1: any */
    int kind;
    bool window;
    struct tally groups[GROUPS_LIMIT];
    struct tally whole;
    json_t *section;     /* of unit rows */
    uint32_t *window_of; /* by the organisation's number: activities of category window */
};

static size_t n_groups(enum grouping by) {
    static const size_t n[] = {[BY_KIND] = ORGANISATION_KIND_COUNT,
                               [BY_SPONSOR] = SPONSORS,
                               [BY_LINE] = LINE_COUNT + 1,
                               [BY_CHANNEL] = CHANNELS,
                               [BY_UNIT] = 0};
    return n[by];
}
_Static_assert(ORGANISATION_KIND_COUNT <= GROUPS_LIMIT && LINE_COUNT < GROUPS_LIMIT,
               "a report has room for every kind and line");

static const char *group_label(enum grouping by, size_t i) {
    switch (by) {
    case BY_KIND:
        return ORGANISATION_KIND_choices.labels[i];
    case BY_SPONSOR:
        return sponsor_labels[i];
    case BY_LINE:
        return i < LINE_COUNT ? LINE_choices.labels[i] : "未归条线";
    default:
        return channel_labels[i];
    }
}

/* A community's own: its committee, or a volunteer organisation of that community. */
static enum channel channel_of(struct report *report, const struct report_unit *unit) {
    const struct organisation_defined *data = &unit->attributes;
    uint32_t path[REGION_DEPTH];
    if (data->kind == ORGANISATION_KIND_SELF_GOVERNING ||
        (data->kind == ORGANISATION_KIND_VOLUNTEER_ORGANISATION &&
         region_path_at(report->query->view, unit->region, report->day.at, &report->arena, path) ==
             REGION_LEVEL_COMMUNITY + 1))
        return COMMUNITIES;
    return data->window_service ? WINDOWS : ELSEWHERE;
}

static size_t group_of(struct report *report, const struct report_unit *unit) {
    const struct units *units = report->context;
    const struct organisation_defined *data = &unit->attributes;
    switch (units->by) {
    case BY_KIND:
        return (size_t)data->kind;
    case BY_SPONSOR:
        return sponsors[data->kind];
    case BY_LINE:
        return HAS(data, organisation_defined, line) ? (size_t)data->line : LINE_COUNT;
    default:
        return channel_of(report, unit);
    }
}

/* ---- counting ---- */

static int read_tally(struct report *report, const struct report_unit *unit,
                      struct tally *ret_tally) {
    struct view *view = report->query->view;
    const struct units *units = report->context;
    struct counter_row row;
    int32_t year, month, day;
    date_to_civil(report->day.as_of, &year, &month, &day);
    int32_t now = date_month(report->day.as_of);
    int r = counter_get(view, report->day.at, NOUN_ORGANISATION, unit->number, &row);
    if (r != 0)
        return r;
    *ret_tally = (struct tally){.organisations = unit->stands,
                                .volunteers = row.volunteers,
                                .teams = row.teams,
                                .projects = row.projects,
                                .activities = row.activities,
                                .records = row.records,
                                .minutes = row.minutes};
    if (units->window_of)
        ret_tally->window_activities = units->window_of[unit->number];
    return counter_months(view, report->day.at, NOUN_ORGANISATION, unit->number, COUNTER_minutes,
                          now - month + 1, now, &ret_tally->year_minutes);
}

static void tally_add(struct tally *sum, const struct tally *more) {
    sum->organisations += more->organisations;
    sum->volunteers += more->volunteers;
    sum->teams += more->teams;
    sum->projects += more->projects;
    sum->activities += more->activities;
    sum->records += more->records;
    sum->minutes += more->minutes;
    sum->year_minutes += more->year_minutes;
    sum->window_activities += more->window_activities;
}

static bool is_asked(const struct units *units, const struct report_unit *unit) {
    const struct organisation_defined *data = &unit->attributes;
    return (units->kind < 0 || (int)data->kind == units->kind) &&
           (units->line < 0 ||
            (HAS(data, organisation_defined, line) && (int)data->line == units->line)) &&
           (!units->window || data->window_service);
}

/* ---- cells ---- */

static void append(json_t *cells, int64_t value) {
    json_array_append_new(cells, json_integer((json_int_t)value));
}

static void put_numbers(const struct units *units, const struct tally *tally, json_t *cells) {
    append(cells, tally->volunteers);
    append(cells, tally->teams);
    append(cells, tally->projects);
    append(cells, tally->activities);
    append(cells, tally->records);
    append(cells, tally->minutes);
    append(cells, tally->year_minutes);
    if (units->by == BY_SPONSOR)
        append(cells, tally->sponsored);
    if (units->window_of)
        append(cells, tally->window_activities);
}

static void number_columns(const struct units *units, json_t *section) {
    section_column(section, "volunteers", "注册志愿者", "number");
    section_column(section, "teams", "队伍", "number");
    section_column(section, "projects", "项目", "number");
    section_column(section, "activities", "活动", "number");
    section_column(section, "records", "服务记录", "number");
    section_column(section, "minutes", "服务时长", "hours");
    section_column(section, "year_minutes", "本年时长", "hours");
    if (units->by == BY_SPONSOR)
        section_column(section, "sponsored", "支持的项目", "number");
    if (units->window_of)
        section_column(section, "window_activities", "窗口类活动", "number");
}

static int add_unit_row(struct report *report, const struct report_unit *unit,
                        const struct tally *tally) {
    const struct units *units = report->context;
    const struct organisation_defined *data = &unit->attributes;
    json_t *region = report_region(report, unit->region);
    if (!region)
        return query_found(THING_NOT_FOUND);
    json_t *cells =
        json_pack("[o, o, s, s?, O]", json_from_str(data->organisation), json_from_str(data->name),
                  ORGANISATION_KIND_choices.labels[data->kind],
                  HAS(data, organisation_defined, line) ? LINE_choices.labels[data->line] : NULL,
                  json_object_get(region, "name"));
    json_decref(region);
    put_numbers(units, tally, cells);
    section_row(units->section, cells);
    return 0;
}

static int add_unit(struct report *report, const struct report_unit *unit) {
    struct units *units = report->context;
    struct tally tally;
    if (!is_asked(units, unit))
        return 0;
    int r = read_tally(report, unit, &tally);
    if (r != 0)
        return r;
    if (units->by == BY_UNIT) {
        if (!unit->stands)
            return 0;
        r = add_unit_row(report, unit, &tally);
    } else {
        tally_add(&units->groups[group_of(report, unit)], &tally);
    }
    tally_add(&units->whole, &tally);
    return r;
}

/* ---- what organisations sponsor ---- */

/* Whom a project names by its id is that organisation; a name alone belongs to the others. */
static enum sponsor sponsor_named(struct report *report, struct str name) {
    struct view *view = report->query->view;
    struct organisation_defined data;
    uint32_t number;
    if (thing_find(view, NOUN_ORGANISATION, name, &number) != 0 ||
        organisation_attributes(view, number, &report->arena, &data) != 0)
        return OTHERS;
    return sponsors[data.kind];
}

static int count_project(struct report *report, const struct project_defined *project) {
    struct units *units = report->context;
    struct organisation_row row;
    uint32_t organisation;
    const struct str *names = project->sponsors.items;
    unsigned by = 0;
    int r =
        thing_find(report->query->view, NOUN_ORGANISATION, project->organisation, &organisation);
    if (r == 0)
        r = organisation_get(report->query->view, organisation, &row);
    if (r != 0)
        return query_found(r);
    if (!region_lies_in(report->query, row.region, report->region))
        return 0;
    for (size_t i = 0; i < project->sponsors.n; i++)
        by |= 1U << sponsor_named(report, names[i]);
    for (unsigned i = 0; i < SPONSORS; i++)
        units->groups[i].sponsored += by >> i & 1U;
    units->whole.sponsored += by != 0;
    return 0;
}

static int count_sponsored(struct report *report) {
    uint32_t n;
    int r = thing_count(report->query->view, NOUN_PROJECT, &n);
    for (uint32_t number = 1; r == 0 && number <= n; number++) {
        struct project_defined project;
        enum project_state state;
        arena_reset(&report->arena);
        r = query_found(project_get(report->query->view, number, &report->arena, &project, &state));
        if (r == 0 && state == PROJECT_OPEN && project.sponsors.n)
            r = count_project(report, &project);
    }
    return r;
}

/* ---- activities of the category window, by who holds them ---- */

struct windows {
    uint32_t *of;
    uint32_t n;
    uint8_t category;
};

static int count_window(void *context, struct str key, struct str row) {
    struct windows *windows = context;
    struct activity_summary activity;
    (void)key;
    if (row.size != sizeof activity)
        return query_found(THING_DAMAGED);
    memcpy(&activity, row.data, sizeof activity);
    if (activity.category == windows->category && activity.state != ACTIVITY_CANCELLED &&
        activity.organisation && activity.organisation <= windows->n)
        windows->of[activity.organisation]++;
    return 0;
}

static int read_windows(struct report *report) {
    struct units *units = report->context;
    struct view *view = report->query->view;
    struct dictionary_code entry;
    struct windows windows;
    int r = thing_count(view, NOUN_ORGANISATION, &windows.n);
    if (r != 0)
        return r;
    windows.of = arena_alloc(report->query->arena, (windows.n + 1) * sizeof *windows.of);
    units->window_of = windows.of;
    r = dictionary_get(view, DICTIONARY_CATEGORY, STR("window"), &entry);
    if (r != 0)
        return r < 0 ? r : 0; /* the city's dictionary has no such category */
    windows.category = (uint8_t)(entry.number + 1);
    return view_scan(view, TABLE_ACTIVITY, STR_NONE, count_window, &windows);
}

/* ---- the report ---- */

static void put_groups(const struct units *units, json_t *document) {
    static const char *const titles[] = {[BY_KIND] = "组织类型",
                                         [BY_SPONSOR] = "主办力量",
                                         [BY_LINE] = "条线",
                                         [BY_CHANNEL] = "阵地"};
    json_t *section = document_section(document, titles[units->by]);
    json_t *series = document_series(document, "服务时长占比", "bar", "%");
    section_column(section, "name", titles[units->by], "text");
    section_column(section, "organisations", "组织", "number");
    number_columns(units, section);
    section_column(section, "share", "时长占比", "percent");
    for (size_t i = 0; i <= n_groups(units->by); i++) {
        bool total = i == n_groups(units->by);
        const struct tally *tally = total ? &units->whole : &units->groups[i];
        const char *name = total ? "合计" : group_label(units->by, i);
        json_t *cells = json_pack("[s, I]", name, (json_int_t)tally->organisations);
        put_numbers(units, tally, cells);
        json_array_append_new(cells, cell_percent(tally->minutes, units->whole.minutes));
        if (total) {
            section_total(section, cells);
            break;
        }
        section_row(section, cells);
        series_point(series, json_string(name),
                     point_percent(tally->minutes, units->whole.minutes));
    }
}

static void begin_units(struct units *units, json_t *document) {
    units->section = document_section(document, units->window ? "窗口单位" : "单位");
    section_column(units->section, "organisation", "组织编号", "text");
    section_column(units->section, "name", "单位", "text");
    section_column(units->section, "kind", "类型", "text");
    section_column(units->section, "line", "条线", "text");
    section_column(units->section, "region", "区划", "text");
    number_columns(units, units->section);
}

static void end_units(const struct units *units) {
    json_t *cells = json_pack("[s, n, n, n, n]", "合计");
    put_numbers(units, &units->whole, cells);
    section_total(units->section, cells);
}

static int read_filters(struct query *query, struct units *units) {
    int by;
    int r = query_word(query, "by", grouping_words, GROUPINGS, &by);
    units->window = query_boolean(query, "window", false);
    units->by = by >= 0 ? (enum grouping)by : units->window ? BY_UNIT : BY_KIND;
    if (r == 0)
        r = query_choice(query, "line", &LINE_choices, &units->line);
    return r == 0 ? query_choice(query, "kind", &ORGANISATION_KIND_choices, &units->kind) : r;
}

static int fill(struct report *report, json_t *document) {
    struct units *units = report->context;
    int r = read_filters(report->query, units);
    if (r == 0 && units->window && report->day.at == COUNTER_NOW)
        r = read_windows(report);
    if (r == 0 && units->by == BY_UNIT)
        begin_units(units, document);
    if (r == 0)
        r = report_each_unit(report, add_unit);
    if (r == 0 && units->by == BY_SPONSOR)
        r = count_sponsored(report);
    if (r != 0)
        return r;
    if (units->by == BY_UNIT)
        end_units(units);
    else
        put_groups(units, document);
    return 0;
}

int query_report_units(struct query *query, json_t **ret_result) {
    struct units units = {0};
    struct report report;
    int r = report_open_region(query, &report);
    report.context = &units;
    return report_answer(&report, r, "志愿服务组织", fill, ret_result);
}
