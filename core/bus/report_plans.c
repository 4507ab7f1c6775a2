/* report.plans: every plan of a region and of what lies in it: what is to be reached by when, what
 * is reached, and whether that is as much as an even pace would give. */
#include <stdlib.h>

#include "bus/methods.h"
#include "bus/methods_subject.h"
#include "bus/plan_progress.h"
#include "bus/report.h"

#define BARS_LIMIT 40

struct item {
    struct plan plan;
    struct plan_progress progress;
    struct str id, title, name; /* of the plan; of its subject */
};

struct plans {
    struct report *report;
    int64_t year; /* in which they are due; 0: any */
    enum noun noun;
    uint32_t number;
    struct str name; /* of the subject being read */
    size_t n, capacity;
    struct item *items;
};

/* ---- reading ---- */

static void keep(struct plans *plans, const struct item *item) {
    struct arena *arena = plans->report->query->arena;
    if (plans->n == plans->capacity) {
        size_t capacity = plans->capacity ? 2 * plans->capacity : 64;
        struct item *items = arena_alloc(arena, capacity * sizeof *items);
        for (size_t i = 0; i < plans->n; i++)
            items[i] = plans->items[i];
        plans->items = items;
        plans->capacity = capacity;
    }
    plans->items[plans->n++] = *item;
}

static int take_plan(void *context, const struct plan *plan) {
    struct plans *plans = context;
    struct report *report = plans->report;
    struct view *view = report->query->view;
    struct item item = {.plan = *plan, .name = plans->name};
    struct thing thing;
    int32_t year, month, day;
    date_to_civil(plan->due, &year, &month, &day);
    if (plans->year && year != plans->year)
        return 0;
    int r = query_found(thing_get(view, NOUN_PLAN, plan->plan, &report->arena, &thing));
    if (r == 0)
        r = plan_progress_read(view, plans->noun, plans->number, plan, report->day.as_of,
                               report->day.at, &item.progress);
    if (r != 0)
        return r;
    const struct plan_set *data = thing.attributes;
    item.id = arena_copy(report->query->arena, data->plan);
    item.title =
        HAS(data, plan_set, title) ? arena_copy(report->query->arena, data->title) : STR_NONE;
    keep(plans, &item);
    return 0;
}

/* The subject's name, where it lies in the report's region; else none. */
static int name_subject(struct plans *plans, struct str *ret_name) {
    struct report *report = plans->report;
    struct thing thing;
    uint32_t region = plans->number;
    *ret_name = STR_NONE;
    int r = query_found(
        thing_get(report->query->view, plans->noun, plans->number, &report->arena, &thing));
    if (r == 0 && plans->noun == NOUN_ORGANISATION)
        r = query_found(
            thing_region(report->query, plans->noun, plans->number, &report->arena, &region));
    if (r == 0 && region_lies_in(report->query, region, report->region))
        *ret_name = arena_copy(report->query->arena, thing_label(plans->noun, &thing));
    return r;
}

static int take_subject(void *context, struct str key, struct str row) {
    struct plans *plans = context;
    struct report *report = plans->report;
    struct cursor in = cursor_from(key);
    (void)row;
    arena_reset(&report->arena);
    plans->noun = cursor_byte(&in);
    plans->number = cursor_u32_sorted(&in);
    int r = name_subject(plans, &plans->name);
    if (r != 0 || !plans->name.data)
        return r;
    return plan_each(report->query->view, plans->noun, plans->number, report->day.at, take_plan,
                     plans);
}

/* Due first; of those for one day the one set first. */
static int by_due(const void *a, const void *b) {
    const struct item *x = a, *y = b;
    if (x->plan.due != y->plan.due)
        return x->plan.due < y->plan.due ? -1 : 1;
    return (x->plan.plan > y->plan.plan) - (x->plan.plan < y->plan.plan);
}

/* ---- the document ---- */

static void put_columns(json_t *section) {
    static const char *const columns[][3] = {
        {"plan", "计划编号", "text"},    {"title", "计划名称", "text"},
        {"subject", "责任对象", "text"}, {"measure", "指标", "text"},
        {"from", "起算日", "date"},      {"due", "期限", "date"},
        {"target", "目标", "number"},    {"done", "完成", "number"},
        {"rate", "完成率", "percent"},   {"expected", "应完成", "number"},
        {"short", "还差", "number"},     {"days_left", "剩余天数", "number"},
        {"state", "进度", "state"},
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        section_column(section, columns[i][0], columns[i][1], columns[i][2]);
}

static json_t *item_cells(const struct report *report, const struct item *item) {
    const struct plan *plan = &item->plan;
    const struct plan_progress *progress = &item->progress;
    int64_t lack = plan->target > progress->value ? plan->target - progress->value : 0;
    return json_pack("[o, o, o, s, o, o, I, I, o, I, I, I, s]", json_from_str(item->id),
                     json_from_str(item->title), json_from_str(item->name),
                     MEASURE_choices.labels[plan->measure],
                     json_from_date(progress->start, INT32_MIN),
                     json_from_date(plan->due, INT32_MIN), (json_int_t)plan->target,
                     (json_int_t)progress->value, cell_percent(progress->value, plan->target),
                     (json_int_t)progress->expected, (json_int_t)lack,
                     (json_int_t)(plan->due - report->day.as_of), plan_states[progress->state]);
}

static void put_items(const struct plans *plans, json_t *document) {
    struct arena *arena = plans->report->query->arena;
    json_t *section = document_section(document, "计划进度");
    json_t *series = document_series(document, "完成率", "bar", "%");
    int64_t states[PLAN_STATES] = {0};
    put_columns(section);
    for (size_t i = 0; i < plans->n; i++) {
        const struct item *item = &plans->items[i];
        states[item->progress.state]++;
        section_row(section, item_cells(plans->report, item));
        if (i < BARS_LIMIT)
            series_point(series,
                         json_from_str(arena_printf(arena, "%.*s %s", STR_ARG(item->name),
                                                    MEASURE_choices.labels[item->plan.measure])),
                         point_percent(item->progress.value, item->plan.target));
    }
    document_text(
        document,
        arena_printf(arena,
                     "共%zu项计划：已完成%lld项，按进度%lld项，落后进度%lld项，逾期未完成%"
                     "lld项。应完成数按起算日至期限匀速推算。",
                     plans->n, (long long)states[PLAN_MET], (long long)states[PLAN_ON_TIME],
                     (long long)states[PLAN_BEHIND], (long long)states[PLAN_OVERDUE]));
}

static int fill(struct report *report, json_t *document) {
    struct plans *plans = report->context;
    int r = query_range(report->query, "year", (struct range){1900, 9999}, 0, &plans->year);
    if (r == 0)
        r = view_scan(report->query->view, TABLE_PLAN, STR_NONE, take_subject, plans);
    if (r != 0)
        return r;
    if (plans->n)
        qsort(plans->items, plans->n, sizeof *plans->items, by_due);
    put_items(plans, document);
    return 0;
}

int query_report_plans(struct query *query, json_t **ret_result) {
    struct report report;
    struct plans plans = {.report = &report};
    int r = report_open_region(query, &report);
    report.context = &plans;
    return report_answer(&report, r, "计划进展", fill, ret_result);
}
