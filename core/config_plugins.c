#include "config_plugins.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/method.h"
#include "util/memory.h"

struct taking {
    struct plugin_config *plugins;
    size_t n;
    const char *main_file;
    const json_t *line;
    struct buf *complaints;
};

bool config_is_of_plugins(const char *path) {
    return !strncmp(path, "plugins", 7) && (path[7] == '\0' || path[7] == '[' || path[7] == '.');
}

static const char *text_of(const json_t *line, const char *name) {
    const char *text = json_string_value(json_object_get(line, name));
    return text ? text : "";
}

static void put_place(const json_t *line, struct buf *out) {
    buf_put_str(out, str_from(text_of(line, "file")));
    json_int_t number = json_integer_value(json_object_get(line, "line"));
    if (number > 0)
        buf_printf(out, ":%" PRId64, (int64_t)number);
}

#define COMPLAIN(self, ...)                                                                        \
    do {                                                                                           \
        put_place((self)->line, (self)->complaints);                                               \
        buf_printf((self)->complaints, ": %s: ", text_of((self)->line, "path"));                   \
        buf_printf((self)->complaints, __VA_ARGS__);                                               \
        buf_put_byte((self)->complaints, '\n');                                                    \
    } while (0)

static char *place_of(const json_t *line) {
    struct buf text = {0};
    put_place(line, &text);
    buf_put_byte(&text, '\0');
    return text.data;
}

/* ---- the plugins' own group ---- */

static bool is_method_group(struct str name) {
    for (size_t i = 0; i < n_methods; i++) {
        struct str method = str_from(methods[i].name);
        if (method.size > name.size && str_starts_with(method, name) &&
            method.data[name.size] == '.')
            return true;
    }
    return false;
}

static void take_name(struct taking *self, struct plugin_config *plugin) {
    struct str name = str_from(text_of(self->line, "value"));
    if (!plugin_name_is_valid(name)) {
        COMPLAIN(self,
                 "must be a text of small letters, digits, - and _ that begins with a letter, "
                 "32 at most");
        return;
    }
    if (is_method_group(name))
        COMPLAIN(self, "%.*s is what methods of the daemon begin with: call the plugin otherwise",
                 STR_ARG(name));
    for (size_t i = 0; i < self->n; i++)
        if (&self->plugins[i] != plugin && str_equal(str_from(self->plugins[i].name), name))
            COMPLAIN(self, "there is a plugin %.*s already", STR_ARG(name));
    memcpy(plugin->name, name.data, name.size);
}

static void take_enabled(struct taking *self, struct plugin_config *plugin) {
    const json_t *value = json_object_get(self->line, "value");
    if (!json_is_boolean(value))
        COMPLAIN(self, "must be true or false");
    else
        plugin->enabled = json_is_true(value);
}

static void take_limit(struct taking *self, struct plugin_config *plugin, const char *name) {
    const char *names[16];
    size_t n = 0;
    const json_t *value = json_object_get(self->line, "value");
    for (; n < n_plugin_limits; n++) {
        const struct plugin_limit *limit = &plugin_limit_table[n];
        names[n] = limit->name;
        if (strcmp(limit->name, name) != 0)
            continue;
        json_int_t number = json_integer_value(value);
        if (!json_is_integer(value))
            COMPLAIN(self, "must be a whole number of %s", limit->unit);
        else if (number < limit->least || number > limit->most)
            COMPLAIN(self, "%" PRId64 " is out of range: %" PRId64 " to %" PRId64 " %s",
                     (int64_t)number, limit->least, limit->most, limit->unit);
        else
            *plugin_limit_place(limit, &plugin->limits) = number;
        return;
    }
    const char *nearest = str_nearest(str_from(name), names, n);
    COMPLAIN(self, "there is no such limit%s%s%s", nearest ? "; did you mean " : "",
             nearest ? nearest : "", nearest ? "?" : "");
}

static void take_option(struct taking *self, struct plugin_config *plugin, const char *name) {
    json_t *value = json_object_get(self->line, "value");
    if (!json_is_string(value) && !json_is_integer(value) && !json_is_boolean(value)) {
        COMPLAIN(self, "must be a text in quotes, a whole number, true or false");
        return;
    }
    char *place = place_of(self->line);
    json_array_append_new(plugin->settings, json_pack("{s:s, s:O, s:s}", "name", name, "value",
                                                      value, "place", place));
    free(place);
}

static void take_member(struct taking *self, struct plugin_config *plugin, const char *name) {
    bool group = !strcmp(text_of(self->line, "kind"), "group");
    if (!strcmp(name, "name"))
        take_name(self, plugin);
    else if (!strcmp(name, "enabled"))
        take_enabled(self, plugin);
    else if (!strcmp(name, "limits") && !group)
        COMPLAIN(self, "is a group: { ... }");
    else if (!strncmp(name, "limits.", 7))
        take_limit(self, plugin, name + 7);
    else if (group && strcmp(name, "limits") != 0)
        COMPLAIN(self, "is no group: the one group of a plugin is limits");
    else if (!group && !strchr(name, '.'))
        take_option(self, plugin, name);
}

/* ---- the list ---- */

/* The group that the line lies in or is; NULL where there are too many. */
static struct plugin_config *plugin_at(struct taking *self, size_t index) {
    for (; self->n <= index && index < PLUGINS_LIMIT; self->n++) {
        struct plugin_config *plugin = &self->plugins[self->n];
        plugin_config_init(plugin);
        plugin->place = place_of(self->line);
        const char *slash = strrchr(self->main_file, '/');
        plugin->folder = memory_checked(
            slash ? strndup(self->main_file, (size_t)(slash - self->main_file)) : strdup("."));
    }
    return index < PLUGINS_LIMIT ? &self->plugins[index] : NULL;
}

static void take_list(struct taking *self) {
    const json_t *items = json_object_get(self->line, "items");
    size_t i;
    json_t *item;
    if (!items)
        COMPLAIN(self, "must be a list of groups: ( { name = \"...\"; }, ... )");
    json_array_foreach(items, i, item) {
        if (!json_is_object(item))
            COMPLAIN(self, "each of it must be a group: { name = \"...\"; }");
    }
}

static void take_line(struct taking *self) {
    const char *path = text_of(self->line, "path");
    char *end;
    if (path[7] != '[') {
        if (path[7] == '\0')
            take_list(self);
        return;
    }
    size_t index = strtoul(path + 8, &end, 10);
    struct plugin_config *plugin = plugin_at(self, index);
    if (!plugin && index == PLUGINS_LIMIT && end[1] == '\0')
        COMPLAIN(self, "there are more than %d plugins", PLUGINS_LIMIT);
    if (plugin && end[1] == '.')
        take_member(self, plugin, end + 2);
}

static void check_named(struct taking *self, json_t *lines) {
    for (size_t i = 0; i < self->n; i++) {
        size_t j;
        json_t *line;
        char path[48];
        bool given = false;
        snprintf(path, sizeof path, "plugins[%zu].name", i);
        json_array_foreach(lines, j, line) {
            given = given || !strcmp(text_of(line, "path"), path);
        }
        if (!given)
            buf_printf(self->complaints,
                       "%s: plugins[%zu]: name must be given: that of its file "
                       "in plugin_dir, without .so\n",
                       self->plugins[i].place, i);
    }
}

size_t config_take_plugins(json_t *lines, const char *main_file, struct plugin_config *ret_plugins,
                           struct buf *complaints) {
    struct taking self = {.plugins = ret_plugins, .main_file = main_file, .complaints = complaints};
    size_t i;
    json_t *line;
    json_array_foreach(lines, i, line) {
        const char *kind = text_of(line, "kind");
        self.line = line;
        if (config_is_of_plugins(text_of(line, "path")) && strcmp(kind, "error") != 0)
            take_line(&self);
    }
    check_named(&self, lines);
    return self.n;
}
