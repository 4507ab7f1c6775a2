#include "plugin/plugin_config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

#define AT(member) .offset = offsetof(struct plugin_limits, member)
#define RANGE(from, to, fallback) .least = (from), .most = (to), .number = (fallback)

const struct plugin_limit plugin_limit_table[] = {
    {"memory_mib", AT(memory_mib), RANGE(16, 65536, 256), "MiB", "most memory of its process"},
    {"disk_mib", AT(disk_mib), RANGE(16, 1048576, 1024), "MiB", "of files in its folder"},
    {"descriptors", AT(descriptors), RANGE(16, 65536, 256), "descriptors",
     "files and connections of its process"},
    {"cpu_percent", AT(cpu_percent), RANGE(5, 6400, 100), "percent",
     "of one processor, on average over hang_s, at most ten seconds"},
    {"hang_s", AT(hang_s), RANGE(1, 3600, 10), "s",
     "after which a process that says nothing is ended"},
    {"stop_s", AT(stop_s), RANGE(1, 600, 5), "s", "for stopping"},
    {"answer_s", AT(answer_s), RANGE(1, 3600, 10), "s",
     "for the answer to a question, to it or of it"},
};
const size_t n_plugin_limits = sizeof plugin_limit_table / sizeof *plugin_limit_table;

int64_t *plugin_limit_place(const struct plugin_limit *limit, struct plugin_limits *limits) {
    return (int64_t *)(void *)((char *)limits + limit->offset);
}

void plugin_config_init(struct plugin_config *config) {
    *config = (struct plugin_config){.enabled = true, .settings = memory_checked(json_array())};
    for (size_t i = 0; i < n_plugin_limits; i++)
        *plugin_limit_place(&plugin_limit_table[i], &config->limits) = plugin_limit_table[i].number;
}

void plugin_config_deinit(struct plugin_config *config) {
    json_decref(config->settings);
    free(config->place);
    free(config->folder);
    *config = (struct plugin_config){0};
}

static char *copy_text(const char *text) {
    return text ? memory_checked(strdup(text)) : NULL;
}

void plugin_config_copy(struct plugin_config *to, const struct plugin_config *from) {
    *to = *from;
    to->settings = memory_checked(json_deep_copy(from->settings));
    to->place = copy_text(from->place);
    to->folder = copy_text(from->folder);
}

static const json_t *setting_find(const json_t *settings, const char *name) {
    size_t i;
    json_t *setting;
    json_array_foreach(settings, i, setting) {
        if (!strcmp(json_string_value(json_object_get(setting, "name")), name))
            return setting;
    }
    return NULL;
}

bool plugin_config_differs(const struct plugin_config *a, const struct plugin_config *b) {
    size_t i;
    json_t *setting;
    if (a->enabled != b->enabled || memcmp(&a->limits, &b->limits, sizeof a->limits) != 0 ||
        json_array_size(a->settings) != json_array_size(b->settings) ||
        strcmp(a->folder, b->folder) != 0)
        return true;
    json_array_foreach(a->settings, i, setting) {
        const json_t *other =
            setting_find(b->settings, json_string_value(json_object_get(setting, "name")));
        if (!other ||
            !json_equal(json_object_get(setting, "value"), json_object_get(other, "value")))
            return true;
    }
    return false;
}

/* What comes before the dot of a method of the daemon is no plugin's name; bus/methods.c has them,
 * and a test compares. */
bool plugin_name_is_valid(struct str name) {
    if (name.size == 0 || name.size > PLUGIN_NAME_LIMIT || name.data[0] < 'a' || name.data[0] > 'z')
        return false;
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
            return false;
    }
    return true;
}

const char *plugin_config_place(const struct plugin_config *config, const char *setting) {
    const json_t *found = setting_find(config->settings, setting);
    const char *place = json_string_value(json_object_get(found, "place"));
    return place ? place : config->place;
}
