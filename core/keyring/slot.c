#include "keyring/slot.h"

#include <assert.h>
#include <endian.h>
#include <sodium.h>

#include "journal/checksum.h"

#define SLOT_MAGIC 0x4B
#define SLOT_ALGORITHM 1
#define SLOT_STATE_LIVE 1
#define SLOT_STATE_ERASED 2
#define WRAPPED_SIZE (SLOT_PLAIN_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES)

struct slot_disk {
    uint8_t magic;
    uint8_t algorithm;
    uint8_t state;
    uint8_t reserved;
    uint8_t nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
    uint8_t wrapped[WRAPPED_SIZE];
    uint8_t padding[32];
    uint32_t checksum;
};
static_assert(sizeof(struct slot_disk) == SLOT_SIZE, "no holes");

/* What is authenticated beside the key. */
struct slot_context {
    char purpose[16];
    uint32_t slot;
};

static struct slot_context slot_context(uint32_t slot) {
    return (struct slot_context){"volunteerd-slot", htole32(slot)};
}

static uint32_t slot_checksum(const struct slot_disk *disk) {
    return htole32(checksum_crc32c(0, disk, offsetof(struct slot_disk, checksum)));
}

void slot_make(const struct io *io, const uint8_t master[static SLOT_MASTER_SIZE], uint32_t slot,
               const uint8_t plain[static SLOT_PLAIN_SIZE], char ret_bytes[static SLOT_SIZE]) {
    struct slot_disk disk = {
        .magic = SLOT_MAGIC, .algorithm = SLOT_ALGORITHM, .state = SLOT_STATE_LIVE};
    struct slot_context context = slot_context(slot);
    io->random(io->self, disk.nonce, sizeof disk.nonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(disk.wrapped, NULL, plain, SLOT_PLAIN_SIZE,
                                               (const unsigned char *)&context, sizeof context,
                                               NULL, disk.nonce, master);
    disk.checksum = slot_checksum(&disk);
    memcpy(ret_bytes, &disk, sizeof disk);
}

void slot_make_erased(char ret_bytes[static SLOT_SIZE]) {
    struct slot_disk disk = {
        .magic = SLOT_MAGIC, .algorithm = SLOT_ALGORITHM, .state = SLOT_STATE_ERASED};
    disk.checksum = slot_checksum(&disk);
    memcpy(ret_bytes, &disk, sizeof disk);
}

enum slot_state slot_state(const char bytes[static SLOT_SIZE]) {
    struct slot_disk disk;
    memcpy(&disk, bytes, sizeof disk);
    if (sodium_is_zero((const unsigned char *)bytes, SLOT_SIZE))
        return SLOT_EMPTY;
    if (disk.checksum != slot_checksum(&disk) || disk.magic != SLOT_MAGIC ||
        disk.algorithm != SLOT_ALGORITHM)
        return SLOT_DAMAGED;
    if (disk.state == SLOT_STATE_ERASED)
        return SLOT_ERASED;
    return disk.state == SLOT_STATE_LIVE ? SLOT_LIVE : SLOT_DAMAGED;
}

enum slot_state slot_open(const uint8_t master[static SLOT_MASTER_SIZE], uint32_t slot,
                          const char bytes[static SLOT_SIZE],
                          uint8_t ret_plain[static SLOT_PLAIN_SIZE]) {
    enum slot_state state = slot_state(bytes);
    if (state != SLOT_LIVE)
        return state;
    struct slot_disk disk;
    memcpy(&disk, bytes, sizeof disk);
    struct slot_context context = slot_context(slot);
    int wrong = crypto_aead_xchacha20poly1305_ietf_decrypt(
        ret_plain, NULL, NULL, disk.wrapped, sizeof disk.wrapped, (const unsigned char *)&context,
        sizeof context, disk.nonce, master);
    return wrong ? SLOT_FOREIGN : SLOT_LIVE;
}
