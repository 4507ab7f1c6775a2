#include "table.h"

#include <libsmartcols/libsmartcols.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "value.h"
#include "wrap.h"

#define SEPARATOR "  "
#define TEXT_LEAST 8  /* narrower than that a column cannot be read */
#define WRAP_LEAST 16 /* and of what is meant to wrap */

static const char *const colour_codes[] = {
    [COLOUR_PLAIN] = "\033[0m", [COLOUR_STRONG] = "\033[1m", [COLOUR_DIM] = "\033[2m",
    [COLOUR_GOOD] = "\033[32m", [COLOUR_WARN] = "\033[33m",  [COLOUR_BAD] = "\033[31m",
};

struct column {
    struct libscols_column *column;
    const char *heading;
    enum column_kind kind;
    bool optional;
    bool shrunk;
    size_t width; /* of the widest text; in the end, that which is printed */
    size_t least; /* of the widest piece that does not break */
};

struct table {
    const struct terminal *terminal;
    struct libscols_table *lines;
    struct libscols_line *last;
    size_t n_columns;
    struct column columns[TABLE_COLUMNS];
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

/* Of numbers only the heading may wrap, and not in a tree. */
static void column_measure(struct column *column, const char *text) {
    bool whole = column->kind == COLUMN_NUMBER && text != column->heading;
    size_t width = text_width(text), least = whole ? width : wrap_least(text);
    column->width = width > column->width ? width : column->width;
    column->least = least > column->least ? least : column->least;
}

void table_column(struct table *table, const char *heading, enum column_kind kind) {
    static const int flags[] = {[COLUMN_TEXT] = 0,
                                [COLUMN_NUMBER] = SCOLS_FL_RIGHT,
                                [COLUMN_TREE] = SCOLS_FL_TREE,
                                [COLUMN_WRAP] = 0};
    must(table->n_columns < TABLE_COLUMNS);
    struct column *column = &table->columns[table->n_columns++];
    *column = (struct column){.heading = heading ? heading : "", .kind = kind};
    column->column = scols_table_new_column(table->lines, column->heading, 0, flags[kind]);
    must(column->column);
    column_measure(column, column->heading);
    if (table->terminal->colours)
        scols_cell_set_color(scols_column_get_header(column->column), colour_codes[COLOUR_STRONG]);
}

void table_column_optional(struct table *table) {
    table->columns[table->n_columns - 1].optional = true;
}

struct libscols_line *table_row(struct table *table, struct libscols_line *parent) {
    table->last = scols_table_new_line(table->lines, parent);
    must(table->last);
    return table->last;
}

void table_text(struct table *table, size_t column, const char *text) {
    BUF_AUTO clean = {0};
    clean_put(&clean, text, false);
    must(scols_line_set_data(table->last, column, buf_text(&clean)) == 0);
    column_measure(&table->columns[column], buf_text(&clean));
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

/* ---- making it fit ---- */

static void cell_wrap(struct libscols_cell *cell, size_t width) {
    const char *text = scols_cell_get_data(cell);
    BUF_AUTO lines = {0};
    if (!text)
        return;
    wrap_text(text, width, &lines);
    must(scols_cell_set_data(cell, buf_text(&lines)) == 0);
}

/* Lines are found here, because libsmartcols breaks inside words. */
static void column_wrap(struct table *table, const struct column *column) {
    struct libscols_iter *rows = scols_new_iter(SCOLS_ITER_FORWARD);
    struct libscols_line *row;
    must(rows);
    while (scols_table_next_line(table->lines, rows, &row) == 0)
        cell_wrap(scols_line_get_column_cell(row, column->column), column->width);
    cell_wrap(scols_column_get_header(column->column), column->width);
    scols_free_iter(rows);
    scols_column_set_flags(column->column, SCOLS_FL_WRAP);
    scols_column_set_wrapfunc(column->column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
    scols_column_set_safechars(column->column, "\n");
}

static bool is_hidden(const struct column *column) {
    return scols_column_is_hidden(column->column) != 0;
}

static size_t table_width(const struct table *table) {
    size_t width = 0;
    for (size_t i = 0; i < table->n_columns; i++)
        if (!is_hidden(&table->columns[i]))
            width += (width ? strlen(SEPARATOR) : 0) + table->columns[i].width;
    return width;
}

/* Whole words, or (`broken`) where there is no other way a long text may break inside them. */
static size_t least_width(const struct column *column, bool broken) {
    bool long_text = column->kind == COLUMN_WRAP;
    if (column->kind == COLUMN_NUMBER)
        return column->least;
    size_t least = long_text ? WRAP_LEAST : TEXT_LEAST;
    return least > column->least || (long_text && broken) ? least : column->least;
}

/* The widest column of the kind that has something to give; NULL where none has. */
static struct column *column_to_shrink(struct table *table, enum column_kind kind, bool broken) {
    struct column *widest = NULL;
    for (size_t i = 0; i < table->n_columns; i++) {
        struct column *column = &table->columns[i];
        bool gives = column->kind == kind && !is_hidden(column) &&
                     column->width > least_width(column, broken);
        if (gives && (!widest || column->width > widest->width))
            widest = column;
    }
    return widest;
}

static size_t columns_shrink(struct table *table, enum column_kind kind, bool broken,
                             size_t surplus) {
    struct column *column;
    while (surplus > 0 && (column = column_to_shrink(table, kind, broken))) {
        column->width--;
        column->shrunk = true;
        surplus--;
    }
    return surplus;
}

/* What could be given up by wrapping as far as that goes. */
static size_t slack(const struct table *table) {
    size_t sum = 0;
    bool is_tree = table->columns[0].kind == COLUMN_TREE; /* its headings stay on one line */
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct column *column = &table->columns[i];
        bool gives = column->kind != COLUMN_TREE && !is_hidden(column) &&
                     !(is_tree && column->kind == COLUMN_NUMBER);
        if (gives && column->width > least_width(column, false))
            sum += column->width - least_width(column, false);
    }
    return sum;
}

/* From the right, until the rest has room. */
static void columns_leave_out(struct table *table, size_t width) {
    for (size_t i = table->n_columns; i-- > 0 && table_width(table) > width + slack(table);)
        if (table->columns[i].optional)
            scols_column_set_flags(table->columns[i].column, SCOLS_FL_HIDDEN);
}

static void columns_note(const struct table *table) {
    BUF_AUTO names = {0};
    for (size_t i = 0; i < table->n_columns; i++)
        if (is_hidden(&table->columns[i]))
            buf_printf(&names, "%s%s", names.size ? ", " : "", table->columns[i].heading);
    if (names.size && table->terminal->error)
        note(_("No room for: %s. A wider terminal or --json shows them."), buf_text(&names));
}

/* ---- headings over several lines, which libsmartcols mixes up with the first rows ---- */

static bool headings_wrap(const struct table *table) {
    for (size_t i = 0; i < table->n_columns; i++)
        if (table->columns[i].kind == COLUMN_NUMBER && table->columns[i].shrunk)
            return true;
    return false;
}

static size_t lines_count(const char *text) {
    size_t n = 1;
    while ((text = strchr(text, '\n'))) {
        text++;
        n++;
    }
    return n;
}

/* One line of one heading, filled up to its column's width; "" where the text has no such line. */
static void heading_put(const struct column *column, const char *lines, size_t index,
                        struct buf *out) {
    while (index-- > 0 && lines) {
        lines = strchr(lines, '\n');
        lines = lines ? lines + 1 : NULL;
    }
    BUF_AUTO line = {0};
    if (lines)
        buf_put(&line, lines, strcspn(lines, "\n"));
    size_t used = text_width(buf_text(&line));
    int space = used < column->width ? (int)(column->width - used) : 0;
    bool right = column->kind == COLUMN_NUMBER;
    buf_printf(out, "%*s%s%*s", right ? space : 0, "", buf_text(&line), right ? 0 : space, "");
}

/* As many lines as its column's width makes of it, but of about the same width each. */
static void heading_wrap(const struct column *column, struct buf *out) {
    wrap_text(column->heading, column->width, out);
    size_t n = lines_count(buf_text(out));
    for (size_t width = column->width; width > 1; width--) {
        BUF_AUTO narrower = {0};
        wrap_text(column->heading, width - 1, &narrower);
        if (lines_count(buf_text(&narrower)) > n)
            return;
        buf_reset(out);
        buf_put_str(out, buf_str(&narrower));
    }
}

/* They stand on their last lines. */
static void headings_print(struct table *table) {
    struct buf headings[TABLE_COLUMNS] = {0};
    size_t n = 1;
    for (size_t i = 0; i < table->n_columns; i++) {
        heading_wrap(&table->columns[i], &headings[i]);
        size_t lines = lines_count(buf_text(&headings[i]));
        n = lines > n ? lines : n;
        /* It makes its column wide even where headings are off. */
        scols_cell_set_data(scols_column_get_header(table->columns[i].column), "");
        scols_column_set_whint(table->columns[i].column, (double)table->columns[i].width);
    }
    for (size_t line = 0; line < n; line++) {
        BUF_AUTO text = {0};
        for (size_t i = 0; i < table->n_columns; i++) {
            if (is_hidden(&table->columns[i]))
                continue;
            size_t empty = n - lines_count(buf_text(&headings[i]));
            if (text.size)
                buf_put_str(&text, STR(SEPARATOR));
            heading_put(&table->columns[i], line < empty ? "" : headings[i].data,
                        line < empty ? 0 : line - empty, &text);
        }
        printf("%s%s%s\n", colour_code(table->terminal, COLOUR_STRONG), buf_text(&text),
               colour_code(table->terminal, COLOUR_PLAIN));
    }
    for (size_t i = 0; i < table->n_columns; i++)
        buf_deinit(&headings[i]);
    table_without_headings(table);
}

/* What still does not fit is broken by the terminal itself. */
static void table_fit(struct table *table) {
    size_t width = terminal_width(STDOUT_FILENO);
    columns_leave_out(table, width);
    size_t wanted = table_width(table);
    size_t surplus = wanted > width ? wanted - width : 0;
    surplus = columns_shrink(table, COLUMN_WRAP, false, surplus);
    if (table->columns[0].kind != COLUMN_TREE)
        surplus = columns_shrink(table, COLUMN_NUMBER, false, surplus);
    surplus = columns_shrink(table, COLUMN_TEXT, false, surplus);
    surplus = columns_shrink(table, COLUMN_WRAP, true, surplus);
    for (size_t i = 0; i < table->n_columns; i++)
        if (table->columns[i].shrunk && table->columns[i].kind != COLUMN_NUMBER)
            column_wrap(table, &table->columns[i]);
    if (headings_wrap(table))
        headings_print(table);
    scols_table_set_termwidth(table->lines, width + surplus);
}

void table_print(struct table *table) {
    if (table->terminal->out)
        table_fit(table);
    if (table_rows(table) > 0) {
        fflush(stdout);
        scols_print_table(table->lines);
        columns_note(table);
    }
    scols_unref_table(table->lines);
    free(table);
}
