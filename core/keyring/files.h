/* The two files of a keyring: the master key and the slots. Inside of core/keyring.
 * Threads: one at a time. Errors: as util/error.h. */
#pragma once

#include "keyring/slot.h"

#define KEYRING_STEP 4096 /* slots that are filled and synced together */

struct keyring_files {
    const struct io *io;
    const char *path;
    const char *master_path;
};

/* Reads both, making what may be made. A last step that a crash cut off is not counted; -EBADMSG
 * where the file lost what it had. */
int keyring_files_open(const struct keyring_files *files,
                       uint8_t ret_master[static SLOT_MASTER_SIZE],
                       uint8_t ret_store[static SLOT_PLAIN_SIZE], int *ret_fd,
                       uint64_t *ret_n_slots);

/* Fresh keys for the step that begins at a slot, synced: there whole or not at all. */
int keyring_step_write(const struct io *io, int fd, const uint8_t master[static SLOT_MASTER_SIZE],
                       uint64_t first_slot);
