/* Tables and trees by libsmartcols: aligned by the width of characters, numbers to the right,
 * colours only on a terminal, where texts wrap between words and go on below their column's head. A
 * pipe gets the same aligned columns without colours, and never wrapped or cut.
 * Memory: cells copy their text, cleaned of control characters; headings are borrowed.
 * Errors: out of memory aborts. */
#pragma once

#include "print.h"

#define TABLE_COLUMNS 32

enum column_kind {
    COLUMN_TEXT,
    COLUMN_NUMBER, /* to the right; its heading may wrap */
    COLUMN_TREE,
    COLUMN_WRAP /* a long text: the first to give way on a narrow terminal */
};

enum colour { COLOUR_PLAIN, COLOUR_STRONG, COLOUR_DIM, COLOUR_GOOD, COLOUR_WARN, COLOUR_BAD };
/* The sequence that switches it on; "" where the terminal wants no colours. COLOUR_PLAIN switches
 * off. */
const char *colour_code(const struct terminal *terminal, enum colour colour);

struct table;
struct libscols_line;

/* A heading of NULL in the first column: no headings. */
struct table *table_new(const struct terminal *terminal);
void table_column(struct table *table, const char *heading, enum column_kind kind);
/* The column that was added last may be left out where the terminal has no room for it. */
void table_column_optional(struct table *table);
/* `parent` as returned before, or NULL. Valid as long as the table. */
struct libscols_line *table_row(struct table *table, struct libscols_line *parent);
void table_text(struct table *table, size_t column, const char *text); /* in the last row */
void table_number(struct table *table, size_t column, int64_t number);
void table_hours(struct table *table, size_t column, int64_t minutes);
void table_printf(struct table *table, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void table_colour(struct table *table, size_t column, enum colour colour); /* after the text */
void table_row_colour(struct table *table, enum colour colour);
size_t table_rows(const struct table *table);
void table_without_headings(struct table *table);
/* Prints on stdout and frees. */
void table_print(struct table *table);
