/* report.certificates: what became of requests for certificates of service, by region, and those
 * that have waited too long for an answer, oldest first. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/certificates.h"

#define WAITING_DAYS 15
#define LATE_LIMIT 1000 /* named one by one */

struct late {
    struct report *report;
    json_t *section;
    int64_t days;
    int64_t n;
};

/* ---- by region ---- */

static const enum counter counted[] = {COUNTER_certificates_open, COUNTER_certificates_issued,
                                       COUNTER_certificates_refused, COUNTER_certificates_revoked};

static json_t *region_section(const struct report *report, json_t *document) {
    json_t *section = document_section(document, "申请与出具");
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    section_column(section, "open", "待答复", "number");
    section_column(section, "issued", "已出具", "number");
    section_column(section, "refused", "不予出具", "number");
    section_column(section, "revoked", "其中已撤销", "number");
    return section;
}

static int region_cells(struct report *report, uint32_t region, json_t **ret_cells) {
    struct query *query = report->query;
    struct region_defined attributes;
    struct counter_row row;
    int r = query_found(report_region_attributes(report, region, query->arena, &attributes));
    if (r == 0)
        r = counter_get(query->view, report->day.at, NOUN_REGION, region, &row);
    if (r != 0)
        return r;
    *ret_cells =
        json_pack("[o, o]", json_from_str(attributes.region), json_from_str(attributes.name));
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        json_array_append_new(*ret_cells, cell_number(row.value[counted[i]]));
    return 0;
}

static int add_region(struct report *report, uint32_t region) {
    json_t *cells;
    int r = region_cells(report, region, &cells);
    if (r == 0)
        section_row(report->context, cells);
    return r;
}

static int put_regions(struct report *report, json_t *document) {
    json_t *cells;
    report->context = region_section(report, document);
    int r = report_each(report, add_region);
    if (r == 0)
        r = region_cells(report, report->region, &cells);
    if (r == 0)
        section_total(report->context, cells);
    return r;
}

/* ---- who waits ---- */

static int late_cells(struct query *query, uint32_t number, const struct certificate_row *row,
                      int64_t waited, struct arena *arena, json_t **ret_cells) {
    struct thing issuer;
    int r = query_found(thing_get(query->view, NOUN_ORGANISATION, row->issuer, arena, &issuer));
    if (r == 0)
        *ret_cells =
            json_pack("[o, o, o, o, I]", json_from_number(query, NOUN_CERTIFICATE, number, arena),
                      json_from_number(query, NOUN_VOLUNTEER, row->volunteer, arena),
                      json_from_str(thing_label(NOUN_ORGANISATION, &issuer)),
                      json_from_date(row->requested_on, 0), (json_int_t)waited);
    return r;
}

static int look_at(struct late *late, uint32_t number) {
    struct report *report = late->report;
    struct query *query = report->query;
    struct certificate certificate;
    int r = query_found(certificate_get(query->view, number, &certificate));
    int64_t waited = report->day.as_of - certificate.row.requested_on;
    if (r != 0 || waited <= late->days ||
        !region_lies_in(query, certificate.row.region, report->region))
        return r;
    if (late->n++ >= LATE_LIMIT)
        return 0;
    json_t *cells;
    arena_reset(&report->arena);
    r = late_cells(query, number, &certificate.row, waited, &report->arena, &cells);
    if (r == 0)
        section_row(late->section, cells);
    return r;
}

struct open_list {
    uint32_t *numbers;
    size_t n, capacity;
    struct arena *arena;
};

static int take_open(void *context, struct str key, struct str row) {
    struct open_list *list = context;
    struct cursor in = cursor_from(key);
    (void)row;
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 256;
        uint32_t *numbers = arena_alloc(list->arena, capacity * sizeof *numbers);
        if (list->n)
            memcpy(numbers, list->numbers, list->n * sizeof *numbers);
        list->numbers = numbers;
        list->capacity = capacity;
    }
    list->numbers[list->n++] = cursor_u32_sorted(&in);
    return 0;
}

static json_t *late_section(json_t *document, int64_t days, struct arena *arena) {
    struct str title = arena_printf(arena, "超过%lld天未答复的申请", (long long)days);
    json_t *section = document_section(document, title.data);
    section_column(section, "certificate", "申请编号", "text");
    section_column(section, "volunteer", "志愿者", "text");
    section_column(section, "issuer", "应答复的组织", "text");
    section_column(section, "requested_on", "申请日期", "date");
    section_column(section, "days", "已等候天数", "number");
    return section;
}

/* What is open is known of now alone: a past day has the counts. */
static int put_late(struct report *report, int64_t days, json_t *document) {
    struct query *query = report->query;
    struct open_list list = {.arena = query->arena};
    if (report->day.at != COUNTER_NOW)
        return 0;
    struct late late = {
        .report = report, .section = late_section(document, days, query->arena), .days = days};
    int r = view_scan(query->view, TABLE_CERTIFICATE_OPEN, STR_NONE, take_open, &list);
    for (size_t i = 0; r == 0 && i < list.n; i++)
        r = look_at(&late, list.numbers[i]);
    if (r != 0)
        return r < 0 ? r : 0;
    document_text(document, late.n ? arena_printf(query->arena,
                                                  "有%lld件申请超过%lld天没有答复。出具志愿服务"
                                                  "记录证明是法定义务，应当及时、无偿。",
                                                  (long long)late.n, (long long)days)
                                   : arena_printf(query->arena, "没有超过%lld天未答复的申请。",
                                                  (long long)days));
    return 0;
}

static int fill(struct report *report, int64_t days, json_t **ret_result) {
    json_t *document = document_new(report, "志愿服务记录证明办理情况");
    int r = put_regions(report, document);
    if (r == 0)
        r = put_late(report, days, document);
    if (r == 0)
        *ret_result = json_pack("{s:o}", "document", document);
    else
        json_decref(document);
    return r;
}

int query_report_certificates(struct query *query, json_t **ret_result) {
    struct report report;
    int64_t days;
    int r = report_open(query, &report);
    if (r == 0)
        r = query_range(query, "days", (struct range){0, 3650}, WAITING_DAYS, &days);
    if (r == 0)
        r = fill(&report, days, ret_result);
    report_close(&report);
    return r;
}
