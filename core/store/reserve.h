/* Fresh memory, touched by a thread of its own before it is needed. The first touch of a page costs
 * whoever does it: 0.1 ms for each 2 MiB on a machine that has them at hand, 10 ms on a virtual one
 * whose host has to find them first, and the engine would stand still for so long.
 *
 * Threads: any; one lock inside, never held while memory is touched. Errors: memory beyond the
 * machine's ends the process (util/memory.h). */
#pragma once

#include <stddef.h>

/* One huge page where the system has them. */
#define RESERVE_CHUNK_BYTES ((size_t)2 << 20)

struct reserve;

/* 0 or < 0, noted. */
int reserve_start(struct reserve **ret_reserve);
/* NULL is allowed. What was taken stays the taker's. */
void reserve_stop(struct reserve *reserve);

/* A zeroed chunk of RESERVE_CHUNK_BYTES; NULL where none is ready. To be given to memory_unmap. */
void *reserve_chunk(struct reserve *reserve);
/* A zeroed piece of so many bytes, a multiple of the chunk's: NULL, and it is asked for, until it
 * is ready. Another size than the one asked for before takes its place. */
void *reserve_large(struct reserve *reserve, size_t bytes);
/* What memory_map or the functions above gave: unmapped by the thread, because that takes time
 * too. */
void reserve_give_back(struct reserve *reserve, void *memory, size_t bytes);

/* The same without a reserve: zeroed, not touched yet, from a multiple of the chunk on, so that
 * huge pages fit. */
void *memory_map(size_t bytes);
void memory_unmap(void *memory, size_t bytes);
