/* report.integrity: second looks at records. What signals asked for one, how many were answered,
 * and how many of the alarms were false. By region of a level, by organisation, or by signal;
 * everything is read from counters. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/organisations.h"

enum by { BY_REGION, BY_ORGANISATION, BY_SIGNAL };

struct integrity {
    enum by by;
    json_t *section;
};

/* ---- rows ---- */

/* Answered are those that a person said something of; a false alarm is one found real. */
static void put_counts(json_t *cells, int64_t asked, int64_t open, int64_t found_real,
                       int64_t found_false) {
    int64_t answered = found_real + found_false;
    json_array_append_new(cells, cell_number(asked));
    json_array_append_new(cells, cell_number(open));
    json_array_append_new(cells, cell_number(found_false));
    json_array_append_new(cells, cell_number(found_real));
    json_array_append_new(cells, cell_percent(found_real, answered));
}

static json_t *subject_cells(json_t *id, json_t *name, const struct counter_row *row) {
    int64_t asked = row->checks_open + row->checks_real + row->checks_false;
    json_t *cells = json_pack("[o, o, I]", id, name, (json_int_t)row->records);
    put_counts(cells, asked, row->checks_open, row->checks_real, row->checks_false);
    json_array_append_new(cells, cell_number(row->held));
    json_array_append_new(cells, cell_percent(asked, row->records));
    return cells;
}

static int add_region(struct report *report, uint32_t number) {
    struct integrity *integrity = report->context;
    struct region_defined region;
    struct counter_row row;
    int r = query_found(report_region_attributes(report, number, &report->arena, &region));
    if (r == 0)
        r = counter_get(report->query->view, report->day.at, NOUN_REGION, number, &row);
    if (r == 0)
        section_row(integrity->section,
                    subject_cells(json_from_str(region.region), json_from_str(region.name), &row));
    return r;
}

/* Organisations of which a second look was ever asked. */
static int add_organisations(struct report *report) {
    struct integrity *integrity = report->context;
    struct view *view = report->query->view;
    uint32_t n;
    int r = thing_count(view, NOUN_ORGANISATION, &n);
    for (uint32_t number = 1; r == 0 && number <= n; number++) {
        struct organisation_defined organisation;
        struct counter_row row;
        uint32_t region;
        r = counter_get(view, report->day.at, NOUN_ORGANISATION, number, &row);
        if (r != 0 || row.checks_open + row.checks_real + row.checks_false == 0)
            continue;
        arena_reset(&report->arena);
        r = query_found(organisation_attributes(view, number, &report->arena, &organisation));
        if (r == 0)
            r = query_found(thing_find(view, NOUN_REGION, organisation.region, &region));
        if (r == 0 && region_lies_in(report->query, region, report->region))
            section_row(integrity->section, subject_cells(json_from_str(organisation.organisation),
                                                          json_from_str(organisation.name), &row));
    }
    return r;
}

static void add_signals(const struct integrity *integrity, const struct counter_row *row) {
    for (unsigned signal = 0; signal < SIGNAL_COUNT; signal++) {
        int64_t asked = row->value[COUNTER_SIGNALS + signal];
        int64_t found_real = row->value[COUNTER_SIGNALS_REAL + signal];
        int64_t found_false = row->value[COUNTER_SIGNALS_FALSE + signal];
        json_t *cells =
            json_pack("[s, s]", SIGNAL_choices.words[signal], SIGNAL_choices.labels[signal]);
        put_counts(cells, asked, asked - found_real - found_false, found_real, found_false);
        section_row(integrity->section, cells);
    }
}

/* ---- the document ---- */

static json_t *new_section(const struct report *report, const struct integrity *integrity,
                           json_t *document) {
    bool by_signal = integrity->by == BY_SIGNAL;
    json_t *section = document_section(document, by_signal ? "各信号" : "各单位");
    if (integrity->by == BY_REGION)
        json_object_set_new(section, "title", json_string("各区划"));
    section_column(section, by_signal ? "signal" : "id", by_signal ? "信号" : "编号", "text");
    section_column(section, "name",
                   by_signal                          ? "含义"
                   : integrity->by == BY_ORGANISATION ? "组织"
                                                      : REGION_LEVEL_choices.labels[report->level],
                   "text");
    if (!by_signal)
        section_column(section, "records", "已认定记录", "number");
    section_column(section, "asked", "提示核查", "number");
    section_column(section, "open", by_signal ? "未答复" : "待核查", "number");
    section_column(section, "false", "核实不实", "number");
    section_column(section, "real", "属实(误报)", "number");
    section_column(section, "false_alarms", "误报率", "percent");
    if (!by_signal) {
        section_column(section, "held", "待核记录", "number");
        section_column(section, "share", "提示占比", "percent");
    }
    return section;
}

static void put_text(struct report *report, const struct region_defined *region,
                     const struct counter_row *row, json_t *document) {
    struct arena *arena = report->query->arena;
    struct str day = date_in_words(arena, report->day.as_of);
    int64_t answered = row->checks_real + row->checks_false;
    document_text(document,
                  arena_printf(arena,
                               "截至%.*s,%.*s提示核查%lld条,待核查%lld条;已答复%lld条,其中核实不实"
                               "%lld条,属实%lld条。提示不是结论,属实的计为误报。",
                               STR_ARG(day), STR_ARG(region->name),
                               (long long)(answered + row->checks_open),
                               (long long)row->checks_open, (long long)answered,
                               (long long)row->checks_false, (long long)row->checks_real));
}

static int fill(struct report *report, struct integrity *integrity, json_t *document) {
    struct region_defined region;
    struct counter_row whole;
    int r = query_found(
        report_region_attributes(report, report->region, report->query->arena, &region));
    if (r == 0)
        r = counter_get(report->query->view, report->day.at, NOUN_REGION, report->region, &whole);
    if (r != 0)
        return r;
    integrity->section = new_section(report, integrity, document);
    if (integrity->by == BY_SIGNAL)
        add_signals(integrity, &whole);
    else
        r = integrity->by == BY_REGION ? report_each(report, add_region)
                                       : add_organisations(report);
    if (r == 0 && integrity->by == BY_REGION)
        section_total(integrity->section, subject_cells(json_from_str(region.region),
                                                        json_from_str(region.name), &whole));
    if (r == 0)
        put_text(report, &region, &whole, document);
    return r;
}

/* `by` is a level, `organisation` or `signal`. */
static int read_by(struct query *query, struct integrity *integrity) {
    static const char *const words[] = {"county", "township", "community", "organisation",
                                        "signal"};
    int index;
    int r = query_word(query, "by", words, sizeof words / sizeof *words, &index);
    if (r != 0)
        return r;
    integrity->by = index == 3 ? BY_ORGANISATION : index == 4 ? BY_SIGNAL : BY_REGION;
    return 0;
}

int query_report_integrity(struct query *query, json_t **ret_result) {
    struct integrity integrity = {0};
    struct report report = {.context = NULL};
    json_t *document = NULL;
    int r = read_by(query, &integrity);
    if (r == 0 && integrity.by != BY_REGION)
        json_object_del(query->params, "by"); /* what report_open reads is a level */
    if (r == 0)
        r = report_open(query, &report);
    else
        return r;
    report.context = &integrity;
    if (r == 0) {
        document = document_new(&report, "诚信核查");
        r = fill(&report, &integrity, document);
    }
    if (r == 0)
        *ret_result = json_pack("{s:o}", "document", document);
    else
        json_decref(document);
    report_close(&report);
    return r;
}
