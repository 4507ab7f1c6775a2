/* A document as CSV. With one section and nothing beside it but a chart or text it is one plain
 * table, its headings in the first row; else blocks with a title row each and blank rows between.
 */
#include "csv_writer.h"
#include "document_format.h"
#include "document_text.h"
#include "value.h"

/* What the renderers of this file share. */
struct sheet {
    const struct document *document;
    struct csv_writer csv;
    struct cell_style style;
};

static void cell_put(struct sheet *sheet, enum document_kind kind,
                     const struct document_cell *cell) {
    BUF_AUTO text = {0};
    cell_text(sheet->style, kind, cell, &text);
    csv_cell(&sheet->csv, buf_text(&text));
}

static void row_put(struct sheet *sheet, const struct document_section *section,
                    const struct document_row *row) {
    for (size_t i = 0; i < section->n_columns; i++) {
        enum document_kind kind = section->columns[i].kind;
        cell_put(sheet, kind, document_cell_at(row, i));
        if (!section->columns[i].is_compared)
            continue;
        struct document_beside beside = document_beside(section, row, i);
        cell_put(sheet, beside.before_kind, beside.before);
        cell_put(sheet, beside.change_kind, &beside.change);
    }
    csv_row_end(&sheet->csv);
}

static void heading_put(struct sheet *sheet, const struct document_column *column) {
    const char *name = sheet->style.chinese ? column->title : column->name;
    enum document_word beside[] = {WORD_BEFORE, WORD_CHANGE};
    csv_cell(&sheet->csv, name);
    for (size_t i = 0; column->is_compared && i < sizeof beside / sizeof *beside; i++) {
        BUF_AUTO text = {0};
        beside_text(sheet->style.chinese, column, beside[i], &text);
        csv_cell(&sheet->csv, buf_text(&text));
    }
}

static void table_put(struct sheet *sheet, const struct document_section *section) {
    for (size_t i = 0; i < section->n_columns; i++)
        heading_put(sheet, &section->columns[i]);
    csv_row_end(&sheet->csv);
    for (size_t i = 0; i < section->n_rows; i++)
        row_put(sheet, section, &section->rows[i]);
    if (section->total.n_cells > 0)
        row_put(sheet, section, &section->total);
}

static void line_put(struct sheet *sheet, const char *text) {
    if (!*text)
        return;
    csv_cell(&sheet->csv, text);
    csv_row_end(&sheet->csv);
}

static void pair_put(struct sheet *sheet, enum document_word word, const char *text) {
    if (!*text)
        return;
    csv_cell(&sheet->csv, document_word(sheet->style.chinese, word));
    csv_cell(&sheet->csv, text);
    csv_row_end(&sheet->csv);
}

static void head_put(struct sheet *sheet) {
    const struct document *document = sheet->document;
    BUF_AUTO issue = {0};
    issue_text(sheet->style.chinese, document, &issue);
    line_put(sheet, document->title);
    line_put(sheet, document->subtitle);
    line_put(sheet, buf_text(&issue));
    pair_put(sheet, WORD_REGION, *document->region_name ? document->region_name : document->region);
    pair_put(sheet, WORD_PERIOD, document->period);
    pair_put(sheet, WORD_AS_OF, document->as_of);
    pair_put(sheet, WORD_REVISION, document->revision);
}

static void section_put(struct sheet *sheet, const struct document_section *section) {
    csv_row_end(&sheet->csv);
    line_put(sheet, section->title);
    table_put(sheet, section);
    line_put(sheet, section->note);
}

static void series_put(struct sheet *sheet, const struct document_series *series) {
    csv_row_end(&sheet->csv);
    line_put(sheet, series->title);
    csv_cell(&sheet->csv, document_word(sheet->style.chinese, WORD_LABEL));
    csv_cell(&sheet->csv,
             *series->name ? series->name : document_word(sheet->style.chinese, WORD_VALUE));
    csv_row_end(&sheet->csv);
    for (size_t i = 0; i < series->n_points; i++) {
        csv_cell(&sheet->csv, series->points[i].label);
        cell_put(sheet, series->is_line ? DOCUMENT_NUMBER : DOCUMENT_PERCENT,
                 &series->points[i].value);
        csv_row_end(&sheet->csv);
    }
}

void document_csv(const struct document *document, struct buf *out) {
    struct sheet sheet = {.document = document, .style = {.chinese = document->chinese}};
    csv_begin(&sheet.csv, out);
    if (document->n_sections == 1) {
        table_put(&sheet, &document->sections[0]);
        return;
    }
    head_put(&sheet);
    for (size_t i = 0; i < document->n_sections; i++)
        section_put(&sheet, &document->sections[i]);
    for (size_t i = 0; i < document->n_series; i++)
        series_put(&sheet, &document->series[i]);
    if (document->n_paragraphs > 0)
        csv_row_end(&sheet.csv);
    for (size_t i = 0; i < document->n_paragraphs; i++)
        line_put(&sheet, document->paragraphs[i]);
}
