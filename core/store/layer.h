/* A set of rows in memory over (table, key): what stands between the engine and what LMDB holds.
 * A row of size 0 says that the row is removed (a tombstone): the layers below are not asked then.
 *
 * Memory: rows lie in chunks that layer_reset keeps, so that a warm layer does not call malloc.
 * Rows do not move: what layer_find gave stays where it is until layer_reset; a put of the same key
 * changes its data and size.
 *
 * Threads: one writer; layer_sort may run on another thread beside layer_find while nobody puts.
 *
 * Errors: none; where memory is out the process ends. */
#pragma once

#include "store/table.h"

struct layer_row {
    char *data;
    uint32_t size; /* 0: removed */
    uint32_t capacity;
    uint32_t hash;
    uint16_t key_size;
    uint8_t table;
    char key[];
};

struct layer_slot {
    struct layer_row *row; /* NULL: free */
    uint32_t hash;
};

struct layer_item {
    uint64_t order; /* table and the key's first bytes: most comparisons end here */
    struct layer_row *row;
};

struct layer_chunk;

struct layer {
    struct layer_slot *slots;
    size_t n_slots;           /* a power of two, at least twice n_items */
    struct layer_item *items; /* as put; in key order after layer_sort */
    size_t n_items;
    size_t items_capacity;
    struct layer_chunk *first;
    struct layer_chunk *current;
    size_t chunk_bytes;
    size_t chunk_used; /* of the current chunk */
    size_t used_bytes; /* of all, since the last reset */
};

void layer_init(struct layer *layer, size_t chunk_bytes);
void layer_deinit(struct layer *layer);
void layer_reset(struct layer *layer);

/* The seed is random for each store, so that nobody can choose keys that collide. */
uint32_t layer_hash(uint64_t seed, enum table table, struct str key);

/* Fetches the place where the hash will be looked for soon. */
static inline void layer_prefetch(const struct layer *layer, uint32_t hash) {
    if (layer->n_items)
        __builtin_prefetch(&layer->slots[hash & (layer->n_slots - 1)]);
}

/* NULL where the layer says nothing about the key. */
struct layer_row *layer_find(const struct layer *layer, uint32_t hash, enum table table,
                             struct str key);
/* `row` may lie in what layer_find gave for this key. */
const struct layer_row *layer_put(struct layer *layer, uint32_t hash, enum table table,
                                  struct str key, struct str row);
void layer_sort(struct layer *layer);

static inline struct str layer_row_key(const struct layer_row *row) {
    return (struct str){row->key, row->key_size};
}

static inline struct str layer_row_data(const struct layer_row *row) {
    return (struct str){row->data, row->size};
}
