/* report.ranking: who has registered how many of the people who live there, and how many are
 * missing. */
#include "bus/methods.h"
#include "bus/rated.h"
#include "bus/report_league.h"

struct contender {
    struct rated rated; /* first: the code, the registered, the residents */
    struct str name;
};

struct ranking {
    struct contender *contenders;
    size_t n;
    size_t capacity;
    int64_t target;
};

static int read_contender(struct report *report, uint32_t number, struct contender *ret_contender) {
    struct query *query = report->query;
    struct rated *rated = &ret_contender->rated;
    struct region_defined region;
    int r = query_found(report_region_attributes(report, number, query->arena, &region));
    *ret_contender = (struct contender){.rated.id = region.region, .name = region.name};
    if (r == 0)
        r = counter_value(query->view, report->day.at, NOUN_REGION, number, COUNTER_volunteers,
                          &rated->part);
    return r == 0 ? report_figure(report, FIGURE_BUILT_UP_RESIDENTS, NOUN_REGION, number,
                                  &rated->whole)
                  : r;
}

static int add_contender(struct report *report, uint32_t number) {
    struct ranking *ranking = report->context;
    if (ranking->n == ranking->capacity) {
        size_t capacity = ranking->capacity ? 2 * ranking->capacity : 32;
        struct contender *contenders =
            arena_alloc(report->query->arena, capacity * sizeof *contenders);
        for (size_t i = 0; i < ranking->n; i++)
            contenders[i] = ranking->contenders[i];
        ranking->contenders = contenders;
        ranking->capacity = capacity;
    }
    return read_contender(report, number, &ranking->contenders[ranking->n++]);
}

static json_t *contender_cells(const struct ranking *ranking, const struct contender *contender) {
    const struct rated *rated = &contender->rated;
    bool data = rated->whole > 0;
    json_t *cells = json_pack(
        "[o, o, o, o, o, o, s, o]",
        rated->rank ? json_integer((json_int_t)rated->rank) : json_null(), json_from_str(rated->id),
        json_from_str(contender->name), cell_number(rated->part), cell_number(rated->whole),
        cell_percent(rated->part, rated->whole),
        rate_state(rated->part, rated->whole, ranking->target),
        data ? cell_number(rate_gap(rated->part, rated->whole, ranking->target)) : json_null());
    return cells;
}

static void put_rows(const struct ranking *ranking, json_t *section, json_t *series) {
    for (size_t i = 0; i < ranking->n; i++) {
        const struct contender *contender = &ranking->contenders[i];
        section_row(section, contender_cells(ranking, contender));
        series_point(series, json_from_str(contender->name),
                     point_percent(contender->rated.part, contender->rated.whole));
    }
}

static void put_text(struct report *report, const struct contender *whole, int64_t target,
                     json_t *document) {
    struct arena *arena = report->query->arena;
    struct str day = date_in_words(arena, report->day.as_of);
    if (whole->rated.whole <= 0) {
        document_text(document,
                      arena_printf(arena,
                                   "截至%.*s，%.*s注册志愿者%lld人；建成区常住人口尚无数据，"
                                   "注册率无法计算。",
                                   STR_ARG(day), STR_ARG(whole->name),
                                   (long long)whole->rated.part));
        return;
    }
    struct str rate = percent_text(arena, whole->rated.part, whole->rated.whole);
    int64_t gap = rate_gap(whole->rated.part, whole->rated.whole, target);
    struct str verdict =
        gap ? arena_printf(arena, "要大于%lld%%，还需注册%lld人", (long long)target, (long long)gap)
            : arena_printf(arena, "大于%lld%%，已达标", (long long)target);
    document_text(document,
                  arena_printf(arena,
                               "截至%.*s，%.*s注册志愿者%lld人，占建成区常住人口%lld人"
                               "的%.*s，%.*s。",
                               STR_ARG(day), STR_ARG(whole->name), (long long)whole->rated.part,
                               (long long)whole->rated.whole, STR_ARG(rate), STR_ARG(verdict)));
}

static json_t *ranking_section(const struct report *report, json_t *document) {
    json_t *section = document_section(document, "注册率排名");
    section_column(section, "rank", "排名", "rank");
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    section_column(section, "registered", "注册志愿者", "number");
    section_column(section, "residents", "建成区常住人口", "number");
    section_column(section, "rate", "注册率", "percent");
    section_column(section, "state", "是否达标", "state");
    section_column(section, "gap", "尚缺人数", "number");
    return section;
}

static int rank(struct report *report, json_t *document) {
    struct ranking ranking = {0};
    struct contender whole;
    report->context = &ranking;
    int r = report_target(report, &ranking.target);
    if (r == 0)
        r = report_each(report, add_contender);
    if (r == 0)
        r = read_contender(report, report->region, &whole);
    if (r != 0)
        return r;
    rated_sort(ranking.contenders, ranking.n, sizeof *ranking.contenders);
    json_t *section = ranking_section(report, document);
    json_t *series = document_series(document, "注册率", "bar", "%");
    json_object_set_new(series, "target", json_integer(ranking.target));
    put_rows(&ranking, section, series);
    section_total(section, contender_cells(&ranking, &whole));
    put_text(report, &whole, ranking.target, document);
    return 0;
}

/* By a level of regions, or units by their class, or the classes. */
enum { BY_UNIT, BY_CLASS };
static const char *const others[] = {[BY_UNIT] = "unit", [BY_CLASS] = "class"};

static int fill(struct report *report, json_t *document) {
    int other;
    int r = report_read_by(report, others, 2, &other);
    if (r != 0)
        return r;
    return other < 0 ? rank(report, document) : league_fill(report, other == BY_CLASS, document);
}

int query_report_ranking(struct query *query, json_t **ret_result) {
    struct report report;
    int r = report_open_region(query, &report);
    return report_answer(&report, r, "志愿者注册率排名", fill, ret_result);
}
