#include "bus/report.h"

#include <assert.h>

#include "domain/figures.h"

/* ---- where it looks ---- */

int report_open_region(struct query *query, struct report *ret_report) {
    uint32_t path[REGION_DEPTH];
    *ret_report = (struct report){.query = query};
    arena_init(&ret_report->arena);
    int r = query_noun(query, NOUN_REGION, "region", &ret_report->region);
    if (r == 0)
        r = query_as_of(query, &ret_report->day);
    if (r == 0 && !ret_report->region)
        r = query_city_region(query, &ret_report->region);
    if (r != 0)
        return r;
    int32_t own = (int32_t)region_path(query->view, ret_report->region, path) - 1;
    ret_report->own_level = own;
    ret_report->level = own < REGION_LEVEL_COMMUNITY ? own + 1 : own;
    return 0;
}

/* The levels that rows may have. */
#define ROW_LEVELS (REGION_LEVEL_COUNT - REGION_LEVEL_COUNTY)

int report_read_by(struct report *report, const char *const *others, size_t n, int *ret_other) {
    const char *words[ROW_LEVELS + REPORT_OTHERS];
    int index;
    assert(n <= REPORT_OTHERS);
    for (size_t i = 0; i < ROW_LEVELS; i++)
        words[i] = REGION_LEVEL_choices.words[REGION_LEVEL_COUNTY + i];
    for (size_t i = 0; i < n; i++)
        words[ROW_LEVELS + i] = others[i];
    int r = query_word(report->query, "by", words, ROW_LEVELS + n, &index);
    *ret_other = index >= ROW_LEVELS ? index - ROW_LEVELS : -1;
    if (r != 0 || index < 0 || index >= ROW_LEVELS)
        return r;
    report->level = index + REGION_LEVEL_COUNTY;
    if (report->level < report->own_level)
        return problem_set(report->query->problem, PROBLEM_OUT_OF_RANGE, "by",
                           "the region is a %s; report it by a level below",
                           REGION_LEVEL_choices.words[report->own_level]);
    return 0;
}

int report_open(struct query *query, struct report *ret_report) {
    int none;
    int r = report_open_region(query, ret_report);
    return r == 0 ? report_read_by(ret_report, NULL, 0, &none) : r;
}

int report_open_by(struct query *query, const char *const *words, size_t n, int *ret_by,
                   struct report *ret_report) {
    int r = report_open_region(query, ret_report);
    return r == 0 ? query_word(query, "by", words, n, ret_by) : r;
}

void report_close(struct report *report) {
    arena_deinit(&report->arena);
}

struct walk {
    struct report *report;
    int (*each)(struct report *report, uint32_t region);
    int (*each_region)(struct report *report, uint32_t region, const uint32_t *path, size_t depth);
    int (*each_unit)(struct report *report, const struct report_unit *unit);
};

static int walk_region(void *context, struct str key, struct str value) {
    struct walk *walk = context;
    struct report *report = walk->report;
    struct cursor in = cursor_from(key);
    uint32_t number = cursor_u32_sorted(&in), path[REGION_DEPTH];
    bool inside = false;
    (void)value;
    arena_reset(&report->arena);
    size_t depth =
        region_path_at(report->query->view, number, report->day.at, &report->arena, path);
    for (size_t i = 0; i < depth; i++)
        inside |= path[i] == report->region;
    if (!inside)
        return 0;
    if (walk->each_region)
        return walk->each_region(report, number, path, depth);
    /* A region's level is how deep it lies: the domain lets no other stand. */
    return depth == (size_t)report->level + 1 ? walk->each(report, number) : 0;
}

int report_each(struct report *report, int (*each)(struct report *report, uint32_t region)) {
    struct walk walk = {.report = report, .each = each};
    return view_scan(report->query->view, TABLE_REGION, STR_NONE, walk_region, &walk);
}

int report_each_region(struct report *report, int (*each)(struct report *report, uint32_t region,
                                                          const uint32_t *path, size_t depth)) {
    struct walk walk = {.report = report, .each_region = each};
    return view_scan(report->query->view, TABLE_REGION, STR_NONE, walk_region, &walk);
}

static int walk_unit(void *context, struct str key, struct str value) {
    struct walk *walk = context;
    struct report *report = walk->report;
    struct view *view = report->query->view;
    int32_t at = report->day.at;
    struct cursor in = cursor_from(key);
    struct report_unit unit = {.number = cursor_u32_sorted(&in)};
    struct organisation_row row;
    (void)value;
    arena_reset(&report->arena);
    int r = query_found(organisation_get(view, unit.number, &row));
    if (r == 0)
        r = organisation_region_at(view, unit.number, &row, at, &report->arena, &unit.region);
    if (r != 0)
        return r < 0 ? r : 0; /* defined later */
    if (!region_lies_in_at(view, unit.region, report->region, at, &report->arena))
        return 0;
    r = organisation_attributes_at(view, unit.number, at, &report->arena, &unit.attributes);
    unit.stands = organisation_stood(&row, at);
    return r == 0 ? walk->each_unit(report, &unit) : r < 0 ? r : 0;
}

int report_each_unit(struct report *report,
                     int (*each)(struct report *report, const struct report_unit *unit)) {
    struct walk walk = {.report = report, .each_unit = each};
    return view_scan(report->query->view, TABLE_ORGANISATION, STR_NONE, walk_unit, &walk);
}

int report_region_attributes(struct report *report, uint32_t number, struct arena *arena,
                             struct region_defined *ret_region) {
    struct view *view = report->query->view;
    int r = region_attributes_at(view, number, report->day.at, arena, ret_region);
    return r > 0 ? region_attributes(view, number, arena, ret_region) : r;
}

json_t *report_region(struct report *report, uint32_t number) {
    struct region_defined region;
    if (report_region_attributes(report, number, &report->arena, &region) != 0)
        return NULL;
    return json_pack("{s:o, s:o, s:s}", "region", json_from_str(region.region), "name",
                     json_from_str(region.name), "level", REGION_LEVEL_choices.words[region.level]);
}

int report_path_name(struct report *report, const uint32_t *path, size_t depth,
                     struct str *ret_name) {
    struct str name = STR("");
    for (size_t i = depth > 1 ? depth - 1 : depth; i-- > 0;) {
        struct region_defined region;
        int r = report_region_attributes(report, path[i], &report->arena, &region);
        if (r != 0)
            return query_found(r);
        name = arena_printf(&report->arena, "%.*s%s%.*s", STR_ARG(name), name.size ? " " : "",
                            STR_ARG(region.name));
    }
    *ret_name = name;
    return 0;
}

int report_answer(struct report *report, int r, const char *title,
                  int (*fill)(struct report *report, json_t *document), json_t **ret_result) {
    if (r == 0) {
        json_t *document = document_new(report, title);
        r = fill(report, document);
        if (r == 0)
            *ret_result = json_pack("{s:o}", "document", document);
        else
            json_decref(document);
    }
    report_close(report);
    return r;
}

json_t *report_region_cells(struct report *report, uint32_t number) {
    json_t *region = report_region(report, number);
    json_t *cells = region ? json_pack("[O, O]", json_object_get(region, "region"),
                                       json_object_get(region, "name"))
                           : NULL;
    json_decref(region);
    return cells;
}

/* ---- rates ---- */

__extension__ typedef __int128 wide;

int rate_compare(int64_t a, int64_t b, int64_t c, int64_t d) {
    wide left = (wide)a * d, right = (wide)c * b;
    return (left > right) - (left < right);
}

int64_t rate_lead(int64_t part, int64_t whole, int64_t other, int64_t of) {
    wide least = (wide)whole * other / of + 1;
    return least > part ? (int64_t)(least - part) : 0;
}

int64_t rate_gap(int64_t part, int64_t whole, int64_t percent) {
    return rate_lead(part, whole, percent, 100);
}

const char *rate_state(int64_t part, int64_t whole, int64_t percent) {
    if (whole <= 0)
        return "no_data";
    return rate_compare(part, whole, percent, 100) > 0 ? "met" : "not_met";
}

int report_figure(struct report *report, enum FIGURE_choice figure, enum noun noun, uint32_t number,
                  int64_t *ret_value) {
    struct figure found;
    int r = figure_get(report->query->view, figure, noun, number, report->day.as_of, report->day.at,
                       &found);
    *ret_value = r == 0 ? found.value : -1;
    return r < 0 ? r : 0;
}

/* 13, or the number in "> 13%"; 0 where there is none. */
static int64_t target_percent(const struct indicator *indicator) {
    const struct scalar *target = &indicator->target;
    int64_t percent = 0;
    if (!indicator->has_target || target->kind == SCALAR_BOOLEAN)
        return 0;
    if (target->kind == SCALAR_INTEGER)
        return target->integer;
    for (size_t i = 0; i < target->text.size && percent < 1000; i++)
        if (target->text.data[i] >= '0' && target->text.data[i] <= '9')
            percent = percent * 10 + (target->text.data[i] - '0');
    return percent;
}

int report_indicator_target(struct report *report, struct str indicator, int64_t fallback,
                            int64_t *ret_percent) {
    struct query *query = report->query;
    struct answer *answers;
    size_t n;
    *ret_percent = fallback;
    int r = policy_assess(query->host, query->view, &query->city, NOUN_REGION, report->region,
                          report->day.as_of, report->day.at, CAUSE_ON_DEMAND, STR_NONE,
                          query->arena, &answers, &n);
    for (size_t i = 0; r == 0 && i < n; i++) {
        const struct indicator *indicators = answers[i].indicators.items;
        for (size_t j = 0; j < answers[i].indicators.n; j++) {
            int64_t percent =
                str_equal(indicators[j].id, indicator) ? target_percent(&indicators[j]) : 0;
            *ret_percent = percent > 0 && percent < 100 ? percent : *ret_percent;
        }
    }
    return r;
}

int report_target(struct report *report, int64_t *ret_percent) {
    return report_indicator_target(report, STR("registered"), 13, ret_percent);
}
