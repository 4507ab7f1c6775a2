/* Events made from the rows of a file, published together: with progress, resending and a tally, as
 * `publish` does it. Threads: one. */
#pragma once

#include "command.h"
#include "util/buf.h"

struct bundle_event {
    struct buf json;
    uint64_t row; /* of the file, for complaints */
};

struct bundle {
    const char *file;
    size_t n;
    size_t capacity;
    size_t next; /* to be published */
    struct bundle_event *events;
};

/* A new event, to be written as JSON text; valid until the next one is added. */
struct buf *bundle_add(struct bundle *bundle, uint64_t row);
/* The same from an object, which is taken. */
void bundle_add_json(struct bundle *bundle, uint64_t row, json_t *event);
void bundle_deinit(struct bundle *bundle);
/* `what` stands before the progress bar. Prints the tally; REFUSED where an event was rejected. */
int bundle_publish(struct call *call, struct bundle *bundle, const char *what);
/* An id that is the same for the same text for ever: "NAME-1a2b3c4d5e". */
void bundle_id(const char *name, struct str text, struct buf *out);
