#include "plugin/host/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/host/place.h"
#include "plugin/host/services.h"
#include "util/memory.h"

#define TEXT_BYTES 1000 /* of texts whose option does not say how long they may be */
#define MESSAGE_BYTES 1000

const char *option_kind_name(enum vol_option_kind kind) {
    static const char *const names[] = {
        [VOL_OPTION_TEXT] = "text",       [VOL_OPTION_INTEGER] = "integer",
        [VOL_OPTION_BOOLEAN] = "boolean", [VOL_OPTION_WORD] = "word",
        [VOL_OPTION_PATH] = "path",       [VOL_OPTION_URL] = "url",
        [VOL_OPTION_LISTEN] = "listen",   [VOL_OPTION_SECRET] = "secret",
    };
    return names[kind];
}

/* ---- complaints ---- */

static struct complaints *complaints_of(struct vol_complaint *complaint) {
    return (struct complaints *)(void *)complaint;
}

/* What a plugin says may be of any length, and no text at all. */
static json_t *said(const char *text) {
    size_t size = text ? strnlen(text, MESSAGE_BYTES) : 0;
    json_t *value = size ? json_stringn(text, size) : NULL;
    return value ? value : json_string("");
}

void complaints_add(struct vol_complaint *complaint, const char *option, const char *message) {
    json_t *row = json_object();
    json_object_set_new(row, "option", said(option));
    json_object_set_new(row, "message", said(message));
    json_array_append_new(complaints_of(complaint)->list, row);
}

static void complain(struct settings_found *found, const char *option, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void complain(struct settings_found *found, const char *option, const char *format, ...) {
    char message[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    complaints_add(&found->complaints.lent, option, message);
}

void settings_found_init(struct settings_found *found) {
    *found = (struct settings_found){.values = json_object(),
                                     .read = json_array(),
                                     .connect = json_array(),
                                     .listen = json_array(),
                                     .secrets = json_array(),
                                     .complaints = {{&host_services}, json_array()}};
}

void settings_found_deinit(struct settings_found *found) {
    json_decref(found->values);
    json_decref(found->read);
    json_decref(found->connect);
    json_decref(found->listen);
    json_decref(found->secrets);
    json_decref(found->complaints.list);
    *found = (struct settings_found){0};
}

/* ---- one value of each kind: the value to keep, or NULL and a complaint ---- */

static json_t *check_integer(const struct vol_option *option, int64_t number,
                             struct settings_found *found) {
    const char *unit = option->unit ? option->unit : "", *space = option->unit ? " " : "";
    if (number >= option->least && number <= option->most)
        return json_integer(number);
    complain(found, option->name, "must be from %" PRId64 " to %" PRId64 "%s%s", option->least,
             option->most, space, unit);
    return NULL;
}

static json_t *check_text(const struct vol_option *option, const char *text,
                          struct settings_found *found) {
    size_t most = option->most > 0 ? (size_t)option->most : TEXT_BYTES;
    if (strlen(text) <= most)
        return json_string(text);
    complain(found, option->name, "is longer than %zu bytes", most);
    return NULL;
}

static json_t *check_word(const struct vol_option *option, const char *text,
                          struct settings_found *found) {
    struct buf list = {0};
    for (const char *const *word = option->words; *word; word++) {
        if (!strcmp(*word, text))
            return buf_deinit(&list), json_string(text);
        buf_printf(&list, "%s\"%s\"", list.size ? ", " : "", *word);
    }
    complain(found, option->name, "must be one of %.*s", STR_ARG(list));
    buf_deinit(&list);
    return NULL;
}

static void put_path(struct buf *path, const char *folder, const char *text) {
    buf_printf(path, "%s%s%s", *text == '/' ? "" : folder, *text == '/' ? "" : "/", text);
}

json_t *settings_files(const json_t *given, const char *folder) {
    json_t *files = json_array(), *row;
    size_t i;
    json_array_foreach(given, i, row) {
        const char *text = json_string_value(json_object_get(row, "value"));
        struct buf path = {0};
        struct stat status;
        put_path(&path, folder ? folder : "", text ? text : "");
        if (text && *text && stat(path.data, &status) == 0 && S_ISREG(status.st_mode))
            json_array_append_new(files, json_string(path.data));
        buf_deinit(&path);
    }
    return files;
}

static json_t *check_path(const struct vol_option *option, const char *text, const char *folder,
                          struct settings_found *found) {
    struct buf path = {0};
    struct stat status;
    json_t *value = NULL;
    put_path(&path, folder, text);
    if (!*text)
        complain(found, option->name, "is empty: it must name a file");
    else if (stat(path.data, &status) != 0 || access(path.data, R_OK) != 0)
        complain(found, option->name, "names %s, which cannot be read: %s", path.data,
                 strerrordesc_np(errno));
    else if (!S_ISREG(status.st_mode))
        complain(found, option->name, "names %s, which is no file", path.data);
    else
        value = json_string(path.data);
    if (value)
        json_array_append(found->read, value);
    buf_deinit(&path);
    return value;
}

static json_t *check_place(const struct vol_option *option, const char *text, json_t *ports,
                           const char *look(const char *, uint16_t *),
                           struct settings_found *found) {
    uint16_t port = 0;
    const char *fault = look(text, &port);
    if (fault) {
        complain(found, option->name, "%s", fault);
        return NULL;
    }
    json_array_append_new(ports, json_integer(port));
    return json_string(text);
}

/* Whether it can be read is the daemon's matter: this process may not. What stands there may be the
 * secret itself, and is not repeated. */
static json_t *check_secret(const struct vol_option *option, const char *text,
                            struct settings_found *found) {
    bool is_file = !strncmp(text, "file:", 5) && text[5];
    bool is_credential = !strncmp(text, "credential:", 11) && text[11] && !strchr(text + 11, '/');
    if (!is_file && !is_credential) {
        complain(found, option->name,
                 "must say where the secret is: \"file:/PATH\" or \"credential:NAME\"");
        return NULL;
    }
    json_array_append_new(found->secrets, json_string(option->name));
    return json_string(text);
}

static json_t *check_string(const struct vol_option *option, const char *text, const char *folder,
                            struct settings_found *found) {
    switch (option->kind) {
    case VOL_OPTION_WORD:
        return check_word(option, text, found);
    case VOL_OPTION_PATH:
        return check_path(option, text, folder, found);
    case VOL_OPTION_URL:
        return check_place(option, text, found->connect, place_url, found);
    case VOL_OPTION_LISTEN:
        return check_place(option, text, found->listen, place_listen, found);
    case VOL_OPTION_SECRET:
        return check_secret(option, text, found);
    default:
        return check_text(option, text, found);
    }
}

static json_t *check_value(const struct vol_option *option, const json_t *value, const char *folder,
                           struct settings_found *found) {
    if (option->kind == VOL_OPTION_INTEGER) {
        if (json_is_integer(value))
            return check_integer(option, json_integer_value(value), found);
        complain(found, option->name, "must be a whole number");
    } else if (option->kind == VOL_OPTION_BOOLEAN) {
        if (json_is_boolean(value))
            return json_boolean(json_is_true(value));
        complain(found, option->name, "must be true or false");
    } else {
        if (json_is_string(value))
            return check_string(option, json_string_value(value), folder, found);
        complain(found, option->name, "must be a text in double quotes");
    }
    return NULL;
}

/* ---- all of them ---- */

static void complain_unknown(const struct loaded *loaded, const char *name,
                             struct settings_found *found) {
    const char *names[OPTIONS_LIMIT];
    for (size_t i = 0; i < loaded->n_options; i++)
        names[i] = loaded->options[i].name;
    const char *nearest = str_nearest(str_from(name), names, loaded->n_options);
    if (nearest)
        complain(found, name, "is no option of this plugin: did you mean `%s`?", nearest);
    else
        complain(found, name, "is no option of this plugin");
}

static void take_given(const struct loaded *loaded, const json_t *given, const char *folder,
                       bool *is_given, struct settings_found *found) {
    size_t i;
    json_t *row;
    json_array_foreach(given, i, row) {
        const char *name = json_text(row, "name");
        const struct vol_option *option = load_option(loaded, name);
        if (!option) {
            complain_unknown(loaded, name, found);
            continue;
        }
        bool *once = &is_given[option - loaded->options];
        if (*once)
            complain(found, name, "stands there twice");
        else
            json_object_set_new(found->values, name,
                                check_value(option, json_object_get(row, "value"), folder, found));
        *once = true;
    }
}

static json_t *default_of(const struct vol_option *option) {
    if (option->kind == VOL_OPTION_INTEGER)
        return json_integer(option->number);
    if (option->kind == VOL_OPTION_BOOLEAN)
        return json_boolean(option->number != 0);
    return option->text ? json_string(option->text) : NULL;
}

static void take_default(const struct vol_option *option, const char *folder,
                         struct settings_found *found) {
    json_t *value = default_of(option);
    if (option->required)
        complain(found, option->name, "must be given: %s", option->help);
    else if (value)
        json_object_set_new(found->values, option->name, check_value(option, value, folder, found));
    json_decref(value);
}

void settings_check(const struct loaded *loaded, const json_t *given, const char *folder,
                    struct settings_found *found) {
    bool is_given[OPTIONS_LIMIT] = {0};
    take_given(loaded, given, folder, is_given, found);
    for (size_t i = 0; i < loaded->n_options; i++)
        if (!is_given[i])
            take_default(&loaded->options[i], folder, found);
    if (json_array_size(found->complaints.list) || !loaded->plugin.check)
        return;
    struct settings settings = {{&host_services}, loaded, found->values};
    loaded->plugin.check(&settings.lent, &found->complaints.lent);
}

/* ---- for the plugin ---- */

static const json_t *value_of(const struct vol_settings *settings, const char *name) {
    return json_object_get(((const struct settings *)(const void *)settings)->values, name);
}

const char *settings_text(const struct vol_settings *settings, const char *name) {
    return json_string_value(value_of(settings, name));
}

int64_t settings_number(const struct vol_settings *settings, const char *name) {
    const json_t *value = value_of(settings, name);
    return json_is_boolean(value) ? json_is_true(value) : json_integer_value(value);
}
