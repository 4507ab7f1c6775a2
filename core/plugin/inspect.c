#include "plugin/inspect.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/process.h"
#include "plugin/secret.h"
#include "util/error.h"

#define SAID_LIMIT (1u << 20)

struct inspecting {
    const struct inspection_options *options;
    const struct plugin_config *config;
    struct process process;
    struct buf said;
    struct buf *errors;
    struct buf *complaints;
    int status;
};

void plugin_file(const char *plugin_dir, const char *name, char ret_path[static 4096]) {
    snprintf(ret_path, 4096, "%s/%s.so", plugin_dir, name);
}

#define COMPLAIN(self, setting, ...)                                                               \
    do {                                                                                           \
        buf_printf((self)->complaints,                                                             \
                   "%s: plugin %s: ", plugin_config_place((self)->config, setting),                \
                   (self)->config->name);                                                          \
        buf_printf((self)->complaints, __VA_ARGS__);                                               \
        buf_put_byte((self)->complaints, '\n');                                                    \
    } while (0)

/* ---- what is asked ---- */

static char *request_text(const struct plugin_config *config) {
    json_t *settings = json_array();
    size_t i;
    json_t *setting;
    json_array_foreach(config->settings, i, setting) {
        json_array_append_new(settings,
                              json_pack("{s:O, s:O}", "name", json_object_get(setting, "name"),
                                        "value", json_object_get(setting, "value")));
    }
    json_t *request = json_pack("{s:s, s:s, s:o}", "name", config->name, "folder", config->folder,
                                "settings", settings);
    char *text = json_dumps(request, JSON_COMPACT);
    json_decref(request);
    return text;
}

/* ---- waiting ---- */

static bool is_given_up(const struct inspecting *self) {
    return self->options->give_up && self->options->give_up(self->options->context);
}

/* Where the plugin may say nothing for less, it may be loaded for no longer. */
static int64_t limit_us(const struct inspecting *self) {
    int64_t hang_us = self->config->limits.hang_s * 1000000;
    int64_t most_us = (int64_t)self->options->limit_ms * 1000;
    return hang_us < most_us ? hang_us : most_us;
}

/* 0 when it has said all, -ETIMEDOUT, -EMSGSIZE, INSPECTION_GIVEN_UP. */
static int listen_to_it(struct inspecting *self) {
    const struct io *io = self->options->io;
    int64_t end_us = io->boottime_us(io->self) + limit_us(self);
    bool open = true, errors = true;
    while (open) {
        struct pollfd items[] = {{self->process.talk, POLLIN, 0},
                                 {errors ? self->process.errors : -1, POLLIN, 0},
                                 {self->options->wake, POLLIN, 0}};
        int64_t left_us = end_us - io->boottime_us(io->self);
        if (left_us <= 0)
            return -ETIMEDOUT;
        if (poll(items, 3, (int)(left_us / 1000 + 1)) < 0 && errno != EINTR)
            return error_note(-errno, "poll of an inspection");
        if (is_given_up(self))
            return INSPECTION_GIVEN_UP;
        open = process_read(self->process.talk, &self->said) == 0;
        errors = errors && process_read(self->process.errors, self->errors) == 0;
        if (self->said.size > SAID_LIMIT || self->errors->size > SAID_LIMIT)
            return -EMSGSIZE;
    }
    return 0;
}

/* ---- what it said ---- */

static void take_complaints(struct inspecting *self, const json_t *complaints) {
    size_t i;
    json_t *item;
    json_array_foreach(complaints, i, item) {
        const char *option = json_string_value(json_object_get(item, "option"));
        const char *message = json_string_value(json_object_get(item, "message"));
        COMPLAIN(self, option ? option : "", "%s%s%s", option ? option : "",
                 option && *option ? ": " : "", message ? message : "is wrong");
    }
}

/* ---- rights ----
 * What was said came from a process in which the plugin's own code has run. So nothing is opened
 * for a plugin that the administrator has not written down: a path or a secret of its own, as a
 * default or forged, gives no right. */

static const char *written_text(const struct plugin_config *config, const char *name) {
    size_t i;
    json_t *setting;
    json_array_foreach(config->settings, i, setting) {
        if (!strcmp(json_string_value(json_object_get(setting, "name")), name))
            return json_string_value(json_object_get(setting, "value"));
    }
    return NULL;
}

static bool is_written_path(const struct plugin_config *config, const char *path) {
    size_t i;
    json_t *setting;
    json_array_foreach(config->settings, i, setting) {
        const char *text = json_string_value(json_object_get(setting, "value"));
        size_t folder = strlen(config->folder);
        if (!text)
            continue;
        while (*text != '/' && !strncmp(text, "./", 2))
            text += 2;
        if (*text == '/' ? !strcmp(text, path)
                         : !strncmp(path, config->folder, folder) && path[folder] == '/' &&
                               !strcmp(path + folder + 1, text))
            return true;
    }
    return false;
}

static void keep_written_paths(struct inspecting *self, json_t *inspection) {
    json_t *read = json_object_get(inspection, "read");
    for (size_t i = json_array_size(read); i-- > 0;) {
        const char *path = json_string_value(json_array_get(read, i));
        if (!path || !is_written_path(self->config, path))
            json_array_remove(read, i);
    }
}

static void keep_written_secrets(struct inspecting *self, json_t *inspection) {
    json_t *secrets = json_object_get(inspection, "secrets");
    const json_t *settings = json_object_get(inspection, "settings");
    for (size_t i = json_array_size(secrets); i-- > 0;) {
        const char *name = json_string_value(json_array_get(secrets, i));
        const char *written = name ? written_text(self->config, name) : NULL;
        const char *said = name ? json_string_value(json_object_get(settings, name)) : NULL;
        if (!written || !said || strcmp(written, said) != 0)
            json_array_remove(secrets, i);
    }
}

/* Whoever may read a secret is the daemon's matter: the plugin's process cannot. */
static void check_secrets(struct inspecting *self, const json_t *inspection) {
    size_t i;
    json_t *option;
    json_array_foreach(json_object_get(inspection, "secrets"), i, option) {
        const char *name = json_string_value(option);
        const char *reference = json_string_value(
            json_object_get(json_object_get(inspection, "settings"), name ? name : ""));
        struct buf secret = {0};
        char why[256];
        if (reference && secret_read(self->options->io, reference, self->config->folder, &secret,
                                     why, sizeof why) != 0)
            COMPLAIN(self, name, "%s: %s", name, why);
        secret_deinit(&secret);
    }
}

static void take_failure(struct inspecting *self, const char *why) {
    char text[128];
    if (why) {
        COMPLAIN(self, "", "%s", why);
        return;
    }
    process_end_text(self->status, text, sizeof text);
    COMPLAIN(self, "", "cannot be inspected: its process %s; what it wrote: %.*s", text,
             (int)(self->errors->size < 1000 ? self->errors->size : 1000),
             self->errors->size ? self->errors->data : "nothing");
}

static int take_what_it_said(struct inspecting *self, json_t **ret_inspection) {
    json_t *said = json_loadb(self->said.data ? self->said.data : "", self->said.size, 0, NULL);
    const json_t *declaration = json_object_get(said, "declaration");
    size_t before = self->complaints->size;
    if (!json_is_object(declaration) || !json_is_object(json_object_get(said, "settings"))) {
        take_failure(self, json_string_value(json_object_get(said, "failed")));
    } else {
        take_complaints(self, json_object_get(said, "complaints"));
        keep_written_paths(self, said);
        keep_written_secrets(self, said);
        check_secrets(self, said);
    }
    if (self->complaints->size > before) {
        json_decref(said);
        return INSPECTION_REFUSED;
    }
    *ret_inspection = said;
    return 0;
}

static int inspect(struct inspecting *self, json_t **ret_inspection) {
    int result = listen_to_it(self);
    process_kill(&self->process, &self->status);
    if (result == -ETIMEDOUT || result == -EMSGSIZE) {
        COMPLAIN(self, "", "cannot be inspected: %s",
                 result == -ETIMEDOUT ? "loading or checking it does not come to an end"
                                      : "it says more than 1 MiB");
        return INSPECTION_REFUSED;
    }
    return result == 0 ? take_what_it_said(self, ret_inspection) : result;
}

int plugin_inspect(const struct inspection_options *options, const struct plugin_config *config,
                   json_t **ret_inspection, struct buf *complaints, struct buf *errors) {
    struct inspecting self = {.options = options,
                              .config = config,
                              .process = PROCESS_NONE,
                              .errors = errors,
                              .complaints = complaints};
    char file[4096];
    plugin_file(options->plugin_dir, config->name, file);
    char *request = request_text(config);
    int result = process_start_inspection(options->program, file, str_from(request), &self.process);
    free(request);
    if (result == 0)
        result = inspect(&self, ret_inspection);
    buf_deinit(&self.said);
    return result;
}
