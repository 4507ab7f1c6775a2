/* A report, bulletin or list as something to print: read once from the DOCUMENT that a daemon
 * answers and checked, so that the renderers (one file per format) meet no surprise. What is
 * missing or of another type reads as empty; what is longer than a paper can show is refused.
 * Threads: one. Memory: a document borrows its texts from the JSON it was read from, which it keeps
 * alive; cells and points are its own. Errors: out of memory aborts. */
#pragma once

#include "print.h"

#define DOCUMENT_COLUMNS 32

enum document_kind {
    DOCUMENT_TEXT,
    DOCUMENT_NUMBER,
    DOCUMENT_PERCENT,
    DOCUMENT_HOURS, /* from minutes */
    DOCUMENT_DATE,
    DOCUMENT_STATE,
    DOCUMENT_RANK,
    DOCUMENT_HUNDREDTHS /* money from fen, points of two decimals */
};

enum cell_kind { CELL_NONE, CELL_TEXT, CELL_INTEGER, CELL_REAL, CELL_RATE };

struct document_cell {
    enum cell_kind kind;
    int64_t number; /* an integer; of a rate the numerator */
    union {
        const char *text;
        double real;
        int64_t denominator; /* above 0 */
    };
};

struct document_column {
    const char *name;  /* for programs; never empty unless the title is too */
    const char *title; /* for people */
    enum document_kind kind;
    bool is_compared; /* a figure of it stands in the earlier document too */
};

struct document_row {
    const struct document_cell *cells;
    size_t n_cells;                     /* may be fewer than columns */
    const struct document_cell *before; /* of the earlier document, one a column; or NULL */
};

struct document_section {
    const char *title, *note;
    size_t n_columns, n_rows;
    struct document_column *columns;
    struct document_row *rows;
    struct document_row total; /* n_cells 0: there is none */
    struct document_cell *cells, *cells_before;
};

enum verdict { VERDICT_NONE, VERDICT_MET, VERDICT_NOT_MET, VERDICT_NO_DATA };

struct document_point {
    const char *label;
    struct document_cell value;
    enum verdict verdict; /* NONE: as the value stands to the series' target */
};

/* Lines that follow each other under one title share a chart, told apart by `name`. */
struct document_series {
    const char *title, *name, *unit;
    bool is_line, has_target;
    double target;
    size_t n_points;
    struct document_point *points;
};

struct document {
    json_t *json;
    const char *title, *subtitle, *region, *region_name, *as_of, *period, *revision;
    struct document_cell number; /* of the issue */
    /* The earlier document that it is compared with; its day is "" where it is with none. */
    struct document_cell compared_number;
    const char *compared_as_of;
    size_t n_sections, n_series, n_paragraphs;
    struct document_section *sections;
    struct document_series *series;
    const char **paragraphs;
    bool is_draft; /* "draft": true: not issued */
    bool chinese;  /* words between the texts are Chinese */
};

/* False where the JSON is no document; nothing is left to deinit then. */
bool document_read(json_t *json, struct document *ret_document);
void document_deinit(struct document *document);

/* An empty cell where the row has none there. */
const struct document_cell *document_cell_at(const struct document_row *row, size_t column);
/* What it was in the earlier document. */
const struct document_cell *document_cell_before(const struct document_row *row, size_t column);
/* By how much it has changed since, in the unit of its kind; of a rate in hundredths of a percent,
 * between the rates as they are printed. False where it is not known, then or now. */
bool document_change(const struct document_row *row, size_t column, int64_t *ret_change);
/* Both as cells of columns of their own. What is not known is empty: a rate is missing there alone
 * where the column has it. */
struct document_beside {
    const struct document_cell *before;
    struct document_cell change;
    enum document_kind before_kind, change_kind;
};
struct document_beside document_beside(const struct document_section *section,
                                       const struct document_row *row, size_t column);
bool document_kind_is_number(enum document_kind kind); /* stands to the right */

/* What a cell's state says, or that a rate is missing. */
enum verdict document_cell_verdict(enum document_kind kind, const struct document_cell *cell);
/* Whether a point reaches its series' target: more than it for rates, compared by whole numbers
 * where the target is one; at least it for counts. */
enum verdict document_point_verdict(const struct document_series *series,
                                    const struct document_point *point);
/* The value to draw; false where there is none. */
bool document_cell_value(const struct document_cell *cell, double *ret_value);

/* A document in memory: JSON of the same shape, for what the client itself puts on paper.
 * document_blank returns {"title", "sections": []}, document_section_add the new section of it. */
json_t *document_blank(const char *title);
json_t *document_section_add(json_t *document, const char *title);
void document_column_add(json_t *section, const char *name, const char *title, const char *kind);
