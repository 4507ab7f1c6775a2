#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "bus/child.h"
#include "config_plugins.h"
#include "policy/signature.h"
#include "util/calendar.h"
#include "util/error.h"
#include "util/lines.h"

#define PARSE_LIMIT_MS 10000
#define PARSE_LIMIT_BYTES (4u * 1024 * 1024)

struct checking {
    struct config *config;
    struct buf *complaints;
    json_t *lines;
    bool given[64]; /* by option */
};

static void release_plugins(struct config *config) {
    for (size_t i = 0; i < config->n_plugins; i++)
        plugin_config_deinit(&config->plugins[i]);
    config->n_plugins = 0;
}

void config_deinit(struct config *config) {
    release_plugins(config);
    arena_deinit(&config->arena);
    memset(config, 0, sizeof *config);
}

/* ---- complaints ---- */

static const char *text_of(const json_t *line, const char *name) {
    const char *text = json_string_value(json_object_get(line, name));
    return text ? text : "";
}

static void complaint_begin(struct checking *self, const json_t *line) {
    json_int_t number = json_integer_value(json_object_get(line, "line"));
    buf_put_str(self->complaints, str_from(text_of(line, "file")));
    if (number > 0)
        buf_printf(self->complaints, ":%" PRId64, (int64_t)number);
    buf_put_str(self->complaints, STR(": "));
    const char *path = text_of(line, "path");
    if (*path)
        buf_printf(self->complaints, "%s: ", path);
}

/* Where the option stands, or the file where it does not. */
static void complaint_begin_of(struct checking *self, const char *name) {
    size_t i;
    json_t *line;
    json_array_foreach(self->lines, i, line) {
        if (!strcmp(text_of(line, "path"), name)) {
            complaint_begin(self, line);
            return;
        }
    }
    buf_printf(self->complaints, "%s: %s: ", self->config->path, name);
}

#define COMPLAIN_OF(self, name, ...)                                                               \
    do {                                                                                           \
        complaint_begin_of(self, name);                                                            \
        buf_printf((self)->complaints, __VA_ARGS__);                                               \
        buf_put_byte((self)->complaints, '\n');                                                    \
    } while (0)

#define COMPLAIN(self, line, ...)                                                                  \
    do {                                                                                           \
        complaint_begin(self, line);                                                               \
        buf_printf((self)->complaints, __VA_ARGS__);                                               \
        buf_put_byte((self)->complaints, '\n');                                                    \
    } while (0)

/* ---- values ---- */

static const char *absolute(struct checking *self, const char *path) {
    const char *slash = strrchr(self->config->path, '/');
    while (!strncmp(path, "./", 2))
        path += 2;
    if (*path == '/' || !slash)
        return arena_string(&self->config->arena, str_from(path));
    struct str joined = arena_printf(&self->config->arena, "%.*s/%s",
                                     (int)(slash - self->config->path), self->config->path, path);
    return arena_string(&self->config->arena, joined);
}

static void take_text(struct checking *self, const struct option *option, const json_t *line) {
    const json_t *value = json_object_get(line, "value");
    const char **place = option_place(option, &self->config->options);
    if (!json_is_string(value)) {
        COMPLAIN(self, line, "must be a text in quotes");
    } else if (!*json_string_value(value)) {
        COMPLAIN(self, line, "must not be empty");
    } else if (option->kind == OPTION_PATH) {
        *place = absolute(self, json_string_value(value));
    } else if (json_string_length(value) > (size_t)option->most) {
        COMPLAIN(self, line, "is longer than %" PRId64 " bytes", option->most);
    } else {
        *place = arena_string(&self->config->arena, str_from(json_string_value(value)));
    }
}

static void complain_of_range(struct checking *self, const struct option *option,
                              const json_t *line, const char *value) {
    COMPLAIN(self, line, "%s is out of range: %" PRId64 " to %" PRId64 "%s%s", value, option->least,
             option->most, option->unit ? " " : "", option->unit ? option->unit : "");
}

static bool stands_at(const json_t *line, const json_t *other) {
    return !strcmp(text_of(line, "file"), text_of(other, "file")) &&
           json_integer_value(json_object_get(line, "line")) ==
               json_integer_value(json_object_get(other, "line"));
}

/* Whether libconfig made `value` of these digits: it keeps the lower 32 bits, or of what does not
 * even fit 64 the limit's. */
static bool wraps_to(const char *digits, json_int_t value) {
    bool hexadecimal = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    long long whole = strtoll(digits, NULL, hexadecimal ? 16 : 10);
    return (uint32_t)whole == (uint32_t)value;
}

/* The number of this line as it stands in the file, where libconfig has wrapped it. */
static json_t *wrapped_at(struct checking *self, const json_t *line) {
    json_int_t value = json_integer_value(json_object_get(line, "value"));
    size_t i;
    json_t *other;
    json_array_foreach(self->lines, i, other) {
        if (!strcmp(text_of(other, "kind"), "wraps") && stands_at(other, line) &&
            wraps_to(text_of(other, "value"), value))
            return other;
    }
    return NULL;
}

static void take_integer(struct checking *self, const struct option *option, const json_t *line) {
    const json_t *value = json_object_get(line, "value");
    json_t *wrapped = wrapped_at(self, line);
    char text[32];
    if (!json_is_integer(value)) {
        COMPLAIN(self, line, "must be a whole number%s%s", option->unit ? " of " : "",
                 option->unit ? option->unit : "");
    } else if (wrapped) {
        complain_of_range(self, option, line, text_of(wrapped, "value"));
        json_object_set_new(wrapped, "kind", json_string("told"));
    } else if (json_integer_value(value) < option->least ||
               json_integer_value(value) > option->most) {
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        complain_of_range(self, option, line, text);
    } else {
        *(int64_t *)option_place(option, &self->config->options) = json_integer_value(value);
    }
}

static void take_boolean(struct checking *self, const struct option *option, const json_t *line) {
    const json_t *value = json_object_get(line, "value");
    if (!json_is_boolean(value))
        COMPLAIN(self, line, "must be true or false");
    else
        *(bool *)option_place(option, &self->config->options) = json_is_true(value);
}

static void take_word(struct checking *self, const struct option *option, const json_t *line) {
    const char *text = json_string_value(json_object_get(line, "value"));
    for (size_t i = 0; text && option->words[i]; i++) {
        if (!strcmp(text, option->words[i])) {
            *(int64_t *)option_place(option, &self->config->options) = (int64_t)i;
            return;
        }
    }
    complaint_begin(self, line);
    buf_put_str(self->complaints, STR("must be one of"));
    for (size_t i = 0; option->words[i]; i++)
        buf_printf(self->complaints, "%s \"%s\"", i ? "," : "", option->words[i]);
    buf_put_byte(self->complaints, '\n');
}

/* ---- endpoints ---- */

/* Until keys exist whoever reaches an endpoint may do everything, so tcp is for this machine alone.
 */
static const char *tcp_fault(const char *address) {
    const char *colon = strrchr(address, ':');
    char host[16];
    struct in_addr parsed;
    size_t size = colon ? (size_t)(colon - address) : 0;
    if (!colon || size == 0 || size >= sizeof host)
        return "a tcp endpoint reads tcp://127.0.0.1:PORT";
    memcpy(host, address, size);
    host[size] = '\0';
    if (inet_pton(AF_INET, host, &parsed) != 1 || (ntohl(parsed.s_addr) >> 24) != 127)
        return "tcp is allowed on loopback only (tcp://127.0.0.1:PORT) while there are no keys";
    char *end;
    long port = strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end || port < 1 || port > 65535)
        return "the port must be a number from 1 to 65535";
    return NULL;
}

static const char *ipc_fault(const char *path) {
    struct sockaddr_un address;
    if (*path == '\0' || *path == '@' || *path == '*')
        return "an ipc endpoint reads ipc:///path/of/a.sock";
    if (strlen(path) >= sizeof address.sun_path)
        return "the path of an ipc endpoint is too long (107 bytes at most)";
    return NULL;
}

static const char *take_endpoint(struct checking *self, const char *text, struct texts *endpoints) {
    const char *fault = "an endpoint begins with ipc:// or tcp://";
    struct arena *arena = &self->config->arena;
    if (endpoints->n == TEXTS_LIMIT)
        return "has too many endpoints";
    if (!strncmp(text, "ipc://", 6)) {
        fault = ipc_fault(text + 6);
        if (!fault) {
            const char *path = absolute(self, text + 6);
            fault = ipc_fault(path);
            text = arena_string(arena, arena_printf(arena, "ipc://%s", path));
        }
    } else if (!strncmp(text, "tcp://", 6)) {
        fault = tcp_fault(text + 6);
    }
    if (!fault)
        endpoints->items[endpoints->n++] = arena_string(arena, str_from(text));
    return fault;
}

static void take_endpoints(struct checking *self, const struct option *option, const json_t *line) {
    const json_t *items = json_object_get(line, "items");
    struct texts *place = option_place(option, &self->config->options);
    if (!json_array_size(items)) {
        COMPLAIN(self, line,
                 "must be a list of endpoints, as [ \"ipc:///run/volunteerd/x.sock\" ]");
        return;
    }
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        const char *fault = json_is_string(item)
                                ? take_endpoint(self, json_string_value(item), place)
                                : "is not a text in quotes";
        if (fault)
            COMPLAIN(self, line, "%s: %s",
                     json_is_string(item) ? json_string_value(item) : "an item", fault);
    }
}

static void compose_endpoints(struct checking *self) {
    struct options *options = &self->config->options;
    for (size_t i = 0; i < n_options; i++) {
        const struct option *option = &option_table[i];
        if (option->kind != OPTION_ENDPOINTS || self->given[i] || !options->runtime_dir)
            continue;
        struct texts *place = option_place(option, options);
        struct str text =
            arena_printf(&self->config->arena, "ipc://%s/%s", options->runtime_dir, option->text);
        const char *fault = take_endpoint(self, arena_string(&self->config->arena, text), place);
        if (fault)
            COMPLAIN_OF(self, "runtime_dir", "%s", fault);
    }
}

/* A second bind of an ipc path would silently steal it from the first. */
static void complain_of_shared(struct checking *self, const struct option *option, size_t index,
                               const char *endpoint) {
    for (const struct option *other = option_table; other <= option; other++) {
        if (other->kind != OPTION_ENDPOINTS)
            continue;
        const struct texts *list = option_value(other, &self->config->options);
        for (size_t i = 0; i < (other == option ? index : list->n); i++)
            if (!strcmp(list->items[i], endpoint))
                COMPLAIN_OF(self, option->name, "%s is taken by %s already", endpoint, other->name);
    }
}

static void check_endpoints(struct checking *self) {
    for (size_t i = 0; i < n_options; i++) {
        const struct option *option = &option_table[i];
        if (option->kind != OPTION_ENDPOINTS)
            continue;
        const struct texts *list = option_value(option, &self->config->options);
        for (size_t j = 0; j < list->n; j++)
            complain_of_shared(self, option, j, list->items[j]);
    }
}

/* ---- signers ---- */

static const char *take_signer(struct checking *self, const char *text, struct texts *signers) {
    struct signer signer, other;
    if (signers->n == TEXTS_LIMIT)
        return "has too many signers";
    const char *fault = signer_parse(str_from(text), &signer);
    for (size_t i = 0; !fault && i < signers->n; i++) {
        (void)signer_parse(str_from(signers->items[i]), &other);
        if (!strcmp(other.name, signer.name) || !memcmp(other.key, signer.key, sizeof signer.key))
            fault = "its name or key stands there already";
    }
    if (!fault)
        signers->items[signers->n++] = arena_string(&self->config->arena, str_from(text));
    return fault;
}

static void take_signers(struct checking *self, const struct option *option, const json_t *line) {
    const json_t *items = json_object_get(line, "items");
    struct texts *place = option_place(option, &self->config->options);
    size_t i;
    json_t *item;
    if (!items)
        COMPLAIN(self, line, "must be a list of signers, as [ \"clerk:2:KEY\" ]");
    json_array_foreach(items, i, item) {
        const char *fault = json_is_string(item) ? take_signer(self, json_string_value(item), place)
                                                 : "is not a text in quotes";
        if (fault)
            COMPLAIN(self, line, "%s: %s",
                     json_is_string(item) ? json_string_value(item) : "an item", fault);
    }
}

/* ---- settings ---- */

static void take_setting(struct checking *self, const struct option *option, const json_t *line) {
    static void (*const takers[])(struct checking *, const struct option *, const json_t *) = {
        [OPTION_PATH] = take_text,       [OPTION_TEXT] = take_text,
        [OPTION_INTEGER] = take_integer, [OPTION_BOOLEAN] = take_boolean,
        [OPTION_WORD] = take_word,       [OPTION_ENDPOINTS] = take_endpoints,
        [OPTION_SIGNERS] = take_signers,
    };
    self->given[option - option_table] = true;
    takers[option->kind](self, option, line);
}

static void complain_of_unknown(struct checking *self, const json_t *line) {
    const char *nearest = option_nearest(str_from(text_of(line, "path")));
    if (nearest)
        COMPLAIN(self, line, "there is no such option; did you mean %s?", nearest);
    else
        COMPLAIN(self, line, "there is no such option");
}

/* What stands in a group that is not there has been told with the group. */
static bool is_in_unknown_group(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot && !option_is_group((struct str){path, (size_t)(dot - path)});
}

static void check_line(struct checking *self, const json_t *line) {
    const char *kind = text_of(line, "kind");
    if (!strcmp(kind, "wraps") || !strcmp(kind, "told") || !strcmp(kind, "end"))
        return;
    if (!strcmp(kind, "error") || !strcmp(kind, "unreadable")) {
        COMPLAIN(self, line, "%s",
                 !strcmp(kind, "error") ? text_of(line, "value") : "cannot be read");
        return;
    }
    struct str path = str_from(text_of(line, "path"));
    bool group = !strcmp(kind, "group");
    if (config_is_of_plugins(path.data))
        return;
    const struct option *option = option_find(path);
    if (option && group)
        COMPLAIN(self, line, "is an option, not a group");
    else if (option)
        take_setting(self, option, line);
    else if (!group && option_is_group(path))
        COMPLAIN(self, line, "is a group: { ... }");
    else if (!option_is_group(path) && !is_in_unknown_group(path.data))
        complain_of_unknown(self, line);
}

static void check_numbers_left(struct checking *self) {
    size_t i;
    json_t *line;
    json_array_foreach(self->lines, i, line) {
        if (!strcmp(text_of(line, "kind"), "wraps"))
            COMPLAIN(self, line, "%s does not fit a number", text_of(line, "value"));
    }
}

static void check_required(struct checking *self) {
    for (size_t i = 0; i < n_options; i++)
        if (option_table[i].required && !self->given[i])
            buf_printf(self->complaints, "%s: %s: must be given (%s)\n", self->config->path,
                       option_table[i].name, option_table[i].help);
}

static void check_city(struct checking *self) {
    const struct options *options = &self->config->options;
    struct str region = str_from(options->city_region);
    bool digits = region.size == 12;
    for (size_t i = 0; i < region.size; i++)
        digits = digits && region.data[i] >= '0' && region.data[i] <= '9';
    if (!digits)
        COMPLAIN_OF(self, "city.region", "must be a division code of 12 digits");
    struct zone zone;
    if (zone_load(options->city_time_zone, &zone) != 0)
        COMPLAIN_OF(self, "city.time_zone",
                    "\"%s\" is not a time zone that can be kept; write it as in Asia/Shanghai",
                    options->city_time_zone);
}

static json_t *parse_lines(struct str lines) {
    json_t *array = json_array();
    struct str text;
    while (lines_next(&lines, &text)) {
        json_t *line = json_loadb(text.data, text.size, 0, NULL);
        if (line)
            json_array_append_new(array, line);
    }
    return array;
}

int config_from_lines(const char *path, struct str lines, struct config *config,
                      struct buf *complaints) {
    size_t before = complaints->size;
    struct checking self = {.config = config, .complaints = complaints};
    config->path = arena_string(&config->arena, str_from(path));
    options_default(&config->options);
    self.lines = parse_lines(lines);
    const json_t *last = json_array_get(self.lines, json_array_size(self.lines) - 1);
    if (strcmp(text_of(last, "kind"), "end") != 0)
        buf_printf(complaints,
                   "%s: cannot be parsed: look for an @include of something that is not a file\n",
                   path);
    size_t i;
    json_t *line;
    json_array_foreach(self.lines, i, line) check_line(&self, line);
    config->n_plugins = config_take_plugins(self.lines, config->path, config->plugins, complaints);
    check_numbers_left(&self);
    if (complaints->size == before || json_array_size(self.lines) > 2)
        check_required(&self);
    check_city(&self);
    compose_endpoints(&self);
    check_endpoints(&self);
    json_decref(self.lines);
    if (!config->options.master_key && config->options.data_dir) {
        struct str key = arena_printf(&config->arena, "%s/master.key", config->options.data_dir);
        config->options.master_key = arena_string(&config->arena, key);
    }
    return complaints->size == before ? 0 : CONFIG_REFUSED;
}

int config_load(const char *program, const char *path, struct config *config,
                struct buf *complaints) {
    char *whole = realpath(path, NULL);
    if (!whole) {
        buf_printf(complaints, "%s: %s\n", path, strerrordesc_np(errno));
        return CONFIG_REFUSED;
    }
    const char *const arguments[] = {"volunteerd", "--child", "config", whole, NULL};
    struct buf lines = {0};
    int status = 0;
    int result = child_run(program, arguments, PARSE_LIMIT_MS, PARSE_LIMIT_BYTES, &lines, &status);
    if (result == -ETIMEDOUT || result == -EMSGSIZE) {
        buf_printf(complaints, "%s: cannot be read: %s\n", whole,
                   result == -EMSGSIZE ? "it is too large" : "it does not end");
        result = CONFIG_REFUSED;
    } else if (result == 0) {
        result = config_from_lines(whole, buf_str(&lines), config, complaints);
    }
    buf_deinit(&lines);
    free(whole);
    return result;
}

/* ---- SIGHUP ---- */

size_t config_take_live(struct config *config, const struct config *next, struct buf *restart) {
    size_t taken = 0;
    for (size_t i = 0; i < n_options; i++) {
        const struct option *option = &option_table[i];
        if (!option_differs(option, &config->options, &next->options))
            continue;
        if (option->live) {
            option_copy(option, &config->options, &next->options);
            taken++;
        } else {
            buf_printf(restart, "%s%s", restart->size ? ", " : "", option->name);
        }
    }
    return taken;
}

void config_take_plugins_over(struct config *config, struct config *next) {
    release_plugins(config);
    memcpy(config->plugins, next->plugins, sizeof config->plugins);
    config->n_plugins = next->n_plugins;
    next->n_plugins = 0;
}
