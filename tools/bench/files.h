/* Whole trees of files: copied, removed, weighed. Errors: fail(). Threads: any. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PATH_LIMIT 4096

/* directory/name; fails where it does not fit. */
void path_join(char ret_path[static PATH_LIMIT], const char *directory, const char *name);
/* Makes the folder and those above it. */
void folder_make(const char *path);
bool file_exists(const char *path);
/* A copy that shares its blocks where the file system can, else one that keeps holes; on disk when
 * it returns, so that nothing of it is written back while something is measured. `leave_out`: a
 * name in the tree's top folder, or NULL. */
void tree_copy(const char *from, const char *to, const char *leave_out);
void file_copy(const char *from, const char *to);
void tree_remove(const char *path); /* also where there is none */
/* Blocks of the disk in bytes. */
uint64_t tree_disk_bytes(const char *path);
/* A small file's text, zero-terminated, malloc'ed; NULL where there is none. */
char *file_read(const char *path);
void file_write(const char *path, const char *text);
