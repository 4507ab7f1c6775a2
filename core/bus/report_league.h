/* The league table of units, by class: a part of report.ranking. Threads: that of the query.
 * Errors: as method.h. */
#pragma once

#include "bus/report.h"

/* Fills the document: of each class its units in order (`classes` false), or the classes
 * themselves. `then`: beside how they stood at the end of that day; INT32_MIN: not. */
int league_fill(struct report *report, bool classes, int32_t then, json_t *document);
