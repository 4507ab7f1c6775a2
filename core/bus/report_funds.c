/* report.funds: what the special funds hold, by fund, budget year, region, line or origin. Each
 * allocation keeps its own sums, so that a row is a sum over allocations, as of any day. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/funds.h"
#include "util/error.h"

enum { BY_FUND, BY_YEAR, BY_COUNTY, BY_TOWNSHIP, BY_LINE, BY_ORIGIN, BY_COUNT };
static const char *const by_words[BY_COUNT] = {"fund",     "year", "county",
                                               "township", "line", "origin"};
static const char *const by_titles[BY_COUNT] = {"资金",     "预算年度", "县区",
                                                "乡镇街道", "预算科目", "资金来源"};

struct group {
    struct str label;
    struct fund_sums sums;
};

struct funds {
    struct report *report;
    int by;
    bool whole; /* of the city: every allocation, also those for no region */
    size_t n_groups;
    size_t capacity;
    struct group *groups; /* in the query's arena */
    struct group total;
};

static struct group *group_of(struct funds *funds, struct str label) {
    struct arena *arena = funds->report->query->arena;
    for (size_t i = 0; i < funds->n_groups; i++)
        if (str_equal(funds->groups[i].label, label))
            return &funds->groups[i];
    if (funds->n_groups == funds->capacity) {
        size_t capacity = funds->capacity ? 2 * funds->capacity : 16;
        struct group *groups = arena_alloc(arena, capacity * sizeof *groups);
        for (size_t i = 0; i < funds->n_groups; i++)
            groups[i] = funds->groups[i];
        funds->groups = groups;
        funds->capacity = capacity;
    }
    struct group *group = &funds->groups[funds->n_groups++];
    *group = (struct group){.label = arena_copy(arena, label)};
    return group;
}

static void add(struct group *group, const struct fund_pot *pot) {
    group->sums.allocated += pot->allocated;
    group->sums.committed += pot->committed;
    group->sums.spent += pot->spent;
    group->sums.left += fund_pot_left(pot);
}

/* The region of that level which it is for; of a wider one, or of none, the whole city's. */
static int region_label(struct funds *funds, const struct fund_pot *pot, size_t level,
                        struct str *ret_label) {
    struct report *report = funds->report;
    struct region_defined attributes;
    uint32_t path[REGION_DEPTH];
    size_t depth = pot->region ? region_path(report->query->view, pot->region, path) : 0;
    *ret_label = STR("全市统筹");
    if (depth <= level)
        return 0;
    int r = query_found(report_region_attributes(report, path[depth - 1 - level],
                                                 report->query->arena, &attributes));
    if (r == 0)
        *ret_label = attributes.name;
    return r;
}

static int label_of(struct funds *funds, const struct fund *fund, const struct fund_pot *pot,
                    struct str *ret_label) {
    struct query *query = funds->report->query;
    struct fund_entry entry;
    if (funds->by == BY_FUND) {
        *ret_label = fund->title.size ? fund->title : fund->id;
        return 0;
    }
    if (funds->by == BY_YEAR) {
        *ret_label = arena_printf(query->arena, "%d", pot->year);
        return 0;
    }
    if (funds->by == BY_COUNTY || funds->by == BY_TOWNSHIP)
        return region_label(funds, pot,
                            funds->by == BY_COUNTY ? REGION_LEVEL_COUNTY : REGION_LEVEL_TOWNSHIP,
                            ret_label);
    int r = query_found(fund_entry_get(query->view, pot->entry, query->arena, &entry));
    if (r == 0)
        *ret_label = funds->by == BY_ORIGIN ? entry.purpose
                     : entry.line.size != 0 ? entry.line
                                            : STR("未列科目");
    return r;
}

static int add_fund(struct funds *funds, const struct fund *fund) {
    struct query *query = funds->report->query;
    for (size_t i = 0; i < fund->n_pots; i++) {
        const struct fund_pot *pot = &fund->pots[i];
        struct str label;
        if (!funds->whole &&
            !(pot->region && region_lies_in(query, pot->region, funds->report->region)))
            continue;
        int r = label_of(funds, fund, pot, &label);
        if (r != 0)
            return r;
        add(group_of(funds, label), pot);
        add(&funds->total, pot);
    }
    return 0;
}

static int read_funds(struct funds *funds) {
    struct query *query = funds->report->query;
    uint32_t n;
    int r = thing_count(query->view, NOUN_FUND, &n);
    for (uint32_t number = 1; r == 0 && number <= n; number++) {
        struct fund fund;
        r = fund_get(query->view, number, funds->report->day.at, query->arena, &fund);
        if (r == 0)
            r = add_fund(funds, &fund);
        else
            r = r < 0 ? r : 0; /* there was none then */
    }
    return r;
}

static json_t *cells_of(const struct group *group) {
    const struct fund_sums *sums = &group->sums;
    return json_pack("[o, I, I, I, I, o]", json_from_str(group->label), (json_int_t)sums->allocated,
                     (json_int_t)sums->committed, (json_int_t)sums->spent, (json_int_t)sums->left,
                     cell_percent(sums->spent, sums->allocated));
}

static void draw(json_t *document, const struct funds *funds) {
    json_t *spent = document_series(document, "已支出", "bar", "元");
    json_t *left = document_series(document, "结余", "bar", "元");
    for (size_t i = 0; i < funds->n_groups; i++) {
        const struct group *group = &funds->groups[i];
        series_point(spent, json_from_str(group->label), json_integer(group->sums.spent / 100));
        series_point(left, json_from_str(group->label), json_integer(group->sums.left / 100));
    }
}

static json_t *funds_document(const struct funds *funds) {
    json_t *document = document_new(funds->report, "志愿服务专项资金");
    json_t *section = document_section(document, "");
    section_column(section, by_words[funds->by], by_titles[funds->by], "text");
    section_column(section, "allocated", "拨款（元）", "hundredths");
    section_column(section, "committed", "已承诺（元）", "hundredths");
    section_column(section, "spent", "已支出（元）", "hundredths");
    section_column(section, "left", "结余（元）", "hundredths");
    section_column(section, "share", "支出率", "percent");
    for (size_t i = 0; i < funds->n_groups; i++)
        section_row(section, cells_of(&funds->groups[i]));
    section_total(section, cells_of(&funds->total));
    draw(document, funds);
    return document;
}

int query_report_funds(struct query *query, json_t **ret_result) {
    struct report report;
    struct funds funds = {.report = &report, .total = {.label = STR("合计")}};
    int r = report_open_by(query, by_words, BY_COUNT, &funds.by, &report);
    if (r == 0) {
        funds.by = funds.by < 0 ? BY_FUND : funds.by;
        funds.whole = report.own_level == REGION_LEVEL_CITY;
        r = read_funds(&funds);
    }
    if (r == 0)
        *ret_result = json_pack("{s:o}", "document", funds_document(&funds));
    report_close(&report);
    return r;
}
