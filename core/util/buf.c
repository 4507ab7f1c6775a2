#include "util/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/memory.h"

#define BUF_FIRST_BYTES 128

void buf_deinit(struct buf *buf) {
    if (!buf)
        return;
    free(buf->data);
    *buf = (struct buf){0};
}

void buf_grow(struct buf *buf, size_t more_bytes) {
    if (more_bytes >= SIZE_MAX / 4 - buf->size)
        memory_out();
    size_t need = buf->size + more_bytes + 1;
    size_t capacity = buf->capacity ? buf->capacity * 2 : BUF_FIRST_BYTES;
    if (capacity < need)
        capacity = need;
    char *data = realloc(buf->data, capacity);
    if (!data)
        memory_out();
    buf->data = data;
    buf->capacity = capacity;
}

void buf_printf(struct buf *buf, const char *format, ...) {
    va_list arguments;
    buf_reserve(buf, 64);
    size_t space = buf->capacity - buf->size;
    va_start(arguments, format);
    int length = vsnprintf(buf->data + buf->size, space, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_out();
    if ((size_t)length >= space) {
        buf_reserve(buf, (size_t)length);
        va_start(arguments, format);
        vsnprintf(buf->data + buf->size, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    buf->size += (size_t)length;
}

uint64_t cursor_varint_long(struct cursor *c) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = cursor_byte(c);
        if (shift == 63 && byte > 1)
            break;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return c->failed ? 0 : value;
    }
    c->failed = true;
    return 0;
}
