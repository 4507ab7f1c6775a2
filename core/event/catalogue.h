/* The rows of types.h as data: what codec, schema, bus, engine and commands look up.
 * Threads: constant data. */
#pragma once

#include "event/types.h"

struct event_type {
    uint32_t number;
    uint32_t version;
    const char *name; /* "service.recorded" */
    const char *label;
    enum writer writer;
    enum noun noun;
    const struct fields *fields;
};

struct noun_info {
    const char *name; /* "volunteer" */
    const char *label;
};

size_t catalogue_count(void);
const struct event_type *catalogue_at(size_t index);
const struct event_type *catalogue_find(struct str name); /* NULL where there is none */
const struct event_type *catalogue_by_number(uint32_t number);
const char *catalogue_nearest(struct str name); /* for "did you mean", or NULL */
const struct noun_info *noun_info(enum noun noun);
enum noun noun_find(struct str name); /* NOUN_COUNT where there is none */
