/* figure.get and figure.list: what was reported about regions and organisations. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_subject.h"
#include "domain/figures.h"

#define FIGURE_SUBJECTS (1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION)

static json_t *report_json(const struct figure *report) {
    json_t *object =
        json_pack("{s:I, s:o, s:o, s:o, s:I}", "value", (json_int_t)report->value, "as_of",
                  json_from_date(report->as_of, INT32_MIN), "origin", json_from_str(report->origin),
                  "recorded_on", json_from_date(report->recorded_on, INT32_MIN), "sequence",
                  (json_int_t)report->sequence);
    if (report->by.size)
        json_object_set_new(object, "by", json_from_str(report->by));
    return object;
}

static int figure_describe(struct query *query, enum FIGURE_choice figure, enum noun noun,
                           uint32_t number, struct arena *arena, json_t **ret_object) {
    struct figure report;
    int r = figure_get(query->view, figure, noun, number, INT32_MAX, COUNTER_NOW, &report);
    if (r != 0)
        return r;
    json_t *object = json_pack("{s:s, s:o}", "figure", FIGURE_choices.words[figure], "subject",
                               json_from_subject(query, noun, number, arena));
    json_t *newest = report_json(&report);
    json_object_update(object, newest);
    json_decref(newest);
    *ret_object = object;
    return 0;
}

json_t *json_from_figures(struct query *query, enum noun noun, uint32_t number) {
    json_t *object = json_object();
    for (unsigned i = 0; i < FIGURE_COUNT; i++) {
        struct figure report;
        if (figure_get(query->view, (enum FIGURE_choice)i, noun, number, INT32_MAX, COUNTER_NOW,
                       &report) == 0)
            json_object_set_new(object, FIGURE_choices.words[i], report_json(&report));
    }
    return object;
}

/* ---- get ---- */

static int add_report(void *context, const struct figure *report) {
    json_array_append_new(context, report_json(report));
    return 0;
}

int query_figure_get(struct query *query, json_t **ret_result) {
    struct compound_id id;
    int r = query_compound(query, "figure", &FIGURE_choices, FIGURE_SUBJECTS, &id);
    if (r != 0)
        return r;
    enum FIGURE_choice figure = (enum FIGURE_choice)id.word;
    json_t *object = NULL, *reports = json_array();
    r = figure_describe(query, figure, id.noun, id.number, query->arena, &object);
    if (r == 0)
        r = figure_each(query->view, figure, id.noun, id.number, add_report, reports);
    if (r > 0)
        r = query_unknown(query, NOUN_FIGURE, "figure", query_text(query, "figure"));
    if (r != 0) {
        json_decref(object);
        json_decref(reports);
        return r;
    }
    json_object_set_new(object, "reports", reports);
    json_object_del(object, "sequence"); /* an answer's own is that of its snapshot */
    *ret_result = object;
    return 0;
}

/* ---- list ---- */

struct figure_filter {
    struct subject_filter subject;
    int figure; /* -1: any */
};

static int list_figure(struct page *page, struct str key, struct str row) {
    struct query *query = page->query;
    const struct figure_filter *filter = page->context;
    struct cursor in = cursor_from(key);
    enum noun noun = cursor_byte(&in);
    uint32_t number = cursor_u32_sorted(&in);
    int figure = cursor_byte(&in);
    bool takes;
    json_t *item;
    (void)row;
    if (in.failed || (filter->figure >= 0 && figure != filter->figure))
        return 0;
    int r = subject_takes(query, &filter->subject, noun, number, &page->arena, &takes);
    if (r != 0 || !takes)
        return r;
    r = figure_describe(query, (enum FIGURE_choice)figure, noun, number, &page->arena, &item);
    if (r == 0)
        json_array_append_new(page->items, item);
    return r;
}

int query_figure_list(struct query *query, json_t **ret_result) {
    struct figure_filter filter;
    struct page page;
    int r = page_open(query, &page);
    page.each_row = list_figure;
    page.context = &filter;
    if (r == 0)
        r = query_choice(query, "figure", &FIGURE_choices, &filter.figure);
    if (r == 0)
        r = subject_filter_read(query, FIGURE_SUBJECTS, &filter.subject);
    if (r == 0)
        r = page_rows(&page, TABLE_FIGURE, STR_NONE);
    return page_close(&page, r, ret_result);
}
