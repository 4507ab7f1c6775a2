/* A cell of a spreadsheet as JSON of a field: what the cell means, not only what it says. Dates as
 * numbers of days, digits in full width, words by their labels, things by their names.
 * Threads: one. Memory: what is learned of the city is kept by the reader. */
#pragma once

#include "import_columns.h"

#define CELL_MESSAGE_SIZE 400

struct cell_problem {
    const char *code; /* of the catalogue of errors, or "unknown_region" and the like */
    char message[CELL_MESSAGE_SIZE];
};

/* Returns 1. */
int cell_fail(struct cell_problem *problem, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct cell_reader {
    struct call *call;
    const struct zone *zone;
    bool from_1904;
    const char *by;            /* who looks people up by their document; NULL: nobody may */
    json_t *names[NOUN_COUNT]; /* what names were found to mean: identifier, or why not */
    json_t *regions;           /* all of them, from the first name on */
    json_t *documents;         /* numbers to volunteers */
    struct buf text, more;     /* of the cell that is being read */
    /* Of the row. */
    bool has_day, has_clock;
    int32_t day;
    int64_t clock_s; /* the last time without a date */
    int failure;     /* an exit code: the daemon could not be asked */
};

void cell_reader_init(struct cell_reader *reader, struct call *call, const struct zone *zone,
                      bool from_1904);
void cell_reader_deinit(struct cell_reader *reader);
/* 0 with the value's JSON put behind `out`, 1 with *problem. */
int cell_read(struct cell_reader *reader, const struct field *field, enum column_unit unit,
              const struct grid_cell *cell, struct buf *out, struct cell_problem *problem);
/* The day that clocks of this row are of. */
int cell_read_day(struct cell_reader *reader, const struct grid_cell *cell,
                  struct cell_problem *problem);
/* Who has the number of a document: the daemon notes who asked. */
int cell_read_document(struct cell_reader *reader, const struct grid_cell *cell, struct buf *out,
                       struct cell_problem *problem);
/* For people and for --refused: what the cell says. */
void cell_text_put(const struct grid_cell *cell, bool from_1904, struct buf *out);
