#include "policy/cells.h"

#include <sanitizer/asan_interface.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

#define SLAB_BYTES 16384

struct cell_slab {
    struct cell_slab *older;
    alignas(CELL_STEP) char data[SLAB_BYTES];
};

static size_t class_of(size_t size_bytes) {
    return (size_bytes - 1) / CELL_STEP;
}

/* Free cells are poisoned: see util/arena.c. */
static void cell_put(struct cells *cells, void *block, size_t class) {
    struct cell *cell = block;
    cell->next = cells->free[class];
    cells->free[class] = cell;
    ASAN_POISON_MEMORY_REGION(block, (class + 1) * CELL_STEP);
}

static void fill(struct cells *cells, size_t class) {
    size_t size = (class + 1) * CELL_STEP;
    struct cell_slab *slab = malloc(sizeof *slab);
    if (!slab)
        memory_out();
    slab->older = cells->slabs;
    cells->slabs = slab;
    for (size_t n = SLAB_BYTES / size; n > 0; n--) /* handed out from the slab's beginning */
        cell_put(cells, slab->data + (n - 1) * size, class);
}

void *cells_take(struct cells *cells, size_t size_bytes) {
    if (size_bytes > CELL_MOST) {
        void *block = malloc(size_bytes);
        if (!block)
            memory_out();
        return block;
    }
    size_t class = class_of(size_bytes);
    if (!cells->free[class])
        fill(cells, class);
    struct cell *cell = cells->free[class];
    ASAN_UNPOISON_MEMORY_REGION(cell, (class + 1) * CELL_STEP);
    cells->free[class] = cell->next;
    return cell;
}

void cells_give(struct cells *cells, void *block, size_t size_bytes) {
    if (size_bytes > CELL_MOST)
        free(block);
    else
        cell_put(cells, block, class_of(size_bytes));
}

void *cells_resize(struct cells *cells, void *block, size_t old_bytes, size_t new_bytes) {
    if (old_bytes > CELL_MOST && new_bytes > CELL_MOST) {
        void *moved = realloc(block, new_bytes);
        if (!moved)
            memory_out();
        return moved;
    }
    if (old_bytes <= CELL_MOST && new_bytes <= CELL_MOST &&
        class_of(old_bytes) == class_of(new_bytes))
        return block;
    void *moved = cells_take(cells, new_bytes);
    memcpy(moved, block, old_bytes < new_bytes ? old_bytes : new_bytes);
    cells_give(cells, block, old_bytes);
    return moved;
}

void cells_deinit(struct cells *cells) {
    for (struct cell_slab *slab = cells->slabs, *older; slab; slab = older) {
        older = slab->older;
        ASAN_UNPOISON_MEMORY_REGION(slab->data, SLAB_BYTES);
        free(slab);
    }
    memset(cells, 0, sizeof *cells);
}
