#include "import_refusals.h"

#include <stdlib.h>

#include "sheet_writer.h"
#include "table.h"
#include "value.h"

static char *copy(const char *text) {
    char *kept = strdup(text ? text : "");
    if (!kept)
        abort();
    return kept;
}

void refusals_add(struct refusals *refusals, uint64_t row, size_t column, const char *code,
                  const char *field, const char *message) {
    if (refusals->n == refusals->capacity) {
        refusals->capacity = refusals->capacity ? refusals->capacity * 2 : 64;
        refusals->list = reallocarray(refusals->list, refusals->capacity, sizeof *refusals->list);
        if (!refusals->list)
            abort();
    }
    refusals->list[refusals->n++] =
        (struct refusal){row, column, copy(code), copy(field), copy(message), false};
}

void refusals_deinit(struct refusals *refusals) {
    for (size_t i = 0; i < refusals->n; i++) {
        free(refusals->list[i].code);
        free(refusals->list[i].field);
        free(refusals->list[i].message);
    }
    free(refusals->list);
}

static int by_row(const void *a, const void *b) {
    const struct refusal *one = a, *other = b;
    if (one->row != other->row)
        return one->row < other->row ? -1 : 1;
    return (one->column > other->column) - (one->column < other->column);
}

void refusals_sort(struct refusals *refusals) {
    if (refusals->n > 1)
        qsort(refusals->list, refusals->n, sizeof *refusals->list, by_row);
    refusals->n_rows = 0;
    for (size_t i = 0; i < refusals->n; i++)
        refusals->n_rows += i == 0 || refusals->list[i].row != refusals->list[i - 1].row;
}

size_t refusals_from(const struct refusals *refusals, uint64_t row) {
    size_t low = 0, high = refusals->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (refusals->list[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const char *heading_of(const struct import_columns *columns, const struct refusal *refusal) {
    if (refusal->column < columns->n)
        return columns->list[refusal->column].heading;
    return refusal->field;
}

void refusals_print(const struct call *call, const struct refusals *refusals,
                    const struct import_columns *columns) {
    struct table *table = table_new(&call->terminal);
    int64_t limit = call_limit(call);
    table_column(table, _("row"), COLUMN_NUMBER);
    table_column(table, _("column"), COLUMN_TEXT);
    table_column(table, _("code"), COLUMN_TEXT);
    table_column(table, _("reason"), COLUMN_WRAP);
    for (size_t i = 0; i < refusals->n && (int64_t)i < limit; i++) {
        const struct refusal *refusal = &refusals->list[i];
        table_row(table, NULL);
        table_number(table, 0, (int64_t)refusal->row);
        table_text(table, 1, heading_of(columns, refusal));
        table_text(table, 2, refusal->code);
        table_text(table, 3, refusal->message);
    }
    table_print(table);
    if ((int64_t)refusals->n > limit)
        note(_("… and %zu more"), refusals->n - (size_t)limit);
}

json_t *refusals_json(const struct refusals *refusals, const struct import_columns *columns) {
    json_t *list = json_array();
    for (size_t i = 0; i < refusals->n; i++) {
        const struct refusal *refusal = &refusals->list[i];
        json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:s, s:s, s:b}", "row",
                                              (json_int_t)refusal->row, "column",
                                              heading_of(columns, refusal), "field", refusal->field,
                                              "code", refusal->code, "message", refusal->message,
                                              "retryable", refusal->retryable));
    }
    return list;
}

/* ---- the lines themselves ---- */

/* A heading over two rows becomes the field's name, which is one. */
static void headings_write(struct sheet_writer *writer, const struct import_columns *columns) {
    for (size_t i = 0; i < columns->n; i++) {
        const struct import_column *column = &columns->list[i];
        bool by_field = column->two_rows && column->target && column->unit == UNIT_PLAIN;
        sheet_writer_heading(writer, by_field ? column->target->path : column->heading, false);
    }
    sheet_writer_heading(writer, "行", false);
    sheet_writer_heading(writer, "原因", false);
    sheet_writer_row_end(writer);
}

static void row_write(struct sheet_writer *writer, const struct refusals *refusals, size_t first,
                      const struct import_columns *columns, const struct grid_row *row,
                      bool from_1904) {
    char number[24];
    BUF_AUTO reasons = {0};
    for (size_t i = 0; i < columns->n; i++) {
        const struct grid_cell cell = grid_cell_at(row, i);
        BUF_AUTO text = {0};
        cell_text_put(&cell, from_1904, &text);
        sheet_writer_cell(writer, buf_text(&text));
    }
    snprintf(number, sizeof number, "%llu", (unsigned long long)row->number);
    sheet_writer_cell(writer, number);
    for (size_t i = first; i < refusals->n && refusals->list[i].row == row->number; i++)
        buf_printf(&reasons, "%s%s: %s", i == first ? "" : "; ",
                   heading_of(columns, &refusals->list[i]), refusals->list[i].message);
    sheet_writer_cell(writer, buf_text(&reasons));
    sheet_writer_row_end(writer);
}

int refusals_write(const struct call *call, const struct refusals *refusals,
                   const struct import_columns *columns, struct grid *grid, const char *path) {
    struct grid_fault fault = {0};
    const struct grid_row *row;
    struct sheet_writer *writer = sheet_writer_new(path, "refused");
    int next = grid_rewind(grid, &fault) == 0 ? 1 : -1;
    headings_write(writer, columns);
    while (next == 1 && (next = grid_next(grid, &row, &fault)) == 1) {
        size_t first = refusals_from(refusals, row->number);
        if (first < refusals->n && refusals->list[first].row == row->number)
            row_write(writer, refusals, first, columns, row, grid_from_1904(grid));
    }
    int code = sheet_writer_close(call, writer);
    if (next < 0)
        return complain_json(call->json, REFUSED, fault.code, "%s", fault.message);
    return code;
}
