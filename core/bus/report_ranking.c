/* report.ranking: who has registered how many of the people who live there, and how many are
 * missing. */
#include <stdlib.h>

#include "bus/methods.h"
#include "bus/report.h"

struct contender {
    struct str region;
    struct str name;
    int64_t registered;
    int64_t residents; /* -1: no data */
};

struct ranking {
    struct contender *contenders;
    size_t n;
    size_t capacity;
    int64_t target;
};

static int read_contender(struct report *report, uint32_t number, struct contender *ret_contender) {
    struct query *query = report->query;
    struct region_defined region;
    int r = query_found(report_region_attributes(report, number, query->arena, &region));
    if (r == 0)
        r = counter_value(query->view, report->day.at, NOUN_REGION, number, COUNTER_volunteers,
                          &ret_contender->registered);
    if (r == 0)
        r = report_figure(report, FIGURE_BUILT_UP_RESIDENTS, NOUN_REGION, number,
                          &ret_contender->residents);
    ret_contender->region = region.region;
    ret_contender->name = region.name;
    return r;
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

/* The highest rate first; without data last, as they stand. */
static int contender_compare(const void *a, const void *b) {
    const struct contender *left = a, *right = b;
    bool no_left = left->residents <= 0, no_right = right->residents <= 0;
    if (no_left || no_right) {
        int order = no_left - no_right;
        return order ? order : str_compare(left->region, right->region);
    }
    int order =
        rate_compare(right->registered, right->residents, left->registered, left->residents);
    return order ? order : str_compare(left->region, right->region);
}

static json_t *contender_cells(const struct contender *contender, json_t *rank, int64_t target) {
    bool data = contender->residents > 0;
    return json_pack(
        "[o, o, o, o, o, o, s, o]", rank, json_from_str(contender->region),
        json_from_str(contender->name), cell_number(contender->registered),
        cell_number(contender->residents),
        cell_percent(contender->registered, contender->residents),
        rate_state(contender->registered, contender->residents, target),
        data ? cell_number(rate_gap(contender->registered, contender->residents, target))
             : json_null());
}

/* Equal rates share a rank. */
static void put_rows(const struct ranking *ranking, json_t *section, json_t *series) {
    size_t rank = 0;
    for (size_t i = 0; i < ranking->n; i++) {
        const struct contender *contender = &ranking->contenders[i];
        bool ties = i > 0 && ranking->contenders[i - 1].residents > 0 && contender->residents > 0 &&
                    rate_compare(contender->registered, contender->residents,
                                 ranking->contenders[i - 1].registered,
                                 ranking->contenders[i - 1].residents) == 0;
        rank = ties ? rank : i + 1;
        section_row(
            section,
            contender_cells(contender,
                            contender->residents > 0 ? json_integer((json_int_t)rank) : json_null(),
                            ranking->target));
        series_point(series, json_from_str(contender->name),
                     point_percent(contender->registered, contender->residents));
    }
}

static void put_text(struct report *report, const struct contender *whole, int64_t target,
                     json_t *document) {
    struct arena *arena = report->query->arena;
    struct str day = date_in_words(arena, report->day.as_of);
    if (whole->residents <= 0) {
        document_text(document,
                      arena_printf(arena,
                                   "截至%.*s，%.*s注册志愿者%lld人；建成区常住人口尚无数据，"
                                   "注册率无法计算。",
                                   STR_ARG(day), STR_ARG(whole->name),
                                   (long long)whole->registered));
        return;
    }
    struct str rate = percent_text(arena, whole->registered, whole->residents);
    int64_t gap = rate_gap(whole->registered, whole->residents, target);
    struct str verdict =
        gap ? arena_printf(arena, "要大于%lld%%，还需注册%lld人", (long long)target, (long long)gap)
            : arena_printf(arena, "大于%lld%%，已达标", (long long)target);
    document_text(document,
                  arena_printf(arena,
                               "截至%.*s，%.*s注册志愿者%lld人，占建成区常住人口%lld人"
                               "的%.*s，%.*s。",
                               STR_ARG(day), STR_ARG(whole->name), (long long)whole->registered,
                               (long long)whole->residents, STR_ARG(rate), STR_ARG(verdict)));
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

static int rank(struct report *report, json_t **ret_result) {
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
    if (ranking.n)
        qsort(ranking.contenders, ranking.n, sizeof *ranking.contenders, contender_compare);
    json_t *document = document_new(report, "志愿者注册率排名");
    json_t *section = ranking_section(report, document);
    json_t *series = document_series(document, "注册率", "bar", "%");
    json_object_set_new(series, "target", json_integer(ranking.target));
    put_rows(&ranking, section, series);
    section_total(section, contender_cells(&whole, json_null(), ranking.target));
    put_text(report, &whole, ranking.target, document);
    *ret_result = json_pack("{s:o}", "document", document);
    return 0;
}

int query_report_ranking(struct query *query, json_t **ret_result) {
    struct report report;
    int r = report_open(query, &report);
    if (r == 0)
        r = rank(&report, ret_result);
    report_close(&report);
    return r;
}
