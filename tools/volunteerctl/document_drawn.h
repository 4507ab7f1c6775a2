/* Charts for a document that brings none: its tables' rates as bars. Threads: any. Memory: borrows
 * the document; what it adds is its own. */
#pragma once

#include "document.h"

struct drawn {
    struct document document; /* a copy with the series added; never deinit it */
    char **titles;
};

void drawn_init(struct drawn *drawn, const struct document *document);
void drawn_deinit(struct drawn *drawn);
