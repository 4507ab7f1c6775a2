/* A world in memory, for targets that read files: many small ones a second, and nothing reaches a
 * disk. Only what the journal asks of an io is there. Threads: any (one lock). Errors: as
 * util/io.h. */
#pragma once

#include "util/buf.h"
#include "util/io.h"

struct memory_io;

struct memory_io *memory_io_new(void);
void memory_io_free(struct memory_io *memory);
const struct io *memory_io(struct memory_io *memory);
/* Forgets every file; none may be open. */
void memory_io_clear(struct memory_io *memory);
/* Cuts what nobody has written to off the end of every file, but for `zeros` bytes. None may be
 * open. */
void memory_io_trim(struct memory_io *memory, size_t zeros);
/* Makes a file of `bytes` and then zeros up to `size`. */
void memory_io_put(struct memory_io *memory, const char *path, struct str bytes, size_t size);
