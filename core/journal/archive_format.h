/* The bytes of an archive, shared by its two ends: archive.c reads, archive_write.c writes.
 * Little-endian. */
#pragma once

#include <assert.h>

#include "journal/archive.h"
#include "journal/checksum.h"

#define ARCHIVE_MAGIC UINT32_C(0x5A4A56FF)
#define ARCHIVE_VERSION 1
#define ARCHIVE_BLOCK_BYTES (256u * 1024)

struct archive_entry {
    uint64_t file_offset;
    uint32_t stored_bytes;
    uint32_t plain_bytes;
    uint32_t checksum;
    uint32_t reserved;
    uint64_t frame_sequence;
    uint64_t frame_offset;
};
static_assert(sizeof(struct archive_entry) == 40, "no holes");

struct archive_footer {
    uint32_t magic;
    uint16_t version;
    uint16_t reserved;
    uint32_t n_blocks;
    uint32_t checksum;
    uint64_t epoch;
    uint64_t first_sequence;
    uint64_t last_sequence;
    uint64_t plain_bytes;
    uint8_t hash[JOURNAL_HASH_SIZE];
    uint8_t padding[48];
};
static_assert(sizeof(struct archive_footer) == 128, "no holes");

static inline uint32_t archive_checksum(struct str index, const struct archive_footer *footer) {
    struct archive_footer bare = *footer;
    bare.checksum = 0;
    return checksum_crc32c(checksum_crc32c(0, index.data, index.size), &bare, sizeof bare);
}
