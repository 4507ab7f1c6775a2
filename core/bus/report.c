#include "bus/report.h"

#include "domain/figures.h"

/* ---- where it looks ---- */

int report_open(struct query *query, struct report *ret_report) {
    uint32_t path[REGION_DEPTH];
    int level;
    *ret_report = (struct report){.query = query};
    arena_init(&ret_report->arena);
    int r = query_noun(query, NOUN_REGION, "region", &ret_report->region);
    if (r == 0)
        r = query_word(query, "by", REGION_LEVEL_choices.words + REGION_LEVEL_COUNTY,
                       REGION_LEVEL_choices.n - REGION_LEVEL_COUNTY, &level);
    if (r == 0)
        r = query_as_of(query, &ret_report->day);
    if (r == 0 && !ret_report->region)
        r = query_city_region(query, &ret_report->region);
    if (r != 0)
        return r;
    int32_t own = (int32_t)region_path(query->view, ret_report->region, path) - 1;
    int32_t below = own < REGION_LEVEL_COMMUNITY ? own + 1 : own;
    ret_report->own_level = own;
    ret_report->level = level < 0 ? below : level + REGION_LEVEL_COUNTY;
    if (ret_report->level < own)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "by",
                           "the region is a %s; report it by a level below",
                           REGION_LEVEL_choices.words[own]);
    return 0;
}

void report_close(struct report *report) {
    arena_deinit(&report->arena);
}

struct walk {
    struct report *report;
    int (*each)(struct report *report, uint32_t region);
};

/* A region's level is how deep it lies: the domain lets no other stand. */
static int walk_row(void *context, struct str key, struct str value) {
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
    if (!inside || depth != (size_t)report->level + 1)
        return 0;
    return walk->each(report, number);
}

int report_each(struct report *report, int (*each)(struct report *report, uint32_t region)) {
    struct walk walk = {report, each};
    return view_scan(report->query->view, TABLE_REGION, STR_NONE, walk_row, &walk);
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

/* ---- rates ---- */

__extension__ typedef __int128 wide;

int rate_compare(int64_t a, int64_t b, int64_t c, int64_t d) {
    wide left = (wide)a * d, right = (wide)c * b;
    return (left > right) - (left < right);
}

int64_t rate_gap(int64_t part, int64_t whole, int64_t percent) {
    int64_t least = (int64_t)((wide)whole * percent / 100) + 1;
    return least > part ? least - part : 0;
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

/* The shipped assessment's name of the indicator that registration is measured by. */
#define REGISTRATION_INDICATOR STR("registered")
#define REGISTRATION_PERCENT 13

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

int report_target(struct report *report, int64_t *ret_percent) {
    struct query *query = report->query;
    struct answer *answers;
    size_t n;
    *ret_percent = REGISTRATION_PERCENT;
    int r = policy_assess(query->host, query->view, &query->city, NOUN_REGION, report->region,
                          report->day.as_of, report->day.at, CAUSE_ON_DEMAND, STR_NONE,
                          query->arena, &answers, &n);
    for (size_t i = 0; r == 0 && i < n; i++) {
        const struct indicator *indicators = answers[i].indicators.items;
        for (size_t j = 0; j < answers[i].indicators.n; j++) {
            int64_t percent = str_equal(indicators[j].id, REGISTRATION_INDICATOR)
                                  ? target_percent(&indicators[j])
                                  : 0;
            *ret_percent = percent > 0 && percent < 100 ? percent : *ret_percent;
        }
    }
    return r;
}
