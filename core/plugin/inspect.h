/* What a plugin declares, and its settings checked by that: found out by a process that loads the
 * file in a box, says it as JSON and ends (protocol.h, Inspection). The daemon never loads a
 * plugin. Threads: one; it waits. Memory: the result is the caller's. Errors: as told. */
#pragma once

#include <jansson.h>

#include "plugin/plugin_config.h"
#include "util/buf.h"
#include "util/io.h"

struct inspection_options {
    const struct io *io;
    const char *program;
    const char *plugin_dir;
    int limit_ms; /* or the plugin's limits.hang_s, whichever is less */
    int wake;     /* a descriptor that makes it ask give_up, which quiets it; -1: none */
    bool (*give_up)(void *context); /* may be NULL */
    void *context;
};

enum {
    INSPECTION_REFUSED = 1, /* the file cannot be loaded, or the settings are wrong */
    INSPECTION_GIVEN_UP = 2
};
/* 0 with what it said (an object with declaration, settings, read, connect, listen, secrets);
 * INSPECTION_REFUSED with a line for each complaint
 * ("FILE:LINE: ..."); INSPECTION_GIVEN_UP; < 0. What the plugin wrote to stderr goes to `errors`.
 */
int plugin_inspect(const struct inspection_options *options, const struct plugin_config *config,
                   json_t **ret_inspection, struct buf *complaints, struct buf *errors);

/* "<plugin_dir>/<name>.so" */
void plugin_file(const char *plugin_dir, const char *name, char ret_path[static 4096]);
