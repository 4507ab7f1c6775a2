/* What a disk may hold after a power cut, by a recording: what was synced is there; of what was
 * written since, any 512-byte pieces, in any order of theirs; of what was made, renamed, removed or
 * resized since, anything; a rename is there or not, never half. A piece holds what the page cache
 * held at some moment since the last sync, so a later write to it brings the earlier ones along. A
 * file that was written through a mapping may hold anything.
 *
 * Threads: one. Errors: what cannot be ends the program: this is a test. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recording.h"

struct disk;

/* `base` is a copy of the recorded folder as it was before, `inodes` a file with a line for each
 * thing in it, "inode<tab>path", the folder itself as ".". */
struct disk *disk_new(const char *recording, const char *base, const char *inodes);
void disk_free(struct disk *disk);

/* The next record takes place. NULL at the end. */
const struct record *disk_step(struct disk *disk);
uint64_t disk_position(const struct disk *disk); /* records so far */
const char *disk_data(const struct record *record);

/* Things that may or may not be there now. */
size_t disk_pending(const struct disk *disk);

/* Variant 0 holds nothing that is pending, 1 all of it; others by chance, the same for the same
 * number and position. Fills an empty folder. */
void disk_build(const struct disk *disk, uint64_t variant, const char *folder);
