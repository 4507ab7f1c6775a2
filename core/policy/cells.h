/* Memory for a Lua state: small blocks from free lists by size, because a policy's call makes and
 * drops dozens of them; larger ones from malloc. What a list once held stays with it until the end.
 * Threads: one owner. Errors: ends the process when memory is out. */
#pragma once

#include <stddef.h>

#define CELL_STEP 16
#define CELL_MOST 256 /* bytes: larger blocks are malloc's */

struct cell {
    struct cell *next;
};

struct cell_slab;

struct cells {
    struct cell *free[CELL_MOST / CELL_STEP];
    struct cell_slab *slabs;
};

/* A zeroed struct is ready for use. Frees all blocks that are still in cells. */
void cells_deinit(struct cells *cells);
void *cells_take(struct cells *cells, size_t size_bytes);
void cells_give(struct cells *cells, void *block, size_t size_bytes);
/* Keeps the content up to the smaller size. */
void *cells_resize(struct cells *cells, void *block, size_t old_bytes, size_t new_bytes);
