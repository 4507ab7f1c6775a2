#include "store/rows.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>

#include "store/reserve.h"
#include "util/memory.h"

#define SLOTS_AT_FIRST 1024
#define FORGET_STEPS 4096 /* slots that the hand passes at a call */
#define MOVED_FOR_EACH 16 /* slots of the old table, for each row that comes */

/* Under AddressSanitizer a write always moves the row, so that what was borrowed before the write
 * is seen when it is used. */
#ifdef __SANITIZE_ADDRESS__
#define WRITES_IN_PLACE 0
#else
#define WRITES_IN_PLACE 1
#endif

/* What a row held before the event that is under way. */
struct row_undo {
    struct row *row; /* as it is now */
    enum {
        UNDO_CREATED,  /* there was none */
        UNDO_REPLACED, /* it took the place of a frozen one */
        UNDO_KEPT,     /* its data stand in `kept` */
    } kind;
    uint32_t generation;
    uint32_t size;
    struct row *replaced;
    size_t kept; /* from here on */
};

/* Doubled until `needed` items fit. */
static void *grown(void *items, size_t *capacity, size_t needed, size_t item_size) {
    if (needed <= *capacity)
        return items;
    size_t wanted = *capacity ? *capacity : 64;
    while (wanted < needed)
        wanted *= 2;
    *capacity = wanted;
    return memory_checked(reallocarray(items, wanted, item_size));
}

/* Large tables are mapped, where AddressSanitizer's leak check does not look for rows. */
static bool slots_are_mapped(size_t n_slots) {
    return WRITES_IN_PLACE && n_slots * sizeof(struct row_slot) >= RESERVE_CHUNK_BYTES;
}

static struct row_slot *slots_new(size_t n_slots) {
    if (slots_are_mapped(n_slots))
        return memory_map(n_slots * sizeof(struct row_slot));
    return memory_checked(calloc(n_slots, sizeof(struct row_slot)));
}

static void slots_free(const struct rows *rows, struct row_slot *slots, size_t n_slots) {
    if (!slots_are_mapped(n_slots))
        free(slots);
    else if (rows->pool.reserve)
        reserve_give_back(rows->pool.reserve, slots, n_slots * sizeof *slots);
    else
        memory_unmap(slots, n_slots * sizeof *slots);
}

void rows_init(struct rows *rows, uint64_t seed, struct reserve *reserve) {
    *rows = (struct rows){
        .seed = seed, .n_slots = SLOTS_AT_FIRST, .generation = 1, .pool = {.reserve = reserve}};
    rows->slots = slots_new(rows->n_slots);
    rows->pending = rows->lists[0];
    rows->frozen = rows->lists[1];
    for (int i = 0; i < 2; i++)
        for (int table = 0; table < TABLE_COUNT; table++)
            rows->lists[i][table].is_sorted = true;
}

/* ---- one row ---- */

static size_t data_offset(size_t key_size) {
    return (key_size + 7) & ~(size_t)7;
}

static size_t row_bytes(const struct row *row) {
    return sizeof *row + data_offset(row->key_size) + row->capacity;
}

static struct row *row_new(struct rows *rows, uint32_t hash, enum table table, struct str key,
                           size_t capacity) {
    size_t offset = data_offset(key.size), bytes;
    struct row *row = pool_take(&rows->pool, sizeof *row + offset + capacity, &bytes);
    *row = (struct row){.hash = hash,
                        .key_size = (uint16_t)key.size,
                        .table = (uint8_t)table,
                        .capacity = (uint32_t)(bytes - sizeof *row - offset)};
    memcpy(row->bytes, key.data, key.size);
    return row;
}

static void row_free(struct rows *rows, struct row *row) {
    pool_give(&rows->pool, row, row_bytes(row));
}

static void row_set(struct row *row, struct str data) {
    if (data.size)
        memmove(row->bytes + data_offset(row->key_size), data.data, data.size);
    row->size = (uint32_t)data.size;
}

static void slots_free_with_rows(struct rows *rows, struct row_slot *slots, size_t first,
                                 size_t n_slots) {
    for (size_t i = first; i < n_slots; i++)
        if (slots[i].row)
            row_free(rows, slots[i].row);
    slots_free(rows, slots, n_slots);
}

void rows_deinit(struct rows *rows) {
    slots_free_with_rows(rows, rows->slots, 0, rows->n_slots);
    if (rows->old_slots)
        slots_free_with_rows(rows, rows->old_slots, rows->n_moved, rows->n_old_slots);
    for (size_t i = 0; i < rows->n_replaced; i++)
        row_free(rows, rows->replaced[i]);
    for (int i = 0; i < 2; i++)
        for (int table = 0; table < TABLE_COUNT; table++)
            free(rows->lists[i][table].items);
    free(rows->undos);
    free(rows->kept);
    free(rows->replaced);
    pool_deinit(&rows->pool);
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

uint32_t rows_hash(const struct rows *rows, enum table table, struct str key) {
    const uint64_t odd_1 = UINT64_C(0xa0761d6478bd642f), odd_2 = UINT64_C(0xe7037ed1a0b428db);
    uint64_t seed = rows->seed;
    uint64_t state = mix(seed ^ table, odd_1 ^ key.size);
    while (key.size > 8) {
        uint64_t word;
        memcpy(&word, key.data, 8);
        state = mix(state ^ word, odd_2 ^ seed);
        key.data += 8;
        key.size -= 8;
    }
    state = mix(state ^ load(key.data, key.size), odd_1 ^ seed);
    return (uint32_t)(state ^ state >> 32);
}

static bool slot_holds(const struct row_slot *slot, uint32_t hash, enum table table,
                       struct str key) {
    return slot->hash == hash && slot->row->table == table && str_equal(row_key(slot->row), key);
}

/* Where the search for a hash begins in the old table. What has moved left nothing behind, and
 * rows that began there and stand behind it still are found from there on. */
static size_t old_home(const struct rows *rows, uint32_t hash) {
    size_t home = hash & (rows->n_old_slots - 1);
    return home < rows->n_moved ? rows->n_moved : home;
}

/* The slot of the key in the old table, or NULL. A chain that went over the table's end began anew
 * where all has moved. */
static struct row_slot *old_slot(const struct rows *rows, uint32_t hash, enum table table,
                                 struct str key) {
    for (size_t at = old_home(rows, hash); at < rows->n_old_slots; at++) {
        struct row_slot *slot = &rows->old_slots[at];
        if (!slot->row)
            return NULL;
        if (slot_holds(slot, hash, table, key))
            return slot;
    }
    return NULL;
}

/* The slot of the key, or the free one where it would stand. */
static struct row_slot *row_slot(const struct rows *rows, uint32_t hash, enum table table,
                                 struct str key) {
    size_t mask = rows->n_slots - 1;
    size_t at = hash & mask;
    for (; rows->slots[at].row; at = (at + 1) & mask)
        if (slot_holds(&rows->slots[at], hash, table, key))
            return &rows->slots[at];
    struct row_slot *old = rows->old_slots ? old_slot(rows, hash, table, key) : NULL;
    return old ? old : &rows->slots[at];
}

/* The slot that holds this row. */
static struct row_slot *slot_of(const struct rows *rows, const struct row *row) {
    size_t mask = rows->n_slots - 1;
    size_t at = row->hash & mask;
    while (rows->slots[at].row && rows->slots[at].row != row)
        at = (at + 1) & mask;
    if (rows->slots[at].row)
        return &rows->slots[at];
    at = old_home(rows, row->hash);
    while (rows->old_slots[at].row != row)
        at++;
    return &rows->old_slots[at];
}

static struct row_slot *free_slot(const struct rows *rows, uint32_t hash) {
    size_t mask = rows->n_slots - 1;
    size_t at = hash & mask;
    while (rows->slots[at].row)
        at = (at + 1) & mask;
    return &rows->slots[at];
}

/* So many slots of the old table; it goes with the last one. */
static void slots_move(struct rows *rows, size_t n) {
    if (!rows->old_slots)
        return;
    for (; n > 0 && rows->n_moved < rows->n_old_slots; n--) {
        struct row_slot *slot = &rows->old_slots[rows->n_moved++];
        if (slot->row)
            *free_slot(rows, slot->hash) = *slot;
    }
    if (rows->n_moved < rows->n_old_slots)
        return;
    slots_free(rows, rows->old_slots, rows->n_old_slots);
    rows->old_slots = NULL;
}

/* What goes over the old table's end moves first: no chain begins anew in front then. */
static void slots_grow(struct rows *rows, struct row_slot *slots) {
    slots_move(rows, SIZE_MAX);
    rows->old_slots = rows->slots;
    rows->n_old_slots = rows->n_slots;
    rows->n_moved = 0;
    rows->slots = slots;
    rows->n_slots *= 2;
    rows->hand = 0;
    while (rows->old_slots[rows->n_moved].row)
        slots_move(rows, 1);
}

/* Begun between events, so that whatever the event created stands in the new table; once there is
 * memory for it. */
static void slots_begin_growing(struct rows *rows) {
    struct reserve *reserve = rows->pool.reserve;
    size_t n = 2 * rows->n_slots;
    struct row_slot *slots;
    if (reserve && slots_are_mapped(n))
        slots = reserve_large(reserve, n * sizeof *slots);
    else
        slots = slots_new(n);
    if (slots)
        slots_grow(rows, slots);
}

/* An event that fills the table faster than that has to wait until all has moved. */
static void slots_add(struct rows *rows, struct row_slot *slot, struct row *row) {
    *slot = (struct row_slot){.row = row, .hash = row->hash};
    rows->n_rows++;
    rows->n_added++;
    slots_move(rows, MOVED_FOR_EACH);
    if (rows->n_rows * 4 > rows->n_slots * 3) {
        slots_grow(rows, slots_new(2 * rows->n_slots));
        slots_move(rows, SIZE_MAX);
    }
}

/* Those behind it in the chain move up, so that no chain has a hole. */
static void slots_remove(struct rows *rows, struct row_slot *slot) {
    size_t mask = rows->n_slots - 1;
    size_t hole = (size_t)(slot - rows->slots);
    for (size_t at = (hole + 1) & mask; rows->slots[at].row; at = (at + 1) & mask) {
        size_t home = rows->slots[at].hash & mask;
        if (((at - home) & mask) < ((at - hole) & mask))
            continue; /* it stands between the hole and its home: it stays */
        rows->slots[hole] = rows->slots[at];
        hole = at;
    }
    rows->slots[hole] = (struct row_slot){.row = NULL};
    rows->n_rows--;
}

const struct row *rows_find(struct rows *rows, uint32_t hash, enum table table, struct str key) {
    struct row_slot *slot = row_slot(rows, hash, table, key);
    if (slot->row)
        slot->wanted = true;
    return slot->row;
}

const struct row *rows_learn(struct rows *rows, uint32_t hash, enum table table, struct str key,
                             struct str data) {
    struct row_slot *slot = row_slot(rows, hash, table, key);
    assert(!slot->row);
    struct row *row = row_new(rows, hash, table, key, data.size);
    row_set(row, data);
    slots_add(rows, slot, row);
    return row;
}

/* ---- an event ---- */

static uint64_t key_order(const struct row *row) {
    uint64_t word = load(row->bytes, row->key_size < 8 ? row->key_size : 8);
    return be64toh(word);
}

static int compare_items(const void *a, const void *b) {
    const struct row_item *left = a, *right = b;
    if (left->order != right->order)
        return left->order < right->order ? -1 : 1;
    return str_compare(row_key(left->row), row_key(right->row));
}

static void list_add(struct row_list *list, struct row *row) {
    list->items = grown(list->items, &list->capacity, list->n + 1, sizeof *list->items);
    struct row_item *item = &list->items[list->n++];
    *item = (struct row_item){key_order(row), row};
    list->is_sorted = list->is_sorted && (list->n == 1 || compare_items(item - 1, item) < 0);
}

static struct row_undo *undo_add(struct rows *rows, struct row *row) {
    rows->undos = grown(rows->undos, &rows->undos_capacity, rows->n_undos + 1, sizeof *rows->undos);
    struct row_undo *undo = &rows->undos[rows->n_undos];
    *undo = (struct row_undo){.row = row};
    row->undo = (uint32_t)rows->n_undos++;
    return undo;
}

/* The event's own note of this row, or NULL where it has not written it yet. */
static struct row_undo *undo_of(const struct rows *rows, const struct row *row) {
    if (row->undo < rows->n_undos && rows->undos[row->undo].row == row)
        return &rows->undos[row->undo];
    return NULL;
}

static void undo_keep(struct rows *rows, struct row_undo *undo) {
    const struct row *row = undo->row;
    struct str data = row_data(row);
    rows->kept = grown(rows->kept, &rows->kept_capacity, rows->kept_bytes + data.size, 1);
    undo->kind = UNDO_KEPT;
    undo->size = row->size;
    undo->generation = row->generation;
    undo->kept = rows->kept_bytes;
    if (data.size)
        memcpy(rows->kept + rows->kept_bytes, data.data, data.size);
    rows->kept_bytes += data.size;
}

static bool is_frozen(const struct rows *rows, const struct row *row) {
    return row->generation != rows->generation && row->generation > rows->clean_generation;
}

/* A row with the same key and room for the data takes its place. The caller frees the old one, or
 * keeps it. */
static struct row *row_replace(struct rows *rows, struct row *row, struct str data) {
    /* A row that grew once will grow again: packed records, counters. */
    size_t spare = data.size > row->capacity && row->size ? data.size / 4 : 0;
    struct row *place =
        row_new(rows, row->hash, (enum table)row->table, row_key(row), data.size + spare);
    place->generation = row->generation;
    place->undo = row->undo;
    place->pending = row->pending;
    row_set(place, data);
    slot_of(rows, row)->row = place;
    if (row->generation == rows->generation) {
        rows->pending[row->table].items[row->pending].row = place;
        rows->pending_bytes += row_bytes(place) - row_bytes(row);
    }
    return place;
}

/* Writes over a row that is not frozen. It may move. */
static struct row *row_write(struct rows *rows, struct row *row, struct str data) {
    if (data.size <= row->capacity && WRITES_IN_PLACE) {
        row_set(row, data);
        return row;
    }
    struct row *place = row_replace(rows, row, data);
    row_free(rows, row);
    return place;
}

/* A row is pending once, from its first write since the freeze on. */
static void row_make_pending(struct rows *rows, struct row *row) {
    if (row->generation == rows->generation)
        return;
    struct row_list *list = &rows->pending[row->table];
    row->generation = rows->generation;
    row->pending = (uint32_t)list->n;
    rows->n_pending++;
    rows->pending_bytes += row_bytes(row);
    list_add(list, row);
}

/* The event's first write of a row that was there. */
static struct row *row_write_first(struct rows *rows, struct row *row, struct str data) {
    struct row_undo *undo = undo_add(rows, row);
    if (is_frozen(rows, row)) {
        undo->kind = UNDO_REPLACED;
        undo->replaced = row;
        undo->row = row_replace(rows, row, data);
    } else {
        undo_keep(rows, undo);
        undo->row = row_write(rows, row, data);
    }
    return undo->row;
}

void rows_put(struct rows *rows, uint32_t hash, enum table table, struct str key, struct str data) {
    assert(key.size > 0 && key.size <= STORE_KEY_LIMIT && data.size <= UINT32_MAX / 2);
    struct row_slot *slot = row_slot(rows, hash, table, key);
    struct row *row = slot->row;
    struct row_undo *undo = row ? undo_of(rows, row) : NULL;
    if (!row) {
        row = row_new(rows, hash, table, key, data.size);
        row_set(row, data);
        undo_add(rows, row)->kind = UNDO_CREATED;
        slots_add(rows, slot, row);
    } else if (undo) {
        row = undo->row = row_write(rows, row, data);
    } else {
        row = row_write_first(rows, row, data);
    }
    row_make_pending(rows, row);
}

static void event_end(struct rows *rows) {
    rows->n_undos = 0;
    rows->kept_bytes = 0;
    if (rows->n_rows * 2 > rows->n_slots && !rows->old_slots)
        slots_begin_growing(rows);
}

void rows_accept(struct rows *rows) {
    for (size_t i = 0; i < rows->n_undos; i++) {
        if (rows->undos[i].kind != UNDO_REPLACED)
            continue;
        rows->replaced = grown(rows->replaced, &rows->replaced_capacity, rows->n_replaced + 1,
                               sizeof *rows->replaced);
        rows->replaced[rows->n_replaced++] = rows->undos[i].replaced;
    }
    event_end(rows);
}

/* The event made it pending: it is the last of its table's list, because what came later was taken
 * back before. */
static void row_unmake_pending(struct rows *rows, const struct row *row) {
    struct row_list *list = &rows->pending[row->table];
    assert(list->n && list->items[list->n - 1].row == row);
    list->n--;
    list->is_sorted = list->is_sorted || list->n == 0;
    rows->n_pending--;
    rows->pending_bytes -= row_bytes(row);
}

static void row_undo(struct rows *rows, const struct row_undo *undo) {
    struct row *row = undo->row;
    if (undo->kind != UNDO_KEPT || undo->generation != rows->generation)
        row_unmake_pending(rows, row);
    switch (undo->kind) {
    case UNDO_CREATED:
        slots_remove(rows, slot_of(rows, row));
        row_free(rows, row);
        break;
    case UNDO_REPLACED:
        slot_of(rows, row)->row = undo->replaced;
        row_free(rows, row);
        break;
    case UNDO_KEPT:
        row->generation = undo->generation;
        row_write(rows, row,
                  undo->size ? (struct str){rows->kept + undo->kept, undo->size} : STR_NONE);
        break;
    }
}

void rows_refuse(struct rows *rows) {
    for (size_t i = rows->n_undos; i-- > 0;)
        row_undo(rows, &rows->undos[i]);
    event_end(rows);
}

/* ---- a checkpoint ---- */

struct row_list *rows_freeze(struct rows *rows) {
    assert(!rows_in_event(rows) && !rows_has_frozen(rows));
    struct row_list *empty = rows->frozen;
    rows->frozen = rows->pending;
    rows->pending = empty;
    rows->n_pending = 0;
    rows->pending_bytes = 0;
    rows->generation++;
    return rows->frozen;
}

void rows_thaw(struct rows *rows) {
    assert(!rows_in_event(rows) && rows_has_frozen(rows));
    for (int table = 0; table < TABLE_COUNT; table++) {
        rows->frozen[table].n = 0;
        rows->frozen[table].is_sorted = true;
    }
    for (size_t i = 0; i < rows->n_replaced; i++)
        row_free(rows, rows->replaced[i]);
    rows->n_replaced = 0;
    rows->clean_generation = rows->generation - 1;
}

/* Those of nobody's interest first: a row that was found since the hand passed is spared once. */
void rows_forget(struct rows *rows, size_t limit_bytes) {
    assert(!rows_in_event(rows));
    slots_move(rows, FORGET_STEPS);
    if (rows->old_slots)
        return;
    /* Two may go for each that came: one is met once in so many slots, and may be spared once. */
    size_t slots_each = rows->n_rows ? rows->n_slots / rows->n_rows + 1 : 0;
    size_t steps = FORGET_STEPS + 4 * slots_each * rows->n_added;
    rows->n_added = 0;
    for (; steps > 0 && rows_held_bytes(rows) > limit_bytes; steps--) {
        struct row_slot *slot = &rows->slots[rows->hand];
        struct row *row = slot->row;
        if (row && !slot->wanted && row->generation <= rows->clean_generation) {
            slots_remove(rows, slot); /* another may stand here now */
            row_free(rows, row);
            continue;
        }
        slot->wanted = false;
        rows->hand = (rows->hand + 1) & (rows->n_slots - 1);
    }
}

void row_list_sort(struct row_list *list) {
    if (!list->is_sorted)
        qsort(list->items, list->n, sizeof *list->items, compare_items);
    list->is_sorted = true;
}
