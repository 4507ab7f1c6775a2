/* report.stars: from the counters; each row is a few reads, whatever the city's size. */
#include "bus/methods.h"
#include "bus/report.h"

static int stars_row(struct report *report, uint32_t number, json_t **ret_row) {
    struct counter_row row;
    json_t *object = report_region(report, number);
    int r = object ? counter_get(report->query->view, report->day.at, NOUN_REGION, number, &row)
                   : query_found(THING_NOT_FOUND);
    if (r != 0) {
        json_decref(object);
        return r;
    }
    json_t *stars = json_array();
    for (unsigned i = COUNTER_stars_0; i <= COUNTER_stars_5; i++)
        json_array_append_new(stars, json_integer(row.value[i]));
    json_object_del(object, "level");
    json_object_set_new(object, "volunteers", json_integer(row.volunteers));
    json_object_set_new(object, "minutes", json_integer(row.minutes));
    json_object_set_new(object, "records", json_integer(row.records));
    json_object_set_new(object, "stars", stars);
    json_object_set_new(object, "held", json_integer(row.held));
    *ret_row = object;
    return 0;
}

static int add_row(struct report *report, uint32_t number) {
    json_t *row;
    int r = stars_row(report, number, &row);
    if (r == 0)
        json_array_append_new(report->context, row);
    return r;
}

static int stars_report(struct report *report, json_t **ret_result) {
    json_t *rows = json_array(), *total = NULL;
    report->context = rows;
    int r = report_each(report, add_row);
    if (r == 0)
        r = stars_row(report, report->region, &total);
    if (r != 0) {
        json_decref(rows);
        return r;
    }
    *ret_result = json_pack(
        "{s:s, s:O, s:s, s:o, s:o, s:o}", "title", "志愿者星级分布", "region",
        json_object_get(total, "region"), "by", REGION_LEVEL_choices.words[report->level], "as_of",
        json_from_date(report->day.as_of, INT32_MIN), "rows", rows, "total", total);
    return 0;
}

int query_report_stars(struct query *query, json_t **ret_result) {
    struct report report;
    int r = report_open(query, &report);
    if (r == 0)
        r = stars_report(&report, ret_result);
    report_close(&report);
    return r;
}
