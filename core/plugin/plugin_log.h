/* The last lines that a plugin and its keeper said, for `plugin log`; each goes to the daemon's log
 * too, up to a number a second. Threads: any. Memory: owned. */
#pragma once

#include <jansson.h>

#include "util/io.h"
#include "util/log.h"

struct plugin_log;

struct plugin_log *plugin_log_new(const struct io *io, const char *plugin);
void plugin_log_free(struct plugin_log *log);
/* A line of the plugin's own. */
void plugin_log_put(struct plugin_log *log, enum log_level level, struct str line);
/* What the keeper has to say of it. */
void plugin_log_note(struct plugin_log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* [{"time", "level", "text"}, ...], the newest last; time in microseconds since 1970: the caller
 * shows it. */
json_t *plugin_log_show(struct plugin_log *log, size_t limit);
