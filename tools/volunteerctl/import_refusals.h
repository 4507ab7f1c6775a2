/* The lines of a file that are refused, each with its column and reason: as a table, as JSON, and
 * as a file of these lines alone that is mended and imported again. Threads: one. */
#pragma once

#include "import_cell.h"
#include "import_columns.h"

#define REFUSALS_LIMIT 100000u /* whoever has more has another kind of file */

struct refusal {
    uint64_t row;
    size_t column; /* SIZE_MAX: none */
    char *code, *field, *message;
    bool retryable;
};

struct refusals {
    size_t n, capacity;
    struct refusal *list; /* by row */
    size_t n_rows;        /* several reasons may stand in one */
};

void refusals_add(struct refusals *refusals, uint64_t row, size_t column, const char *code,
                  const char *field, const char *message);
void refusals_deinit(struct refusals *refusals);
/* By row, and counts the rows: before anything below. */
void refusals_sort(struct refusals *refusals);
/* The place in the list of the first of that row or a later one. */
size_t refusals_from(const struct refusals *refusals, uint64_t row);

void refusals_print(const struct call *call, const struct refusals *refusals,
                    const struct import_columns *columns);
json_t *refusals_json(const struct refusals *refusals, const struct import_columns *columns);
/* Reads the grid again and writes the lines that are named: as .xlsx, else as CSV. DONE, or a
 * complaint. */
int refusals_write(const struct call *call, const struct refusals *refusals,
                   const struct import_columns *columns, struct grid *grid, const char *path);
