/* Who is assessed: the city and its counties, and whoever has a figure reported or holds a
 * civilised title. A numbered list, so that a run can walk it; the last known state of each
 * indicator. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* The subject joins the list of those who are assessed at midnight; nothing where it is there. */
int assessment_enrol(struct context *context, enum noun noun, uint32_t number);
/* The same, and it is assessed soon, without holding up the event: by a run. */
int assessment_due(struct context *context, enum noun noun, uint32_t number);
