/* plugins: ( { name = "..."; ... }, ... ) of the configuration: from the lines that the child wrote
 * to struct plugin_config. The options are the plugins' own and are not looked at here. Threads:
 * one. */
#pragma once

#include <jansson.h>

#include "plugin/plugin_config.h"
#include "util/buf.h"

/* True for a line that is about plugins: config.c leaves it to this file. */
bool config_is_of_plugins(const char *path);
/* From `lines` (array of objects, config_child.h) to ret_plugins, of which there is room for
 * PLUGINS_LIMIT; what is wrong goes to complaints, a line each. Returns how many there are. */
size_t config_take_plugins(json_t *lines, const char *main_file, struct plugin_config *ret_plugins,
                           struct buf *complaints);
