/* The files of the journal's folder and the list of them in memory.
 *   <first sequence, 20 digits>.vj    frames, then zeros; the last one is open for appending
 *   <first sequence, 20 digits>.vjz   a closed one, compressed
 *   spare                             zeroed and synced, waiting to become the next .vj; never
 * written before it is renamed
 *   *.tmp                             half made, removed at start
 * Threads: the list belongs to whoever guards it. Errors: as util/error.h. */
#pragma once

#include "journal/archive.h"
#include "journal/walk.h"

#define SEGMENT_NAME_SIZE 32
#define SEGMENT_PATH_SIZE 4096
#define SEGMENT_MARK_BYTES (64u * 1024)

/* Where a frame begins, about each 64 KiB, so that a reader need not walk a segment from its start.
 */
struct segment_mark {
    uint64_t sequence;
    uint64_t offset;
};

struct segment {
    uint64_t first_sequence;
    bool archived;
    bool kept_plain;     /* it is damaged: once in a run is enough to try to compress it */
    uint64_t disk_bytes; /* of the used part */
    struct segment_mark
        *marks; /* plain ones only, and only those this process has walked or written */
    size_t n_marks;
    size_t marks_capacity;
};

/* In order of sequence. */
struct segment_list {
    struct segment *items;
    size_t n;
    size_t capacity;
};

struct segment *segment_list_add(struct segment_list *list, uint64_t first_sequence, bool archived);
/* The one a sequence belongs to: the last that begins at or before it, or NULL. */
struct segment *segment_list_find(const struct segment_list *list, uint64_t sequence);
void segment_list_deinit(struct segment_list *list);

/* Remembers a frame where the last mark is far enough behind. */
void segment_mark_frame(struct segment *segment, uint64_t sequence, uint64_t offset);
/* The last mark at or before a sequence; the segment's start where there is none. */
struct segment_mark segment_mark_find(const struct segment *segment, uint64_t sequence);
void segment_marks_free(struct segment *segment);

void segment_name(uint64_t first_sequence, bool archived, char ret_name[static SEGMENT_NAME_SIZE]);
/* False where the name is no segment's. */
bool segment_name_parse(const char *name, uint64_t *ret_first_sequence, bool *ret_archived);
void segment_path(const char *directory, const char *name, char ret_path[static SEGMENT_PATH_SIZE]);

/* For reading, whichever form is there now: the keeper may compress it at any moment. */
int segment_walk(const struct io *io, const char *directory, uint64_t first_sequence, bool archived,
                 struct walk *ret_walk);

/* Makes the spare: zeros written and synced, then named. A spare of that size that is there already
 * is taken. fd or < 0. */
int segment_make_spare(const struct io *io, const char *directory, uint64_t bytes);
/* The spare becomes a segment; durable when this returns 0. */
int segment_name_spare(const struct io *io, const char *directory, uint64_t first_sequence);
/* Zeros over a part of a file, synced. */
int segment_zero(const struct io *io, int fd, uint64_t offset, uint64_t bytes);
struct segment_compression {
    const struct io *io;
    const char *directory;
    uint64_t first_sequence;
    uint64_t last_sequence;
    archive_breathe *breathe;
    void *context;
};
/* Writes the compressed form of a closed segment and reads it back; the plain one is still there
 * afterwards. */
int segment_compress(const struct segment_compression *work, uint64_t *ret_bytes);
int segment_remove(const struct io *io, const char *directory, uint64_t first_sequence,
                   bool archived);
