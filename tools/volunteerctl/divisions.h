/* A file of administrative divisions (code,name,level,parent,urban_rural,kind) as region.defined
 * events. Text is UTF-8 or GB18030. Threads: one. Memory: an event's text lives until the next one
 * is asked for. */
#pragma once

#include "publisher.h"
#include "util/buf.h"

struct division {
    struct buf event; /* JSON */
    uint64_t row;     /* line of the file, the heading is 1 */
};

struct divisions {
    const char *file; /* for complaints */
    bool json;
    size_t n;
    size_t capacity;
    struct division *rows;
    size_t n_complaints;
    size_t next;
};

/* Reads and checks the whole file; complaints with row and heading go to stderr, and where `json`
 * the refusal also to stdout. DONE, REFUSED. */
int divisions_read(struct divisions *divisions, const char *path, bool json);
void divisions_deinit(struct divisions *divisions);
/* For struct event_source. */
enum source_state divisions_next(void *self, struct str *ret_event, uint64_t *ret_line);
