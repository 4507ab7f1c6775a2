/* A document as a workbook: a sheet for each of its tables, one before them for what stands beside
 * tables, and one behind for the charts with their figures. A text is a text whatever it begins
 * with: nothing is ever a formula. */
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "chart.h"
#include "document_format.h"
#include "document_text.h"
#include "util/calendar.h"
#include "value.h"

#define SHEET_ROWS 1048576
#define NAME_CHARACTERS 31 /* of a sheet */
#define WIDTH_LEAST 8
#define WIDTH_MOST 48
#define WIDE_COLUMNS 9 /* from here on across the page */
#define CELL_BYTES 32000
#define FONT "Microsoft YaHei" /* what is missing falls back to what is there */
#define PAPER_A4 9
#define CHART_ROWS 18 /* a chart is so high */

/* Of cells, by the kind of their column; and in bold, for totals. */
enum look { LOOK_CELL, LOOK_TOTAL, LOOKS };

struct book {
    const struct document *document;
    lxw_workbook *workbook;
    struct cell_style style;
    lxw_format *cells[DOCUMENT_HUNDREDTHS + 1][LOOKS];
    lxw_format *heading, *title, *paragraph, *note;
    lxw_worksheet *sheet;
    double widths[3 * DOCUMENT_COLUMNS];
    bool failed;
};

static void note_error(struct book *book, lxw_error error) {
    book->failed = book->failed || error != LXW_NO_ERROR;
}

/* ---- looks ---- */

static lxw_format *format_add(struct book *book) {
    lxw_format *format = workbook_add_format(book->workbook);
    format_set_font_name(format, FONT);
    format_set_font_size(format, 10);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    return format;
}

static void looks_make(struct book *book) {
    static const char *const numbers[] = {
        [DOCUMENT_TEXT] = NULL,         [DOCUMENT_NUMBER] = "#,##0",
        [DOCUMENT_PERCENT] = "0.00%",   [DOCUMENT_HOURS] = "#,##0.0",
        [DOCUMENT_DATE] = "yyyy-mm-dd", [DOCUMENT_STATE] = NULL,
        [DOCUMENT_RANK] = "0",          [DOCUMENT_HUNDREDTHS] = "#,##0.00",
    };
    for (size_t kind = 0; kind <= DOCUMENT_HUNDREDTHS; kind++)
        for (size_t look = 0; look < LOOKS; look++) {
            lxw_format *format = book->cells[kind][look] = format_add(book);
            format_set_border(format, LXW_BORDER_HAIR);
            if (numbers[kind])
                format_set_num_format(format, numbers[kind]);
            if (look == LOOK_TOTAL)
                format_set_bold(format);
        }
    book->heading = format_add(book);
    format_set_bold(book->heading);
    format_set_text_wrap(book->heading);
    format_set_align(book->heading, LXW_ALIGN_CENTER);
    format_set_bg_color(book->heading, 0xeeeeee);
    format_set_border(book->heading, LXW_BORDER_THIN);
    book->title = format_add(book);
    format_set_bold(book->title);
    format_set_font_size(book->title, 16);
    format_set_font_color(book->title, 0xb3151a);
    book->paragraph = format_add(book);
    format_set_text_wrap(book->paragraph);
    format_set_align(book->paragraph, LXW_ALIGN_VERTICAL_TOP);
    book->note = format_add(book);
    format_set_font_color(book->note, 0x444444);
}

/* ---- cells ---- */

/* Without what a cell cannot hold. */
static void text_put(struct book *book, size_t row, size_t column, const char *text,
                     lxw_format *look) {
    BUF_AUTO clean = {0};
    clean_put(&clean, text, true);
    if (clean.size > CELL_BYTES) {
        clean.size = CELL_BYTES;
        while (clean.size > 0 && ((unsigned char)clean.data[clean.size] & 0xc0) == 0x80)
            clean.size--;
    }
    note_error(book, worksheet_write_string(book->sheet, (lxw_row_t)row, (lxw_col_t)column,
                                            buf_text(&clean), look));
}

static void number_put(struct book *book, size_t row, size_t column, double number,
                       lxw_format *look) {
    note_error(
        book, worksheet_write_number(book->sheet, (lxw_row_t)row, (lxw_col_t)column, number, look));
}

/* A rate is cut to what is shown: a sheet would round it up to what is not reached. */
static double drawn_value(enum document_kind kind, const struct document_cell *cell) {
    if (cell->kind == CELL_RATE)
        return floor((double)cell->number * 10000.0 / (double)cell->denominator) / 10000.0;
    double value = cell->kind == CELL_REAL ? cell->real : (double)cell->number;
    if (kind == DOCUMENT_HOURS)
        return trunc(value / 6.0) / 10.0; /* as everywhere: tenths, cut */
    return kind == DOCUMENT_HUNDREDTHS ? value / 100.0 : value;
}

static bool date_put(struct book *book, size_t row, size_t column, const char *text,
                     lxw_format *look) {
    int32_t date, year, month, day;
    if (date_parse(str_from(text), &date) != 0)
        return false;
    date_to_civil(date, &year, &month, &day);
    if (year < 1900) /* a sheet's days begin there */
        return false;
    lxw_datetime when = {.year = year, .month = month, .day = day};
    note_error(book, worksheet_write_datetime(book->sheet, (lxw_row_t)row, (lxw_col_t)column, &when,
                                              look));
    return true;
}

static void width_note(struct book *book, size_t column, const char *text) {
    double width = (double)text_width(text) + 2;
    if (width > book->widths[column])
        book->widths[column] = width < WIDTH_MOST ? width : WIDTH_MOST;
}

static void cell_put(struct book *book, size_t row, size_t column, enum document_kind kind,
                     const struct document_cell *cell, enum look look) {
    lxw_format *format = book->cells[kind][look];
    BUF_AUTO text = {0};
    cell_text(book->style, kind, cell, &text);
    width_note(book, column, buf_text(&text));
    bool is_number =
        cell->kind == CELL_INTEGER || cell->kind == CELL_REAL || cell->kind == CELL_RATE;
    if (is_number)
        number_put(book, row, column, drawn_value(kind, cell), format);
    else if (kind != DOCUMENT_DATE || !date_put(book, row, column, buf_text(&text), format))
        text_put(book, row, column, buf_text(&text), format);
}

/* ---- tables ---- */

/* The place in the sheet of a column: those that are compared take three. */
static size_t place_of(const struct document_section *section, size_t column) {
    size_t place = 0;
    for (size_t i = 0; i < column; i++)
        place += section->columns[i].is_compared ? 3 : 1;
    return place;
}

static void heading_put(struct book *book, size_t place, const char *text) {
    width_note(book, place, text);
    text_put(book, 0, place, text, book->heading);
}

static void headings_put(struct book *book, const struct document_section *section) {
    static const enum document_word words[] = {WORD_BEFORE, WORD_CHANGE};
    for (size_t i = 0; i < section->n_columns; i++) {
        const struct document_column *column = &section->columns[i];
        size_t place = place_of(section, i);
        heading_put(book, place, book->style.chinese ? column->title : column->name);
        for (size_t k = 0; column->is_compared && k < 2; k++) {
            BUF_AUTO text = {0};
            beside_text(book->style.chinese, column, words[k], &text);
            heading_put(book, place + 1 + k, buf_text(&text));
        }
    }
}

static void row_put(struct book *book, size_t at, const struct document_section *section,
                    const struct document_row *row, enum look look) {
    for (size_t i = 0; i < section->n_columns; i++) {
        enum document_kind kind = section->columns[i].kind;
        size_t place = place_of(section, i);
        cell_put(book, at, place, kind, document_cell_at(row, i), look);
        if (!section->columns[i].is_compared)
            continue;
        struct document_beside beside = document_beside(section, row, i);
        cell_put(book, at, place + 1, beside.before_kind, beside.before, look);
        cell_put(book, at, place + 2, beside.change_kind, &beside.change, look);
    }
}

static void sheet_print(struct book *book, size_t n_columns) {
    lxw_worksheet *sheet = book->sheet;
    for (size_t i = 0; i < n_columns; i++)
        note_error(book, worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i,
                                              fmax(book->widths[i], WIDTH_LEAST), NULL));
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    if (n_columns >= WIDE_COLUMNS)
        worksheet_set_landscape(sheet);
}

static void section_put(struct book *book, const struct document_section *section) {
    size_t n_columns = place_of(section, section->n_columns), row = 1;
    memset(book->widths, 0, sizeof book->widths);
    headings_put(book, section);
    for (size_t i = 0; i < section->n_rows; i++)
        row_put(book, row++, section, &section->rows[i], LOOK_CELL);
    if (section->n_rows > 1 && n_columns > 0)
        note_error(book, worksheet_autofilter(book->sheet, 0, 0, (lxw_row_t)section->n_rows,
                                              (lxw_col_t)(n_columns - 1)));
    if (section->total.n_cells > 0)
        row_put(book, row++, section, &section->total, LOOK_TOTAL);
    if (*section->note)
        text_put(book, row + 1, 0, section->note, book->note);
    worksheet_freeze_panes(book->sheet, 1, 0);
    worksheet_repeat_rows(book->sheet, 0, 0);
    sheet_print(book, n_columns);
}

/* ---- sheets ---- */

/* What a name of a sheet may be: no more characters than it holds, none of those that it may not
 * hold, no other sheet's. */
static bool name_is_taken(const struct book *book, const char *name) {
    return workbook_get_worksheet_by_name(book->workbook, name) != NULL;
}

static void name_put(const char *title, struct buf *out) {
    size_t n = 0;
    for (; *title && n < NAME_CHARACTERS - 4; n++) {
        size_t size = 1;
        while (((unsigned char)title[size] & 0xc0) == 0x80)
            size++;
        bool may_stand = size > 1 || ((unsigned char)*title >= ' ' && !strchr("[]:*?/\\'", *title));
        buf_put(out, may_stand ? title : " ", may_stand ? size : 1);
        title += size;
    }
}

static void sheet_add(struct book *book, const char *title, const char *otherwise) {
    BUF_AUTO name = {0};
    name_put(*title ? title : otherwise, &name);
    size_t size = name.size;
    for (int n = 2; name_is_taken(book, buf_text(&name)) && n < 1000; n++) {
        name.size = size;
        buf_printf(&name, " %d", n);
    }
    book->sheet = workbook_add_worksheet(book->workbook, buf_text(&name));
    book->failed = book->failed || !book->sheet;
}

/* ---- what stands beside the tables ---- */

static void line_put(struct book *book, size_t *row, const char *word, const char *text) {
    if (!*text)
        return;
    text_put(book, *row, 0, word, book->note);
    text_put(book, *row, 1, text, book->paragraph);
    ++*row;
}

static void head_put(struct book *book) {
    const struct document *document = book->document;
    bool chinese = book->style.chinese;
    BUF_AUTO issue = {0}, compared = {0};
    size_t row = 0;
    sheet_add(book, chinese ? "概要" : "summary", "");
    if (book->failed)
        return;
    issue_text(chinese, document, &issue);
    compared_text(chinese, document, &compared);
    text_put(book, row++, 0, document->title, book->title);
    line_put(book, &row, "", document->subtitle);
    line_put(book, &row, "", buf_text(&issue));
    line_put(book, &row, "", document->is_draft ? document_word(chinese, WORD_DRAFT) : "");
    line_put(book, &row, document_word(chinese, WORD_REGION),
             *document->region_name ? document->region_name : document->region);
    line_put(book, &row, document_word(chinese, WORD_PERIOD), document->period);
    line_put(book, &row, document_word(chinese, WORD_AS_OF), document->as_of);
    line_put(book, &row, document_word(chinese, WORD_REVISION), document->revision);
    line_put(book, &row, "", buf_text(&compared));
    for (size_t i = 0; i < document->n_paragraphs; i++)
        line_put(book, &row, "", document->paragraphs[i]);
    note_error(book, worksheet_set_column(book->sheet, 0, 0, 14, NULL));
    note_error(book, worksheet_set_column(book->sheet, 1, 1, 90, NULL));
    worksheet_set_paper(book->sheet, PAPER_A4);
    worksheet_fit_to_pages(book->sheet, 1, 0);
}

/* ---- charts ---- */

static double point_value(const struct document_series *series, const struct document_cell *cell) {
    double value = 0;
    document_cell_value(cell, &value);
    return strcmp(series->unit, "%") == 0 ? floor(value * 100) / 100 : value;
}

/* Its figures in two columns, from a row on. */
static void points_put(struct book *book, const struct document_series *series, size_t row,
                       size_t column) {
    text_put(book, row, column, *series->name ? series->name : series->title, book->heading);
    text_put(book, row, column + 1, *series->unit ? series->unit : "", book->heading);
    for (size_t i = 0; i < series->n_points; i++) {
        double ignored;
        text_put(book, row + 1 + i, column, series->points[i].label,
                 book->cells[DOCUMENT_TEXT][LOOK_CELL]);
        if (document_cell_value(&series->points[i].value, &ignored))
            number_put(book, row + 1 + i, column + 1, point_value(series, &series->points[i].value),
                       book->cells[DOCUMENT_NUMBER][LOOK_CELL]);
    }
}

static void chart_draw(struct book *book, const struct chart *drawn, size_t row) {
    const struct document_series *first = drawn->series;
    lxw_chart *chart =
        workbook_add_chart(book->workbook, first->is_line ? LXW_CHART_LINE : LXW_CHART_COLUMN);
    const char *sheet = book->sheet->name;
    book->failed = book->failed || !chart;
    if (!chart)
        return;
    for (size_t i = 0; i < drawn->n_series; i++) {
        const struct document_series *series = &drawn->series[i];
        lxw_col_t column = (lxw_col_t)(2 * i);
        lxw_row_t last = (lxw_row_t)(row + series->n_points);
        points_put(book, series, row, column);
        lxw_chart_series *line = chart_add_series(chart, NULL, NULL);
        chart_series_set_categories(line, sheet, (lxw_row_t)row + 1, column, last, column);
        chart_series_set_values(line, sheet, (lxw_row_t)row + 1, column + 1, last, column + 1);
        chart_series_set_name(line, *series->name ? series->name : series->title);
    }
    chart_title_set_name(chart, first->title);
    if (drawn->n_series == 1)
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    lxw_chart_options size = {.x_scale = 1.4, .y_scale = 1.1};
    note_error(book,
               worksheet_insert_chart_opt(book->sheet, (lxw_row_t)row,
                                          (lxw_col_t)(2 * drawn->n_series + 1), chart, &size));
}

static void charts_put(struct book *book) {
    struct chart chart = {0};
    size_t row = 0;
    while (!book->failed && chart_next(book->document, &chart)) {
        size_t most = CHART_ROWS;
        if (chart.first > 0) /* the same series goes on */
            continue;
        for (size_t i = 0; i < chart.n_series; i++)
            if (chart.series[i].n_points + 2 > most)
                most = chart.series[i].n_points + 2;
        if (row == 0) {
            sheet_add(book, book->style.chinese ? "图" : "charts", "");
            note_error(book, worksheet_set_column(book->sheet, 0, 0, 20, NULL));
        }
        chart_draw(book, &chart, row);
        row += most;
    }
}

/* ---- the file ---- */

/* The library writes files alone: into one in memory, which is read back. */
static bool bytes_read(int fd, struct buf *out) {
    off_t size = lseek(fd, 0, SEEK_END);
    if (size <= 0)
        return false;
    char *to = buf_extend(out, (size_t)size);
    for (size_t at = 0; at < (size_t)size;) {
        ssize_t n = pread(fd, to + at, (size_t)size - at, (off_t)at);
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static void book_fill(struct book *book) {
    const struct document *document = book->document;
    bool is_one_table = document->n_sections == 1 && document->n_paragraphs == 0;
    looks_make(book);
    if (!is_one_table)
        head_put(book);
    for (size_t i = 0; i < document->n_sections && !book->failed; i++) {
        const struct document_section *section = &document->sections[i];
        sheet_add(book, section->title, *document->title ? document->title : "1");
        if (section->n_rows + 4 > SHEET_ROWS)
            book->failed = true;
        if (!book->failed)
            section_put(book, section);
    }
    charts_put(book);
}

bool document_xlsx(const struct document *document, struct buf *out) {
    char path[32];
    int fd = memfd_create("workbook", MFD_CLOEXEC);
    if (fd < 0)
        return false;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct book book = {.document = document,
                        .workbook = workbook_new(path),
                        .style = {.chinese = document_paper_is_chinese(document)}};
    if (book.workbook)
        book_fill(&book);
    bool made = book.workbook && workbook_close(book.workbook) == LXW_NO_ERROR && !book.failed &&
                bytes_read(fd, out);
    close(fd);
    return made;
}
