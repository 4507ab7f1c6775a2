/* station.progress: how far the stations are, region by region; which are late; and how the rest
 * burns down against the days on which they are due. */
#include <stdio.h>

#include "bus/methods.h"
#include "bus/report.h"
#include "bus/thing_show.h"
#include "domain/plans.h"
#include "domain/stations.h"

#define MONTHS_LIMIT 60 /* of the burn-down */

struct site {
    uint32_t number;
    uint32_t path[REGION_DEPTH];
    size_t depth;
    bool overdue;
    struct station station;
};

struct progress {
    struct site *sites; /* open on the report's day, within its region */
    size_t n;
    json_t *rows;
};

/* ---- the stations ---- */

static bool lies_in(const struct site *site, uint32_t region) {
    for (size_t i = 0; i < site->depth; i++)
        if (site->path[i] == region)
            return true;
    return false;
}

static int load_sites(struct report *report, struct progress *progress) {
    struct view *view = report->query->view;
    uint32_t count;
    int r = thing_count(view, NOUN_STATION, &count);
    progress->sites = arena_alloc(report->query->arena, (count + 1) * sizeof(struct site));
    for (uint32_t number = 1; r >= 0 && number <= count; number++) {
        struct site *site = &progress->sites[progress->n];
        r = station_get(view, number, report->day.at, &site->station);
        if (r != 0 || site->station.state == STATION_CLOSED)
            continue;
        site->number = number;
        site->depth = region_path(view, site->station.region, site->path);
        site->overdue = station_is_overdue(&site->station, report->day.as_of);
        progress->n += lies_in(site, report->region);
    }
    return r < 0 ? r : 0;
}

/* ---- one row a region ---- */

static int put_target(struct report *report, uint32_t region, enum MEASURE_choice measure,
                      const char *name, json_t *row) {
    struct plan plan;
    int r = plan_target(report->query->view, NOUN_REGION, region, measure, report->day.at, &plan);
    if (r < 0)
        return r;
    char due[32];
    snprintf(due, sizeof due, "%s_due", name);
    json_object_set_new(row, name, r == 0 ? json_integer(plan.target) : json_null());
    json_object_set_new(row, due, r == 0 ? json_from_date(plan.due, INT32_MIN) : json_null());
    return 0;
}

static int progress_row(struct report *report, uint32_t region, json_t **ret_row) {
    static const struct {
        const char *name;
        enum counter counter;
    } columns[] = {
        {"planned", COUNTER_stations_planned}, {"staff", COUNTER_stations_staff},
        {"funds", COUNTER_stations_funds},     {"venue", COUNTER_stations_venue},
        {"team", COUNTER_stations_team},       {"built", COUNTER_stations_built},
        {"opened", COUNTER_stations_opened},
    };
    const struct progress *progress = report->context;
    struct counter_row counters;
    json_int_t overdue = 0;
    int r = counter_get(report->query->view, report->day.at, NOUN_REGION, region, &counters);
    if (r != 0)
        return r;
    json_t *row = report_region(report, region);
    json_object_del(row, "level");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        json_object_set_new(row, columns[i].name, json_integer(counters.value[columns[i].counter]));
    for (size_t i = 0; i < progress->n; i++)
        overdue += progress->sites[i].overdue && lies_in(&progress->sites[i], region);
    json_object_set_new(row, "overdue", json_integer(overdue));
    r = put_target(report, region, MEASURE_STATIONS_BUILT, "target_built", row);
    if (r == 0)
        r = put_target(report, region, MEASURE_STATIONS_OPENED, "target_opened", row);
    if (r == 0)
        *ret_row = row;
    else
        json_decref(row);
    return r;
}

static int add_region(struct report *report, uint32_t region) {
    const struct progress *progress = report->context;
    json_t *row;
    int r = progress_row(report, region, &row);
    if (r == 0)
        json_array_append_new(progress->rows, row);
    return r;
}

/* ---- those that are late ---- */

static int add_overdue(struct report *report, const struct site *site, json_t *list) {
    struct thing thing;
    struct query *query = report->query;
    arena_reset(&report->arena);
    int r = query_found(thing_get(query->view, NOUN_STATION, site->number, &report->arena, &thing));
    if (r != 0)
        return r;
    const struct station_planned *planned = thing.attributes;
    json_array_append_new(
        list,
        json_pack("{s:o, s:o, s:o, s:o, s:s, s:o}", "station", json_from_str(planned->station),
                  "name", json_from_str(planned->name), "region",
                  json_from_number(query, NOUN_REGION, site->station.region, &report->arena), "due",
                  json_from_date(site->station.due, INT32_MIN), "state",
                  station_state_text(site->station.state), "missing",
                  json_from_missing_parts(&site->station)));
    return 0;
}

static int list_overdue(struct report *report, json_t *list) {
    const struct progress *progress = report->context;
    int r = 0;
    for (size_t i = 0; r == 0 && i < progress->n; i++)
        if (progress->sites[i].overdue)
            r = add_overdue(report, &progress->sites[i], list);
    return r;
}

/* ---- the burn-down ---- */

static int32_t month_end(int32_t month) {
    return month_first_date(month + 1) - 1;
}

static void widen(int32_t date, int32_t *first, int32_t *last) {
    int32_t month = date_month(date);
    *first = month < *first ? month : *first;
    *last = month > *last ? month : *last;
}

/* Built, opened and due by the end of a day. What lies ahead is not known. */
static json_t *burn_point(const struct progress *progress, int32_t date, int32_t as_of) {
    json_int_t built = 0, opened = 0, due = 0;
    for (size_t i = 0; i < progress->n; i++) {
        const struct station *station = &progress->sites[i].station;
        built += station->built.sequence && station->built.on <= date;
        opened += station->opened.sequence && station->opened.on <= date;
        due += station->due <= date;
    }
    return json_pack("{s:o, s:o, s:o, s:I}", "date", json_from_date(date, INT32_MIN), "built",
                     date <= as_of ? json_integer(built) : json_null(), "opened",
                     date <= as_of ? json_integer(opened) : json_null(), "due", due);
}

/* At the end of each month from the first step to the last due day, and on the report's own day. */
static json_t *burn_down(const struct report *report) {
    const struct progress *progress = report->context;
    int32_t as_of = report->day.as_of, today = date_month(as_of), first = today, last = today;
    json_t *points = json_array();
    for (size_t i = 0; i < progress->n; i++) {
        const struct station *station = &progress->sites[i].station;
        widen(station->planned.on, &first, &last);
        widen(station->due, &first, &last);
        if (station->built.sequence)
            widen(station->built.on, &first, &last);
    }
    first = first < today - MONTHS_LIMIT ? today - MONTHS_LIMIT : first;
    last = last > today + MONTHS_LIMIT ? today + MONTHS_LIMIT : last;
    for (int32_t month = first; progress->n && month <= last; month++) {
        if (month == today && as_of != month_end(month))
            json_array_append_new(points, burn_point(progress, as_of, as_of));
        json_array_append_new(points, burn_point(progress, month_end(month), as_of));
    }
    return points;
}

/* ---- the answer ---- */

static int put_all(struct report *report, json_t *result) {
    struct progress *progress = report->context;
    json_t *overdue = json_array(), *total;
    json_object_set_new(result, "rows", progress->rows);
    json_object_set_new(result, "overdue", overdue);
    int r = load_sites(report, progress);
    if (r == 0)
        r = report_each(report, add_region);
    if (r == 0)
        r = progress_row(report, report->region, &total);
    if (r != 0)
        return r;
    json_object_set_new(result, "total", total);
    json_object_set_new(result, "burn_down", burn_down(report));
    return list_overdue(report, overdue);
}

int query_station_progress(struct query *query, json_t **ret_result) {
    struct progress progress = {.rows = NULL};
    struct report report;
    int r = report_open(query, &report);
    if (r == 0) {
        json_t *region = report_region(&report, report.region);
        json_t *result =
            json_pack("{s:s, s:O, s:O, s:s, s:o}", "title", "志愿服务站建设进度", "region",
                      json_object_get(region, "region"), "name", json_object_get(region, "name"),
                      "by", REGION_LEVEL_choices.words[report.level], "as_of",
                      json_from_date(report.day.as_of, INT32_MIN));
        json_decref(region);
        progress.rows = json_array();
        report.context = &progress;
        r = put_all(&report, result);
        if (r == 0)
            *ret_result = result;
        else
            json_decref(result);
    }
    report_close(&report);
    return r;
}
