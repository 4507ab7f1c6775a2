/* Whoever withdraws may register again under a new id. The identity document tells that it is the
 * same person: what the person was before is kept, so that a rule can ask for it, and nobody leaves
 * a suspension behind with the old id. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

#define FORMER_SELVES_LIMIT 16 /* how far back anybody looks */

/* THING_NOT_FOUND: the person never was another volunteer. */
int former_self(struct view *view, uint32_t volunteer, uint32_t *ret_former);
/* The strictest standing that a former registration would have on that day. 0 or < 0. */
int former_standing(struct view *view, uint32_t volunteer, int32_t on,
                    enum STANDING_choice *ret_standing);

/* ---- for apply functions ---- */

void former_self_put(struct context *context, uint32_t volunteer, uint32_t former);
