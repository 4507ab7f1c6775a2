/* What the platform has, in the order in which it is pulled: what others refer to comes first.
 * Threads: constants. */
#pragma once

#include <stdbool.h>

enum resource {
    RESOURCE_TEAMS,
    RESOURCE_REGISTRATIONS,
    RESOURCE_ACTIVITIES,
    RESOURCE_ENROLMENTS,
    RESOURCE_ATTENDANCE,
    RESOURCES
};

struct resource_kind {
    const char *name;     /* on the platform, and in our methods */
    const char *title;    /* for people */
    const char *function; /* of the mapping */
    const char *noun;     /* here; NULL: it has no id of its own */
    /* Events of things with attributes: what says them first, what says that they have changed. */
    const char *create, *update;
    bool keeps; /* an item that waits is kept: there is nothing personal in it */
};

extern const struct resource_kind resource_kinds[RESOURCES];

/* RESOURCES where there is none of that name. */
enum resource resource_find(const char *name);
