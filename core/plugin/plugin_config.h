/* A plugin as the configuration has it. The daemon knows what it is called and how far it may go;
 * its options are the plugin's own and are checked by its table of options, in a process of its own
 * (inspect.h). Threads: values. Memory: owned, plugin_config_deinit. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/str.h"

#define PLUGINS_LIMIT 32
#define PLUGIN_NAME_LIMIT 32

struct plugin_limits {
    int64_t memory_mib, disk_mib, descriptors, cpu_percent, hang_s, stop_s, answer_s;
};

struct plugin_config {
    char name[PLUGIN_NAME_LIMIT + 1];
    bool enabled;
    struct plugin_limits limits;
    json_t *settings; /* array of {"name", "value", "place": "FILE:LINE"} */
    char *place;      /* FILE:LINE of its group */
    char *folder;     /* where relative paths begin */
};

/* The rows behind `limits: { ... }`. */
struct plugin_limit {
    const char *name;
    size_t offset; /* in struct plugin_limits */
    int64_t least, most, number;
    const char *unit;
    const char *help;
};
extern const struct plugin_limit plugin_limit_table[];
extern const size_t n_plugin_limits;
int64_t *plugin_limit_place(const struct plugin_limit *limit, struct plugin_limits *limits);

void plugin_config_init(struct plugin_config *config); /* defaults */
void plugin_config_deinit(struct plugin_config *config);
void plugin_config_copy(struct plugin_config *to, const struct plugin_config *from);
/* Whether a plugin would run otherwise with the one than with the other: where a setting stands in
 * the file does not matter. */
bool plugin_config_differs(const struct plugin_config *a, const struct plugin_config *b);
/* [a-z][a-z0-9_-]* of at most 32 bytes, and no name that methods of the daemon begin with. */
bool plugin_name_is_valid(struct str name);
/* "FILE:LINE" of a setting, or of the group where there is none of that name. */
const char *plugin_config_place(const struct plugin_config *config, const char *setting);
