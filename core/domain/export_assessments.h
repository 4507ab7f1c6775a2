/* How assessments' rows read in the export: rows of domain_renders. */
#pragma once

#include "store/export.h"

void render_assessed(struct str key, struct str row, struct buf *out);
void render_assessment(struct str key, struct str row, struct buf *out);
