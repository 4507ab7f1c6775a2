/* A closed segment, compressed: zstd blocks of 256 KiB of the segment's bytes, then an index with
 * an entry for each, then a footer. Offsets inside are those of the plain segment, so a place in
 * one is the same place in the other. Every byte is under a CRC32C: a block's stands in its entry,
 * index and footer share one. entry:  file offset u64 | stored bytes u32 | plain bytes u32 | CRC32C
 * u32 | reserved u32 sequence u64 and plain offset u64 of the first frame that begins in it (0, 0:
 * none does) footer: magic u32 | version u16 | reserved u16 | blocks u32 | CRC32C u32 (index, and
 * footer without this member) epoch u64 | first sequence u64 | last sequence u64 | plain bytes u64
 * | hash of the last frame, 32 bytes | zeros to 128 Threads: one owner each. Errors: as
 * util/error.h; -EBADMSG where the bytes are not what was written, not noted: the caller knows the
 * place. */
#pragma once

#include "journal/frame.h"

struct archive;
struct walk;

struct archive_end {
    uint64_t epoch;
    uint64_t first_sequence;
    uint64_t last_sequence;
    uint64_t plain_bytes;
    uint8_t hash[JOURNAL_HASH_SIZE];
};

/* Borrows the fd for as long as it lives. Checks index and footer. */
int archive_open(const struct io *io, int fd, struct archive **ret_archive);
void archive_close(struct archive *archive);
const struct archive_end *archive_end(const struct archive *archive);
/* Plain bytes; the range lies within plain_bytes. */
int archive_read(struct archive *archive, uint64_t offset, char *ret_data, size_t size);
/* The last indexed frame that begins at or before a sequence: its sequence and plain offset. */
void archive_seek(const struct archive *archive, uint64_t sequence, uint64_t *ret_sequence,
                  uint64_t *ret_offset);

/* Writes the frames of a plain segment, up to and with `last_sequence`, into an empty file and
 * syncs it. Their checksums are checked on the way: -EBADMSG where one is not good. The hashes are
 * not: the same bytes say the same in both forms. `breathe` is called between frames; what it
 * returns < 0 ends the work. */
typedef int archive_breathe(void *context);
int archive_write(struct walk *plain, uint64_t first_sequence, uint64_t last_sequence, int fd,
                  archive_breathe *breathe, void *context, uint64_t *ret_bytes);
