#include "keyring/keyring.h"

#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "keyring/files.h"
#include "keyring/slot.h"
#include "util/error.h"
#include "util/log.h"
#include "util/memory.h"

#define SEAL_ALGORITHM 1 /* XChaCha20-Poly1305 */
#define SEAL_NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define SEAL_TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEAL_OVERHEAD (1 + SEAL_NONCE + SEAL_TAG)
#define DIGEST_KEY_SIZE 16

/* The unwrapped keys of one step of slots, made when the first of them is used. The states are what
 * slot_state and slot_open said, SLOT_EMPTY: not looked at yet. */
struct step {
    uint8_t (*keys)[SLOT_KEY_SIZE]; /* by sodium_malloc: locked in memory where the system allows,
                                       never in a core */
    uint8_t states[KEYRING_STEP];
};

struct secrets {
    uint8_t master[SLOT_MASTER_SIZE];
    uint8_t store[SLOT_PLAIN_SIZE]; /* digest key, match key */
};

struct keyring {
    const struct io *io;
    int fd;
    struct secrets *secrets;
    _Atomic uint64_t n_slots; /* filled and synced */
    pthread_rwlock_t lock;    /* guards the steps; held for writing to unwrap, grow and erase */
    struct step **steps;
    size_t n_steps;
};

void keyring_close(struct keyring *keyring) {
    if (!keyring)
        return;
    for (size_t i = 0; i < keyring->n_steps; i++) {
        if (keyring->steps[i])
            sodium_free(keyring->steps[i]->keys);
        free(keyring->steps[i]);
    }
    free(keyring->steps);
    sodium_free(keyring->secrets);
    if (keyring->fd >= 0)
        keyring->io->close(keyring->io->self, keyring->fd);
    pthread_rwlock_destroy(&keyring->lock);
    free(keyring);
}

static void *secret_memory(size_t size) {
    void *made = sodium_malloc(size);
    if (!made)
        memory_out();
    return made;
}

static struct keyring *keyring_new(const struct io *io) {
    struct keyring *keyring = calloc(1, sizeof *keyring);
    if (!keyring)
        memory_out();
    keyring->io = io;
    keyring->fd = -1;
    keyring->secrets = secret_memory(sizeof *keyring->secrets);
    pthread_rwlock_init(&keyring->lock, NULL);
    return keyring;
}

int keyring_open(const struct io *io, const struct keyring_options *options,
                 struct keyring **ret_keyring) {
    if (sodium_init() < 0)
        return error_note(-ENOSYS, "libsodium does not start");
    struct keyring *keyring = keyring_new(io);
    struct keyring_files files = {
        .io = io, .path = options->path, .master_path = options->master_path};
    uint64_t n_slots = 0;
    int r = keyring_files_open(&files, keyring->secrets->master, keyring->secrets->store,
                               &keyring->fd, &n_slots);
    if (r < 0) {
        keyring_close(keyring);
        return r;
    }
    keyring->n_slots = n_slots;
    *ret_keyring = keyring;
    return 0;
}

const uint8_t *keyring_digest_key(const struct keyring *keyring) {
    return keyring->secrets->store;
}

void keyring_match(const struct keyring *keyring, struct str canonical,
                   uint8_t ret_match[static 16]) {
    crypto_generichash(ret_match, 16, (const unsigned char *)canonical.data, canonical.size,
                       keyring->secrets->store + DIGEST_KEY_SIZE,
                       SLOT_PLAIN_SIZE - DIGEST_KEY_SIZE);
}

int keyring_ensure(struct keyring *keyring, uint32_t slot) {
    if (slot < atomic_load_explicit(&keyring->n_slots, memory_order_acquire))
        return 0;
    pthread_rwlock_wrlock(&keyring->lock);
    int r = 0;
    if (slot > keyring->n_slots) {
        log_error("the keys end with slot %" PRIu64 ", but slot %" PRIu32
                  " was in use: they are of an earlier time than the journal; restore the keys "
                  "file that belongs to it",
                  keyring->n_slots - 1, slot - 1);
        r = error_note(-EBADMSG, "keys are missing");
    } else if (slot == keyring->n_slots) {
        r = keyring_step_write(keyring->io, keyring->fd, keyring->secrets->master, slot);
        if (r == 0)
            atomic_store_explicit(&keyring->n_slots, keyring->n_slots + KEYRING_STEP,
                                  memory_order_release);
    }
    pthread_rwlock_unlock(&keyring->lock);
    return r;
}

/* ---- unwrapped keys ---- */

/* Under the lock; NULL where none of its keys was used yet. */
static struct step *step_of(const struct keyring *keyring, uint32_t slot) {
    size_t at = slot / KEYRING_STEP;
    return at < keyring->n_steps ? keyring->steps[at] : NULL;
}

/* Under the lock for writing. */
static struct step *step_make(struct keyring *keyring, uint32_t slot) {
    size_t at = slot / KEYRING_STEP;
    if (at >= keyring->n_steps) {
        struct step **steps = realloc(keyring->steps, (at + 1) * sizeof *steps);
        if (!steps)
            memory_out();
        memset(steps + keyring->n_steps, 0, (at + 1 - keyring->n_steps) * sizeof *steps);
        keyring->steps = steps;
        keyring->n_steps = at + 1;
    }
    if (!keyring->steps[at]) {
        struct step *step = calloc(1, sizeof *step);
        if (!step)
            memory_out();
        step->keys = secret_memory(sizeof *step->keys * KEYRING_STEP);
        keyring->steps[at] = step;
    }
    return keyring->steps[at];
}

/* Under the lock for writing: the first use of a slot. < 0 only where the file cannot be read. */
static int slot_load(struct keyring *keyring, uint32_t slot) {
    struct step *step = step_make(keyring, slot);
    if (step->states[slot % KEYRING_STEP] != SLOT_EMPTY)
        return 0;
    char bytes[SLOT_SIZE] = {0};
    uint8_t plain[SLOT_PLAIN_SIZE];
    ssize_t got = keyring->io->pread(keyring->io->self, keyring->fd, bytes, sizeof bytes,
                                     (off_t)slot * SLOT_SIZE);
    if (got < 0)
        return error_note((int)got, "cannot read the keys");
    enum slot_state state = slot_open(keyring->secrets->master, slot, bytes, plain);
    if (state == SLOT_LIVE)
        memcpy(step->keys[slot % KEYRING_STEP], plain, SLOT_KEY_SIZE);
    else if (state != SLOT_ERASED)
        log_error("slot %u of the keys is damaged: what is sealed with it cannot be read; restore "
                  "the file from a "
                  "copy",
                  slot);
    sodium_memzero(plain, sizeof plain);
    step->states[slot % KEYRING_STEP] = (uint8_t)(state == SLOT_EMPTY ? SLOT_DAMAGED : state);
    return 0;
}

/* A copy of a slot's key: 0, KEYRING_ERASED, KEYRING_DAMAGED, or < 0. A copy, because erasing wipes
 * the original. */
static int key_take(struct keyring *keyring, uint32_t slot, uint8_t ret_key[static SLOT_KEY_SIZE]) {
    if (slot == 0 || slot >= atomic_load_explicit(&keyring->n_slots, memory_order_acquire))
        return KEYRING_DAMAGED;
    pthread_rwlock_rdlock(&keyring->lock);
    const struct step *step = step_of(keyring, slot);
    int r = 0;
    if (!step || step->states[slot % KEYRING_STEP] == SLOT_EMPTY) {
        pthread_rwlock_unlock(&keyring->lock);
        pthread_rwlock_wrlock(&keyring->lock);
        r = slot_load(keyring, slot);
        step = step_of(keyring, slot);
    }
    enum slot_state state = r < 0 ? SLOT_EMPTY : step->states[slot % KEYRING_STEP];
    if (state == SLOT_LIVE)
        memcpy(ret_key, step->keys[slot % KEYRING_STEP], SLOT_KEY_SIZE);
    pthread_rwlock_unlock(&keyring->lock);
    if (r < 0 || state == SLOT_LIVE)
        return r;
    return state == SLOT_ERASED ? KEYRING_ERASED : KEYRING_DAMAGED;
}

int keyring_erase(struct keyring *keyring, uint32_t slot) {
    if (slot == 0 || slot >= atomic_load_explicit(&keyring->n_slots, memory_order_acquire))
        return error_note(-EINVAL, "no such slot of the keys");
    char bytes[SLOT_SIZE];
    slot_make_erased(bytes);
    pthread_rwlock_wrlock(&keyring->lock);
    const struct io *io = keyring->io;
    int r = io->pwrite(io->self, keyring->fd, bytes, sizeof bytes, (off_t)slot * SLOT_SIZE);
    if (r == 0)
        r = io->fdatasync(io->self, keyring->fd);
    if (r == 0) {
        struct step *step = step_make(keyring, slot);
        sodium_memzero(step->keys[slot % KEYRING_STEP], SLOT_KEY_SIZE);
        step->states[slot % KEYRING_STEP] = SLOT_ERASED;
    }
    pthread_rwlock_unlock(&keyring->lock);
    return r < 0 ? error_note(r, "cannot erase a slot of the keys") : 0;
}

/* ---- sealing ---- */

int keyring_seal(struct keyring *keyring, uint32_t slot, struct str context, struct str plain,
                 struct arena *arena, struct str *ret_cipher) {
    uint8_t key[SLOT_KEY_SIZE];
    int r = key_take(keyring, slot, key);
    if (r != 0)
        return r < 0 ? r : error_note(-ENOKEY, "sealing with a slot that has no key");
    size_t size = plain.size + SEAL_OVERHEAD;
    unsigned char *cipher = (unsigned char *)arena_bytes(arena, size);
    cipher[0] = SEAL_ALGORITHM;
    keyring->io->random(keyring->io->self, cipher + 1, SEAL_NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        cipher + 1 + SEAL_NONCE, NULL, (const unsigned char *)plain.data, plain.size,
        (const unsigned char *)context.data, context.size, NULL, cipher + 1, key);
    sodium_memzero(key, sizeof key);
    *ret_cipher = (struct str){(const char *)cipher, size};
    return 0;
}

int keyring_open_sealed(struct keyring *keyring, uint32_t slot, struct str context,
                        struct str cipher, struct arena *arena, struct str *ret_plain) {
    uint8_t key[SLOT_KEY_SIZE];
    int r = key_take(keyring, slot, key);
    if (r != 0)
        return r;
    const unsigned char *bytes = (const unsigned char *)cipher.data;
    if (cipher.size < SEAL_OVERHEAD || bytes[0] != SEAL_ALGORITHM) {
        sodium_memzero(key, sizeof key);
        return KEYRING_DAMAGED;
    }
    size_t size = cipher.size - SEAL_OVERHEAD;
    unsigned char *plain = (unsigned char *)arena_bytes(arena, size);
    int wrong = crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain, NULL, NULL, bytes + 1 + SEAL_NONCE, cipher.size - 1 - SEAL_NONCE,
        (const unsigned char *)context.data, context.size, bytes + 1, key);
    sodium_memzero(key, sizeof key);
    if (wrong)
        return KEYRING_DAMAGED;
    *ret_plain = (struct str){(const char *)plain, size};
    return 0;
}
