/* Changes a policy's text in two places without touching the rest: which revision it is based on,
 * and the parameters of a day. What an activation lays over a text can so be written into the file,
 * and what is in force compared with a file. The text is read word by word, never run: where the
 * table that it returns, or its parameters, are not written out plainly, it cannot be done.
 * Threads: pure. */
#pragma once

#include <jansson.h>

#include "util/buf.h"

enum { REWRITE_NOT_PLAIN = 1 };

/* `based_on = "revision"` in the place of the one there is, or on a line of its own behind `name`.
 * 0, or REWRITE_NOT_PLAIN and nothing is written. */
int rewrite_based_on(struct str text, struct str revision, struct buf *out);
/* Each of the sets (an object by date; parameters by name) in the place of the text's own of that
 * day, or before the next later one. `cases_on`: the day that cases without one go on having, said
 * in the text where it does not say one yet; may be none. 0, or REWRITE_NOT_PLAIN. */
int rewrite_parameters(struct str text, const json_t *sets, struct str cases_on, struct buf *out);
/* Whether two texts differ in nothing but what they are based on. */
bool rewrite_is_same(struct str a, struct str b);
