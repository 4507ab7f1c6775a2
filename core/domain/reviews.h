/* How many of an organisation's records were reviewed, and by whom: whether one person lets
 * everything pass. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* By that person; none: by all. 0 or < 0. */
int reviews_of(struct view *view, uint32_t organisation, struct str reviewer, uint32_t *ret_n);

/* ---- for apply functions ---- */

int reviews_count(struct context *context, uint32_t organisation, struct str reviewer);
