/* Ids that other platforms know volunteers by. An external id of a system leads to one volunteer; a
 * volunteer may have several. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

struct volunteer_link {
    int32_t linked_on;
    uint64_t sequence; /* of volunteer.linked */
    struct str system; /* borrowed from the row */
    struct str external;
};

/* 0, THING_NOT_FOUND, < 0. */
int volunteer_by_link(struct view *view, struct str system, struct str external,
                      uint32_t *ret_volunteer);
/* What was ever linked to the volunteer, oldest first, for any view (of somebody who has withdrawn
 * an id may lead to who registered anew: volunteer_by_link says). `each` returns 0 to go on; what
 * ends the walk is returned. */
int volunteer_links_each(struct view *view, uint32_t volunteer,
                         int (*each)(void *context, const struct volunteer_link *link),
                         void *context);

/* For those who scan: key system, 0, external -> volunteer u32; or 0, volunteer u32, n u32 -> these
 * bytes (n 0: how many there are, u32). 0, or > 0 where damaged. */
int volunteer_link_decode(struct str row, struct volunteer_link *ret_link);

/* For apply functions: the ids of the one lead to the other, and stand on the other's list. */
int volunteer_links_move(struct context *context, uint32_t from, uint32_t into);
