/* What an event is about, where that may be of many kinds: where it is. Threads: the view's owner.
 * Errors: as things.h. */
#pragma once

#include "domain/things.h"

/* The region in which a subject counts, as things stand; 0: in none (or it is none that lies
 * anywhere). 0 or < 0. */
int subject_region(struct view *view, enum noun noun, uint32_t subject, struct arena *arena,
                   uint32_t *ret_region);
