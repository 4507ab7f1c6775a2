/* How much a folder holds, for folders that somebody else fills: symbolic links are not followed,
 * and neither depth nor number of files makes it take long. Threads: any. Memory: none. */
#pragma once

#include <stdint.h>

/* Blocks of all that lies in it, at most `most_files` files. 0; FOLDER_FULL where there are more of
 * them, or folders nested deeper than 16; < 0 where it cannot be read (not noted). */
enum { FOLDER_FULL = 1 };
int folder_measure(const char *path, uint64_t most_files, int64_t *ret_bytes);
