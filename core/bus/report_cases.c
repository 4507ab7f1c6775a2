/* report.cases: what was honoured and what was written of it, by region, and what may be read: the
 * published cases whose consent stands, newest first. The counts are counters; the list is as long
 * as there are cases. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/cases.h"

#define LISTED_LIMIT 200

static const struct {
    const char *name, *title;
    enum counter counter;
} counted[] = {
    {"honours_awarded", "获表彰", COUNTER_honours_awarded},
    {"nominations_open", "表彰评审中", COUNTER_nominations_open},
    {"nominated", "案例待核实", COUNTER_cases_nominated},
    {"verified", "案例待发布", COUNTER_cases_verified},
    {"published", "案例已发布", COUNTER_cases_published},
    {"withdrawn", "案例已撤下", COUNTER_cases_withdrawn},
    {"refused", "案例未采用", COUNTER_cases_refused},
};
#define N_COUNTED (sizeof counted / sizeof *counted)

static int row_of(struct report *report, uint32_t region, json_t **ret_cells) {
    struct counter_row counters;
    int r = counter_get(report->query->view, report->day.at, NOUN_REGION, region, &counters);
    if (r != 0)
        return r;
    *ret_cells = report_region_cells(report, region);
    for (size_t i = 0; *ret_cells && i < N_COUNTED; i++)
        json_array_append_new(*ret_cells, cell_number(counters.value[counted[i].counter]));
    return *ret_cells ? 0 : THING_NOT_FOUND;
}

static int add_region(struct report *report, uint32_t region) {
    json_t *cells;
    int r = query_found(row_of(report, region, &cells));
    if (r == 0)
        section_row(report->context, cells);
    return r;
}

static int put_regions(struct report *report, json_t *document) {
    json_t *section = document_section(document, "表彰与典型案例"), *cells;
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    for (size_t i = 0; i < N_COUNTED; i++)
        section_column(section, counted[i].name, counted[i].title, "number");
    report->context = section;
    int r = report_each(report, add_region);
    if (r == 0)
        r = query_found(row_of(report, report->region, &cells));
    if (r == 0)
        section_total(section, cells);
    return r;
}

/* ---- what may be read ---- */

struct listing {
    struct report *report;
    json_t *section;
    size_t n;
};

static int add_case(void *context, uint32_t number, const struct case_record *record) {
    struct listing *self = context;
    struct query *query = self->report->query;
    struct case_row row = record->row;
    struct thing thing;
    if (!row.region || !region_lies_in(query, row.region, self->report->region) ||
        ++self->n > LISTED_LIMIT)
        return 0;
    arena_reset(&self->report->arena);
    int r = thing_get(query->view, NOUN_CASE, number, &self->report->arena, &thing);
    if (r != 0)
        return r;
    const struct case_nominated *nominated = thing.attributes;
    const char *kind = SUBJECT_KIND_choices.labels[subject_kind((enum noun)row.noun)];
    section_row(self->section,
                json_pack("[o, o, s, o]", json_from_date(row.published_on, 0),
                          json_from_str(nominated->title), kind,
                          json_from_number(query, NOUN_CASE, number, &self->report->arena)));
    return 0;
}

/* Titles are of now: a past day has the counts. Whom it is about is not said. */
static int put_cases(struct report *report, json_t *document) {
    struct listing listing = {.report = report};
    if (report->day.at != COUNTER_NOW)
        return 0;
    listing.section = document_section(document, "已发布的典型案例");
    section_column(listing.section, "published_on", "发布日期", "date");
    section_column(listing.section, "title", "标题", "text");
    section_column(listing.section, "kind", "对象类型", "text");
    section_column(listing.section, "case", "案例编号", "text");
    int r = query_found(
        cases_each_public(report->query->view, query_today(report->query), add_case, &listing));
    if (r == 0 && listing.n > LISTED_LIMIT)
        document_text(document, arena_printf(report->query->arena,
                                             "另有%zu个已发布的案例没有列出(只列最近%d个)。",
                                             listing.n - LISTED_LIMIT, LISTED_LIMIT));
    return r;
}

static int fill(struct report *report, json_t *document) {
    int r = put_regions(report, document);
    return r == 0 ? put_cases(report, document) : r;
}

int query_report_cases(struct query *query, json_t **ret_result) {
    struct report report;
    int r = report_open(query, &report);
    return report_answer(&report, r, "表彰与典型案例情况", fill, ret_result);
}
