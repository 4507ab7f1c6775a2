/* A text line by line. Threads: values. Memory: lines borrow from the text. */
#pragma once

#include "util/str.h"

/* Takes the next line off *text, without its newline; false where there is none. The last one need
 * not end with a newline. */
static inline bool lines_next(struct str *text, struct str *ret_line) {
    if (text->size == 0)
        return false;
    const char *newline = memchr(text->data, '\n', text->size);
    size_t size = newline ? (size_t)(newline - text->data) : text->size;
    *ret_line = (struct str){text->data, size};
    size += newline != NULL;
    *text = (struct str){text->data + size, text->size - size};
    return true;
}
