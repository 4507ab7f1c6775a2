/* What the formats of grid.h share: rows that wait to be given out, and one pair of functions each.
 * Threads: one. */
#pragma once

#include "grid.h"

#define GRID_CELL_BYTES (64u << 10) /* no text of the catalogue is as long */
#define GRID_ROWS 1048576u          /* what a spreadsheet itself can hold */

/* Cells as places in `text`, which moves while it grows. */
struct grid_place {
    enum grid_cell_kind kind;
    size_t offset, size;
    double number;
};

struct grid_rows {
    struct buf text;
    size_t n_places, place_capacity;
    struct grid_place *places;
    size_t n_rows, row_capacity, next;
    struct {
        uint64_t number;
        size_t first, n; /* places */
    } * rows;
    size_t open; /* the first place of the row that is not ended */
    struct grid_cell cells[GRID_COLUMNS];
    struct grid_row row;
};

void grid_rows_deinit(struct grid_rows *rows);
/* What was given out goes; the row that is not ended stays. */
void grid_rows_drop(struct grid_rows *rows);
void grid_rows_reset(struct grid_rows *rows);
/* The next cell of the open row. */
void grid_rows_cell(struct grid_rows *rows, enum grid_cell_kind kind, struct str text,
                    double number);
void grid_rows_end(struct grid_rows *rows, uint64_t number);
static inline size_t grid_rows_width(const struct grid_rows *rows) { /* of the open row */
    return rows->n_places - rows->open;
}
/* NULL where none waits. */
const struct grid_row *grid_rows_next(struct grid_rows *rows);

struct grid_file {
    int fd;
    int64_t size, done;
};

struct grid_csv;
int grid_csv_open(struct grid_csv **ret_csv, struct grid_file *file, struct grid_rows *rows,
                  struct grid_fault *fault);
void grid_csv_close(struct grid_csv *csv);
/* Brings more rows: 1, 0 at the end, -1. */
int grid_csv_more(struct grid_csv *csv, struct grid_fault *fault);
int grid_csv_rewind(struct grid_csv *csv, struct grid_fault *fault);

struct grid_xlsx;
int grid_xlsx_open(struct grid_xlsx **ret_xlsx, struct grid_file *file, const char *sheet,
                   struct grid_rows *rows, struct grid_fault *fault);
void grid_xlsx_close(struct grid_xlsx *xlsx);
int grid_xlsx_more(struct grid_xlsx *xlsx, struct grid_fault *fault);
int grid_xlsx_rewind(struct grid_xlsx *xlsx, struct grid_fault *fault);
bool grid_xlsx_from_1904(const struct grid_xlsx *xlsx);
