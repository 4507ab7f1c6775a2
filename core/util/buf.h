/* A growing byte buffer and a checked reader over bytes: the two ends of every binary format here.
 * Integers of fixed width are little-endian; varints are LEB128, signed ones zigzag.
 * Threads: one owner. Errors: growth aborts when memory is out; the reader keeps its first error, so a run
 * of gets needs one check at the end (cursor.failed), and yields zeros after it. */
#pragma once

#include "util/str.h"

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
void buf_reserve(struct buf *buf, size_t more_bytes);
/* Space for n bytes at the end, already counted in size. */
char *buf_extend(struct buf *buf, size_t n);
void buf_put(struct buf *buf, const void *data, size_t size);
void buf_put_str(struct buf *buf, struct str s); /* bytes only */
void buf_put_byte(struct buf *buf, uint8_t byte);
void buf_put_u16(struct buf *buf, uint16_t value);
void buf_put_u32(struct buf *buf, uint32_t value);
void buf_put_u64(struct buf *buf, uint64_t value);
void buf_put_varint(struct buf *buf, uint64_t value);
void buf_put_signed(struct buf *buf, int64_t value);
void buf_put_counted(struct buf *buf, struct str s); /* varint length, then bytes */
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Big-endian, so that bytes sort like numbers: for store keys. */
void buf_put_u16_sorted(struct buf *buf, uint16_t value);
void buf_put_u32_sorted(struct buf *buf, uint32_t value);
void buf_put_u64_sorted(struct buf *buf, uint64_t value);

struct cursor {
    const char *next;
    const char *end;
    bool failed;
};

static inline struct cursor cursor_from(struct str s) {
    return (struct cursor){s.data, s.data + s.size, false};
}
static inline size_t cursor_left(const struct cursor *c) {
    return (size_t)(c->end - c->next);
}
uint8_t cursor_byte(struct cursor *c);
uint16_t cursor_u16(struct cursor *c);
uint32_t cursor_u32(struct cursor *c);
uint64_t cursor_u64(struct cursor *c);
uint64_t cursor_varint(struct cursor *c);
int64_t cursor_signed(struct cursor *c);
struct str cursor_take(struct cursor *c, size_t n);
struct str cursor_counted(struct cursor *c);
uint16_t cursor_u16_sorted(struct cursor *c);
uint32_t cursor_u32_sorted(struct cursor *c);
uint64_t cursor_u64_sorted(struct cursor *c);

/* JSON text into a buffer: the only JSON writer on the hot path. The caller writes the punctuation with
 * buf_put_byte; a string is escaped and quoted, valid UTF-8 passes as it is. */
void buf_json_string(struct buf *buf, struct str s);
void buf_json_integer(struct buf *buf, int64_t value);
/* "name": with the comma before it where the buffer does not end in '{' or '['. */
void buf_json_key(struct buf *buf, const char *name);
/* The comma between array items where one is needed. */
void buf_json_item(struct buf *buf);
