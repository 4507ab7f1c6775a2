/* The rows of a file as events, each checked as the daemon would check it, as far as that needs no
 * state. The same file gives the same events for ever: their ids are made of the batch and the row.
 * Threads: one. Memory: that of one row, and eight bytes for each thing or person named. */
#pragma once

#include "import_refusals.h"
#include "publisher.h"
#include "util/arena.h"
#include "util/dom.h"

#define BATCH_NAME_SIZE 48

struct seen; /* identifiers and persons of the file, with their rows */

struct import_rows {
    struct call *call;
    struct grid *grid;
    struct import_columns columns;
    struct cell_reader reader;
    struct refusals *refusals;
    const char *batch, *source;
    struct zone zone;
    struct buf event; /* of this row */
    struct dom_parser *parser;
    struct arena arena;
    struct seen *seen;
    uint64_t n_rows, n_totals, first_total;
    size_t refused_next; /* while sending: of the list */
    struct grid_fault fault;
};

void import_rows_deinit(struct import_rows *rows);
/* From the first row below the heading again. 0, or -1 with rows->fault. */
int import_rows_begin(struct import_rows *rows);
/* The next row that is one: 1 with its event, 0 at the end, -1 with rows->fault, 2 where the row
 * was refused. `checks` what is new; else rows that were refused before are passed over. */
int import_rows_next(struct import_rows *rows, bool checks, struct str *ret_event,
                     uint64_t *ret_row);
/* Whether the identifier stands in an earlier row's first field. */
bool import_rows_has(const struct import_rows *rows, struct str id);
