#include "markup.h"

static const char *entity_of(char character) {
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Control characters of either range, and the two code points at the end of the first plane. */
static bool is_forbidden(const char *text, size_t size) {
    unsigned char first = (unsigned char)text[0], second = size > 1 ? (unsigned char)text[1] : 0;
    if (size == 1)
        return (first < 0x20 && first != '\n' && first != '\t') || first == 0x7f;
    if (size == 2)
        return first == 0xc2 && second < 0xa0;
    return size == 3 && first == 0xef && second == 0xbf && (unsigned char)text[2] >= 0xbe;
}

void markup_put(struct buf *out, const char *text) {
    struct str rest = str_from(text);
    while (rest.size) {
        size_t size = str_utf8_size(rest);
        const char *entity = entity_of(*rest.data);
        if (entity)
            buf_put_str(out, str_from(entity));
        else if (size == 0 || is_forbidden(rest.data, size))
            buf_put_str(out, STR("\xef\xbf\xbd"));
        else
            buf_put(out, rest.data, size);
        size = size ? size : 1;
        rest = (struct str){rest.data + size, rest.size - size};
    }
}
