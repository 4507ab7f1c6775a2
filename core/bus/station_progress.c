/* station.progress: how far the stations are, region by region; which are late; and how the rest
 * burns down against the days on which they are due. */
#include <stdio.h>

#include "bus/methods.h"
#include "bus/station_sites.h"

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
        overdue += progress->sites[i].overdue && site_lies_in(&progress->sites[i], region);
    json_object_set_new(row, "overdue", json_integer(overdue));
    json_object_set_new(row, "communities", json_integer(progress->wanted[region]));
    json_object_set_new(row, "without_station", json_integer(progress->without[region]));
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

/* ---- the answer ---- */

static int put_all(struct report *report, json_t *result) {
    struct progress *progress = report->context;
    json_t *total;
    json_object_set_new(result, "rows", progress->rows);
    int r = sites_load(report, progress);
    if (r == 0)
        r = report_each(report, add_region);
    if (r == 0)
        r = progress_row(report, report->region, &total);
    if (r == 0)
        json_object_set_new(result, "total", total);
    if (r == 0)
        r = station_burn_down(report, result);
    if (r == 0)
        r = station_late(report, result);
    return r == 0 ? station_without(report, result) : r;
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
