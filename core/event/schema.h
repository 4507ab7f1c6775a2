/* The catalogue as JSON Schema (2020-12) and as an AsyncAPI 3 document, both from the one table.
 * Threads: pure. */
#pragma once

#include "event/catalogue.h"

/* One type's event (envelope and data), or the whole catalogue: {"$schema", "$defs": {type: schema}}. */
void schema_of_type(const struct event_type *type, struct buf *out);
void schema_of_catalogue(struct buf *out);
void schema_asyncapi(struct buf *out);
