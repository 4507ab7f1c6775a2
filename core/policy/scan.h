/* Finds in a policy's text what would only fail when it is reached: names that do not exist,
 * assignments to globals, assignments to an outer function's locals, which would carry something
 * from one call to the next; what stands in a table twice. Threads: pure. The text has been
 * compiled by Lua before, so its grammar is sound. */
#pragma once

#include "policy/complaints.h"
#include "util/str.h"

struct scan {
    bool (*is_known)(void *context, struct str name);
    void (*complain)(void *context, enum severity severity, uint32_t line, const char *code,
                     const char *message);
    void *context;
};

void scan_text(struct str text, const struct scan *scan);
