#include "document.h"

#include <math.h>
#include <stdlib.h>

#include "value.h"

/* Nothing that is counted has more; drawing is done in doubles, which are exact up to here. */
#define DRAWN_MOST 1e15

__extension__ typedef __int128 int128;

static const char *const kind_names[] = {
    [DOCUMENT_TEXT] = "text",       [DOCUMENT_NUMBER] = "number",
    [DOCUMENT_PERCENT] = "percent", [DOCUMENT_HOURS] = "hours",
    [DOCUMENT_DATE] = "date",       [DOCUMENT_STATE] = "state",
    [DOCUMENT_RANK] = "rank",       [DOCUMENT_HUNDREDTHS] = "hundredths",
};

static void *zeroed(size_t n, size_t size) {
    void *memory = calloc(n ? n : 1, size);
    if (!memory)
        abort();
    return memory;
}

/* ---- reading ---- */

static enum document_kind kind_read(const char *name) {
    for (size_t i = 0; i < sizeof kind_names / sizeof *kind_names; i++)
        if (strcmp(kind_names[i], name) == 0)
            return (enum document_kind)i;
    return DOCUMENT_TEXT;
}

/* [numerator, denominator]; nothing where the denominator says nothing. */
static struct document_cell rate_read(const json_t *pair) {
    const json_t *numerator = json_array_get(pair, 0), *denominator = json_array_get(pair, 1);
    bool known = json_is_integer(numerator) && json_integer_value(denominator) > 0;
    if (json_array_size(pair) != 2 || !known)
        return (struct document_cell){0};
    return (struct document_cell){.kind = CELL_RATE,
                                  .number = json_integer_value(numerator),
                                  .denominator = json_integer_value(denominator)};
}

static struct document_cell cell_read(const json_t *json) {
    if (json_is_string(json))
        return (struct document_cell){.kind = CELL_TEXT, .text = json_string_value(json)};
    if (json_is_integer(json))
        return (struct document_cell){.kind = CELL_INTEGER, .number = json_integer_value(json)};
    if (json_is_real(json))
        return (struct document_cell){.kind = CELL_REAL, .real = json_real_value(json)};
    return rate_read(json);
}

static bool columns_read(const json_t *json, struct document_section *section) {
    size_t index;
    json_t *column;
    section->n_columns = json_array_size(json);
    if (section->n_columns > DOCUMENT_COLUMNS)
        return false;
    section->columns = zeroed(section->n_columns, sizeof *section->columns);
    json_array_foreach(json, index, column) {
        const char *name = text_at(column, "name"), *title = text_at(column, "title");
        section->columns[index] =
            (struct document_column){.name = *name ? name : title,
                                     .title = *title ? title : name,
                                     .kind = kind_read(text_at(column, "kind"))};
    }
    return true;
}

static size_t row_size(const struct document_section *section, const json_t *row) {
    size_t size = json_array_size(row);
    return size < section->n_columns ? size : section->n_columns;
}

static struct document_row row_read(const struct document_section *section, const json_t *json,
                                    struct document_cell *cells) {
    struct document_row row = {.cells = cells, .n_cells = row_size(section, json)};
    for (size_t i = 0; i < row.n_cells; i++)
        cells[i] = cell_read(json_array_get(json, i));
    return row;
}

static void rows_read(const json_t *rows, const json_t *total, struct document_section *section) {
    size_t index, n_cells = row_size(section, total);
    json_t *row;
    json_array_foreach(rows, index, row) n_cells += row_size(section, row);
    section->n_rows = json_array_size(rows);
    section->rows = zeroed(section->n_rows, sizeof *section->rows);
    section->cells = zeroed(n_cells, sizeof *section->cells);
    struct document_cell *next = section->cells;
    json_array_foreach(rows, index, row) {
        section->rows[index] = row_read(section, row, next);
        next += section->rows[index].n_cells;
    }
    section->total = row_read(section, total, next);
}

/* ---- the earlier document ---- */

static bool is_figure(const struct document_cell *cell) {
    return cell->kind == CELL_INTEGER || cell->kind == CELL_RATE;
}

static void before_read(struct document_section *section, const json_t *json,
                        struct document_row *row, struct document_cell *cells) {
    if (!json_is_array(json))
        return;
    for (size_t i = 0; i < section->n_columns; i++) {
        cells[i] = cell_read(json_array_get(json, i));
        section->columns[i].is_compared |= is_figure(&cells[i]);
    }
    row->before = cells;
}

static void previous_read(const json_t *previous, struct document_section *section) {
    const json_t *rows = json_object_get(previous, "rows");
    if (!json_is_object(previous))
        return;
    section->cells_before =
        zeroed((section->n_rows + 1) * section->n_columns, sizeof *section->cells_before);
    for (size_t i = 0; i < section->n_rows; i++)
        before_read(section, json_array_get(rows, i), &section->rows[i],
                    section->cells_before + i * section->n_columns);
    before_read(section, json_object_get(previous, "total"), &section->total,
                section->cells_before + section->n_rows * section->n_columns);
}

/* A rule writes decimals as texts: they stand to the right all the same. Whole numbers may be
 * codes. */
static bool holds_decimals(const struct document_section *section, size_t column) {
    bool found = false;
    for (size_t i = 0; i < section->n_rows; i++) {
        const struct document_cell *cell = document_cell_at(&section->rows[i], column);
        bool is_decimal =
            cell->kind == CELL_TEXT && strchr(cell->text, '.') && text_is_number(cell->text);
        if (cell->kind != CELL_NONE && !is_decimal)
            return false;
        found = found || is_decimal;
    }
    return found;
}

static bool section_read(const json_t *json, struct document_section *section) {
    section->title = text_at(json, "title");
    section->note = text_at(json, "note");
    if (!columns_read(json_object_get(json, "columns"), section))
        return false;
    rows_read(json_object_get(json, "rows"), json_object_get(json, "total"), section);
    previous_read(json_object_get(json, "previous"), section);
    for (size_t i = 0; i < section->n_columns; i++)
        if (section->columns[i].kind == DOCUMENT_TEXT && holds_decimals(section, i))
            section->columns[i].kind = DOCUMENT_NUMBER;
    return true;
}

static void series_read(const json_t *json, struct document_series *series) {
    const json_t *points = json_object_get(json, "points");
    const json_t *target = json_object_get(json, "target");
    size_t index;
    json_t *point;
    *series = (struct document_series){.title = text_at(json, "title"),
                                       .name = text_at(json, "name"),
                                       .unit = text_at(json, "unit"),
                                       .is_line = strcmp(text_at(json, "kind"), "line") == 0,
                                       .has_target = json_is_number(target) &&
                                                     fabs(json_number_value(target)) <= DRAWN_MOST,
                                       .target = json_number_value(target)};
    series->n_points = json_array_size(points);
    series->points = zeroed(series->n_points, sizeof *series->points);
    json_array_foreach(points, index, point) series->points[index] = (struct document_point){
        .label = text_at(point, "label"), .value = cell_read(json_object_get(point, "value"))};
}

static void head_read(struct document *document) {
    const json_t *json = document->json, *region = json_object_get(json, "region");
    document->title = text_at(json, "title");
    document->subtitle = text_at(json, "subtitle");
    document->number = cell_read(json_object_get(json, "number"));
    document->region =
        json_is_string(region) ? json_string_value(region) : text_at(region, "region");
    document->region_name = text_at(region, "name");
    document->as_of = text_at(json, "as_of");
    document->period = text_at(json, "period");
    document->revision = text_at(json, "revision");
    const json_t *compared = json_object_get(json, "compared");
    document->compared_number = cell_read(json_object_get(compared, "number"));
    document->compared_as_of = text_at(compared, "as_of");
    document->is_draft = flag_at(json, "draft");
    document->chinese = language_is_chinese();
}

static void paragraphs_read(const json_t *texts, struct document *document) {
    size_t n = json_array_size(texts);
    document->paragraphs = zeroed(n, sizeof *document->paragraphs);
    for (size_t i = 0; i < n; i++)
        if (*text_in(texts, i))
            document->paragraphs[document->n_paragraphs++] = text_in(texts, i);
}

bool document_read(json_t *json, struct document *ret_document) {
    struct document document = {.json = json};
    const json_t *sections = json_object_get(json, "sections"),
                 *series = json_object_get(json, "series");
    if (!json_is_object(json))
        return false;
    json_incref(json);
    head_read(&document);
    paragraphs_read(json_object_get(json, "text"), &document);
    document.n_series = json_array_size(series);
    document.series = zeroed(document.n_series, sizeof *document.series);
    for (size_t i = 0; i < document.n_series; i++)
        series_read(json_array_get(series, i), &document.series[i]);
    document.sections = zeroed(json_array_size(sections), sizeof *document.sections);
    for (size_t i = 0; i < json_array_size(sections); i++) {
        document.n_sections++; /* first, so that what was half read is freed too */
        if (!section_read(json_array_get(sections, i), &document.sections[i])) {
            document_deinit(&document);
            return false;
        }
    }
    *ret_document = document;
    return true;
}

void document_deinit(struct document *document) {
    for (size_t i = 0; i < document->n_sections; i++) {
        free(document->sections[i].columns);
        free(document->sections[i].rows);
        free(document->sections[i].cells);
        free(document->sections[i].cells_before);
    }
    for (size_t i = 0; i < document->n_series; i++)
        free(document->series[i].points);
    free(document->sections);
    free(document->series);
    free(document->paragraphs);
    json_decref(document->json);
    *document = (struct document){0};
}

/* ---- looking ---- */

const struct document_cell *document_cell_at(const struct document_row *row, size_t column) {
    static const struct document_cell none;
    return column < row->n_cells ? &row->cells[column] : &none;
}

const struct document_cell *document_cell_before(const struct document_row *row, size_t column) {
    static const struct document_cell none;
    return row->before && column < row->n_cells ? &row->before[column] : &none;
}

/* Cut, as it is printed. */
static int128 printed(const struct document_cell *cell) {
    if (cell->kind == CELL_INTEGER)
        return cell->number;
    int128 scaled = (int128)cell->number * 10000;
    return scaled / cell->denominator - (scaled % cell->denominator < 0);
}

bool document_change(const struct document_row *row, size_t column, int64_t *ret_change) {
    const struct document_cell *now = document_cell_at(row, column),
                               *before = document_cell_before(row, column);
    if (!is_figure(now) || now->kind != before->kind)
        return false;
    int128 change = printed(now) - printed(before);
    if (change > INT64_MAX || change < INT64_MIN)
        return false;
    *ret_change = (int64_t)change;
    return true;
}

struct document_beside document_beside(const struct document_section *section,
                                       const struct document_row *row, size_t column) {
    enum document_kind kind = section->columns[column].kind;
    struct document_beside beside = {.before = document_cell_before(row, column),
                                     .before_kind = kind,
                                     .change_kind =
                                         kind == DOCUMENT_PERCENT ? DOCUMENT_HUNDREDTHS : kind};
    if (document_change(row, column, &beside.change.number))
        beside.change.kind = CELL_INTEGER;
    if (beside.before->kind == CELL_NONE)
        beside.before_kind = DOCUMENT_NUMBER;
    return beside;
}

bool document_kind_is_number(enum document_kind kind) {
    return kind == DOCUMENT_NUMBER || kind == DOCUMENT_PERCENT || kind == DOCUMENT_HOURS ||
           kind == DOCUMENT_RANK || kind == DOCUMENT_HUNDREDTHS;
}

enum verdict document_cell_verdict(enum document_kind kind, const struct document_cell *cell) {
    static const struct {
        const char *state;
        enum verdict verdict;
    } states[] = {{"met", VERDICT_MET},         {"on_time", VERDICT_MET},
                  {"not_met", VERDICT_NOT_MET}, {"late", VERDICT_NOT_MET},
                  {"behind", VERDICT_NOT_MET},  {"overdue", VERDICT_NOT_MET},
                  {"no_data", VERDICT_NO_DATA}};
    if (kind == DOCUMENT_PERCENT && cell->kind == CELL_NONE)
        return VERDICT_NO_DATA;
    if (kind != DOCUMENT_STATE)
        return VERDICT_NONE;
    const char *state = cell->kind == CELL_TEXT ? cell->text : "no_data";
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i].state, state) == 0)
            return states[i].verdict;
    return VERDICT_NONE;
}

bool document_cell_value(const struct document_cell *cell, double *ret_value) {
    double value = cell->kind == CELL_INTEGER ? (double)cell->number
                   : cell->kind == CELL_REAL  ? cell->real
                   : cell->kind == CELL_RATE
                       ? 100.0 * (double)cell->number / (double)cell->denominator
                       : NAN;
    if (!(fabs(value) <= DRAWN_MOST))
        return false;
    *ret_value = value;
    return true;
}

static bool is_whole(double number) {
    return number == floor(number);
}

enum verdict document_point_verdict(const struct document_series *series,
                                    const struct document_point *point) {
    const struct document_cell *value = &point->value;
    double drawn;
    bool met;
    if (!document_cell_value(value, &drawn))
        return VERDICT_NO_DATA;
    if (point->verdict != VERDICT_NONE || !series->has_target)
        return point->verdict;
    if (value->kind == CELL_RATE && is_whole(series->target))
        met = (int128)100 * value->number > (int128)(int64_t)series->target * value->denominator;
    else if (value->kind == CELL_RATE || strcmp(series->unit, "%") == 0)
        met = drawn > series->target;
    else
        met = drawn >= series->target;
    return met ? VERDICT_MET : VERDICT_NOT_MET;
}

/* ---- making ---- */

json_t *document_blank(const char *title) {
    return json_pack("{s:s, s:[]}", "title", title, "sections");
}

json_t *document_section_add(json_t *document, const char *title) {
    json_t *section = json_pack("{s:s, s:[], s:[]}", "title", title, "columns", "rows");
    json_array_append_new(json_object_get(document, "sections"), section);
    return section;
}

void document_column_add(json_t *section, const char *name, const char *title, const char *kind) {
    json_array_append_new(json_object_get(section, "columns"),
                          json_pack("{s:s, s:s, s:s}", "name", name, "title", title, "kind", kind));
}
