/* A document on a terminal: its tables one after another, and its series as bars for a person; a
 * pipe gets the same numbers in aligned columns. */
#include <math.h>
#include <unistd.h>

#include "document_format.h"
#include "document_text.h"
#include "table.h"
#include "value.h"

#define COLUMNS_KEPT 3 /* the others may give way on a narrow terminal */
#define BAR_MOST 40
#define BAR_LEAST 10
#define SPARKS_MOST 60

struct screen {
    const struct document *document;
    const struct terminal *terminal;
    struct cell_style style;
};

static enum colour verdict_colour(enum verdict verdict) {
    static const enum colour colours[] = {[VERDICT_NONE] = COLOUR_PLAIN,
                                          [VERDICT_MET] = COLOUR_GOOD,
                                          [VERDICT_NOT_MET] = COLOUR_BAD,
                                          [VERDICT_NO_DATA] = COLOUR_DIM};
    return colours[verdict];
}

static void heading_print(const struct screen *screen, const char *text) {
    if (!*text)
        return;
    printf("%s", colour_code(screen->terminal, COLOUR_STRONG));
    print_line("%s", text);
    printf("%s", colour_code(screen->terminal, COLOUR_PLAIN));
    fflush(stdout);
}

static void dim_print(const struct screen *screen, const char *text) {
    if (!*text)
        return;
    printf("%s", colour_code(screen->terminal, COLOUR_DIM));
    print_line("%s", text);
    printf("%s", colour_code(screen->terminal, COLOUR_PLAIN));
}

static void part_put(struct buf *line, const char *word, const char *text) {
    if (*text)
        buf_printf(line, "%s%s%s%s", line->size ? " · " : "", word, *word ? " " : "", text);
}

static void head_print(const struct screen *screen) {
    const struct document *document = screen->document;
    bool chinese = screen->style.chinese;
    BUF_AUTO line = {0}, issue = {0};
    heading_print(screen, document->title);
    heading_print(screen, document->subtitle);
    issue_text(chinese, document, &issue);
    part_put(&line, "", buf_text(&issue));
    part_put(&line, "", *document->region_name ? document->region_name : document->region);
    part_put(&line, document_word(chinese, WORD_PERIOD), document->period);
    part_put(&line, document_word(chinese, WORD_AS_OF), document->as_of);
    part_put(&line, document_word(chinese, WORD_REVISION), document->revision);
    part_put(&line, "", document->is_draft ? document_word(chinese, WORD_DRAFT) : "");
    dim_print(screen, buf_text(&line));
    buf_reset(&line);
    compared_text(chinese, document, &line);
    dim_print(screen, buf_text(&line));
}

/* ---- tables ---- */

static void columns_add(struct table *table, const struct document_section *section) {
    for (size_t i = 0; i < section->n_columns; i++) {
        enum document_kind kind = section->columns[i].kind;
        bool tells = kind == DOCUMENT_PERCENT || kind == DOCUMENT_STATE;
        table_column(table, section->columns[i].title,
                     document_kind_is_number(kind) ? COLUMN_NUMBER : COLUMN_TEXT);
        if (i >= COLUMNS_KEPT && !tells)
            table_column_optional(table);
    }
}

/* 142 (+18) */
static void change_put(const struct screen *screen, enum document_kind kind,
                       const struct document_row *row, size_t column, struct buf *out) {
    int64_t change;
    if (document_change(row, column, &change) && change != 0) {
        buf_put_str(out, STR(" ("));
        change_text(screen->style, kind, change, out);
        buf_put_byte(out, ')');
    }
}

static void row_add(const struct screen *screen, struct table *table,
                    const struct document_section *section, const struct document_row *row) {
    table_row(table, NULL);
    for (size_t i = 0; i < section->n_columns; i++) {
        const struct document_cell *cell = document_cell_at(row, i);
        enum document_kind kind = section->columns[i].kind;
        enum verdict verdict = document_cell_verdict(kind, cell);
        BUF_AUTO text = {0};
        cell_text(screen->style, kind, cell, &text);
        change_put(screen, kind, row, i, &text);
        table_text(table, i, buf_text(&text));
        if (verdict != VERDICT_NONE)
            table_colour(table, i, verdict_colour(verdict));
    }
}

static void section_print(const struct screen *screen, const struct document_section *section) {
    struct table *table = table_new(screen->terminal);
    heading_print(screen, section->title);
    columns_add(table, section);
    for (size_t i = 0; i < section->n_rows; i++)
        row_add(screen, table, section, &section->rows[i]);
    if (section->total.n_cells > 0) {
        row_add(screen, table, section, &section->total);
        table_row_colour(table, COLOUR_STRONG);
    }
    if (section->n_columns > 0 && table_rows(table) == 0)
        dim_print(screen, document_word(screen->style.chinese, WORD_EMPTY));
    table_print(table);
    dim_print(screen, section->note);
}

/* ---- bars ---- */

static double series_most(const struct document_series *series) {
    double value, most = series->has_target ? series->target : 0;
    for (size_t i = 0; i < series->n_points; i++)
        if (document_cell_value(&series->points[i].value, &value))
            most = fmax(most, value);
    return most > 0 && isfinite(most) ? most : 1;
}

/* ██████│█▌ in eighths of a column; the target's place is marked whether the bar reaches it or not.
 */
static void bar_put(double value, double target, double most, size_t width, struct buf *out) {
    static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
    double filled = fmax(value, 0) / most * (double)width * 8;
    size_t mark = target > 0 ? (size_t)(target / most * (double)width) : SIZE_MAX;
    for (size_t i = 0; i < width; i++) {
        double here = fmin(fmax(filled - 8 * (double)i, 0), 8);
        bool is_mark = i == mark || (mark == width && i + 1 == width);
        buf_put_str(out, str_from(is_mark ? "│" : eighths[(size_t)here]));
    }
}

static size_t bars_width(const struct screen *screen, const struct document_series *series) {
    size_t labels = 0, values = 0, terminal = terminal_width(STDOUT_FILENO);
    for (size_t i = 0; i < series->n_points; i++) {
        BUF_AUTO text = {0};
        point_text(screen->style, series, &series->points[i].value, &text);
        size_t label = text_width(series->points[i].label), value = text_width(buf_text(&text));
        labels = label > labels ? label : labels;
        values = value > values ? value : values;
    }
    size_t used = labels + values + 5;
    size_t left = terminal > used ? terminal - used : 0;
    return left < BAR_LEAST ? 0 : left > BAR_MOST ? BAR_MOST : left;
}

static void bar_add(const struct screen *screen, struct table *table,
                    const struct document_series *series, const struct document_point *point,
                    size_t width) {
    enum verdict verdict = document_point_verdict(series, point);
    double value;
    BUF_AUTO text = {0}, bar = {0};
    table_row(table, NULL);
    table_text(table, 0, point->label);
    point_text(screen->style, series, &point->value, &text);
    table_text(table, 1, buf_text(&text));
    table_colour(table, 1, verdict_colour(verdict));
    if (width == 0 || !document_cell_value(&point->value, &value))
        return;
    bar_put(value, series->has_target ? series->target : 0, series_most(series), width, &bar);
    table_text(table, 2, buf_text(&bar));
    table_colour(table, 2, verdict_colour(verdict));
}

static void series_heading(const struct screen *screen, const struct document_series *series) {
    BUF_AUTO text = {0};
    buf_put_str(&text, str_from(series->title));
    if (*series->name)
        buf_printf(&text, "%s%s", text.size ? " · " : "", series->name);
    if (series->has_target) {
        buf_printf(&text, " (%s ", document_word(screen->style.chinese, WORD_TARGET));
        target_text(screen->style, series, &text);
        buf_put_byte(&text, ')');
    }
    heading_print(screen, buf_text(&text));
}

static bool is_known(const struct document_point *point) {
    double value;
    return document_cell_value(&point->value, &value);
}

static void bars_print(const struct screen *screen, const struct document_series *series) {
    size_t width = screen->terminal->out ? bars_width(screen, series) : 0;
    struct table *table = table_new(screen->terminal);
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_NUMBER);
    if (width > 0)
        table_column(table, NULL, COLUMN_TEXT);
    table_without_headings(table);
    for (size_t i = 0; i < series->n_points; i++)
        if (!series->is_line || is_known(&series->points[i]))
            bar_add(screen, table, series, &series->points[i], width);
    table_print(table);
}

/* ---- lines ---- */

/* ▁▂▅▇ of at most `width` points, with the first and the last in numbers. */
static void sparks_put(const struct document_series *series, size_t width, struct buf *out) {
    static const char *const heights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double value, least = INFINITY, most = -INFINITY;
    size_t n = series->n_points < width ? series->n_points : width;
    for (size_t i = 0; i < series->n_points; i++)
        if (document_cell_value(&series->points[i].value, &value)) {
            least = fmin(least, value);
            most = fmax(most, value);
        }
    for (size_t i = 0; i < n; i++) {
        size_t index = n > 1 ? i * (series->n_points - 1) / (n - 1) : 0;
        if (!document_cell_value(&series->points[index].value, &value)) {
            buf_put_byte(out, ' ');
            continue;
        }
        double share = most > least ? (value - least) / (most - least) : 0;
        buf_put_str(out, str_from(heights[(size_t)(share * 7)]));
    }
}

static void line_print(const struct screen *screen, const struct document_series *series) {
    const struct document_point *first = &series->points[0],
                                *last = &series->points[series->n_points - 1];
    while (last > first && !is_known(last))
        last--;
    while (first < last && !is_known(first))
        first++;
    size_t terminal = terminal_width(STDOUT_FILENO);
    BUF_AUTO sparks = {0}, begin = {0}, end = {0};
    sparks_put(series, terminal < SPARKS_MOST ? terminal : SPARKS_MOST, &sparks);
    point_text(screen->style, series, &first->value, &begin);
    point_text(screen->style, series, &last->value, &end);
    print("%s\n", buf_text(&sparks));
    print_line("%s %s … %s %s", first->label, buf_text(&begin), last->label, buf_text(&end));
}

static void series_print(const struct screen *screen, const struct document_series *series) {
    series_heading(screen, series);
    if (series->is_line && screen->terminal->out)
        line_print(screen, series);
    else
        bars_print(screen, series);
}

void document_table(const struct terminal *terminal, const struct document *document) {
    struct screen screen = {document, terminal, {document->chinese, terminal->out}};
    head_print(&screen);
    for (size_t i = 0; i < document->n_paragraphs; i++) {
        putchar('\n');
        print_line("%s", document->paragraphs[i]);
    }
    for (size_t i = 0; i < document->n_sections; i++) {
        putchar('\n');
        section_print(&screen, &document->sections[i]);
    }
    for (size_t i = 0; i < document->n_series; i++) {
        if (document->series[i].n_points == 0)
            continue;
        putchar('\n');
        series_print(&screen, &document->series[i]);
    }
}
