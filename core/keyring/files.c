#include "keyring/files.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "util/error.h"
#include "util/log.h"
#include "util/memory.h"

#define STEP_BYTES ((size_t)KEYRING_STEP * SLOT_SIZE)
#define SECRET_MODE 0600

/* ---- the master key ---- */

static int master_make(const struct keyring_files *files,
                       uint8_t ret_master[static SLOT_MASTER_SIZE]) {
    files->io->random(files->io->self, ret_master, SLOT_MASTER_SIZE);
    int r =
        io_replace_file(files->io, files->master_path, ret_master, SLOT_MASTER_SIZE, SECRET_MODE);
    if (r < 0)
        return error_note(r, files->master_path);
    log_notice("made a new master key in %s; keep a copy of it apart from the data: without it no "
               "sealed field can be "
               "read again",
               files->master_path);
    return 0;
}

static int master_take(const struct keyring_files *files, int fd,
                       uint8_t ret_master[static SLOT_MASTER_SIZE]) {
    int mode = files->io->file_mode(files->io->self, fd);
    if (mode < 0)
        return error_note(mode, files->master_path);
    if (mode & (S_IRWXG | S_IRWXO)) {
        log_error("%s may be read by others than its owner; `chmod 600` it, and think about who "
                  "may have copied it",
                  files->master_path);
        return error_note(-EPERM, files->master_path);
    }
    uint8_t bytes[SLOT_MASTER_SIZE + 1];
    ssize_t size = files->io->pread(files->io->self, fd, bytes, sizeof bytes, 0);
    if (size < 0)
        return error_note((int)size, files->master_path);
    if (size != SLOT_MASTER_SIZE) {
        log_error("%s must hold exactly %d bytes", files->master_path, SLOT_MASTER_SIZE);
        return error_note(-EINVAL, files->master_path);
    }
    memcpy(ret_master, bytes, SLOT_MASTER_SIZE);
    sodium_memzero(bytes, sizeof bytes);
    return 0;
}

static int master_read(const struct keyring_files *files, bool keys_exist,
                       uint8_t ret_master[static SLOT_MASTER_SIZE]) {
    const struct io *io = files->io;
    int fd = io->open(io->self, files->master_path, O_RDONLY | O_CLOEXEC, 0);
    if (fd == -ENOENT && !keys_exist)
        return master_make(files, ret_master);
    if (fd == -ENOENT)
        log_error(
            "the master key %s is missing, but %s was made with one: put it back from its copy",
            files->master_path, files->path);
    if (fd < 0)
        return error_note(fd, files->master_path);
    int r = master_take(files, fd, ret_master);
    io->close(io->self, fd);
    if (r != 0 || keys_exist)
        return r;
    /* The run that made it may have been killed before its name was synced. */
    r = io_sync_parent(io, files->master_path);
    return r < 0 ? error_note(r, files->master_path) : 0;
}

/* ---- slots ---- */

static void slot_fresh(const struct io *io, const uint8_t *master, uint64_t slot, char *ret_bytes) {
    uint8_t plain[SLOT_PLAIN_SIZE] = {0};
    io->random(io->self, plain, slot == 0 ? SLOT_PLAIN_SIZE : SLOT_KEY_SIZE);
    slot_make(io, master, (uint32_t)slot, plain, ret_bytes);
    sodium_memzero(plain, sizeof plain);
}

static char *step_fresh(const struct io *io, const uint8_t *master, uint64_t first_slot) {
    char *bytes = memory_checked(calloc(1, STEP_BYTES));
    for (uint64_t i = 0; i < KEYRING_STEP; i++)
        slot_fresh(io, master, first_slot + i, bytes + i * SLOT_SIZE);
    return bytes;
}

/* The first slot last, when all behind it is on the disk: a step whose first slot is there was
 * whole once, and one whose first slot is empty was never used. */
int keyring_step_write(const struct io *io, int fd, const uint8_t master[static SLOT_MASTER_SIZE],
                       uint64_t first_slot) {
    char *bytes = step_fresh(io, master, first_slot);
    off_t offset = (off_t)(first_slot * SLOT_SIZE);
    int r = io->pwrite(io->self, fd, bytes + SLOT_SIZE, STEP_BYTES - SLOT_SIZE, offset + SLOT_SIZE);
    if (r == 0)
        r = io->fdatasync(io->self, fd);
    if (r == 0)
        r = io->pwrite(io->self, fd, bytes, SLOT_SIZE, offset);
    if (r == 0)
        r = io->fdatasync(io->self, fd);
    free(bytes);
    return r < 0 ? error_note(r, "cannot add to the keys") : 0;
}

/* The whole steps of a file. A last one that a crash cut off does not count and is made anew when
 * it is needed; one that was whole and is shorter now was cut off by somebody, and the keys that
 * are gone may be in use. */
static int steps_count(const struct keyring_files *files, int fd, uint64_t *ret_n_steps) {
    const struct io *io = files->io;
    int64_t size = io->file_size(io->self, fd);
    if (size < 0)
        return error_note((int)size, files->path);
    uint64_t n_steps = ((uint64_t)size + STEP_BYTES - 1) / STEP_BYTES;
    if (!n_steps)
        return error_note(-EBADMSG, files->path);
    char first[SLOT_SIZE] = {0};
    ssize_t got = io->pread(io->self, fd, first, sizeof first, (off_t)((n_steps - 1) * STEP_BYTES));
    if (got < 0)
        return error_note((int)got, files->path);
    if (slot_state(first) == SLOT_EMPTY) {
        n_steps--;
    } else if ((uint64_t)size % STEP_BYTES != 0) {
        log_error(
            "%s was cut off at byte %" PRId64 ": slots %" PRIu64 " to %" PRIu64
            " are missing, and what is sealed with them cannot be read; restore the file from "
            "a copy",
            files->path, size, (uint64_t)size / SLOT_SIZE, n_steps * KEYRING_STEP - 1);
        return error_note(-EBADMSG, files->path);
    }
    *ret_n_steps = n_steps;
    return 0;
}

static int store_keys_read(const struct keyring_files *files, int fd, const uint8_t *master,
                           uint8_t ret_store[static SLOT_PLAIN_SIZE]) {
    char bytes[SLOT_SIZE] = {0};
    ssize_t got = files->io->pread(files->io->self, fd, bytes, sizeof bytes, 0);
    if (got < 0)
        return error_note((int)got, files->path);
    switch (slot_open(master, 0, bytes, ret_store)) {
    case SLOT_LIVE:
        return 0;
    case SLOT_FOREIGN:
        log_error("the master key %s is not the one that %s was made with: put the right one back "
                  "from its copy",
                  files->master_path, files->path);
        return error_note(-EKEYREJECTED, files->path);
    default:
        log_error("the first slot of %s is damaged: restore the file from a copy", files->path);
        return error_note(-EBADMSG, files->path);
    }
}

static int keys_make(const struct keyring_files *files, const uint8_t *master) {
    char *bytes = step_fresh(files->io, master, 0);
    int r = io_replace_file(files->io, files->path, bytes, STEP_BYTES, SECRET_MODE);
    free(bytes);
    if (r < 0)
        return error_note(r, files->path);
    log_notice("made new keys in %s", files->path);
    return 0;
}

/* After a failed sync the kernel shows what is not on the disk, and only writing it again brings it
 * there. Of a step that is that one slot: it is written when all the others are synced. */
static int step_settle(const struct keyring_files *files, int fd, uint64_t n_steps) {
    const struct io *io = files->io;
    char first[SLOT_SIZE];
    off_t offset = (off_t)((n_steps - 1) * STEP_BYTES);
    ssize_t got = n_steps ? io->pread(io->self, fd, first, sizeof first, offset) : 0;
    int r = got < 0 ? (int)got : 0;
    if (got == sizeof first)
        r = io->pwrite(io->self, fd, first, sizeof first, offset);
    if (r == 0)
        r = io->fdatasync(io->self, fd);
    return r < 0 ? error_note(r, files->path) : 0;
}

static int keys_check(const struct keyring_files *files, int fd, const uint8_t *master,
                      uint8_t ret_store[static SLOT_PLAIN_SIZE], uint64_t *ret_n_slots) {
    uint64_t n_steps = 0;
    int r = store_keys_read(files, fd, master, ret_store);
    if (r == 0)
        r = steps_count(files, fd, &n_steps);
    if (r == 0)
        r = step_settle(files, fd, n_steps);
    if (r == 0)
        *ret_n_slots = n_steps * KEYRING_STEP;
    return r;
}

int keyring_files_open(const struct keyring_files *files,
                       uint8_t ret_master[static SLOT_MASTER_SIZE],
                       uint8_t ret_store[static SLOT_PLAIN_SIZE], int *ret_fd,
                       uint64_t *ret_n_slots) {
    const struct io *io = files->io;
    int fd = io->open(io->self, files->path, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0 && fd != -ENOENT)
        return error_note(fd, files->path);
    int r = master_read(files, fd >= 0, ret_master);
    if (r == 0 && fd < 0) {
        r = keys_make(files, ret_master);
        if (r == 0)
            fd = io->open(io->self, files->path, O_RDWR | O_CLOEXEC, 0);
        if (r == 0 && fd < 0)
            r = error_note(fd, files->path);
    }
    if (r == 0)
        r = keys_check(files, fd, ret_master, ret_store, ret_n_slots);
    if (r == 0)
        *ret_fd = fd;
    else if (fd >= 0)
        io->close(io->self, fd);
    return r;
}
