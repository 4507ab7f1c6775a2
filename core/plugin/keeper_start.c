/* What a start takes: the inspection, the folder of the plugin, its secrets, the first frame. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/inspect.h"
#include "plugin/keeper_parts.h"
#include "plugin/secret.h"
#include "util/error.h"
#include "util/lines.h"

#define INSPECTION_LIMIT_MS 5000

/* ---- inspection ---- */

static bool shall_leave(void *context) {
    struct keeper *self = context;
    wake_hear(&self->wake); /* orders stay; they are looked at after this */
    pthread_mutex_lock(&self->lock);
    bool leave = self->orders.leave;
    pthread_mutex_unlock(&self->lock);
    return leave;
}

static void put_lines(struct keeper *self, struct str text) {
    struct str line;
    while (lines_next(&text, &line))
        plugin_log_put(self->log, LOG_LEVEL_WARNING, line);
}

static void note_file(struct keeper *self, struct stat *ret_stat) {
    char file[4096];
    plugin_file(self->options.plugin_dir, self->name, file);
    if (stat(file, ret_stat) < 0)
        memset(ret_stat, 0, sizeof *ret_stat);
}

int keeper_inspect(struct keeper *self, const struct plugin_config *config, json_t **ret_inspection,
                   struct buf *complaints) {
    const struct inspection_options options = {.io = self->io,
                                               .program = self->options.program,
                                               .plugin_dir = self->options.plugin_dir,
                                               .limit_ms = INSPECTION_LIMIT_MS,
                                               .wake = self->wake.fd,
                                               .give_up = shall_leave,
                                               .context = self};
    struct buf errors = {0};
    note_file(self, &self->inspected);
    int result = plugin_inspect(&options, config, ret_inspection, complaints, &errors);
    wake_ring(&self->wake); /* for what came meanwhile: shall_leave has heard it */
    put_lines(self, buf_str(&errors));
    buf_deinit(&errors);
    self->now_us = self->io->boottime_us(self->io->self);
    if (result == 0) {
        pthread_mutex_lock(&self->lock);
        json_decref(self->shown.inspection);
        self->shown.inspection = json_deep_copy(*ret_inspection);
        pthread_mutex_unlock(&self->lock);
    }
    return result;
}

bool keeper_file_changed(const struct keeper *self) {
    struct stat now;
    char file[4096];
    plugin_file(self->options.plugin_dir, self->name, file);
    return stat(file, &now) < 0 || now.st_ino != self->inspected.st_ino ||
           now.st_dev != self->inspected.st_dev || now.st_size != self->inspected.st_size ||
           now.st_mtim.tv_sec != self->inspected.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != self->inspected.st_mtim.tv_nsec;
}

/* ---- the first frame ---- */

/* Settings with what stands in the secrets. NULL with a line in the log. */
static json_t *settings_with_secrets(struct keeper *self) {
    json_t *settings = json_deep_copy(json_object_get(self->inspection, "settings"));
    size_t i;
    json_t *option;
    json_array_foreach(json_object_get(self->inspection, "secrets"), i, option) {
        const char *name = json_string_value(option);
        const char *reference = json_string_value(json_object_get(settings, name ? name : ""));
        struct buf secret = {0};
        char why[256];
        if (!reference)
            continue;
        int result =
            secret_read(self->io, reference, self->config.folder, &secret, why, sizeof why);
        json_t *text = result == 0 ? json_stringn(secret.data, secret.size) : NULL;
        secret_deinit(&secret);
        if (!text) {
            plugin_log_note(self->log, LOG_LEVEL_ERROR, "%s: %s", name,
                            result == 0 ? "is not UTF-8 text" : why);
            json_decref(settings);
            return NULL;
        }
        json_object_set_new(settings, name, text);
    }
    return settings;
}

static json_t *box_json(const struct keeper *self) {
    const struct plugin_limits *limits = &self->config.limits;
    return json_pack(
        "{s:O, s:O, s:O, s:I, s:I, s:I}", "read", json_object_get(self->inspection, "read"),
        "connect", json_object_get(self->inspection, "connect"), "listen",
        json_object_get(self->inspection, "listen"), "memory_mib", (json_int_t)limits->memory_mib,
        "disk_mib", (json_int_t)limits->disk_mib, "descriptors", (json_int_t)limits->descriptors);
}

static int put_start(struct keeper *self) {
    char file[4096], folder[4200];
    json_t *settings = settings_with_secrets(self);
    if (!settings)
        return -EACCES;
    plugin_file(self->options.plugin_dir, self->name, file);
    snprintf(folder, sizeof folder, "%s/files", self->folder);
    json_t *start =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:I}", "name", self->name, "file", file,
                  "folder", folder, "region", self->options.services->region, "time_zone",
                  self->options.services->time_zone, "settings", settings, "box", box_json(self),
                  "answer_s", (json_int_t)self->config.limits.answer_s);
    char *text = json_dumps(start, JSON_COMPACT);
    json_decref(start);
    if (!text)
        return error_note(-EPROTO, "start of a plugin");
    channel_put(&self->channel, FRAME_START, 0, str_from(text));
    free(text);
    return 0;
}

static int make_folders(struct keeper *self) {
    const char *data_dir = self->options.services->data_dir;
    char paths[3][4200];
    snprintf(paths[0], sizeof paths[0], "%s/local/plugins", data_dir);
    snprintf(paths[1], sizeof paths[1], "%s", self->folder);
    snprintf(paths[2], sizeof paths[2], "%s/files", self->folder);
    int result = 0;
    for (size_t i = 0; i < 3 && result == 0; i++) {
        result = self->io->mkdir(self->io->self, paths[i]);
        if (result == 0)
            result = io_sync_parent(self->io, paths[i]);
    }
    return result < 0 ? error_note(result, self->folder) : 0;
}

int keeper_start_process(struct keeper *self) {
    int result = make_folders(self);
    if (result == 0)
        result = process_start(self->options.program, self->name, &self->process);
    if (result < 0)
        return result;
    channel_init(&self->channel, self->process.talk, FRAME_TO_DAEMON_LIMIT);
    self->process.talk = -1; /* the channel's now */
    self->began_us = self->heard_us = self->measured_us = self->now_us;
    result = put_start(self);
    if (result < 0)
        keeper_end_process(self, "could not be given its settings: the log says why");
    else
        keeper_show_state(self, KEEPER_STARTING, "%s", "");
    return 0;
}
