/* Reports from the counters: each row is a few reads, whatever the city's size. */
#include "bus/methods.h"
#include "bus/methods_common.h"

struct stars_report {
    struct query *query;
    struct arena arena; /* of one region */
    uint32_t region;    /* what lies in it is reported */
    int32_t level;      /* of the rows */
    json_t *rows;
};

static int add_region(struct stars_report *report, uint32_t number, json_t **ret_row) {
    struct query *query = report->query;
    struct region_defined region;
    struct counter_row row;
    arena_reset(&report->arena);
    int r = query_found(region_attributes(query->view, number, &report->arena, &region));
    if (r == 0)
        r = counter_get(query->view, COUNTER_NOW, NOUN_REGION, number, &row);
    if (r != 0)
        return r;
    json_t *stars = json_array();
    for (unsigned i = COUNTER_stars_0; i <= COUNTER_stars_5; i++)
        json_array_append_new(stars, json_integer(row.value[i]));
    *ret_row =
        json_pack("{s:o, s:o, s:I, s:I, s:I, s:o, s:I}", "region", json_from_str(region.region),
                  "name", json_from_str(region.name), "volunteers", (json_int_t)row.volunteers,
                  "minutes", (json_int_t)row.minutes, "records", (json_int_t)row.records, "stars",
                  stars, "held", (json_int_t)row.held);
    return 0;
}

/* A region's level is how deep it lies: the domain lets no other stand. */
static int report_row(void *context, struct str key, struct str value) {
    struct stars_report *report = context;
    struct cursor in = cursor_from(key);
    uint32_t number = cursor_u32_sorted(&in), path[REGION_DEPTH];
    bool inside = false;
    (void)value;
    size_t depth = region_path(report->query->view, number, path);
    for (size_t i = 0; i < depth; i++)
        inside |= path[i] == report->region;
    if (!inside || depth != (size_t)report->level + 1)
        return 0;
    json_t *row;
    int r = add_region(report, number, &row);
    if (r == 0)
        json_array_append_new(report->rows, row);
    return r;
}

/* The region, and by which level: where none is said, by county, and within a county by the next
 * one. */
static int report_parameters(struct stars_report *report) {
    struct query *query = report->query;
    uint32_t path[REGION_DEPTH];
    int level;
    int r = query_noun(query, NOUN_REGION, "region", &report->region);
    if (r == 0)
        r = query_word(query, "by", REGION_LEVEL_choices.words + REGION_LEVEL_COUNTY,
                       REGION_LEVEL_choices.n - REGION_LEVEL_COUNTY, &level);
    if (r == 0 && !report->region)
        r = query_city_region(query, &report->region);
    if (r != 0)
        return r;
    int32_t own = (int32_t)region_path(query->view, report->region, path) - 1;
    int32_t below = own < REGION_LEVEL_COMMUNITY ? own + 1 : own;
    report->level = level < 0 ? below : level + REGION_LEVEL_COUNTY;
    if (report->level < own)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "by",
                           "the region is a %s; report it by a level below",
                           REGION_LEVEL_choices.words[own]);
    return 0;
}

int query_report_stars(struct query *query, json_t **ret_result) {
    struct stars_report report = {.query = query};
    json_t *total = NULL;
    int r = report_parameters(&report);
    if (r != 0)
        return r;
    report.rows = json_array();
    arena_init(&report.arena);
    r = view_scan(query->view, TABLE_REGION, STR_NONE, report_row, &report);
    if (r == 0)
        r = add_region(&report, report.region, &total);
    arena_deinit(&report.arena);
    if (r != 0) {
        json_decref(report.rows);
        return r;
    }
    *ret_result =
        json_pack("{s:s, s:O, s:s, s:o, s:o}", "title", "志愿者星级分布", "region",
                  json_object_get(total, "region"), "by", REGION_LEVEL_choices.words[report.level],
                  "rows", report.rows, "total", total);
    return 0;
}
