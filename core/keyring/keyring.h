/* The keys: one slot per person or thing with sealed data, in a flat file of 128-byte slots under
 * data_dir, each wrapped by the master key. Slot 0 holds the store's own keys: of event digests and
 * of uniqueness hashes. The file is truth, like the journal: without it no sealed field can be read
 * again; overwriting a slot erases a person. Threads: any (sealing and opening are pure over the
 * mapped keys; growing and erasing lock). Errors: as util/error.h. */
#pragma once

#include "util/arena.h"
#include "util/io.h"

struct keyring;

struct keyring_options {
    const char *path;        /* <data_dir>/keys */
    const char *master_path; /* root-only file of 32 bytes; made at the first start where it is
                                missing and the keys too */
};

/* 0; -EKEYREJECTED where the master key does not open the file (logged with how to mend it); other
 * < 0. */
int keyring_open(const struct io *io, const struct keyring_options *options,
                 struct keyring **ret_keyring);
void keyring_close(struct keyring *keyring);

/* 16 bytes each. */
const uint8_t *keyring_digest_key(const struct keyring *keyring);

/* Slots up to this number exist, are filled with fresh keys and synced, so that a slot can be used
 * at once. Called by the engine before it hands a slot out; grows ahead in steps of 4,096, so that
 * it rarely touches the disk. Slots are handed out in order: -EBADMSG where one is asked for and
 * those before it are not there. */
int keyring_ensure(struct keyring *keyring, uint32_t slot);

/* XChaCha20-Poly1305 by libsodium; the first byte of the result names the algorithm, so that
 * another can stand beside it. `context` is authenticated, not stored (type number and field).
 * Result in the arena. */
int keyring_seal(struct keyring *keyring, uint32_t slot, struct str context, struct str plain,
                 struct arena *arena, struct str *ret_cipher);
/* 0; KEYRING_ERASED where the slot was erased; KEYRING_DAMAGED where the bytes do not authenticate.
 */
int keyring_open_sealed(struct keyring *keyring, uint32_t slot, struct str context,
                        struct str cipher, struct arena *arena, struct str *ret_plain);
enum { KEYRING_ERASED = 1, KEYRING_DAMAGED = 2 };

/* Keyed hash (BLAKE2b, 16 bytes) of what must be unique without being readable: a canonical
 * identity number. */
void keyring_match(const struct keyring *keyring, struct str canonical,
                   uint8_t ret_match[static 16]);

/* Overwrites a slot and syncs. */
int keyring_erase(struct keyring *keyring, uint32_t slot);
