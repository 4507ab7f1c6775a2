/* Memory that is freed all at once: one arena per message, batch or policy call.
 * Threads: one owner at a time. Errors: where memory is out the process ends (util/memory.h),
 * because nothing of a caller's size is trusted to it: whatever a peer can grow is limited before
 * it gets here. */
#pragma once

#include "util/str.h"

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest and largest first: that one is kept by arena_reset */
    char *next;
    size_t left;
    size_t used_bytes; /* handed out since the last reset */
    size_t held_bytes; /* of all blocks: what it takes from the machine */
};

void arena_init(struct arena *arena);
void arena_deinit(struct arena *arena);
/* Everything handed out becomes invalid; one block of at most 16 MiB is kept, so that a warm arena
 * does not call malloc. */
void arena_reset(struct arena *arena);

/* An arena that has no block yet gets one of this size, for who knows what will go in; one that has
 * keeps it. */
void arena_reserve(struct arena *arena, size_t size_bytes);

/* Zeroed, aligned to 16. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size_bytes);
/* Not zeroed, aligned to 1. */
char *arena_bytes(struct arena *arena, size_t size_bytes);
struct str arena_copy(struct arena *arena, struct str s);
/* Zero-terminated copy. */
char *arena_string(struct arena *arena, struct str s);
struct str arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
