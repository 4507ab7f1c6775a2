#include "journal/archive.h"

#include <stdlib.h>
#include <zstd.h>

#include "journal/archive_format.h"
#include "util/error.h"
#include "util/memory.h"

struct archive {
    const struct io *io;
    int fd;
    struct archive_end end;
    struct archive_entry *entries; /* in the machine's byte order */
    size_t n_entries;
    ZSTD_DCtx *context;
    size_t cached; /* block in plain, n_entries: none */
    char *plain;
    char *stored;
    size_t stored_capacity;
};

void archive_close(struct archive *archive) {
    if (!archive)
        return;
    ZSTD_freeDCtx(archive->context);
    free(archive->entries);
    free(archive->plain);
    free(archive->stored);
    free(archive);
}

static void *zeroed(size_t size) {
    return memory_checked(calloc(1, size ? size : 1));
}

/* All of it or -EBADMSG. */
static int read_exactly(const struct archive *archive, uint64_t offset, void *ret_data,
                        size_t size) {
    ssize_t got = archive->io->pread(archive->io->self, archive->fd, ret_data, size, (off_t)offset);
    if (got < 0)
        return (int)got;
    return (size_t)got == size ? 0 : -EBADMSG;
}

static int footer_read(struct archive *archive, uint64_t file_size, struct archive_footer *footer) {
    if (file_size < sizeof *footer)
        return -EBADMSG;
    int r = read_exactly(archive, file_size - sizeof *footer, footer, sizeof *footer);
    if (r < 0)
        return r;
    archive->n_entries = le32toh(footer->n_blocks);
    bool known =
        le32toh(footer->magic) == ARCHIVE_MAGIC && le16toh(footer->version) == ARCHIVE_VERSION;
    if (!known || file_size - sizeof *footer < archive->n_entries * sizeof *archive->entries)
        return -EBADMSG;
    archive->end = (struct archive_end){
        .epoch = le64toh(footer->epoch),
        .first_sequence = le64toh(footer->first_sequence),
        .last_sequence = le64toh(footer->last_sequence),
        .plain_bytes = le64toh(footer->plain_bytes),
    };
    memcpy(archive->end.hash, footer->hash, sizeof archive->end.hash);
    /* After one that ends before it begins, sequences would be given out twice. */
    bool holds_records = archive->end.first_sequence > 0 &&
                         archive->end.first_sequence <= archive->end.last_sequence;
    return holds_records ? 0 : -EBADMSG;
}

/* To the machine's order; the blocks must fill the file up to the index, each but the last one
 * whole. */
static int entries_check(struct archive *archive, uint64_t index_offset) {
    uint64_t offset = 0, plain = 0;
    for (size_t i = 0; i < archive->n_entries; i++) {
        struct archive_entry *entry = &archive->entries[i];
        *entry = (struct archive_entry){
            .file_offset = le64toh(entry->file_offset),
            .stored_bytes = le32toh(entry->stored_bytes),
            .plain_bytes = le32toh(entry->plain_bytes),
            .checksum = le32toh(entry->checksum),
            .frame_sequence = le64toh(entry->frame_sequence),
            .frame_offset = le64toh(entry->frame_offset),
        };
        bool whole = entry->plain_bytes == ARCHIVE_BLOCK_BYTES;
        bool part = i + 1 == archive->n_entries && entry->plain_bytes &&
                    entry->plain_bytes < ARCHIVE_BLOCK_BYTES;
        if (entry->file_offset != offset || (!whole && !part) ||
            entry->stored_bytes > ZSTD_COMPRESSBOUND(ARCHIVE_BLOCK_BYTES))
            return -EBADMSG;
        if (entry->stored_bytes > archive->stored_capacity)
            archive->stored_capacity = entry->stored_bytes;
        offset += entry->stored_bytes;
        plain += entry->plain_bytes;
    }
    return offset == index_offset && plain == archive->end.plain_bytes && plain > 0 ? 0 : -EBADMSG;
}

static int index_read(struct archive *archive) {
    int64_t file_size = archive->io->file_size(archive->io->self, archive->fd);
    if (file_size < 0)
        return (int)file_size;
    struct archive_footer footer;
    int r = footer_read(archive, (uint64_t)file_size, &footer);
    if (r < 0)
        return r;
    size_t index_size = archive->n_entries * sizeof *archive->entries;
    uint64_t index_offset = (uint64_t)file_size - sizeof footer - index_size;
    archive->entries = zeroed(index_size);
    r = read_exactly(archive, index_offset, archive->entries, index_size);
    if (r < 0)
        return r;
    struct str index = {(const char *)archive->entries, index_size};
    if (archive_checksum(index, &footer) != le32toh(footer.checksum))
        return -EBADMSG;
    return entries_check(archive, index_offset);
}

int archive_open(const struct io *io, int fd, struct archive **ret_archive) {
    struct archive *archive = zeroed(sizeof *archive);
    archive->io = io;
    archive->fd = fd;
    int r = index_read(archive);
    if (r < 0) {
        archive_close(archive);
        return r;
    }
    archive->context = ZSTD_createDCtx();
    if (!archive->context)
        memory_out();
    archive->plain = zeroed(ARCHIVE_BLOCK_BYTES);
    archive->stored = zeroed(archive->stored_capacity);
    archive->cached = archive->n_entries;
    *ret_archive = archive;
    return 0;
}

const struct archive_end *archive_end(const struct archive *archive) {
    return &archive->end;
}

static int block_load(struct archive *archive, size_t block) {
    if (archive->cached == block)
        return 0;
    const struct archive_entry *entry = &archive->entries[block];
    archive->cached = archive->n_entries;
    int r = read_exactly(archive, entry->file_offset, archive->stored, entry->stored_bytes);
    if (r < 0)
        return r;
    if (checksum_crc32c(0, archive->stored, entry->stored_bytes) != entry->checksum)
        return -EBADMSG;
    size_t size = ZSTD_decompressDCtx(archive->context, archive->plain, ARCHIVE_BLOCK_BYTES,
                                      archive->stored, entry->stored_bytes);
    if (ZSTD_isError(size) || size != entry->plain_bytes)
        return -EBADMSG;
    archive->cached = block;
    return 0;
}

int archive_read(struct archive *archive, uint64_t offset, char *ret_data, size_t size) {
    assert(offset <= archive->end.plain_bytes && size <= archive->end.plain_bytes - offset);
    while (size) {
        size_t block = (size_t)(offset / ARCHIVE_BLOCK_BYTES);
        size_t within = (size_t)(offset % ARCHIVE_BLOCK_BYTES);
        int r = block_load(archive, block);
        if (r < 0)
            return r;
        size_t n = archive->entries[block].plain_bytes - within;
        n = n < size ? n : size;
        memcpy(ret_data, archive->plain + within, n);
        ret_data += n;
        offset += n;
        size -= n;
    }
    return 0;
}

void archive_seek(const struct archive *archive, uint64_t sequence, uint64_t *ret_sequence,
                  uint64_t *ret_offset) {
    *ret_sequence = archive->end.first_sequence;
    *ret_offset = 0;
    for (size_t i = 0; i < archive->n_entries; i++) {
        const struct archive_entry *entry = &archive->entries[i];
        if (entry->frame_sequence > sequence)
            break;
        if (entry->frame_sequence) {
            *ret_sequence = entry->frame_sequence;
            *ret_offset = entry->frame_offset;
        }
    }
}
