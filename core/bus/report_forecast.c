/* report.forecast: at the pace of the last 30 and 90 days, when will enough people be registered
 * and enough stations stand? The pace comes from counters as they stood at the end of past days. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/plans.h"

#define WINDOWS 2
static const int32_t window_days[WINDOWS] = {30, 90};
#define REACH_LIMIT_DAYS 36500 /* a pace that needs a century is none */

/* One count against what it must become. */
struct course {
    int64_t now;
    int64_t gained[WINDOWS];
    int64_t needed; /* -1: no data */
};

static int read_course(struct report *report, enum noun noun, uint32_t number, enum counter counter,
                       struct course *ret_course) {
    struct view *view = report->query->view;
    int r = counter_value(view, report->day.at, noun, number, counter, &ret_course->now);
    for (size_t i = 0; r == 0 && i < WINDOWS; i++) {
        int64_t before;
        r = counter_value(view, report->day.as_of - window_days[i], noun, number, counter, &before);
        ret_course->gained[i] = ret_course->now - before;
    }
    return r;
}

/* INT32_MIN: never at this pace, or reached already. */
static int32_t reached_on(const struct report *report, const struct course *course, size_t window) {
    int64_t gained = course->gained[window];
    if (gained <= 0 || course->needed <= 0)
        return INT32_MIN;
    int64_t days = course->needed > INT64_MAX / 1000
                       ? INT64_MAX
                       : (course->needed * window_days[window] + gained - 1) / gained;
    return days > REACH_LIMIT_DAYS ? INT32_MIN : report->day.as_of + (int32_t)days;
}

/* "12.3" a day: one decimal, cut towards zero. */
static json_t *pace_cell(struct report *report, const struct course *course, size_t window) {
    int64_t tenths = course->gained[window] * 10 / window_days[window];
    int64_t size = tenths < 0 ? -tenths : tenths;
    return json_from_str(arena_printf(&report->arena, "%s%lld.%lld", tenths < 0 ? "-" : "",
                                      (long long)(size / 10), (long long)(size % 10)));
}

static void put_pace(struct report *report, const struct course *course, json_t *cells) {
    for (size_t i = 0; i < WINDOWS; i++)
        json_array_append_new(cells, pace_cell(report, course, i));
    json_array_append_new(cells, cell_number(course->needed));
    for (size_t i = 0; i < WINDOWS; i++)
        json_array_append_new(cells, json_from_date(reached_on(report, course, i), INT32_MIN));
}

static void pace_columns(json_t *section, const char *needed) {
    section_column(section, "per_day_30", "近30日日均", "text");
    section_column(section, "per_day_90", "近90日日均", "text");
    section_column(section, "needed", needed, "number");
    section_column(section, "reached_30", "按近30日预计达标", "date");
    section_column(section, "reached_90", "按近90日预计达标", "date");
}

static int name_of(struct report *report, uint32_t region, json_t **ret_name) {
    struct region_defined attributes;
    int r = query_found(report_region_attributes(report, region, &report->arena, &attributes));
    if (r == 0)
        *ret_name = json_from_str(attributes.name);
    return r;
}

/* ---- registration ---- */

struct forecast {
    int64_t target; /* percent */
    json_t *section;
    enum counter counter; /* of stations */
    enum MEASURE_choice measure;
};

static int registration_cells(struct report *report, uint32_t region, json_t **ret_cells) {
    const struct forecast *forecast = report->context;
    struct course course;
    int64_t residents;
    json_t *name;
    int r = read_course(report, NOUN_REGION, region, COUNTER_volunteers, &course);
    if (r == 0)
        r = report_figure(report, FIGURE_BUILT_UP_RESIDENTS, NOUN_REGION, region, &residents);
    if (r == 0)
        r = name_of(report, region, &name);
    if (r != 0)
        return r;
    course.needed = residents > 0 ? rate_gap(course.now, residents, forecast->target) : -1;
    json_t *cells = json_pack("[o, o, o, o, s]", name, cell_number(course.now),
                              cell_number(residents), cell_percent(course.now, residents),
                              rate_state(course.now, residents, forecast->target));
    put_pace(report, &course, cells);
    *ret_cells = cells;
    return 0;
}

static int add_registration(struct report *report, uint32_t region) {
    const struct forecast *forecast = report->context;
    json_t *cells;
    int r = registration_cells(report, region, &cells);
    if (r == 0)
        section_row(forecast->section, cells);
    return r;
}

static int forecast_registration(struct report *report, json_t *document) {
    struct forecast *forecast = report->context;
    json_t *section = document_section(document, "注册"), *cells;
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    section_column(section, "registered", "注册志愿者", "number");
    section_column(section, "residents", "建成区常住人口", "number");
    section_column(section, "rate", "注册率", "percent");
    section_column(section, "state", "是否达标", "state");
    pace_columns(section, "尚缺人数");
    forecast->section = section;
    int r = report_each(report, add_registration);
    if (r == 0)
        r = registration_cells(report, report->region, &cells);
    if (r == 0)
        section_total(section, cells);
    return r;
}

/* ---- units ---- */

/* Of those whose staff was reported. */
static int add_unit(struct report *report, const struct report_unit *unit) {
    const struct forecast *forecast = report->context;
    struct course course;
    int64_t staff;
    if (!unit->stands)
        return 0;
    int r = read_course(report, NOUN_ORGANISATION, unit->number, COUNTER_volunteers, &course);
    if (r == 0)
        r = report_figure(report, FIGURE_STAFF, NOUN_ORGANISATION, unit->number, &staff);
    if (r != 0 || staff <= 0)
        return r;
    course.needed = rate_gap(course.now, staff, forecast->target);
    json_t *cells =
        json_pack("[o, o, o, o, o, s]", json_from_str(unit->attributes.organisation),
                  json_from_str(unit->attributes.name), cell_number(course.now), cell_number(staff),
                  cell_percent(course.now, staff), rate_state(course.now, staff, forecast->target));
    put_pace(report, &course, cells);
    section_row(forecast->section, cells);
    return 0;
}

static int forecast_units(struct report *report, json_t *document) {
    struct forecast *forecast = report->context;
    json_t *section = document_section(document, "单位职工注册");
    section_column(section, "organisation", "组织编号", "text");
    section_column(section, "name", "单位", "text");
    section_column(section, "registered", "注册志愿者", "number");
    section_column(section, "staff", "干部职工", "number");
    section_column(section, "rate", "注册率", "percent");
    section_column(section, "state", "是否达标", "state");
    pace_columns(section, "尚缺人数");
    forecast->section = section;
    int r = report_indicator_target(report, STR("unit_staff"), 50, &forecast->target);
    return r == 0 ? report_each_unit(report, add_unit) : r;
}

/* ---- stations ---- */

/* By the pace of the last 30 days. */
static const char *station_state(const struct report *report, const struct course *course,
                                 int32_t due) {
    if (course->needed == 0)
        return "met";
    if (due == INT32_MIN)
        return "no_data";
    int32_t reached = reached_on(report, course, 0);
    return reached != INT32_MIN && reached <= due ? "on_time" : "late";
}

/* NULL cells where nothing is planned there. */
static int station_cells(struct report *report, uint32_t region, json_t **ret_cells) {
    const struct forecast *forecast = report->context;
    struct view *view = report->query->view;
    struct plan plan = {.due = INT32_MIN};
    struct course course;
    int64_t planned;
    json_t *name;
    *ret_cells = NULL;
    int r = counter_value(view, report->day.at, NOUN_REGION, region, COUNTER_stations_planned,
                          &planned);
    if (r == 0)
        r = read_course(report, NOUN_REGION, region, forecast->counter, &course);
    if (r != 0)
        return r;
    r = plan_target(view, NOUN_REGION, region, forecast->measure, report->day.at, &plan);
    if (r < 0 || (r > 0 && planned == 0))
        return r < 0 ? r : 0;
    /* Where no plan says how many, all that are planned. */
    int64_t target = r == 0 ? plan.target : planned;
    course.needed = target > course.now ? target - course.now : 0;
    r = name_of(report, region, &name);
    if (r != 0)
        return r;
    json_t *cells =
        json_pack("[o, o, o, o, o, s]", name, cell_number(planned), cell_number(course.now),
                  cell_number(target), json_from_date(plan.due, INT32_MIN),
                  station_state(report, &course, plan.due));
    put_pace(report, &course, cells);
    *ret_cells = cells;
    return 0;
}

static int add_stations(struct report *report, uint32_t region) {
    const struct forecast *forecast = report->context;
    json_t *cells;
    int r = station_cells(report, region, &cells);
    if (r == 0 && cells)
        section_row(forecast->section, cells);
    return r;
}

static int forecast_stations(struct report *report, json_t *document, const char *title,
                             const char *done) {
    struct forecast *forecast = report->context;
    json_t *section = document_section(document, title), *cells;
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    section_column(section, "planned", "规划", "number");
    section_column(section, "done", done, "number");
    section_column(section, "target", "目标", "number");
    section_column(section, "due", "期限", "date");
    section_column(section, "state", "能否如期", "state");
    pace_columns(section, "尚缺");
    forecast->section = section;
    int r = report_each(report, add_stations);
    if (r == 0)
        r = station_cells(report, report->region, &cells);
    if (r == 0 && cells)
        section_total(section, cells);
    return r;
}

/* ---- the report ---- */

static int forecast_all(struct report *report, json_t *document) {
    static const char *const others[] = {"unit"};
    struct forecast *forecast = report->context;
    int other;
    int r = report_read_by(report, others, 1, &other);
    if (r == 0 && other >= 0)
        return forecast_units(report, document);
    if (r == 0)
        r = report_target(report, &forecast->target);
    if (r == 0)
        r = forecast_registration(report, document);
    forecast->counter = COUNTER_stations_built;
    forecast->measure = MEASURE_STATIONS_BUILT;
    if (r == 0)
        r = forecast_stations(report, document, "服务站建成", "已建成");
    forecast->counter = COUNTER_stations_opened;
    forecast->measure = MEASURE_STATIONS_OPENED;
    return r == 0 ? forecast_stations(report, document, "服务站投入使用", "已投入使用") : r;
}

int query_report_forecast(struct query *query, json_t **ret_result) {
    struct forecast forecast = {0};
    struct report report;
    int r = report_open_region(query, &report);
    report.context = &forecast;
    return report_answer(&report, r, "达标预测", forecast_all, ret_result);
}
