/* Memory of rows: pieces of a few sizes, cut from large chunks and used again when given back, so
 * that a warm store does not call malloc. Chunks stay until pool_deinit; a piece beyond
 * POOL_PIECE_LIMIT is malloc's.
 *
 * Threads: one owner. Errors: memory beyond the machine's ends the process (util/memory.h). Under
 * AddressSanitizer every piece is malloc's, so that a row used after its end is seen. A pool begins
 * as zeros, with the reserve that it is to use. */
#pragma once

#include <stddef.h>

#define POOL_PIECE_LIMIT (32u << 10)
#define POOL_CLASS_COUNT 32

struct pool_piece;
struct pool_chunk;

struct reserve;

struct pool {
    struct reserve *reserve; /* where chunks come from; NULL: the system */
    struct pool_piece *free[POOL_CLASS_COUNT];
    struct pool_chunk *chunks;
    char *rest; /* of the newest chunk */
    size_t rest_bytes;
    size_t held_bytes; /* of all pieces that are taken */
};

void pool_deinit(struct pool *pool);
/* At least so many bytes, aligned to 16; *ret_size is what the piece really has. */
void *pool_take(struct pool *pool, size_t size, size_t *ret_size);
/* `size` as pool_take returned it. */
void pool_give(struct pool *pool, void *piece, size_t size);
