#include "journal/frame.h"

#include <assert.h>
#include <sodium.h>

#include "journal/checksum.h"

/* Two of its bytes occur in no UTF-8, so that no text inside a record can pass for a frame when a
 * torn tail is searched. */
#define FRAME_MAGIC UINT32_C(0xFE4A56FF)
#define FRAME_VERSION 1

/* As on disk, little-endian. */
struct frame_disk {
    uint32_t magic;
    uint16_t version;
    uint16_t flags;
    uint32_t payload_size;
    uint32_t checksum;
    uint64_t epoch;
    uint64_t first_sequence;
    uint32_t count;
    uint32_t reserved;
    uint8_t previous_hash[JOURNAL_HASH_SIZE];
    uint8_t padding[24];
};
static_assert(sizeof(struct frame_disk) == FRAME_HEADER_SIZE, "the header has no holes");

size_t frame_size(uint32_t payload_size) {
    size_t size = FRAME_HEADER_SIZE + (size_t)payload_size;
    return (size + FRAME_ALIGNMENT - 1) / FRAME_ALIGNMENT * FRAME_ALIGNMENT;
}

static uint32_t frame_checksum(const char *data, uint32_t payload_size) {
    size_t before = offsetof(struct frame_disk, checksum);
    size_t after = before + sizeof(uint32_t);
    uint32_t checksum = checksum_crc32c(0, data, before);
    return checksum_crc32c(checksum, data + after, FRAME_HEADER_SIZE + payload_size - after);
}

void frame_seal(struct buf *bytes, const struct frame_header *header) {
    assert(bytes->size > FRAME_HEADER_SIZE && bytes->size <= JOURNAL_FRAME_LIMIT);
    uint32_t payload_size = (uint32_t)(bytes->size - FRAME_HEADER_SIZE);
    struct frame_disk disk = {
        .magic = htole32(FRAME_MAGIC),
        .version = htole16(FRAME_VERSION),
        .payload_size = htole32(payload_size),
        .epoch = htole64(header->epoch),
        .first_sequence = htole64(header->first_sequence),
        .count = htole32(header->count),
    };
    memcpy(disk.previous_hash, header->previous_hash, sizeof disk.previous_hash);
    memcpy(bytes->data, &disk, sizeof disk);
    disk.checksum = htole32(frame_checksum(bytes->data, payload_size));
    memcpy(bytes->data, &disk, sizeof disk);
    size_t padding = frame_size(payload_size) - bytes->size;
    memset(buf_extend(bytes, padding), 0, padding);
}

bool frame_header_read(const char bytes[static FRAME_HEADER_SIZE],
                       struct frame_header *ret_header) {
    struct frame_disk disk;
    memcpy(&disk, bytes, sizeof disk);
    struct frame_header header = {
        .payload_size = le32toh(disk.payload_size),
        .checksum = le32toh(disk.checksum),
        .epoch = le64toh(disk.epoch),
        .first_sequence = le64toh(disk.first_sequence),
        .count = le32toh(disk.count),
    };
    memcpy(header.previous_hash, disk.previous_hash, sizeof header.previous_hash);
    bool plausible = le32toh(disk.magic) == FRAME_MAGIC && le16toh(disk.version) == FRAME_VERSION &&
                     disk.flags == 0 && disk.reserved == 0 && header.epoch != 0 &&
                     header.first_sequence != 0 &&
                     header.first_sequence <= UINT64_MAX - header.count && header.count != 0 &&
                     header.payload_size <= JOURNAL_FRAME_LIMIT - FRAME_HEADER_SIZE &&
                     header.count <= header.payload_size &&
                     bytes_are_zero((const char *)disk.padding, sizeof disk.padding);
    if (plausible)
        *ret_header = header;
    return plausible;
}

bool frame_check(const struct frame_header *header, struct str bytes) {
    size_t used = FRAME_HEADER_SIZE + (size_t)header->payload_size;
    return bytes.size == frame_size(header->payload_size) &&
           frame_checksum(bytes.data, header->payload_size) == header->checksum &&
           bytes_are_zero(bytes.data + used, bytes.size - used);
}

void frame_hash(const struct frame_header *header, struct str bytes,
                uint8_t ret_hash[static JOURNAL_HASH_SIZE]) {
    crypto_generichash(ret_hash, JOURNAL_HASH_SIZE, (const unsigned char *)bytes.data,
                       FRAME_HEADER_SIZE + (size_t)header->payload_size, NULL, 0);
}

bool bytes_are_zero(const char *data, size_t size) {
    /* The first one is, and each is as the one before. */
    return size == 0 || (data[0] == 0 && memcmp(data, data + 1, size - 1) == 0);
}

const char *chain_follow(struct chain *chain, const struct frame *frame) {
    const struct frame_header *header = &frame->header;
    if (header->first_sequence != chain->sequence + 1)
        return "its sequence does not follow the one before";
    if (chain->epoch && header->epoch != chain->epoch)
        return "it is of another epoch";
    chain->epoch = header->epoch;
    chain->sequence += header->count;
    chain->hash_unknown = true;
    return NULL;
}

const char *chain_advance(struct chain *chain, const struct frame *frame) {
    const struct frame_header *header = &frame->header;
    struct chain next = *chain;
    const char *wrong = chain_follow(&next, frame);
    if (wrong)
        return wrong;
    if (!chain->hash_unknown && memcmp(header->previous_hash, chain->hash, sizeof chain->hash) != 0)
        return "it does not carry the hash of the frame before";
    next.hash_unknown = false;
    frame_hash(header, frame->bytes, next.hash);
    *chain = next;
    return NULL;
}
