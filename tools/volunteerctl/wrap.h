/* Breaking a text into lines by the width of its characters: at spaces and beside Chinese
 * characters, inside a word only where it is wider than the line. Threads: any. */
#pragma once

#include "util/buf.h"

/* Columns of the widest piece that cannot be broken. */
size_t wrap_least(const char *text);
/* `text` with a newline for each break into lines of at most `width` columns. */
void wrap_text(const char *text, size_t width, struct buf *out);
