/* The rows of a spreadsheet's file, one after another, whoever saved it: CSV in UTF-8, UTF-16 or
 * GB18030 with comma, semicolon or tab, or an XLSX workbook. Nothing is held but the rows of one
 * piece of the file (of a workbook also its shared texts), and everything that a file may grow has
 * a limit: neither a line of a gigabyte nor a zip bomb takes memory.
 * Threads: one. Memory: a row and its cells live until the next one is asked for. */
#pragma once

#include "util/buf.h"

#define GRID_COLUMNS 256u /* more are refused */

enum grid_cell_kind {
    GRID_EMPTY,
    GRID_TEXT,
    GRID_NUMBER,  /* of a workbook: `number`, `text` as it stands in the file */
    GRID_DATE,    /* a number whose format is that of a date: days since the workbook's epoch */
    GRID_BOOLEAN, /* "1" or "0" */
    GRID_ERROR,   /* what a formula could not calculate: "#N/A" */
    GRID_FORMULA  /* a formula whose value is not in the file */
};

struct grid_cell {
    enum grid_cell_kind kind;
    struct str text; /* without blanks around it */
    double number;
};

struct grid_row {
    uint64_t number; /* as spreadsheets count, from 1 */
    size_t n;
    const struct grid_cell *cells;
};

/* Why a file is no table, or not to its end. */
struct grid_fault {
    const char *code; /* stable: empty_file, not_a_table, wrong_encoding, malformed_csv, ... */
    uint64_t row;     /* 0: of the whole file */
    char message[400];
};
/* Returns -1. */
int grid_fail(struct grid_fault *fault, const char *code, uint64_t row, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

struct grid;

/* 0, or -1 with *fault. `sheet`: of a workbook by its name, NULL for the first. */
int grid_open(struct grid **ret_grid, const char *path, const char *sheet,
              struct grid_fault *fault);
void grid_close(struct grid *grid);
/* 1 with a row, which may be blank; 0 at the end; -1. */
int grid_next(struct grid *grid, const struct grid_row **ret_row, struct grid_fault *fault);
/* From the first row again. */
int grid_rewind(struct grid *grid, struct grid_fault *fault);
/* How far: bytes of the file, for a progress bar. */
int64_t grid_done_bytes(const struct grid *grid);
int64_t grid_total_bytes(const struct grid *grid);
/* Of the file's bytes: equal files are equal imports. */
struct str grid_digest(const struct grid *grid);
bool grid_is_workbook(const struct grid *grid);
/* The workbook counts its days from 1904. */
bool grid_from_1904(const struct grid *grid);

static inline struct grid_cell grid_cell_at(const struct grid_row *row, size_t column) {
    return column < row->n ? row->cells[column] : (struct grid_cell){.kind = GRID_EMPTY};
}
bool grid_row_is_blank(const struct grid_row *row);
