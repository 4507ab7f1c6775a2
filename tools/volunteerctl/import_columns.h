/* Which row of a file names its columns, and which field of an event each of them is: by the
 * catalogue's names and labels, by what clerks call things, and by a file that says so (--map).
 * Threads: one. Memory: all of it lives as long as the columns. */
#pragma once

#include "import_map.h"

#define IMPORT_SOURCES 8

struct import_column {
    char *heading; /* as the file has it; of a heading over two rows both */
    bool two_rows;
    enum column_role role;
    enum column_unit unit;
    struct target *target; /* of COLUMN_FIELD */
    char *fallback;        /* for empty cells, or NULL */
};

/* A place in the event's data: an object with parts, or what columns and constants fill. */
struct target {
    const struct field *field; /* NULL: the data itself */
    char path[96];             /* "identity.number" */
    bool is_change;            /* within a CHANGES field: absent is unchanged */
    char *quantity;            /* name of it, within a field of quantities */
    size_t n_parts;
    struct target **parts;
    size_t n_sources;
    size_t sources[IMPORT_SOURCES]; /* columns; several fill a list */
    char *constant;                 /* what FIELD=VALUE said, or NULL */
    bool is_constant_said;          /* by the person: an object of constants alone is written */
};

struct import_columns {
    const struct event_type *type;
    uint64_t heading_row; /* the last one; rows up to it are no data */
    size_t n;
    struct import_column *list;
    struct target data;
    size_t day, document, happened; /* columns, SIZE_MAX: none */
    bool names_itself;              /* no column names the thing: the import does */
};

/* Finds the heading among the first rows and leaves the grid behind it. 0, or -1 with the fault. */
int import_columns_find(struct import_columns *columns, const struct event_type *type,
                        struct import_map *map, struct grid *grid, struct grid_fault *fault);
void import_columns_deinit(struct import_columns *columns);
/* The column that an answer's field ("data.identity.number") came from; SIZE_MAX: none. */
size_t import_columns_of(const struct import_columns *columns, struct str field);
