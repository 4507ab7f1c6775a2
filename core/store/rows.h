/* Rows of the state in memory, between the engine and what LMDB holds: one hash table over (table,
 * key) with the newest data of each. A row in it is
 * - clean: what the snapshot below holds too. It may be forgotten when memory is wanted;
 * - pending: written since the last freeze;
 * - frozen: handed to a checkpoint with what it held then. It is not touched until rows_thaw: a
 *   write puts another row in its place.
 * A row of size 0 says that the state has no such row; nothing below is asked then.
 *
 * An event writes straight into the table. What a row held before the event is kept aside until
 * rows_accept, so that rows_refuse puts it back.
 *
 * Memory: taken from a pool and given back to it, so that a warm table does not call malloc. What
 * rows_find gave stays where it is until the next put of that key or rows_accept, rows_refuse,
 * rows_thaw.
 *
 * Threads: one owner; the checkpoint thread may read and sort what rows_freeze gave, until it is
 * thawed. Errors: none; memory beyond the machine's ends the process (util/memory.h). */
#pragma once

#include "store/pool.h"
#include "store/table.h"

struct row {
    uint32_t hash;
    uint32_t size;       /* 0: there is no such row */
    uint32_t capacity;   /* of the data */
    uint32_t generation; /* of its last write; 0: read from the snapshot */
    uint32_t undo;       /* its place in the event's notes, if it has one */
    uint32_t pending;    /* its place in the list of its table, while it is pending */
    uint16_t key_size;
    uint8_t table;
    _Alignas(8) char bytes[]; /* the key, then, from a multiple of 8 on, the data */
};

struct row_slot {
    struct row *row; /* NULL: free */
    uint32_t hash;
    bool wanted; /* found since the hand passed */
};

struct row_item {
    uint64_t order; /* the key's first bytes: most comparisons end here */
    struct row *row;
};

/* The rows of one table that were written, as they came, or in key order after row_list_sort. */
struct row_list {
    struct row_item *items;
    size_t n;
    size_t capacity;
    bool is_sorted; /* so far */
};

struct row_undo;

struct rows {
    uint64_t seed;
    struct row_slot *slots;
    size_t n_slots; /* a power of two */
    size_t n_rows;
    size_t n_added; /* since rows_forget looked */
    size_t hand;    /* the slot where forgetting goes on */
    /* The table before it grew, NULL once all its rows have moved: moving them all at once would
     * stop the engine for a tenth of a second. */
    struct row_slot *old_slots;
    size_t n_old_slots;
    size_t n_moved; /* its slots before this one are empty */
    struct pool pool;
    struct row_list lists[2][TABLE_COUNT];
    struct row_list *pending;
    struct row_list *frozen;
    size_t n_pending;
    size_t pending_bytes;
    uint32_t generation;       /* of what is pending */
    uint32_t clean_generation; /* rows of this one or before are in the snapshot */
    /* The event: what its rows held before. */
    struct row_undo *undos;
    size_t n_undos;
    size_t undos_capacity;
    char *kept;
    size_t kept_bytes;
    size_t kept_capacity;
    /* Frozen rows that others took the place of. */
    struct row **replaced;
    size_t n_replaced;
    size_t replaced_capacity;
};

/* The seed is random for each store, so that nobody can choose keys that collide. `reserve` may be
 * NULL: whatever is needed is touched when it is. */
void rows_init(struct rows *rows, uint64_t seed, struct reserve *reserve);
void rows_deinit(struct rows *rows);

uint32_t rows_hash(const struct rows *rows, enum table table, struct str key);
/* NULL where nothing is known of the key. */
const struct row *rows_find(struct rows *rows, uint32_t hash, enum table table, struct str key);
/* Fetches the slot of a hash into the processor's cache; and the row that stands there, which is
 * most often the one. */
static inline void rows_prefetch_slot(const struct rows *rows, uint32_t hash) {
    __builtin_prefetch(&rows->slots[hash & (rows->n_slots - 1)]);
}
static inline void rows_prefetch_row(const struct rows *rows, uint32_t hash) {
    const struct row *row = rows->slots[hash & (rows->n_slots - 1)].row;
    if (row) {
        __builtin_prefetch(row);
        __builtin_prefetch((const char *)row + 64);
    }
}
/* A row as the snapshot holds it (size 0: holds none), of which nothing is known yet. */
const struct row *rows_learn(struct rows *rows, uint32_t hash, enum table table, struct str key,
                             struct str data);

/* Within an event. `data` may lie in what rows_find gave for this key. */
void rows_put(struct rows *rows, uint32_t hash, enum table table, struct str key, struct str data);
void rows_accept(struct rows *rows);
void rows_refuse(struct rows *rows);
static inline bool rows_in_event(const struct rows *rows) {
    return rows->n_undos > 0;
}

/* Between events. What was pending is frozen: a list for each table, until rows_thaw says that the
 * snapshot holds it. Nothing else may be frozen. */
struct row_list *rows_freeze(struct rows *rows);
void rows_thaw(struct rows *rows);
static inline bool rows_has_frozen(const struct rows *rows) {
    return rows->generation != rows->clean_generation + 1;
}
/* All that is held: rows, pending, frozen and clean, and the slots in which they stand. */
static inline size_t rows_held_bytes(const struct rows *rows) {
    size_t n_slots = rows->n_slots + (rows->old_slots ? rows->n_old_slots : 0);
    return rows->pool.held_bytes + n_slots * sizeof *rows->slots;
}
/* Between events: forgets clean rows, those first that were not looked for lately, while they hold
 * more than `limit_bytes`; some at each call, the more the more came since the last. */
void rows_forget(struct rows *rows, size_t limit_bytes);

void row_list_sort(struct row_list *list);

static inline struct str row_key(const struct row *row) {
    return (struct str){row->bytes, row->key_size};
}

static inline struct str row_data(const struct row *row) {
    return (struct str){row->bytes + (((size_t)row->key_size + 7) & ~(size_t)7), row->size};
}
