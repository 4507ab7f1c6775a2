/* Where the denominators of an assessment come from: a section that has each figure as it was known
 * on the report's day, who reported it and from where, and the report before it, so that one that
 * contradicts it is seen. Threads: that of the query. Errors: as method.h. */
#pragma once

#include "bus/report.h"

json_t *denominators_section(json_t *document);
/* A row for each figure of the subject. */
int denominators_add(struct report *report, json_t *section, enum noun noun, uint32_t number,
                     struct str name);
