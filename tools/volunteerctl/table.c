#include "table.h"

#include <libsmartcols/libsmartcols.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "value.h"

#define SEPARATOR "  "
#define WRAP_COLUMNS 28 /* a wrapped column narrower than that cannot be read */

static const char *const colour_codes[] = {
    [COLOUR_PLAIN] = "\033[0m", [COLOUR_STRONG] = "\033[1m", [COLOUR_DIM] = "\033[2m",
    [COLOUR_GOOD] = "\033[32m", [COLOUR_WARN] = "\033[33m",  [COLOUR_BAD] = "\033[31m",
};

struct table {
    const struct terminal *terminal;
    struct libscols_table *lines;
    struct libscols_line *last;
    size_t n_columns;
    size_t widths[TABLE_COLUMNS]; /* the widest text so far */
    bool wraps[TABLE_COLUMNS];
};

/* libsmartcols fails only where memory is out or a call is wrong: our bugs. */
static void must(bool done) {
    if (!done)
        abort();
}

const char *colour_code(const struct terminal *terminal, enum colour colour) {
    return terminal->colours ? colour_codes[colour] : "";
}

struct table *table_new(const struct terminal *terminal) {
    struct table *table = calloc(1, sizeof *table);
    must(table);
    table->terminal = terminal;
    table->lines = scols_new_table();
    must(table->lines);
    scols_table_enable_colors(table->lines, terminal->colours);
    scols_table_set_termforce(table->lines,
                              terminal->out ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
    scols_table_set_column_separator(table->lines, SEPARATOR);
    return table;
}

void table_column(struct table *table, const char *heading, enum column_kind kind) {
    static const int flags[] = {[COLUMN_TEXT] = 0,
                                [COLUMN_NUMBER] = SCOLS_FL_RIGHT,
                                [COLUMN_TREE] = SCOLS_FL_TREE,
                                [COLUMN_WRAP] = SCOLS_FL_WRAP};
    /* A pipe is never wrapped or cut. */
    int flag = kind == COLUMN_WRAP && !table->terminal->out ? 0 : flags[kind];
    struct libscols_column *column =
        scols_table_new_column(table->lines, heading ? heading : "", 0, flag);
    must(column && table->n_columns < TABLE_COLUMNS);
    table->wraps[table->n_columns] = flag == SCOLS_FL_WRAP;
    table->widths[table->n_columns++] = heading ? text_width(heading) : 0;
    if (table->terminal->colours)
        scols_cell_set_color(scols_column_get_header(column), colour_codes[COLOUR_STRONG]);
}

struct libscols_line *table_row(struct table *table, struct libscols_line *parent) {
    table->last = scols_table_new_line(table->lines, parent);
    must(table->last);
    return table->last;
}

void table_text(struct table *table, size_t column, const char *text) {
    must(scols_line_set_data(table->last, column, text) == 0);
    size_t width = text_width(text);
    if (width > table->widths[column])
        table->widths[column] = width;
}

void table_number(struct table *table, size_t column, int64_t number) {
    char text[TEXT_SIZE];
    table_text(table, column, number_text(number, table->terminal->out, text));
}

void table_hours(struct table *table, size_t column, int64_t minutes) {
    char text[TEXT_SIZE];
    table_text(table, column, hours_text(minutes, table->terminal->out, text));
}

void table_printf(struct table *table, size_t column, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    must(vasprintf(&text, format, arguments) >= 0);
    va_end(arguments);
    table_text(table, column, text);
    free(text);
}

void table_colour(struct table *table, size_t column, enum colour colour) {
    if (table->terminal->colours)
        scols_cell_set_color(scols_line_get_cell(table->last, column), colour_codes[colour]);
}

void table_row_colour(struct table *table, enum colour colour) {
    if (table->terminal->colours)
        scols_line_set_color(table->last, colour_codes[colour]);
}

size_t table_rows(const struct table *table) {
    return scols_table_get_nlines(table->lines);
}

void table_without_headings(struct table *table) {
    scols_table_enable_noheadings(table->lines, 1);
}

/* Wide enough that a wrapped column stays readable: beyond its edge the terminal breaks lines
 * itself. */
static size_t width_wanted(const struct table *table) {
    size_t width = terminal_width(STDOUT_FILENO);
    size_t least = 0;
    for (size_t i = 0; i < table->n_columns; i++) {
        size_t wrapped = table->widths[i] < WRAP_COLUMNS ? table->widths[i] : WRAP_COLUMNS;
        least += strlen(SEPARATOR) + (table->wraps[i] ? wrapped : table->widths[i]);
    }
    return width > least ? width : least;
}

void table_print(struct table *table) {
    if (table->terminal->out)
        scols_table_set_termwidth(table->lines, width_wanted(table));
    if (table_rows(table) > 0) {
        fflush(stdout);
        scols_print_table(table->lines);
    }
    scols_unref_table(table->lines);
    free(table);
}
