/* Documents: what a policy's basis, a notice or a title names. Attributes as a thing; never
 * changed. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

int document_get(struct view *view, uint32_t document, struct arena *arena,
                 struct document_registered *ret_document);
