#include "plugin/cursor_file.h"

#include <errno.h>
#include <fcntl.h>

#include "journal/checksum.h"
#include "util/buf.h"
#include "util/error.h"

/* A slot: number of the write u64 | epoch u64 | sequence u64 | CRC32C u32 | 0 u32, in a sector of
 * its own. */
#define SLOT_BYTES 512
#define SLOT_USED 32
#define SUMMED_BYTES 24

static uint32_t sum_of(const char *slot) {
    return checksum_crc32c(0, slot, SUMMED_BYTES);
}

static bool read_slot(const char *slot, uint64_t *ret_number, struct cursor_place *ret_place) {
    struct cursor cursor = cursor_from((struct str){slot, SLOT_USED});
    uint64_t number = cursor_u64(&cursor);
    uint64_t epoch = cursor_u64(&cursor);
    uint64_t sequence = cursor_u64(&cursor);
    if (number == 0 || number <= *ret_number || cursor_u32(&cursor) != sum_of(slot))
        return false;
    *ret_number = number;
    *ret_place = (struct cursor_place){epoch, sequence};
    return true;
}

int cursor_file_open(const struct io *io, const char *path, struct cursor_file *ret_file,
                     struct cursor_place *ret_place) {
    char slots[2 * SLOT_BYTES] = {0};
    struct cursor_file file = {.io = io,
                               .fd = io->open(io->self, path, O_RDWR | O_CREAT | O_CLOEXEC, 0640)};
    if (file.fd < 0)
        return error_note(file.fd, path);
    ssize_t n = io->pread(io->self, file.fd, slots, sizeof slots, 0);
    bool found = false;
    for (size_t i = 0; n >= 0 && i < 2; i++)
        found = read_slot(slots + i * SLOT_BYTES, &file.n_written, ret_place) || found;
    int result = n < 0 ? (int)n : 0;
    if (result == 0 && n < (ssize_t)sizeof slots)
        result = io->pwrite(io->self, file.fd, slots, sizeof slots, 0);
    if (result == 0 && n < (ssize_t)sizeof slots)
        result = io->fsync(io->self, file.fd);
    if (result == 0)
        result = io_sync_parent(io, path);
    if (result < 0) {
        io->close(io->self, file.fd);
        return error_note(result, path);
    }
    *ret_file = file;
    return found ? 0 : CURSOR_NONE;
}

void cursor_file_close(struct cursor_file *file) {
    if (file->fd < 0)
        return;
    (void)cursor_file_sync(file);
    file->io->close(file->io->self, file->fd);
    file->fd = -1;
}

int cursor_file_write(struct cursor_file *file, const struct cursor_place *place) {
    struct buf slot = {0};
    file->n_written++;
    buf_put_u64(&slot, file->n_written);
    buf_put_u64(&slot, place->epoch);
    buf_put_u64(&slot, place->sequence);
    buf_put_u32(&slot, sum_of(slot.data));
    buf_put_u32(&slot, 0);
    int result = file->io->pwrite(file->io->self, file->fd, slot.data, slot.size,
                                  (off_t)(file->n_written % 2) * SLOT_BYTES);
    buf_deinit(&slot);
    file->unsynced = true;
    return result < 0 ? error_note(result, "cursor of a plugin") : 0;
}

int cursor_file_sync(struct cursor_file *file) {
    if (file->fd < 0 || !file->unsynced)
        return 0;
    int result = file->io->fdatasync(file->io->self, file->fd);
    file->unsynced = result < 0;
    return result < 0 ? error_note(result, "cursor of a plugin") : 0;
}
