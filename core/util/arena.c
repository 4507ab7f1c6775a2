#include "util/arena.h"

#include <sanitizer/asan_interface.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/memory.h"

#define ARENA_ALIGNMENT 16
#define ARENA_FIRST_BYTES 6144 /* an event with its decisions, most often */
#define ARENA_KEPT_BYTES ((size_t)16 << 20)

struct arena_block {
    struct arena_block *older;
    size_t size_bytes; /* of data */
    alignas(ARENA_ALIGNMENT) char data[];
};

void arena_init(struct arena *arena) {
    *arena = (struct arena){0};
}

/* Memory that is not handed out is poisoned: under AddressSanitizer (else a no-op) a pointer that
 * outlived its arena's reset is found at its first use. */
static void arena_use(struct arena *arena, struct arena_block *block) {
    ASAN_POISON_MEMORY_REGION(block->data, block->size_bytes);
    arena->next = block->data;
    arena->left = block->size_bytes;
}

static void block_free(struct arena *arena, struct arena_block *block) {
    arena->held_bytes -= sizeof *block + block->size_bytes;
    ASAN_UNPOISON_MEMORY_REGION(block->data, block->size_bytes);
    free(block);
}

static void blocks_free(struct arena *arena, struct arena_block *block) {
    while (block) {
        struct arena_block *older = block->older;
        block_free(arena, block);
        block = older;
    }
}

void arena_deinit(struct arena *arena) {
    if (!arena)
        return;
    blocks_free(arena, arena->blocks);
    arena_init(arena);
}

void arena_reset(struct arena *arena) {
    struct arena_block *kept = arena->blocks;
    arena->used_bytes = 0;
    if (!kept)
        return;
    if (kept->size_bytes > ARENA_KEPT_BYTES) {
        arena_deinit(arena);
        return;
    }
    blocks_free(arena, kept->older);
    kept->older = NULL;
    arena_use(arena, kept);
}

static void arena_add(struct arena *arena, size_t size) {
    if (size > SIZE_MAX / 2)
        memory_out();
    struct arena_block *block = malloc(sizeof *block + size);
    if (!block)
        memory_out();
    block->size_bytes = size;
    block->older = arena->blocks;
    arena->blocks = block;
    arena->held_bytes += sizeof *block + size;
    arena_use(arena, block);
}

/* Blocks double, so that the newest soon holds a whole batch and a warm arena never leaves it. */
static void arena_grow(struct arena *arena, size_t need_bytes) {
    size_t size = arena->blocks ? arena->blocks->size_bytes * 2 : 0;
    if (size < ARENA_FIRST_BYTES)
        size = ARENA_FIRST_BYTES;
    if (size > ARENA_KEPT_BYTES)
        size = ARENA_KEPT_BYTES;
    arena_add(arena, size < need_bytes ? need_bytes : size);
}

void arena_reserve(struct arena *arena, size_t size_bytes) {
    if (!arena->blocks)
        arena_add(arena, size_bytes);
}

static char *arena_take(struct arena *arena, size_t size_bytes, size_t padding) {
    char *taken = arena->next + padding;
    ASAN_UNPOISON_MEMORY_REGION(taken, size_bytes);
    arena->next = taken + size_bytes;
    arena->left -= padding + size_bytes;
    arena->used_bytes += size_bytes;
    return taken;
}

void *arena_alloc(struct arena *arena, size_t size_bytes) {
    size_t padding = (0 - (uintptr_t)arena->next) % ARENA_ALIGNMENT;
    if (!arena->next || arena->left < padding || arena->left - padding < size_bytes) {
        arena_grow(arena, size_bytes);
        padding = 0;
    }
    return memset(arena_take(arena, size_bytes, padding), 0, size_bytes);
}

char *arena_bytes(struct arena *arena, size_t size_bytes) {
    if (!arena->next || arena->left < size_bytes)
        arena_grow(arena, size_bytes);
    return arena_take(arena, size_bytes, 0);
}

struct str arena_copy(struct arena *arena, struct str s) {
    char *copy = arena_bytes(arena, s.size);
    if (s.size)
        memcpy(copy, s.data, s.size);
    return (struct str){copy, s.size};
}

char *arena_string(struct arena *arena, struct str s) {
    char *copy = arena_bytes(arena, s.size + 1);
    if (s.size)
        memcpy(copy, s.data, s.size);
    copy[s.size] = '\0';
    return copy;
}

struct str arena_printf(struct arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_out();
    char *text = arena_bytes(arena, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return (struct str){text, (size_t)length};
}
