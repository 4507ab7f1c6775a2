/* One frame of the journal as bytes; journal.h says what lies where.
 * Threads: pure functions. Errors: what comes from disk is only ever answered with true or false.
 */
#pragma once

#include "journal/journal.h"

#define FRAME_HEADER_SIZE 96
#define FRAME_ALIGNMENT 64

struct frame_header {
    uint32_t payload_size;
    uint32_t checksum;
    uint64_t epoch;
    uint64_t first_sequence;
    uint32_t count;
    uint8_t previous_hash[JOURNAL_HASH_SIZE];
};

/* A frame found in a segment: header, payload and padding. */
struct frame {
    struct frame_header header;
    struct str bytes;
    uint64_t offset;
};

/* Header, payload and padding together. */
size_t frame_size(uint32_t payload_size);

/* `bytes` holds space for the header and then the payload: fills the header in (payload_size and
 * checksum are computed) and pads with zeros. */
void frame_seal(struct buf *bytes, const struct frame_header *header);

/* Could this be a header? False where any member is one that is never written. */
bool frame_header_read(const char bytes[static FRAME_HEADER_SIZE], struct frame_header *ret_header);
/* Are payload and padding the ones the header was made for? `bytes` is the whole frame. */
bool frame_check(const struct frame_header *header, struct str bytes);
void frame_hash(const struct frame_header *header, struct str bytes,
                uint8_t ret_hash[static JOURNAL_HASH_SIZE]);

bool bytes_are_zero(const char *data, size_t size);

/* What the next frame must continue. Zeroed: the beginning of a journal whose epoch is not known
 * yet. */
struct chain {
    uint64_t epoch;    /* 0: not known yet */
    uint64_t sequence; /* of the last record */
    uint8_t hash[JOURNAL_HASH_SIZE];
    bool hash_unknown; /* begun in the middle */
};
/* NULL and moved on; or what is wrong with the frame (static text), and left as it was. */
const char *chain_advance(struct chain *chain, const struct frame *frame);
/* The same without a look at the hashes, which are unknown afterwards: for who copies frames from
 * one form into another and changes none. */
const char *chain_follow(struct chain *chain, const struct frame *frame);
