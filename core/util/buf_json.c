/* The JSON writer of buf.h. */
#include "util/buf.h"

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

static bool has_zero_byte(uint64_t bytes) {
    return (bytes - EACH_BYTE(0x01)) & ~bytes & EACH_BYTE(0x80);
}

/* Eight bytes at once: plain ASCII in which nothing needs an escape. */
static bool eight_are_plain(const char *data) {
    uint64_t bytes;
    memcpy(&bytes, data, sizeof bytes);
    bool control_or_high = ((bytes - EACH_BYTE(0x20)) | bytes) & EACH_BYTE(0x80);
    return !control_or_high && !has_zero_byte(bytes ^ EACH_BYTE('"')) &&
           !has_zero_byte(bytes ^ EACH_BYTE('\\'));
}

/* How many bytes at the start of s pass as they are. */
static size_t plain_bytes(struct str s) {
    size_t at = 0;
    while (at < s.size) {
        if (s.size - at >= 8 && eight_are_plain(s.data + at)) {
            at += 8;
            continue;
        }
        uint8_t byte = (uint8_t)s.data[at];
        if (byte < 0x20 || byte == '"' || byte == '\\')
            break;
        size_t size = str_utf8_size((struct str){s.data + at, s.size - at});
        if (size == 0)
            break;
        at += size;
    }
    return at;
}

static void put_escaped(struct buf *buf, uint8_t byte) {
    static const char letters[] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n',  ['\r'] = 'r',
        ['\t'] = 't', ['"'] = '"',  ['\\'] = '\\',
    };
    static const char hexadecimal[] = "0123456789abcdef";
    if (byte >= 0x80) {
        buf_put_str(buf, STR("\xEF\xBF\xBD"));
    } else if (letters[byte]) {
        const char escape[] = {'\\', letters[byte]};
        buf_put(buf, escape, sizeof escape);
    } else {
        const char escape[] = {'\\', 'u', '0', '0', hexadecimal[byte >> 4], hexadecimal[byte & 15]};
        buf_put(buf, escape, sizeof escape);
    }
}

void buf_json_string(struct buf *buf, struct str s) {
    buf_reserve(buf, s.size + 2);
    buf_put_byte(buf, '"');
    while (s.size) {
        size_t plain = plain_bytes(s);
        buf_put(buf, s.data, plain);
        if (plain == s.size)
            break;
        put_escaped(buf, (uint8_t)s.data[plain]);
        s = (struct str){s.data + plain + 1, s.size - plain - 1};
    }
    buf_put_byte(buf, '"');
}

void buf_json_integer(struct buf *buf, int64_t value) {
    char digits[20];
    char *next = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--next = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        *--next = '-';
    buf_put(buf, next, (size_t)(digits + sizeof digits - next));
}

void buf_json_item(struct buf *buf) {
    if (buf->size == 0)
        return;
    char last = buf->data[buf->size - 1];
    if (last != '{' && last != '[')
        buf_put_byte(buf, ',');
}

void buf_json_key(struct buf *buf, const char *name) {
    buf_json_item(buf);
    buf_json_string(buf, str_from(name));
    buf_put_byte(buf, ':');
}
