#include "store/pool.h"

#include <stdlib.h>

#include "store/reserve.h"
#include "util/memory.h"

#define STEP 32 /* sizes in steps up to 512, from there two to each doubling */
#define STEPS 16

#ifdef __SANITIZE_ADDRESS__
#define POOL_CUTS 0
#else
#define POOL_CUTS 1
#endif

struct pool_piece {
    struct pool_piece *next;
};

struct pool_chunk {
    struct pool_chunk *next;
    _Alignas(16) char data[];
};

/* The class of a size and the size of that class. */
static unsigned pool_class(size_t size, size_t *ret_size) {
    unsigned class = (unsigned)((size + STEP - 1) / STEP);
    *ret_size = class * (size_t)STEP;
    if (class <= STEPS)
        return class - 1;
    size_t step = (size_t)STEP * STEPS / 2, top = (size_t)STEP * STEPS;
    for (class = STEPS; top < size; class ++) {
        /* Two classes to each doubling: one and a half times, and twice. */
        top += step;
        if ((class - STEPS) % 2 == 1)
            step *= 2;
    }
    *ret_size = top;
    return class - 1;
}

static void pool_next_chunk(struct pool *pool) {
    struct pool_chunk *chunk = pool->reserve ? reserve_chunk(pool->reserve) : NULL;
    if (!chunk)
        chunk = memory_map(RESERVE_CHUNK_BYTES);
    chunk->next = pool->chunks;
    pool->chunks = chunk;
    pool->rest = chunk->data;
    pool->rest_bytes = RESERVE_CHUNK_BYTES - sizeof *chunk;
}

static void *pool_cut(struct pool *pool, size_t size) {
    /* What is left of a chunk is too small to matter. */
    if (pool->rest_bytes < size)
        pool_next_chunk(pool);
    void *piece = pool->rest;
    pool->rest += size;
    pool->rest_bytes -= size;
    return piece;
}

void *pool_take(struct pool *pool, size_t size, size_t *ret_size) {
    void *piece;
    if (!POOL_CUTS || size > POOL_PIECE_LIMIT) {
        piece = memory_checked(malloc(size));
        *ret_size = size;
    } else {
        unsigned class = pool_class(size, ret_size);
        piece = pool->free[class];
        if (piece)
            pool->free[class] = pool->free[class]->next;
        else
            piece = pool_cut(pool, *ret_size);
    }
    pool->held_bytes += *ret_size;
    return piece;
}

void pool_give(struct pool *pool, void *piece, size_t size) {
    pool->held_bytes -= size;
    if (!POOL_CUTS || size > POOL_PIECE_LIMIT) {
        free(piece);
        return;
    }
    unsigned class = pool_class(size, &size);
    struct pool_piece *given = piece;
    given->next = pool->free[class];
    pool->free[class] = given;
}

void pool_deinit(struct pool *pool) {
    for (struct pool_chunk *chunk = pool->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        memory_unmap(chunk, RESERVE_CHUNK_BYTES);
    }
    *pool = (struct pool){.chunks = NULL};
}
