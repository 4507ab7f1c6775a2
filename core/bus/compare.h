/* Two documents of the same shape side by side: what each figure of the later one was in the
 * earlier.
 *
 * A section of the same title gets `previous`: {rows, total?}, lists of cells in the order of its
 * own rows and columns, null where the earlier document has no such row, column or figure. Columns
 * are the same by name and kind; rows by what they are about (`subjects`), else by the first of
 * their texts, where that stands once alone. Texts, states and dates are not compared.
 *
 * Threads: any. Memory: the later document takes copies. Errors: none; what is not alike is left
 * out. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define COMPARED_NOWHERE ((size_t)-1)

/* Adds `previous` to the sections and `compared` to the document: {number?, bulletin?, title,
 * as_of, period?}, as the earlier one says. */
void document_compare(json_t *document, const json_t *earlier);

/* Whether a column of that kind holds figures that can be compared. */
bool column_is_compared(const json_t *column);
/* The place of such a column in another section. */
size_t column_find(const json_t *column, const json_t *other);
/* The first section with that title, or NULL. */
json_t *section_find(const json_t *document, const char *title);

/* Rows of two sections that are about the same. */
struct row_pairs {
    const json_t *section;
    json_t *own, *other; /* owned: places by what a row is about */
    bool by_subject;
};
void row_pairs_init(struct row_pairs *pairs, const json_t *section, const json_t *other);
/* The place in the other section of the row that is about the same as row `index`. */
size_t row_pairs_find(const struct row_pairs *pairs, size_t index);
void row_pairs_deinit(struct row_pairs *pairs);
