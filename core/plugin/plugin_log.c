#include "plugin/plugin_log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/memory.h"

#define LINES_KEPT 1000
#define LINE_LIMIT 1000
#define LINES_A_SECOND 50 /* into the daemon's log; all of them are kept here */

struct line {
    int64_t time_us;
    enum log_level level;
    char *text;
};

struct plugin_log {
    const struct io *io;
    const char *plugin;
    pthread_mutex_t lock;
    size_t n; /* ever */
    struct line lines[LINES_KEPT];
    int64_t second; /* of which lines are counted */
    size_t n_in_second;
    size_t n_left_out;
};

struct plugin_log *plugin_log_new(const struct io *io, const char *plugin) {
    struct plugin_log *self = memory_checked(calloc(1, sizeof *self));
    self->io = io;
    self->plugin = plugin;
    pthread_mutex_init(&self->lock, NULL);
    return self;
}

void plugin_log_free(struct plugin_log *log) {
    if (!log)
        return;
    for (size_t i = 0; i < LINES_KEPT; i++)
        free(log->lines[i].text);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

/* As much of it as a line may have, whole characters, nothing that steers a terminal. */
static char *copy_line(struct str text) {
    char *copy = memory_checked(malloc(LINE_LIMIT + 1));
    size_t size = 0;
    while (text.size && size < LINE_LIMIT) {
        size_t bytes = str_utf8_size(text);
        if (size + bytes > LINE_LIMIT)
            break;
        bool odd = bytes == 0 || (bytes == 1 && ((uint8_t)*text.data < 0x20 || *text.data == 0x7F));
        bytes = bytes ? bytes : 1;
        memcpy(copy + size, odd ? "?" : text.data, odd ? 1 : bytes);
        size += odd ? 1 : bytes;
        text = (struct str){text.data + bytes, text.size - bytes};
    }
    copy[size] = '\0';
    return memory_checked(realloc(copy, size + 1));
}

/* Whether the daemon's log takes it; *ret_left_out says how many it did not before this one. */
static bool is_told(struct plugin_log *self, int64_t now_us, size_t *ret_left_out) {
    int64_t second = now_us / 1000000;
    *ret_left_out = 0;
    if (second != self->second) {
        self->second = second;
        self->n_in_second = 0;
        *ret_left_out = self->n_left_out;
        self->n_left_out = 0;
    }
    if (self->n_in_second == LINES_A_SECOND) {
        self->n_left_out++;
        return false;
    }
    self->n_in_second++;
    return true;
}

void plugin_log_put(struct plugin_log *log, enum log_level level, struct str line) {
    char *text = copy_line(line);
    size_t n_left_out;
    int64_t now_us = log->io->now_us(log->io->self);
    level = level < LOG_LEVEL_ERROR ? LOG_LEVEL_ERROR : level;
    level = level > LOG_LEVEL_DEBUG ? LOG_LEVEL_DEBUG : level;
    pthread_mutex_lock(&log->lock);
    struct line *place = &log->lines[log->n++ % LINES_KEPT];
    free(place->text);
    *place = (struct line){now_us, level, text};
    bool told = is_told(log, now_us, &n_left_out);
    if (n_left_out)
        log_warning("plugin %s: %zu lines of a second were left out here: `plugin log %s` has the "
                    "last %d",
                    log->plugin, n_left_out, log->plugin, LINES_KEPT);
    if (told)
        log_message(level, "plugin %s: %s", log->plugin, text);
    pthread_mutex_unlock(&log->lock);
}

void plugin_log_note(struct plugin_log *log, enum log_level level, const char *format, ...) {
    char text[LINE_LIMIT + 1];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size < 0)
        return;
    plugin_log_put(log, level,
                   (struct str){text, (size_t)size < sizeof text ? (size_t)size : LINE_LIMIT});
}

static const char *level_text(enum log_level level) {
    static const char *const texts[] = {
        [LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARNING] = "warning", [LOG_LEVEL_NOTICE] = "notice",
        [LOG_LEVEL_INFO] = "info",   [LOG_LEVEL_DEBUG] = "debug",
    };
    return texts[level];
}

json_t *plugin_log_show(struct plugin_log *log, size_t limit) {
    json_t *lines = json_array();
    pthread_mutex_lock(&log->lock);
    size_t kept = log->n < LINES_KEPT ? log->n : LINES_KEPT;
    kept = kept < limit ? kept : limit;
    for (size_t i = log->n - kept; i < log->n; i++) {
        const struct line *line = &log->lines[i % LINES_KEPT];
        json_array_append_new(lines,
                              json_pack("{s:I, s:s, s:s}", "time", (json_int_t)line->time_us,
                                        "level", level_text(line->level), "text", line->text));
    }
    pthread_mutex_unlock(&log->lock);
    return lines;
}
