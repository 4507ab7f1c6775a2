/* report.assessment: the indicators of the region's parts and of its civilised units, by the
 * assessment policies in force. Columns follow from what the policies answer. */
#include "bus/denominators.h"
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/civilised_titles.h"
#include "domain/organisations.h"

#define INDICATORS_LIMIT 24 /* columns for each */
#define UNITS_LIMIT 5000

/* One indicator of one policy, among the columns of a section. */
struct heading {
    struct str policy;
    struct str id;
    struct str title;
};

/* A section while it is filled: its rows come first, since they say what columns it has. */
struct sheet {
    struct report *report;
    size_t n_headings;
    struct heading headings[INDICATORS_LIMIT];
    json_t *leaders; /* of each row: the cells before the indicators */
    json_t *answers; /* of each row: {policy/id: indicator} */
    json_t *failures;
    json_t *denominators; /* the section that says where they come from; borrowed */
    int level;            /* of units: TITLE_LEVEL_choice, -1: any */
};

static void sheet_init(struct sheet *sheet, struct report *report) {
    *sheet = (struct sheet){.report = report, .level = -1};
    sheet->leaders = json_array();
    sheet->answers = json_array();
    sheet->failures = json_object();
}

static void sheet_deinit(struct sheet *sheet) {
    json_decref(sheet->leaders);
    json_decref(sheet->answers);
    json_decref(sheet->failures);
}

static void note_heading(struct sheet *sheet, struct str policy,
                         const struct indicator *indicator) {
    struct arena *arena = sheet->report->query->arena;
    for (size_t i = 0; i < sheet->n_headings; i++)
        if (str_equal(sheet->headings[i].policy, policy) &&
            str_equal(sheet->headings[i].id, indicator->id))
            return;
    if (sheet->n_headings == INDICATORS_LIMIT)
        return;
    struct str title = indicator->title.data ? indicator->title : indicator->id;
    sheet->headings[sheet->n_headings++] = (struct heading){
        arena_copy(arena, policy), arena_copy(arena, indicator->id), arena_copy(arena, title)};
}

static char *column_key(struct arena *arena, struct str policy, struct str id) {
    return arena_string(arena, arena_printf(arena, "%.*s/%.*s", STR_ARG(policy), STR_ARG(id)));
}

static void take_answer(struct sheet *sheet, const struct answer *assessed, json_t *cells) {
    const struct answer *answer = assessed;
    const struct indicator *indicators = answer->indicators.items;
    struct arena *arena = &sheet->report->arena;
    if (answer->failed) {
        json_object_set_new(sheet->failures, arena_string(arena, assessed->policy),
                            json_from_str(answer->failure));
        return;
    }
    json_t *list = json_loadb(answer->json.data, answer->json.size, 0, NULL);
    for (size_t i = 0; i < answer->indicators.n; i++) {
        note_heading(sheet, assessed->policy, &indicators[i]);
        json_object_set(cells, column_key(arena, assessed->policy, indicators[i].id),
                        json_array_get(list, i));
    }
    json_decref(list);
}

/* Takes `leader`, the cells that name the subject. */
static int add_subject(struct sheet *sheet, enum noun noun, uint32_t number, json_t *leader) {
    struct report *report = sheet->report;
    struct query *query = report->query;
    struct answer *answers;
    size_t n;
    json_t *cells = json_object();
    json_array_append_new(sheet->leaders, leader);
    json_array_append_new(sheet->answers, cells);
    int r = policy_assess(query->host, query->view, &query->city, noun, number, report->day.as_of,
                          report->day.at, CAUSE_ON_DEMAND, STR_NONE, &report->arena, &answers, &n);
    for (size_t i = 0; r == 0 && i < n; i++)
        take_answer(sheet, &answers[i], cells);
    return r;
}

/* ---- as a table ---- */

/* A rate where the policy says what it is made of, else its value as it stands. */
static json_t *value_cell(const json_t *indicator) {
    const json_t *evidence = json_object_get(indicator, "evidence");
    const json_t *part = json_object_get(evidence, "numerator");
    const json_t *whole = json_object_get(evidence, "denominator");
    json_t *value = json_object_get(indicator, "value");
    if (json_is_integer(part))
        return cell_percent((int64_t)json_integer_value(part),
                            json_is_integer(whole) ? (int64_t)json_integer_value(whole) : -1);
    return value ? json_incref(value) : json_null();
}

static void append_indicator(json_t *row, const json_t *indicator) {
    json_t *state = json_object_get(indicator, "state");
    json_t *gap = json_object_get(json_object_get(indicator, "evidence"), "gap");
    json_array_append_new(row, indicator ? value_cell(indicator) : json_null());
    json_array_append_new(row, state ? json_incref(state) : json_null());
    json_array_append_new(row, json_is_integer(gap) ? json_incref(gap) : json_null());
}

static json_t *sheet_row(const struct sheet *sheet, size_t i) {
    struct arena *arena = &sheet->report->arena;
    json_t *row = json_copy(json_array_get(sheet->leaders, i));
    for (size_t j = 0; j < sheet->n_headings; j++) {
        const struct heading *heading = &sheet->headings[j];
        append_indicator(row, json_object_get(json_array_get(sheet->answers, i),
                                              column_key(arena, heading->policy, heading->id)));
    }
    return row;
}

/* Whether a column holds rates: as its first cell that holds anything. */
static bool is_rate(const struct sheet *sheet, const struct heading *heading) {
    const char *key = column_key(&sheet->report->arena, heading->policy, heading->id);
    size_t i;
    json_t *cells;
    json_array_foreach(sheet->answers, i, cells) {
        const json_t *indicator = json_object_get(cells, key);
        if (indicator)
            return json_is_integer(
                json_object_get(json_object_get(indicator, "evidence"), "numerator"));
    }
    return false;
}

static void put_columns(const struct sheet *sheet, json_t *section) {
    struct arena *arena = &sheet->report->arena;
    for (size_t i = 0; i < sheet->n_headings; i++) {
        const struct heading *heading = &sheet->headings[i];
        const char *id = arena_string(arena, heading->id);
        section_column(section, id, arena_string(arena, heading->title),
                       is_rate(sheet, heading) ? "percent" : "text");
        section_column(section, arena_string(arena, arena_printf(arena, "%s_state", id)),
                       "是否达标", "state");
        section_column(section, arena_string(arena, arena_printf(arena, "%s_gap", id)), "尚缺",
                       "number");
    }
}

static void put_note(const struct sheet *sheet, json_t *section) {
    const char *policy;
    json_t *failure;
    json_object_foreach(sheet->failures, policy, failure) {
        struct str note = arena_printf(&sheet->report->arena, "规则%s未能得出结果：%s", policy,
                                       json_string_value(failure));
        json_object_set_new(section, "note", json_from_str(note));
        return;
    }
}

/* The last `total` rows are the total (0 or 1). */
static void put_sheet(const struct sheet *sheet, json_t *section, size_t total) {
    size_t n = json_array_size(sheet->leaders);
    put_columns(sheet, section);
    put_note(sheet, section);
    for (size_t i = 0; i + total < n; i++)
        section_row(section, sheet_row(sheet, i));
    if (total)
        section_total(section, sheet_row(sheet, n - 1));
}

/* ---- regions ---- */

static int add_region(struct report *report, uint32_t region) {
    struct sheet *sheet = report->context;
    json_t *object = report_region(report, region);
    struct str name = str_from(json_string_value(json_object_get(object, "name")));
    int r = denominators_add(report, sheet->denominators, NOUN_REGION, region, name);
    if (r == 0)
        r = add_subject(sheet, NOUN_REGION, region,
                        json_pack("[O, O]", json_object_get(object, "region"),
                                  json_object_get(object, "name")));
    json_decref(object);
    return r;
}

static int assess_regions(struct report *report, json_t *document, json_t *denominators) {
    json_t *section = document_section(document, "分区划");
    struct sheet sheet;
    sheet_init(&sheet, report);
    sheet.denominators = denominators;
    report->context = &sheet;
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    int r = report_each(report, add_region);
    if (r == 0)
        r = add_region(report, report->region);
    if (r == 0)
        put_sheet(&sheet, section, 1);
    sheet_deinit(&sheet);
    return r;
}

/* ---- civilised units ---- */

static int add_unit(struct sheet *sheet, uint32_t number, enum TITLE_LEVEL_choice level) {
    struct report *report = sheet->report;
    struct query *query = report->query;
    struct organisation_row row;
    struct organisation_defined unit;
    uint32_t region;
    int32_t at = report->day.at;
    int r = organisation_get(query->view, number, &row);
    if (r == 0)
        r = organisation_region_at(query->view, number, &row, at, &report->arena, &region);
    if (r > 0 ||
        (r == 0 && !(organisation_stood(&row, at) &&
                     region_lies_in_at(query->view, region, report->region, at, &report->arena))))
        return 0;
    if (r == 0)
        r = organisation_attributes_at(query->view, number, at, &report->arena, &unit);
    if (r == 0)
        r = denominators_add(report, sheet->denominators, NOUN_ORGANISATION, number, unit.name);
    if (r != 0)
        return query_found(r);
    return add_subject(sheet, NOUN_ORGANISATION, number,
                       json_pack("[o, o, s]", json_from_str(unit.organisation),
                                 json_from_str(unit.name), TITLE_LEVEL_choices.labels[level]));
}

enum { UNITS_END = 1 };

static int unit_row(void *context, struct str key, struct str row) {
    struct sheet *sheet = context;
    struct cursor in = cursor_from(key);
    enum noun noun = cursor_byte(&in);
    uint32_t number = cursor_u32_sorted(&in);
    int title = cursor_byte(&in);
    struct civilised_title held;
    if (noun != NOUN_ORGANISATION || json_array_size(sheet->leaders) >= UNITS_LIMIT)
        return UNITS_END;
    if (title != CIVILISED_TITLE_UNIT ||
        civilised_title_decode(row, sheet->report->day.at, &held) != 0 || !held.held ||
        (sheet->level >= 0 && held.level != (enum TITLE_LEVEL_choice)sheet->level))
        return 0;
    arena_reset(&sheet->report->arena);
    return add_unit(sheet, number, held.level);
}

static int assess_units(struct report *report, json_t *document, json_t *denominators, int level) {
    const char first[1] = {NOUN_ORGANISATION};
    json_t *section = document_section(document, "文明单位");
    struct sheet sheet;
    sheet_init(&sheet, report);
    sheet.denominators = denominators;
    sheet.level = level;
    section_column(section, "organisation", "组织编号", "text");
    section_column(section, "name", "单位", "text");
    section_column(section, "level", "级别", "text");
    int r = view_scan(report->query->view, TABLE_CIVILISED_TITLE, (struct str){first, 1}, unit_row,
                      &sheet);
    if (r >= 0)
        put_sheet(&sheet, section, 0);
    sheet_deinit(&sheet);
    return r < 0 ? r : 0;
}

static int assess_all(struct report *report, json_t *document) {
    int level;
    int r = query_choice(report->query, "class", &TITLE_LEVEL_choices, &level);
    if (r != 0)
        return r;
    /* The last section, filled while the others are. */
    json_t *aside = json_pack("{s:[]}", "sections"), *sources = denominators_section(aside);
    r = assess_regions(report, document, sources);
    if (r == 0)
        r = assess_units(report, document, sources, level);
    if (r == 0 && json_array_size(json_object_get(sources, "rows")))
        json_array_append(json_object_get(document, "sections"), sources);
    json_decref(aside);
    return r;
}

int query_report_assessment(struct query *query, json_t **ret_result) {
    struct report report;
    int r = report_open(query, &report);
    return report_answer(&report, r, "志愿服务指标测评", assess_all, ret_result);
}
