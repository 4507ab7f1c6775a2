/* report.points: what each account issued, spent, let expire, passed on and owes, month by month,
 * from the ledger's own sums. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/dictionaries.h"
#include "domain/ledger.h"

/* What moved in a month; then what stood at its end. */
static const struct {
    const char *name, *title;
    size_t offset;
} flows[] = {
    {"issued", "发放", offsetof(struct ledger_row, issued)},
    {"taken_back", "收回", offsetof(struct ledger_row, taken_back)},
    {"added", "人工增加", offsetof(struct ledger_row, added)},
    {"deducted", "人工扣减", offsetof(struct ledger_row, deducted)},
    {"spent", "使用", offsetof(struct ledger_row, spent)},
    {"expired", "过期", offsetof(struct ledger_row, expired)},
    {"transferred", "转赠", offsetof(struct ledger_row, transferred)},
    {"balance", "月末余额", offsetof(struct ledger_row, persons)},
    {"held", "月末冻结", offsetof(struct ledger_row, counters[LEDGER_HELD])},
    {"owed", "月末欠额", offsetof(struct ledger_row, owed)},
};
#define FLOWS (sizeof flows / sizeof *flows)
#define MOVED 7 /* of them are sums over months */

struct points {
    struct report *report;
    json_t *section;
    json_t *issued;
    json_t *spent;
    int32_t last_month;
    int64_t total[FLOWS];
};

static int64_t flow_of(const struct ledger_row *row, size_t i) {
    int64_t value;
    memcpy(&value, (const char *)row + flows[i].offset, sizeof value);
    return value;
}

static int add_month(void *context, const struct ledger_row *row) {
    struct points *points = context;
    char text[16];
    if (row->month > points->last_month)
        return 0;
    size_t size = month_format((int32_t)row->month, text);
    json_t *cells = json_array();
    json_array_append_new(cells, json_stringn(text, size));
    for (size_t i = 0; i < FLOWS; i++) {
        int64_t value = flow_of(row, i);
        json_array_append_new(cells, json_integer(value));
        points->total[i] = i < MOVED ? points->total[i] + value : value;
    }
    section_row(points->section, cells);
    series_point(points->issued, json_stringn(text, size), json_integer(row->issued));
    series_point(points->spent, json_stringn(text, size), json_integer(row->spent));
    return 0;
}

static json_t *line_named(json_t *document, const char *title, const char *name) {
    json_t *series = document_series(document, title, "line", NULL);
    json_object_set_new(series, "name", json_string(name));
    return series;
}

/* As its unit is counted: two decimals read as such, whole units as they are. */
static int account_section(struct points *points, json_t *document, uint32_t account) {
    struct query *query = points->report->query;
    struct dictionary_code code;
    struct ledger_row row;
    int r = ledger_get(query->view, account, &row);
    if (r != 0)
        return r < 0 ? r : 0; /* nothing was ever posted to it */
    r = query_found(dictionary_at(query->view, DICTIONARY_ACCOUNT, account, &code));
    if (r != 0)
        return r;
    const char *title = arena_string(query->arena, code.title);
    const char *kind = code.decimals == 2 ? "hundredths" : "number";
    points->section = document_section(document, title);
    points->issued = line_named(document, title, "发放");
    points->spent = line_named(document, title, "使用");
    memset(points->total, 0, sizeof points->total);
    section_column(points->section, "month", "月份", "text");
    for (size_t i = 0; i < FLOWS; i++)
        section_column(points->section, flows[i].name, flows[i].title, kind);
    r = ledger_months(query->view, account, add_month, points);
    json_t *total = json_pack("[s]", "合计");
    for (size_t i = 0; i < FLOWS; i++)
        json_array_append_new(total, json_integer(points->total[i]));
    section_total(points->section, total);
    return r;
}

/* Of a past day the months that were over by then: within one it is not known what moved when. */
static int32_t last_month(const struct query_day *day) {
    int32_t month = date_month(day->as_of);
    bool over = month_first_date(month + 1) - 1 == day->as_of;
    return day->at == COUNTER_NOW || over ? month : month - 1;
}

int query_report_points(struct query *query, json_t **ret_result) {
    struct report report;
    struct points points = {.report = &report};
    int by;
    int r = report_open_by(query, NULL, 0, &by, &report);
    if (r == 0) {
        json_t *document = document_new(&report, "积分收支");
        uint32_t n = dictionary_count(query->view, DICTIONARY_ACCOUNT);
        points.last_month = last_month(&report.day);
        for (uint32_t account = 0; r == 0 && account < n; account++)
            r = account_section(&points, document, account);
        if (r == 0)
            *ret_result = json_pack("{s:o}", "document", document);
        else
            json_decref(document);
    }
    report_close(&report);
    return r;
}
