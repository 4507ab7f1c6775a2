/* A CSV file with a heading, as spreadsheets save it: UTF-8 or GB18030, columns in any order, whole
 * in memory. Complaints name file, row and heading; all of them are found before anything is done
 * with a row. Threads: one. Memory: cells live as long as the sheet. */
#pragma once

#include "print.h"

#define SHEET_COLUMNS 12

struct sheet_column {
    const char *heading; /* NULL ends the list */
    bool required;       /* the file is refused without it */
    const char *others;  /* what else people call it: "姓名|志愿者姓名"; NULL: nothing */
};

struct sheet_row {
    uint64_t number; /* line of the file, the heading is 1 */
    char *cells[SHEET_COLUMNS];
};

struct sheet {
    const char *file; /* for complaints */
    bool json;
    const struct sheet_column *columns;
    size_t n_columns;
    size_t n_rows;
    size_t capacity;
    struct sheet_row *rows;
    size_t n_complaints;
};

/* Reads the whole file. Rows of another width are complained of and left out. DONE, REFUSED (said
 * why; where `json` on stdout too). */
int sheet_read(struct sheet *sheet, const struct sheet_column *columns, const char *path,
               bool json);
void sheet_deinit(struct sheet *sheet);
/* A complaint about one line of the file, counted with the others. */
void sheet_complain_line(struct sheet *sheet, uint64_t line, const char *text);
/* "" where the row has nothing there. `column` is the place in the list of columns. */
const char *sheet_cell(const struct sheet_row *row, size_t column);
/* A mistake in a row; the first twenty are printed. */
void sheet_complain(struct sheet *sheet, const struct sheet_row *row, size_t column,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Complains of rows that say again what an earlier row says in that column: which of them counted
 * would be chance. Empty cells are passed over. */
void sheet_check_once(struct sheet *sheet, size_t column);
/* DONE where nobody complained, else REFUSED with how many did. */
int sheet_check(const struct sheet *sheet);
