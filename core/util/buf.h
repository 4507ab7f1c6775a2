/* A growing byte buffer and a checked reader over bytes: the two ends of every binary format here.
 * Integers of fixed width are little-endian; varints are LEB128, signed ones zigzag.
 * Threads: one owner. Errors: growth ends the process when memory is out; the reader keeps its first error,
 * so a run of gets needs one check at the end (cursor.failed), and yields zeros after it. */
#pragma once

#include <endian.h>

#include "util/str.h"

#define VARINT_BYTES 10 /* of the longest */

struct buf {
    char *data;
    size_t size;
    size_t capacity;
};

void buf_deinit(struct buf *buf);
static inline void buf_reset(struct buf *buf) {
    buf->size = 0;
}
static inline struct str buf_str(const struct buf *buf) {
    return (struct str){buf->data, buf->size};
}
/* The slow half of buf_reserve. */
void buf_grow(struct buf *buf, size_t more_bytes);
static inline void buf_reserve(struct buf *buf, size_t more_bytes) {
    /* One byte more than asked: data is never NULL afterwards, and a terminator always fits. */
    if (buf->capacity - buf->size <= more_bytes)
        buf_grow(buf, more_bytes);
}
/* Space for n bytes at the end, already counted in size. */
static inline char *buf_extend(struct buf *buf, size_t n) {
    buf_reserve(buf, n);
    char *space = buf->data + buf->size;
    buf->size += n;
    return space;
}
static inline void buf_put(struct buf *buf, const void *data, size_t size) {
    if (size)
        memcpy(buf_extend(buf, size), data, size);
}
static inline void buf_put_str(struct buf *buf, struct str s) { /* bytes only */
    buf_put(buf, s.data, s.size);
}
static inline void buf_put_byte(struct buf *buf, uint8_t byte) {
    *buf_extend(buf, 1) = (char)byte;
}
static inline void buf_put_u16(struct buf *buf, uint16_t value) {
    value = htole16(value);
    memcpy(buf_extend(buf, sizeof value), &value, sizeof value);
}
static inline void buf_put_u32(struct buf *buf, uint32_t value) {
    value = htole32(value);
    memcpy(buf_extend(buf, sizeof value), &value, sizeof value);
}
static inline void buf_put_u64(struct buf *buf, uint64_t value) {
    value = htole64(value);
    memcpy(buf_extend(buf, sizeof value), &value, sizeof value);
}
static inline void buf_put_varint(struct buf *buf, uint64_t value) {
    buf_reserve(buf, VARINT_BYTES);
    while (value >= 0x80) {
        buf->data[buf->size++] = (char)(value | 0x80);
        value >>= 7;
    }
    buf->data[buf->size++] = (char)value;
}
static inline void buf_put_signed(struct buf *buf, int64_t value) {
    buf_put_varint(buf, ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0));
}
/* varint length, then bytes */
static inline void buf_put_counted(struct buf *buf, struct str s) {
    buf_put_varint(buf, s.size);
    buf_put_str(buf, s);
}
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Big-endian, so that bytes sort like numbers: for store keys. */
static inline void buf_put_u16_sorted(struct buf *buf, uint16_t value) {
    value = htobe16(value);
    memcpy(buf_extend(buf, sizeof value), &value, sizeof value);
}
static inline void buf_put_u32_sorted(struct buf *buf, uint32_t value) {
    value = htobe32(value);
    memcpy(buf_extend(buf, sizeof value), &value, sizeof value);
}
static inline void buf_put_u64_sorted(struct buf *buf, uint64_t value) {
    value = htobe64(value);
    memcpy(buf_extend(buf, sizeof value), &value, sizeof value);
}

struct cursor {
    const char *next;
    const char *end;
    bool failed;
};

static inline struct cursor cursor_from(struct str s) {
    return (struct cursor){s.data, s.data ? s.data + s.size : s.data, false};
}
static inline size_t cursor_left(const struct cursor *c) {
    return (size_t)(c->end - c->next);
}
/* Copies the next bytes out, or zeros after an error, which it keeps. */
static inline void cursor_copy(struct cursor *c, void *ret_bytes, size_t n) {
    if (c->failed || cursor_left(c) < n) {
        c->failed = true;
        memset(ret_bytes, 0, n);
        return;
    }
    memcpy(ret_bytes, c->next, n);
    c->next += n;
}
static inline uint8_t cursor_byte(struct cursor *c) {
    uint8_t value;
    cursor_copy(c, &value, sizeof value);
    return value;
}
static inline uint16_t cursor_u16(struct cursor *c) {
    uint16_t value;
    cursor_copy(c, &value, sizeof value);
    return le16toh(value);
}
static inline uint32_t cursor_u32(struct cursor *c) {
    uint32_t value;
    cursor_copy(c, &value, sizeof value);
    return le32toh(value);
}
static inline uint64_t cursor_u64(struct cursor *c) {
    uint64_t value;
    cursor_copy(c, &value, sizeof value);
    return le64toh(value);
}
/* The general half of cursor_varint. */
uint64_t cursor_varint_long(struct cursor *c);
static inline uint64_t cursor_varint(struct cursor *c) {
    /* Most are one byte. */
    if (!c->failed && c->next < c->end && !(*c->next & 0x80))
        return (uint8_t)*c->next++;
    return cursor_varint_long(c);
}
static inline int64_t cursor_signed(struct cursor *c) {
    uint64_t value = cursor_varint(c);
    return (int64_t)((value >> 1) ^ (0 - (value & 1)));
}
static inline struct str cursor_take(struct cursor *c, size_t n) {
    if (c->failed || cursor_left(c) < n) {
        c->failed = true;
        return STR_NONE;
    }
    struct str taken = {c->next, n};
    c->next = n ? c->next + n : c->next;
    return taken;
}
static inline struct str cursor_counted(struct cursor *c) {
    return cursor_take(c, cursor_varint(c));
}
static inline uint16_t cursor_u16_sorted(struct cursor *c) {
    uint16_t value;
    cursor_copy(c, &value, sizeof value);
    return be16toh(value);
}
static inline uint32_t cursor_u32_sorted(struct cursor *c) {
    uint32_t value;
    cursor_copy(c, &value, sizeof value);
    return be32toh(value);
}
static inline uint64_t cursor_u64_sorted(struct cursor *c) {
    uint64_t value;
    cursor_copy(c, &value, sizeof value);
    return be64toh(value);
}

/* JSON text into a buffer: the only JSON writer on the hot path. The caller writes the punctuation
 * with buf_put_byte; a string is escaped and quoted, valid UTF-8 passes as it is and any other byte
 * becomes U+FFFD, so that what comes out is always JSON. */
void buf_json_string(struct buf *buf, struct str s);
void buf_json_integer(struct buf *buf, int64_t value);
/* "name": with the comma before it where the buffer is not empty and does not end in '{' or '['. */
void buf_json_key(struct buf *buf, const char *name);
/* The comma between array items where one is needed. */
void buf_json_item(struct buf *buf);
