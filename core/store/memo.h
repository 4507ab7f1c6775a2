/* What the engine asked for lately, found or not, so that asking again costs neither a walk down a
 * B-tree nor a look into large hash tables: an event asks for the same person, record and region
 * several times, and the next event for the same regions. It stands between the event layer and the
 * layers below; store_accept keeps it true, and the renewal of the snapshot, which ends the frozen
 * rows too, empties it. Threads: the engine's. */
#pragma once

#include "store/store.h"

#define MEMO_SLOTS 4096 /* a power of two */
#define MEMO_KEY_LIMIT 40

struct memo_slot {
    uint64_t generation;
    uint32_t hash;
    uint8_t table;
    uint8_t key_size;
    bool found;
    char key[MEMO_KEY_LIMIT];
    struct str row; /* in pending, frozen or the snapshot */
};

struct memo {
    uint64_t generation; /* of the snapshot; from 1 */
    struct memo_slot slots[MEMO_SLOTS];
};

/* The slot that holds this key's answer, or NULL. */
static inline const struct memo_slot *memo_find(const struct memo *memo, uint32_t hash,
                                                enum table table, struct str key) {
    const struct memo_slot *slot = &memo->slots[hash % MEMO_SLOTS];
    if (slot->generation == memo->generation && slot->hash == hash && slot->table == table &&
        slot->key_size == key.size && memcmp(slot->key, key.data, key.size) == 0)
        return slot;
    return NULL;
}

static inline void memo_keep(struct memo *memo, uint32_t hash, enum table table, struct str key,
                             bool found, struct str row) {
    struct memo_slot *slot = &memo->slots[hash % MEMO_SLOTS];
    if (key.size > MEMO_KEY_LIMIT)
        return;
    slot->generation = memo->generation;
    slot->hash = hash;
    slot->table = (uint8_t)table;
    slot->key_size = (uint8_t)key.size;
    slot->found = found;
    memcpy(slot->key, key.data, key.size);
    slot->row = row;
}

/* Nothing kept holds any more. */
static inline void memo_forget(struct memo *memo) {
    memo->generation++;
}
