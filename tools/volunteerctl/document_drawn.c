#include "document_drawn.h"

#include <stdlib.h>

#include "util/memory.h"

#define ROWS_MOST 60 /* a longer table is read, not drawn */

static bool has_point(const struct document *document) {
    double value;
    for (size_t i = 0; i < document->n_series; i++)
        for (size_t j = 0; j < document->series[i].n_points; j++)
            if (document_cell_value(&document->series[i].points[j].value, &value))
                return true;
    return false;
}

/* The column that says what a row is about: `name`, else the first of texts. */
static size_t label_column(const struct document_section *section) {
    size_t first = section->n_columns;
    for (size_t i = section->n_columns; i-- > 0;) {
        if (strcmp(section->columns[i].name, "name") == 0)
            return i;
        if (section->columns[i].kind == DOCUMENT_TEXT)
            first = i;
    }
    return first;
}

static struct document_point point_of(const struct document_section *section, size_t row,
                                      size_t label, size_t column) {
    const struct document_row *cells = &section->rows[row];
    const struct document_cell *name = document_cell_at(cells, label);
    struct document_point point = {.label = name->kind == CELL_TEXT ? name->text : "",
                                   .value = *document_cell_at(cells, column)};
    size_t next = column + 1;
    if (next < section->n_columns)
        point.verdict =
            document_cell_verdict(section->columns[next].kind, document_cell_at(cells, next));
    return point;
}

static void column_draw(struct drawn *drawn, const struct document_section *section,
                        size_t column) {
    struct document_series *series = &drawn->document.series[drawn->document.n_series];
    char **title = &drawn->titles[drawn->document.n_series];
    size_t label = label_column(section);
    if (asprintf(title, "%s%s%s", section->title, *section->title ? " · " : "",
                 section->columns[column].title) < 0)
        abort();
    *series = (struct document_series){
        .title = *title, .name = "", .unit = "%", .n_points = section->n_rows};
    series->points = memory_checked(calloc(section->n_rows + 1, sizeof *series->points));
    for (size_t i = 0; i < section->n_rows; i++)
        series->points[i] = point_of(section, i, label, column);
    drawn->document.n_series++;
}

void drawn_init(struct drawn *drawn, const struct document *document) {
    size_t n = document->n_sections * DOCUMENT_COLUMNS;
    *drawn = (struct drawn){.document = *document};
    if (has_point(document))
        return;
    drawn->document.n_series = 0;
    drawn->document.series = memory_checked(calloc(n + 1, sizeof *drawn->document.series));
    drawn->titles = memory_checked(calloc(n + 1, sizeof *drawn->titles));
    for (size_t i = 0; i < document->n_sections; i++) {
        const struct document_section *section = &document->sections[i];
        for (size_t j = 0; j < section->n_columns; j++)
            if (section->columns[j].kind == DOCUMENT_PERCENT && section->n_rows <= ROWS_MOST)
                column_draw(drawn, section, j);
    }
}

void drawn_deinit(struct drawn *drawn) {
    for (size_t i = 0; drawn->titles && i < drawn->document.n_series; i++) {
        free(drawn->document.series[i].points);
        free(drawn->titles[i]);
    }
    if (drawn->titles)
        free(drawn->document.series);
    free(drawn->titles);
    *drawn = (struct drawn){0};
}
