/* What the closed files of a journal hold. Threads: one. Errors: fail(). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Bytes of the compressed files of a stopped daemon's data folder, and how many of the records in
 * them somebody published: all others are decisions and what follows from them. False where no file
 * is closed yet. */
bool journal_closed(const char *data, uint64_t *ret_bytes, uint64_t *ret_published);
