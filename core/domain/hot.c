#include "domain/hot.h"

#include <assert.h>
#include <stdlib.h>

#include "util/error.h"
#include "util/memory.h"

#define SLOTS_AT_FIRST 1024
/* Beyond it all are let go once they are put: counters of organisations and months that nobody
 * serves in any more. */
#define ROWS_LIMIT 65536

struct hot_row {
    const struct hot_kind *kind;
    struct hot_row *next_changed;
    bool exists;     /* the state has such a row, or will have */
    bool is_changed; /* since it was put: it is on the list */
    bool in_event;   /* the event has changed it: its undo is kept */
    uint8_t key_size;
    _Alignas(8) char bytes[]; /* the value, then the key */
};

struct hot_slot {
    uint64_t hash;
    struct hot_row *row; /* NULL: free */
};

/* What a row held before the event; its value follows. */
struct hot_undo {
    struct hot_row *row;
    bool existed;
    bool was_changed;
};

#define LAST_BYTES 160

struct hot {
    struct store_writer *writer;
    struct store_beside beside;
    struct arena arena; /* of the rows */
    struct hot_slot *slots;
    size_t n_slots; /* a power of two, at least twice n_rows */
    size_t n_rows;
    struct hot_row *changed;        /* last first */
    struct hot_row *changed_before; /* the event, once it has an undo */
    struct buf undo;
    struct {
        uint32_t number; /* 0: none */
        _Alignas(8) char value[LAST_BYTES];
    } last[HOT_LASTS];
};

static struct str row_key(const struct hot_row *row) {
    return (struct str){row->bytes + row->kind->size, row->key_size};
}

int hot_plain_decode(const struct hot_kind *kind, struct str row, void *ret_value) {
    if (row.size != kind->size)
        return 1;
    memcpy(ret_value, row.data, row.size);
    return 0;
}

struct str hot_plain_encode(const struct hot_kind *kind, const void *value,
                            char bytes[static HOT_ROW_LIMIT]) {
    memcpy(bytes, value, kind->size);
    return (struct str){bytes, kind->size};
}

/* ---- the table ---- */

static uint64_t mix(uint64_t state, uint64_t word) {
    state = (state ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return state ^ state >> 32;
}

/* Eight bytes at most. Most keys are numbers: of those sizes a copy is one instruction. */
static uint64_t word_of(const char *data, size_t size) {
    uint64_t word = 0;
    if (size == sizeof(uint64_t))
        memcpy(&word, data, sizeof(uint64_t));
    else if (size == sizeof(uint32_t))
        memcpy(&word, data, sizeof(uint32_t));
    else if (size > 0)
        memcpy(&word, data, size);
    return word;
}

static uint64_t hash_of(const struct hot_kind *kind, struct str key) {
    uint64_t state = kind->table;
    for (; key.size > sizeof(uint64_t); key.data += sizeof(uint64_t), key.size -= sizeof(uint64_t))
        state = mix(state, word_of(key.data, sizeof(uint64_t)));
    return mix(state, word_of(key.data, key.size));
}

static bool has_key(const struct hot_row *row, struct str key) {
    if (row->key_size != key.size)
        return false;
    return key.size <= sizeof(uint64_t)
               ? word_of(row_key(row).data, key.size) == word_of(key.data, key.size)
               : str_equal(row_key(row), key);
}

/* The slot of the row, or the free one where it would stand. */
static struct hot_slot *slot_of(const struct hot *hot, uint64_t hash, const struct hot_kind *kind,
                                struct str key) {
    size_t mask = hot->n_slots - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        struct hot_slot *slot = &hot->slots[at];
        if (!slot->row ||
            (slot->hash == hash && slot->row->kind == kind && has_key(slot->row, key)))
            return slot;
    }
}

static struct hot_slot *slots_new(size_t n) {
    return memory_checked(calloc(n, sizeof(struct hot_slot)));
}

static void grow(struct hot *hot) {
    struct hot_slot *old = hot->slots;
    size_t n_old = hot->n_slots, mask = 2 * n_old - 1;
    hot->slots = slots_new(2 * n_old);
    hot->n_slots = 2 * n_old;
    for (size_t i = 0; i < n_old; i++) {
        size_t at = old[i].hash & mask;
        while (old[i].row && hot->slots[at].row)
            at = (at + 1) & mask;
        if (old[i].row)
            hot->slots[at] = old[i];
    }
    free(old);
}

static int load(const struct hot_kind *kind, struct view *view, struct str key, void *ret_value) {
    struct str bytes;
    int r = view_get(view, kind->table, key, &bytes);
    if (r == 0 && kind->decode(kind, bytes, ret_value) == 0)
        return 0;
    memset(ret_value, 0, kind->size);
    return r == 0 ? error_note(-EBADMSG, table_name(kind->table)) : r;
}

static struct hot_row *row_new(struct hot *hot, const struct hot_kind *kind, struct str key) {
    struct hot_row *row = arena_alloc(&hot->arena, sizeof *row + kind->size + key.size);
    row->kind = kind;
    row->key_size = (uint8_t)key.size;
    memcpy(row->bytes + kind->size, key.data, key.size);
    return row;
}

/* The row, read from the state when it is asked for the first time; where the state has none, NULL
 * or, with `create`, an empty one. 0 or < 0. */
static int find(struct hot *hot, const struct hot_kind *kind, struct str key, bool create,
                struct hot_row **ret_row) {
    _Alignas(8) char value[HOT_VALUE_LIMIT];
    assert(key.size <= HOT_KEY_LIMIT && kind->size <= sizeof value);
    uint64_t hash = hash_of(kind, key);
    struct hot_slot *slot = slot_of(hot, hash, kind, key);
    *ret_row = slot->row;
    if (slot->row)
        return 0;
    int r = load(kind, store_writer_view(hot->writer), key, value);
    if (r < 0 || (r > 0 && !create))
        return r < 0 ? r : 0;
    struct hot_row *row = row_new(hot, kind, key);
    memcpy(row->bytes, value, kind->size);
    row->exists = r == 0;
    *slot = (struct hot_slot){hash, row};
    *ret_row = row;
    if (2 * ++hot->n_rows > hot->n_slots)
        grow(hot);
    return 0;
}

int hot_read(struct view *view, const struct hot_kind *kind, struct str key, void *ret_value) {
    struct hot *hot = view_beside(view);
    struct hot_row *row;
    if (!hot)
        return load(kind, view, key, ret_value);
    int r = find(hot, kind, key, false, &row);
    if (r < 0)
        return r;
    if (row && row->exists)
        memcpy(ret_value, row->bytes, kind->size);
    else
        memset(ret_value, 0, kind->size);
    return row && row->exists ? 0 : STORE_NOT_FOUND;
}

/* What it holds is kept, in case that the event is refused. */
static void keep_before(struct hot *hot, struct hot_row *row) {
    struct hot_undo undo = {row, row->exists, row->is_changed};
    if (hot->undo.size == 0)
        hot->changed_before = hot->changed;
    char *space = buf_extend(&hot->undo, sizeof undo + row->kind->size);
    memcpy(space, &undo, sizeof undo);
    memcpy(space + sizeof undo, row->bytes, row->kind->size);
    row->in_event = true;
}

int hot_change(struct context *context, const struct hot_kind *kind, struct str key,
               void **ret_value) {
    struct hot *hot = view_beside(context->view);
    struct hot_row *row;
    int r = find(hot, kind, key, true, &row);
    if (r < 0)
        return r;
    if (!row->in_event)
        keep_before(hot, row);
    if (!row->is_changed) {
        row->is_changed = true;
        row->next_changed = hot->changed;
        hot->changed = row;
    }
    row->exists = true;
    *ret_value = row->bytes;
    return 0;
}

/* ---- the row that was asked for last ---- */

bool hot_recall(struct view *view, enum hot_last which, uint32_t number, void *ret_value,
                size_t size) {
    struct hot *hot = view_beside(view);
    if (!hot || !number || hot->last[which].number != number)
        return false;
    memcpy(ret_value, hot->last[which].value, size);
    return true;
}

void hot_remember(struct view *view, enum hot_last which, uint32_t number, const void *value,
                  size_t size) {
    struct hot *hot = view_beside(view);
    if (!hot)
        return;
    assert(size <= LAST_BYTES);
    hot->last[which].number = number;
    memcpy(hot->last[which].value, value, size);
}

void hot_let_go(struct view *view, enum hot_last which) {
    struct hot *hot = view_beside(view);
    if (hot)
        hot->last[which].number = 0;
}

static void let_all_go(struct hot *hot) {
    for (int which = 0; which < HOT_LASTS; which++)
        hot->last[which].number = 0;
}

/* ---- with the writer ---- */

/* The next row that the event has changed. */
static struct hot_row *undo_next(struct cursor *in, struct hot_undo *ret_undo,
                                 struct str *ret_before) {
    if (cursor_left(in) == 0)
        return NULL;
    cursor_copy(in, ret_undo, sizeof *ret_undo);
    *ret_before = cursor_take(in, ret_undo->row->kind->size);
    return ret_undo->row;
}

static void accept_event(void *self) {
    struct hot *hot = self;
    struct cursor in = cursor_from(buf_str(&hot->undo));
    struct hot_undo undo;
    struct str before;
    for (struct hot_row *row; (row = undo_next(&in, &undo, &before));)
        row->in_event = false;
    buf_reset(&hot->undo);
    let_all_go(hot);
}

static void forget_all(struct hot *hot) {
    arena_reset(&hot->arena);
    memset(hot->slots, 0, hot->n_slots * sizeof *hot->slots);
    hot->n_rows = 0;
}

static void refuse_event(void *self) {
    struct hot *hot = self;
    struct cursor in = cursor_from(buf_str(&hot->undo));
    struct hot_undo undo;
    struct str before;
    let_all_go(hot);
    if (hot->undo.size)
        hot->changed = hot->changed_before;
    for (struct hot_row *row; (row = undo_next(&in, &undo, &before));) {
        row->in_event = false;
        row->is_changed = undo.was_changed;
        row->exists = undo.existed;
        memcpy(row->bytes, before.data, before.size);
    }
    buf_reset(&hot->undo);
    /* Nothing else is put while events are refused alone, whatever rows these bring. */
    if (!hot->changed && hot->n_rows > ROWS_LIMIT)
        forget_all(hot);
}

static void write_changed(void *self) {
    struct hot *hot = self;
    char bytes[HOT_ROW_LIMIT];
    assert(hot->undo.size == 0);
    for (struct hot_row *row = hot->changed; row; row = row->next_changed) {
        row->is_changed = false;
        store_put(hot->writer, row->kind->table, row_key(row),
                  row->kind->encode(row->kind, row->bytes, bytes));
    }
    hot->changed = NULL;
    if (hot->n_rows > ROWS_LIMIT)
        forget_all(hot);
}

struct hot *hot_new(struct store_writer *writer) {
    struct hot *hot = calloc(1, sizeof *hot);
    if (!hot)
        memory_out();
    hot->writer = writer;
    hot->beside = (struct store_beside){hot, accept_event, refuse_event, write_changed};
    arena_init(&hot->arena);
    hot->n_slots = SLOTS_AT_FIRST;
    hot->slots = slots_new(hot->n_slots);
    store_set_beside(writer, &hot->beside);
    return hot;
}

void hot_free(struct hot *hot) {
    if (!hot)
        return;
    store_set_beside(hot->writer, NULL);
    arena_deinit(&hot->arena);
    buf_deinit(&hot->undo);
    free(hot->slots);
    free(hot);
}
