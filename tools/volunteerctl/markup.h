/* Text inside HTML and SVG. Both are written by hand, because all they need is escaping: a library
 * that draws (cairo) turns text into glyphs, which nobody can search, copy or read aloud.
 * Threads: any. */
#pragma once

#include "util/buf.h"

/* The text, harmless between tags and in quoted attributes. Line breaks pass; other control
 * characters and what XML forbids become U+FFFD. */
void markup_put(struct buf *out, const char *text);
