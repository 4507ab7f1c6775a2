/* Sources: the services that publish events, each with a number. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* The number of a source: THING_NOT_FOUND where it never sent anything, or given where it is new;
 * and its text by number. A source begins with a printable character. */
int source_find(struct view *view, struct str source, uint32_t *ret_number);
int source_number(struct context *context, struct str source, uint32_t *ret_number);
int source_text(struct view *view, uint32_t number, struct arena *arena, struct str *ret_source);
