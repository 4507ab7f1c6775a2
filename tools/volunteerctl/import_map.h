/* What somebody said about an import before the file is opened: FIELD=VALUE words, and a table of
 * headings and fields (--map). Threads: one. */
#pragma once

#include "grid.h"
#include "import_headings.h"

/* What FIELD=VALUE words and --map said, before the file is opened. */
struct import_map {
    size_t n;
    struct import_mapping {
        char *heading; /* NULL: a constant */
        char *field;   /* "-": ignore it */
        char *value;   /* default or constant, may be NULL */
        bool used;
    } * list;
};
/* A table of two or three columns: heading, field, value. DONE, or a complaint. */
int import_map_read(struct import_map *map, const char *path, bool json);
int import_map_take(struct import_map *map, const char *typed); /* FIELD=VALUE */
void import_map_deinit(struct import_map *map);
/* What was said of a column with that heading; NULL: nothing. */
struct import_mapping *import_map_find(struct import_map *map, struct str written);
