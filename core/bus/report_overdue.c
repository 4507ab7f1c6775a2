/* report.overdue: the list of responsibility: what is overdue, who answers for it, since when.
 * Receipts, tasks, commitments and stations, the longest overdue first. It walks the rows of these,
 * of which there are as many as the city's offices wrote, and organisations once.
 *
 * To add what else can be overdue: a function that gives each to `add`, and a row in `walks`. */
#include <stdlib.h>

#include "bus/methods.h"
#include "bus/station_sites.h"
#include "domain/commitments.h"
#include "domain/notices.h"
#include "domain/regions.h"
#include "domain/tasks.h"

#define LISTED 1000

/* One that is overdue. Texts live as long as the query. */
struct overdue {
    const char *kind;
    struct str id;
    struct str title;
    struct str owner;     /* none: the organisation as a whole */
    enum noun noun;       /* of whom it is: a region or an organisation */
    uint32_t responsible; /* its number */
    int32_t due;
};

struct overdue_list {
    uint32_t *committee_of; /* of communities: for stations that nobody was named for */
    struct overdue *items;  /* the arena's */
    size_t n;
    size_t capacity;
};

static void add(struct report *report, uint32_t region, const struct overdue *item) {
    struct overdue_list *list = report->context;
    if (!region_lies_in(report->query, region, report->region))
        return;
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        struct overdue *items = arena_alloc(report->query->arena, capacity * sizeof *items);
        if (list->n)
            memcpy(items, list->items, list->n * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n++] = *item;
}

/* The attributes, which stay as long as the query. */
static int attributes(struct report *report, enum noun noun, uint32_t number,
                      const void **ret_attributes) {
    struct thing thing;
    int r = query_found(thing_get(report->query->view, noun, number, report->query->arena, &thing));
    if (r == 0)
        *ret_attributes = thing.attributes;
    return r;
}

/* ---- what there is ---- */

static int add_receipts(struct report *report, uint32_t number) {
    struct query *query = report->query;
    struct notice_row row;
    struct notice notice;
    const void *found;
    int r = query_found(notice_row_get(query->view, number, &row));
    if (r != 0 || row.n_received == row.n_to || !row.due_on || row.due_on >= report->day.as_of)
        return r;
    r = query_found(notice_receipts(query->view, number, query->arena, &notice));
    if (r == 0)
        r = attributes(report, NOUN_NOTICE, number, &found);
    if (r != 0)
        return r;
    const struct notice_issued *issued = found;
    for (uint32_t i = 0; i < notice.row.n_to; i++) {
        const struct receipt *receipt = &notice.receipts[i];
        const struct overdue item = {.kind = "通知回执",
                                     .id = issued->notice,
                                     .title = issued->title,
                                     .noun = NOUN_ORGANISATION,
                                     .responsible = receipt->organisation,
                                     .due = row.due_on};
        if (receipt_is_overdue(&notice.row, receipt, report->day.as_of))
            add(report, receipt->region, &item);
    }
    return 0;
}

/* What a task is about: its own title, else that of the notice it stands in. */
static int task_title(struct report *report, const struct task_assigned *task, uint32_t notice,
                      struct str *ret_title) {
    const void *found;
    *ret_title = task->title;
    if (HAS(task, task_assigned, title) || !notice)
        return 0;
    int r = attributes(report, NOUN_NOTICE, notice, &found);
    if (r == 0)
        *ret_title = ((const struct notice_issued *)found)->title;
    return r;
}

static int add_task(struct report *report, uint32_t number) {
    struct task_row row;
    const void *found;
    int r = query_found(task_get(report->query->view, number, &row));
    if (r != 0 || !task_is_overdue(&row))
        return r;
    r = attributes(report, NOUN_TASK, number, &found);
    if (r != 0)
        return r;
    const struct task_assigned *task = found;
    struct overdue item = {.kind = "任务",
                           .id = task->task,
                           .owner = task->owner,
                           .noun = NOUN_ORGANISATION,
                           .responsible = row.organisation,
                           .due = row.due_on};
    r = task_title(report, task, row.notice, &item.title);
    if (r == 0)
        add(report, row.region, &item);
    return r;
}

static int add_commitment(struct report *report, uint32_t number) {
    struct commitment commitment;
    const void *found;
    int r = query_found(commitment_get(report->query->view, number, &commitment));
    if (r != 0 || !commitment_is_overdue(&commitment.row))
        return r;
    r = attributes(report, NOUN_COMMITMENT, number, &found);
    if (r != 0)
        return r;
    const struct commitment_made *made = found;
    const struct overdue item = {.kind = "承诺",
                                 .id = made->commitment,
                                 .title = made->text,
                                 .noun = commitment.row.noun,
                                 .responsible = commitment.row.subject,
                                 .due = commitment.row.due_on};
    add(report, commitment.row.region, &item);
    return 0;
}

/* Not built by its day, or built and not in use after it. */
static int add_station(struct report *report, uint32_t number) {
    const struct overdue_list *list = report->context;
    struct station station;
    const void *found;
    int r = station_get(report->query->view, number, COUNTER_NOW, &station);
    if (r != 0)
        return r < 0 ? r : 0;
    bool built = station.state == STATION_BUILT;
    if (station.due >= report->day.as_of || (!built && station.state != STATION_PLANNED))
        return 0;
    r = attributes(report, NOUN_STATION, number, &found);
    if (r != 0)
        return r;
    const struct station_planned *planned = found;
    struct overdue item = {.kind = built ? "服务站投入使用" : "服务站建成",
                           .id = planned->station,
                           .title = planned->name,
                           .due = station.due};
    r = station_responsible(report, &station, list->committee_of, &item.noun, &item.responsible);
    if (r == 0)
        add(report, station.region, &item);
    return r;
}

static const struct {
    enum noun noun;
    int (*each)(struct report *report, uint32_t number);
} walks[] = {
    {NOUN_NOTICE, add_receipts},
    {NOUN_TASK, add_task},
    {NOUN_COMMITMENT, add_commitment},
    {NOUN_STATION, add_station},
};

/* ---- as a table ---- */

/* The longest overdue first; of one day in the order in which they were found. */
static int overdue_compare(const void *a, const void *b) {
    const struct overdue *left = a, *right = b;
    if (left->due != right->due)
        return left->due < right->due ? -1 : 1;
    return (left > right) - (left < right);
}

/* Who answers for it today: of a dissolved organisation its successor; and whom that one answers
 * to. */
static int responsible_cells(struct report *report, const struct overdue *item, json_t *cells) {
    struct query *query = report->query;
    uint32_t number = item->responsible, above = 0, successor = number;
    int r = 0;
    if (item->noun == NOUN_ORGANISATION) {
        struct organisation_defined organisation;
        r = organisation_successor(query->view, number, &successor);
        number = r == 0 && successor ? successor : number;
        if (r == 0)
            r = query_found(
                organisation_attributes(query->view, number, &report->arena, &organisation));
        if (r == 0 && HAS(&organisation, organisation_defined, parent))
            r = query_found(
                thing_find(query->view, NOUN_ORGANISATION, organisation.parent, &above));
    } else {
        uint32_t path[REGION_DEPTH];
        above = region_path(query->view, number, path) > 1 ? path[1] : 0;
    }
    if (r != 0)
        return r;
    json_t *who = json_from_subject(query, item->noun, number, &report->arena);
    json_t *superior =
        above ? json_from_subject(query, item->noun, above, &report->arena) : json_null();
    json_array_append(cells, json_object_get(who, "id"));
    json_array_append(cells, json_object_get(who, "name"));
    json_array_append_new(cells, json_from_str(item->owner));
    json_array_append_new(cells,
                          above ? json_incref(json_object_get(superior, "name")) : json_null());
    json_decref(who);
    json_decref(superior);
    return 0;
}

static int add_rows(struct report *report, json_t *section) {
    const struct overdue_list *list = report->context;
    for (size_t i = 0; i < list->n && i < LISTED; i++) {
        const struct overdue *item = &list->items[i];
        arena_reset(&report->arena);
        json_t *cells =
            json_pack("[s, o, o]", item->kind, json_from_str(item->id), json_from_str(item->title));
        int r = responsible_cells(report, item, cells);
        json_array_append_new(cells, json_from_date(item->due, INT32_MIN));
        json_array_append_new(cells, json_integer(report->day.as_of - item->due));
        section_row(section, cells);
        if (r != 0)
            return r;
    }
    return 0;
}

static int fill(struct report *report, json_t *document) {
    struct overdue_list *list = report->context;
    json_t *section = document_section(document, "责任清单");
    uint32_t n_regions;
    section_column(section, "kind", "事项", "text");
    section_column(section, "id", "编号", "text");
    section_column(section, "title", "内容", "text");
    section_column(section, "organisation", "责任单位编号", "text");
    section_column(section, "name", "责任单位", "text");
    section_column(section, "owner", "责任人", "text");
    section_column(section, "superior", "上级", "text");
    section_column(section, "due", "期限", "date");
    section_column(section, "days", "逾期天数", "number");
    int r = query_found(thing_count(report->query->view, NOUN_REGION, &n_regions));
    if (r == 0)
        r = station_committees(report, n_regions, &list->committee_of);
    for (size_t i = 0; r == 0 && i < sizeof walks / sizeof *walks; i++) {
        uint32_t last;
        r = query_found(thing_count(report->query->view, walks[i].noun, &last));
        for (uint32_t number = 1; r == 0 && number <= last; number++)
            r = walks[i].each(report, number);
    }
    if (r != 0)
        return r;
    if (list->n)
        qsort(list->items, list->n, sizeof *list->items, overdue_compare);
    document_text(document, arena_printf(report->query->arena, "逾期%zu项%s。", list->n,
                                         list->n > LISTED ? "，列出逾期最久的1000项" : ""));
    return add_rows(report, section);
}

int query_report_overdue(struct query *query, json_t **ret_result) {
    struct report report;
    struct overdue_list list = {.n = 0};
    int r = report_open_region(query, &report);
    report.context = &list;
    return report_answer(&report, r, "逾期事项责任清单", fill, ret_result);
}
