/* Cursors by neighbourhood of keys. Whoever walks over people, and asks for each person's months
 * and records, is in many parts of a table at a time and in each goes forward: so there is a cursor
 * for each part, and the row that is asked for is mostly the one where it stands, or the next. */
#include <stdlib.h>

#include "store/internal.h"
#include "util/memory.h"

#define SLOTS 512 /* a power of two */
/* Keys that differ in these last bits alone are neighbours. */
#define NEIGHBOUR_BITS 6

struct place {
    MDB_cursor *cursor; /* NULL: none yet */
    enum table table;
    bool stands; /* on a row: */
    MDB_val key; /* of the map, as long as the transaction */
    MDB_val value;
};

struct places {
    struct place slots[SLOTS];
};

struct places *places_new(void) {
    return memory_checked(calloc(1, sizeof(struct places)));
}

void places_free(struct places *places) {
    for (size_t i = 0; places && i < SLOTS; i++)
        if (places->slots[i].cursor)
            mdb_cursor_close(places->slots[i].cursor);
    free(places);
}

/* The last eight bytes tell neighbourhoods apart well enough. */
static size_t slot_of(enum table table, struct str key) {
    uint64_t word = 0;
    size_t n = key.size < 8 ? key.size : 8;
    for (size_t i = 0; i < n; i++)
        word = word << 8 | (uint8_t)key.data[key.size - n + i];
    word = (word >> NEIGHBOUR_BITS ^ (uint64_t)table << 56) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(word >> 55) & (SLOTS - 1);
}

static int place_open(struct place *place, MDB_txn *txn, const struct store *store,
                      enum table table) {
    if (place->cursor && place->table == table)
        return 0;
    if (place->cursor)
        mdb_cursor_close(place->cursor);
    *place = (struct place){.table = table};
    return mdb_cursor_open(txn, store->tables[table], &place->cursor);
}

int places_get(struct places *places, MDB_txn *txn, const struct store *store, enum table table,
               struct str key, MDB_val *ret_value) {
    struct place *place = &places->slots[slot_of(table, key)];
    int code = place_open(place, txn, store, table);
    if (code)
        return code;
    if (!place->stands || !str_equal(key, str_from_val(place->key))) {
        place->key = val_from(key);
        code = mdb_cursor_get(place->cursor, &place->key, &place->value, MDB_SET_KEY);
        place->stands = code == 0;
    }
    *ret_value = place->value;
    return code;
}
