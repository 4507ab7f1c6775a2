#include "store/layer.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>

#include "util/memory.h"

#define SLOTS_AT_FIRST 64
#define ITEMS_AT_FIRST 64

struct layer_chunk {
    struct layer_chunk *next;
    size_t size;
    _Alignas(16) char data[];
};

void layer_init(struct layer *layer, size_t chunk_bytes) {
    *layer = (struct layer){.chunk_bytes = chunk_bytes};
}

void layer_deinit(struct layer *layer) {
    for (struct layer_chunk *chunk = layer->first, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(layer->slots);
    free(layer->items);
    layer_init(layer, layer->chunk_bytes);
}

static void *checked(void *memory) {
    if (!memory)
        memory_out();
    return memory;
}

/* ---- memory ---- */

/* Goes on to the next chunk that was kept, or to a new one where that is too small. */
static void layer_next_chunk(struct layer *layer, size_t size) {
    struct layer_chunk **place = layer->current ? &layer->current->next : &layer->first;
    if (!*place || (*place)->size < size) {
        /* Doubled until it fits, so that rows which grow a little each time find it again. */
        size_t bytes = layer->chunk_bytes;
        while (bytes < size)
            bytes *= 2;
        struct layer_chunk *chunk = checked(malloc(sizeof *chunk + bytes));
        chunk->next = *place;
        chunk->size = bytes;
        *place = chunk;
    }
    layer->current = *place;
    layer->chunk_used = 0;
}

static void *layer_space(struct layer *layer, size_t size) {
    size = (size + 7) & ~(size_t)7;
    if (!layer->current || layer->current->size - layer->chunk_used < size)
        layer_next_chunk(layer, size);
    char *space = layer->current->data + layer->chunk_used;
    layer->chunk_used += size;
    layer->used_bytes += size;
    return space;
}

void layer_reset(struct layer *layer) {
    /* A big table with few rows is cleared row by row, but a full one by one memset. */
    if (layer->n_items * 16 > layer->n_slots) {
        memset(layer->slots, 0, layer->n_slots * sizeof *layer->slots);
    } else {
        for (size_t i = 0; i < layer->n_items; i++) {
            size_t slot = layer->items[i].row->hash & (layer->n_slots - 1);
            while (layer->slots[slot].row != layer->items[i].row)
                slot = (slot + 1) & (layer->n_slots - 1);
            /* Only the row goes: the ones behind it in the chain are found by walking on. */
            layer->slots[slot].row = NULL;
        }
    }
    layer->n_items = 0;
    layer->current = NULL;
    layer->chunk_used = 0;
    layer->used_bytes = 0;
}

/* ---- hash table ---- */

__extension__ typedef unsigned __int128 uint128;

static uint64_t mix(uint64_t a, uint64_t b) {
    uint128 product = (uint128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t load(const char *data, size_t size) {
    uint64_t word = 0;
    memcpy(&word, data, size);
    return word;
}

uint32_t layer_hash(uint64_t seed, enum table table, struct str key) {
    const uint64_t odd_1 = UINT64_C(0xa0761d6478bd642f), odd_2 = UINT64_C(0xe7037ed1a0b428db);
    uint64_t state = mix(seed ^ table, odd_1 ^ key.size);
    while (key.size > 8) {
        state = mix(state ^ load(key.data, 8), odd_2 ^ seed);
        key.data += 8;
        key.size -= 8;
    }
    state = mix(state ^ load(key.data, key.size), odd_1 ^ seed);
    return (uint32_t)(state ^ state >> 32);
}

/* The slot of the key, or the free one where it would stand. */
static struct layer_slot *layer_slot(const struct layer *layer, uint32_t hash, enum table table,
                                     struct str key) {
    size_t mask = layer->n_slots - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        struct layer_slot *slot = &layer->slots[at];
        if (!slot->row)
            return slot;
        if (slot->hash == hash && slot->row->table == table &&
            str_equal(layer_row_key(slot->row), key))
            return slot;
    }
}

struct layer_row *layer_find(const struct layer *layer, uint32_t hash, enum table table,
                             struct str key) {
    return layer->n_items ? layer_slot(layer, hash, table, key)->row : NULL;
}

static void layer_grow_slots(struct layer *layer) {
    layer->n_slots = layer->n_slots ? layer->n_slots * 2 : SLOTS_AT_FIRST;
    free(layer->slots);
    layer->slots = checked(calloc(layer->n_slots, sizeof *layer->slots));
    size_t mask = layer->n_slots - 1;
    for (size_t i = 0; i < layer->n_items; i++) {
        struct layer_row *row = layer->items[i].row;
        size_t at = row->hash & mask;
        while (layer->slots[at].row)
            at = (at + 1) & mask;
        layer->slots[at] = (struct layer_slot){row, row->hash};
    }
}

static void layer_grow_items(struct layer *layer) {
    layer->items_capacity = layer->items_capacity ? layer->items_capacity * 2 : ITEMS_AT_FIRST;
    layer->items = checked(reallocarray(layer->items, layer->items_capacity, sizeof *layer->items));
}

/* ---- rows ---- */

static struct layer_row *layer_add(struct layer *layer, uint32_t hash, enum table table,
                                   struct str key) {
    if (layer->n_items == layer->items_capacity)
        layer_grow_items(layer);
    if ((layer->n_items + 1) * 2 > layer->n_slots)
        layer_grow_slots(layer);
    struct layer_row *row = layer_space(layer, sizeof *row + key.size);
    *row =
        (struct layer_row){.hash = hash, .key_size = (uint16_t)key.size, .table = (uint8_t)table};
    memcpy(row->key, key.data, key.size);
    *layer_slot(layer, hash, table, key) = (struct layer_slot){row, hash};
    layer->items[layer->n_items++] = (struct layer_item){.row = row};
    return row;
}

const struct layer_row *layer_put(struct layer *layer, uint32_t hash, enum table table,
                                  struct str key, struct str data) {
    assert(key.size > 0 && key.size <= STORE_KEY_LIMIT && data.size <= UINT32_MAX / 2);
    struct layer_row *row = layer_find(layer, hash, table, key);
    bool is_new = !row;
    if (is_new)
        row = layer_add(layer, hash, table, key);
    if (data.size > row->capacity) {
        /* A row that grew once will grow again: packed records, counters. */
        size_t capacity = (data.size + (is_new ? 0 : data.size / 4) + 7) & ~(size_t)7;
        char *space = layer_space(layer, capacity);
        memcpy(space, data.data, data.size);
        row->data = space;
        row->capacity = (uint32_t)capacity;
    } else if (data.size) {
        memmove(row->data, data.data, data.size);
    }
    row->size = (uint32_t)data.size;
    return row;
}

static uint64_t row_order(const struct layer_row *row) {
    uint64_t word = load(row->key, row->key_size < 7 ? row->key_size : 7);
    return (uint64_t)row->table << 56 | be64toh(word) >> 8;
}

static int compare_items(const void *a, const void *b) {
    const struct layer_item *left = a, *right = b;
    if (left->order != right->order)
        return left->order < right->order ? -1 : 1;
    return str_compare(layer_row_key(left->row), layer_row_key(right->row));
}

void layer_sort(struct layer *layer) {
    for (size_t i = 0; i < layer->n_items; i++)
        layer->items[i].order = row_order(layer->items[i].row);
    if (layer->n_items)
        qsort(layer->items, layer->n_items, sizeof *layer->items, compare_items);
}
