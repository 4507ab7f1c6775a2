/* libconfig's tree as lines of JSON, and what libconfig would pass over silently: whole numbers
 * that wrap, and text that is not UTF-8. */
#include "config_child.h"

#include <errno.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/io.h"
#include "util/memory.h"

#define FILE_LIMIT (1024 * 1024)
#define INCLUDED_LIMIT 64

struct flattening {
    struct buf *out;
    const char *main_file;
    size_t n_files;
    const char *files[INCLUDED_LIMIT];
};

static void line_begin(struct buf *out, const char *kind, struct str path, const char *file,
                       unsigned line) {
    buf_put_byte(out, '{');
    buf_json_key(out, "kind");
    buf_json_string(out, str_from(kind));
    buf_json_key(out, "path");
    buf_json_string(out, path);
    buf_json_key(out, "file");
    buf_json_string(out, str_from(file));
    buf_json_key(out, "line");
    buf_json_integer(out, line);
}

static void line_end(struct buf *out) {
    buf_put_str(out, STR("}\n"));
}

static const char *file_of(struct flattening *self, const config_setting_t *setting) {
    const char *file = config_setting_source_file(setting);
    if (!file)
        return self->main_file;
    for (size_t i = 0; i < self->n_files; i++)
        if (!strcmp(self->files[i], file))
            return file;
    if (self->n_files < INCLUDED_LIMIT)
        self->files[self->n_files++] = file;
    return file;
}

static const char *kind_of(const config_setting_t *setting) {
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_GROUP:
        return "group";
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return "integer";
    case CONFIG_TYPE_FLOAT:
        return "float";
    case CONFIG_TYPE_STRING:
        return "text";
    case CONFIG_TYPE_BOOL:
        return "boolean";
    default:
        return "list";
    }
}

/* Texts as they are, groups as {}: what stands in them has lines of its own. Anything else in a
 * list becomes null and is refused by the parent. */
static void put_items(struct buf *out, const config_setting_t *list) {
    buf_json_key(out, "items");
    buf_put_byte(out, '[');
    for (int i = 0; i < config_setting_length(list); i++) {
        const config_setting_t *item = config_setting_get_elem(list, (unsigned)i);
        const char *text = config_setting_get_string(item);
        buf_json_item(out);
        if (text)
            buf_json_string(out, str_from(text));
        else
            buf_put_str(out, config_setting_is_group(item) ? STR("{}") : STR("null"));
    }
    buf_put_byte(out, ']');
}

static void put_value(struct buf *out, const config_setting_t *setting) {
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        buf_json_key(out, "value");
        buf_json_integer(out, config_setting_get_int64(setting));
        break;
    case CONFIG_TYPE_STRING:
        buf_json_key(out, "value");
        buf_json_string(out, str_from(config_setting_get_string(setting)));
        break;
    case CONFIG_TYPE_BOOL:
        buf_json_key(out, "value");
        buf_put_str(out, config_setting_get_bool(setting) ? STR("true") : STR("false"));
        break;
    case CONFIG_TYPE_ARRAY:
    case CONFIG_TYPE_LIST:
        put_items(out, setting);
        break;
    default:
        break;
    }
}

static void flatten_group(struct flattening *self, const config_setting_t *group,
                          const char *prefix);

#define PATH_BYTES 256

/* A setting, and what stands in it: of a group its members ("bus.queue_mib"), of a list the groups
 * in it
 * ("plugins[0]"). `size` is what snprintf gave for the path. */
static void flatten_setting(struct flattening *self, const config_setting_t *setting,
                            const char *path, int size) {
    struct str whole = {path, size < PATH_BYTES ? (size_t)size : PATH_BYTES - 1};
    line_begin(self->out, kind_of(setting), whole, file_of(self, setting),
               config_setting_source_line(setting));
    put_value(self->out, setting);
    line_end(self->out);
    if (whole.size == PATH_BYTES - 1)
        return;
    if (config_setting_type(setting) == CONFIG_TYPE_GROUP)
        flatten_group(self, setting, path);
    if (config_setting_type(setting) != CONFIG_TYPE_LIST)
        return;
    for (int i = 0; i < config_setting_length(setting); i++) {
        char of_item[PATH_BYTES];
        config_setting_t *item = config_setting_get_elem(setting, (unsigned)i);
        if (config_setting_type(item) == CONFIG_TYPE_GROUP)
            flatten_setting(self, item, of_item,
                            snprintf(of_item, sizeof of_item, "%s[%d]", path, i));
    }
}

static void flatten_group(struct flattening *self, const config_setting_t *group,
                          const char *prefix) {
    for (int i = 0; i < config_setting_length(group); i++) {
        config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);
        char path[PATH_BYTES];
        flatten_setting(self, setting, path,
                        snprintf(path, sizeof path, "%s%s%s", prefix, *prefix ? "." : "",
                                 config_setting_name(setting)));
    }
}

/* ---- the text ---- */

struct scanner {
    const char *next;
    unsigned line;
};

static void skip_until(struct scanner *self, const char *end) {
    size_t size = strlen(end);
    while (*self->next && strncmp(self->next, end, size) != 0)
        self->line += *self->next++ == '\n';
    if (*self->next) {
        self->line += *end == '\n';
        self->next += size;
    }
}

static void skip_text(struct scanner *self) {
    for (self->next++; *self->next && *self->next != '"'; self->next++) {
        if (*self->next == '\\' && self->next[1])
            self->next++;
        self->line += *self->next == '\n';
    }
    self->next += *self->next == '"';
}

static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '*' || c == '.';
}

/* libconfig keeps a number without an L in 32 bits and one with it in 64, and says nothing where it
 * does not fit. */
static bool number_wraps(struct str word) {
    char text[64];
    if (word.size >= sizeof text)
        return word.data[0] >= '0' && word.data[0] <= '9';
    memcpy(text, word.data, word.size);
    text[word.size] = '\0';
    bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, hexadecimal ? 16 : 10);
    if (end == text || (*end && *end != 'L')) /* a name or a fraction: the type's check says so */
        return false;
    return errno == ERANGE || (*end != 'L' && (value > INT32_MAX || value < INT32_MIN));
}

static void scan_word(struct flattening *self, struct scanner *scanner, const char *file) {
    struct str word = {scanner->next, 0};
    while (is_word(word.data[word.size]))
        word.size++;
    scanner->next += word.size;
    if (!number_wraps(word))
        return;
    line_begin(self->out, "wraps", STR(""), file, scanner->line);
    buf_json_key(self->out, "value");
    buf_json_string(self->out, word);
    line_end(self->out);
}

static void put_fault(struct flattening *self, const char *file, unsigned line, const char *fault) {
    line_begin(self->out, "error", STR(""), file, line);
    buf_json_key(self->out, "value");
    buf_json_string(self->out, str_from(fault));
    line_end(self->out);
}

static void scan_characters(struct flattening *self, const char *file, struct str text) {
    unsigned line = 1;
    while (text.size) {
        size_t size = str_utf8_size(text);
        if (size == 0 || *text.data == '\0') {
            put_fault(self, file, line, "is not UTF-8 text from here on: save the file as UTF-8");
            return;
        }
        line += *text.data == '\n';
        text = (struct str){text.data + size, text.size - size};
    }
}

static void scan_file(struct flattening *self, const char *file) {
    char *text;
    size_t size;
    int result = io_read_file(io_system(), file, FILE_LIMIT, &text, &size);
    if (result < 0) {
        put_fault(self, file, 0,
                  result == -EFBIG ? "is larger than 1 MiB" : strerrordesc_np(-result));
        return;
    }
    scan_characters(self, file, (struct str){text, size});
    struct scanner scanner = {text, 1};
    while (*scanner.next) {
        if (*scanner.next == '"')
            skip_text(&scanner);
        else if (*scanner.next == '#' || !strncmp(scanner.next, "//", 2))
            skip_until(&scanner, "\n");
        else if (!strncmp(scanner.next, "/*", 2))
            skip_until(&scanner, "*/");
        else if (is_word(*scanner.next))
            scan_word(self, &scanner, file);
        else
            scanner.line += *scanner.next++ == '\n';
    }
    free(text);
}

/* ---- the whole file ---- */

static void put_error(struct buf *out, const config_t *config, const char *path) {
    const char *file = config_error_file(config);
    bool unreadable = config_error_type(config) == CONFIG_ERR_FILE_IO;
    line_begin(out, unreadable ? "unreadable" : "error", STR(""), file ? file : path,
               unreadable ? 0 : (unsigned)config_error_line(config));
    buf_json_key(out, "value");
    buf_json_string(out, str_from(config_error_text(config)));
    line_end(out);
}

int config_flatten(const char *path, struct buf *out) {
    config_t config;
    config_init(&config);
    char *folder = strdup(path);
    if (!folder)
        memory_out();
    char *slash = strrchr(folder, '/');
    if (slash) {
        slash[slash == folder] = '\0';
        config_set_include_dir(&config, folder);
    }
    free(folder);
    struct flattening self = {.out = out, .main_file = path, .n_files = 1, .files = {path}};
    if (!config_read_file(&config, path)) {
        put_error(out, &config, path);
    } else {
        for (size_t i = 0; i < self.n_files; i++)
            scan_file(&self, self.files[i]);
        size_t n_scanned = self.n_files;
        flatten_group(&self, config_root_setting(&config), "");
        for (size_t i = n_scanned; i < self.n_files; i++)
            scan_file(&self, self.files[i]);
    }
    buf_put_str(out, STR("{\"kind\":\"end\"}\n"));
    config_destroy(&config);
    return 0;
}
