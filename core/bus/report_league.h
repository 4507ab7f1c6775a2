/* The league table of units, by class: a part of report.ranking. Threads: that of the query.
 * Errors: as method.h. */
#pragma once

#include "bus/report.h"

/* Fills the document: of each class its units in order (`classes` false), or the classes
 * themselves. */
int league_fill(struct report *report, bool classes, json_t *document);
