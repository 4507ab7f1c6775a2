/* A parsed JSON value as compact text, members in the order of their names: two texts of the same
 * content are the same bytes. Threads: pure. Memory: the arena's. */
#pragma once

#include "util/arena.h"
#include "util/dom.h"

static inline bool str_holds_zero(struct str s) {
    return s.size > 0 && memchr(s.data, 0, s.size) != NULL;
}

/* DOM_TEXT_ZERO: a name or text in it holds the character U+0000. */
enum dom_text_outcome { DOM_TEXT_DONE, DOM_TEXT_DUPLICATE, DOM_TEXT_ZERO, DOM_TEXT_TOO_LONG };

/* ret_twice: the name that stands twice in one object; borrows from the value. */
enum dom_text_outcome dom_text(struct dom_value value, size_t limit_bytes, struct arena *arena,
                               struct str *ret_text, struct str *ret_twice);
