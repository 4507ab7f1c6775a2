#include "plugin/host/inspect.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "plugin/host/box.h"
#include "plugin/host/manual.h"
#include "plugin/host/settings.h"
#include "util/log.h"
#include "util/memory.h"

#define INPUT_LIMIT (4u << 20)
#define CPU_SECONDS 5
#define PATIENCE_SECONDS 10
#define MEMORY_MIB 512
#define DESCRIPTORS 64

/* ---- the declaration ---- */

static json_t *text_or_null(const char *text) {
    return text ? json_string(text) : json_null();
}

static json_t *texts(const char *const *list) {
    json_t *array = json_array();
    for (; list && *list; list++)
        json_array_append_new(array, json_string(*list));
    return array;
}

static json_t *default_json(const struct vol_option *option) {
    if (option->required)
        return json_null();
    if (option->kind == VOL_OPTION_INTEGER)
        return json_integer(option->number);
    return option->kind == VOL_OPTION_BOOLEAN ? json_boolean(option->number != 0)
                                              : text_or_null(option->text);
}

static json_t *option_json(const struct vol_option *option) {
    return json_pack("{s:s, s:s, s:b, s:I, s:I, s:o, s:o, s:o, s:s}", "name", option->name, "kind",
                     option_kind_name(option->kind), "required", option->required != 0, "least",
                     (json_int_t)option->least, "most", (json_int_t)option->most, "default",
                     default_json(option), "words", texts(option->words), "unit",
                     text_or_null(option->unit), "help", option->help);
}

static json_t *options_json(const struct loaded *loaded) {
    json_t *rows = json_array();
    for (size_t i = 0; i < loaded->n_options; i++)
        json_array_append_new(rows, option_json(&loaded->options[i]));
    return rows;
}

static json_t *counters_json(const struct loaded *loaded) {
    json_t *rows = json_array();
    for (size_t i = 0; i < loaded->n_counters; i++)
        json_array_append_new(rows, json_pack("{s:s, s:s, s:b}", "name", loaded->counters[i].name,
                                              "help", loaded->counters[i].help, "gauge",
                                              loaded->counters[i].gauge != 0));
    return rows;
}

static json_t *methods_json(const struct loaded *loaded) {
    json_t *rows = json_array();
    for (size_t i = 0; i < loaded->n_methods; i++)
        json_array_append_new(rows,
                              json_pack("{s:s, s:o, s:s}", "name", loaded->methods[i].name,
                                        "parameters", text_or_null(loaded->methods[i].parameters),
                                        "help", loaded->methods[i].help));
    return rows;
}

static json_t *declaration(const struct loaded *loaded) {
    const struct vol_plugin *plugin = &loaded->plugin;
    char abi[24];
    snprintf(abi, sizeof abi, "%u.%u", plugin->abi_major, plugin->abi_minor);
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "name",
                     plugin->name, "version", plugin->version, "abi", abi, "summary",
                     plugin->summary, "source", text_or_null(plugin->source), "wants",
                     texts(plugin->wants), "publishes", texts(plugin->publishes), "dump",
                     plugin->dump != NULL, "options", options_json(loaded), "counters",
                     counters_json(loaded), "methods", methods_json(loaded));
}

/* ---- the run ---- */

static json_t *read_input(void) {
    struct buf input = {0};
    ssize_t n;
    do {
        n = read(STDIN_FILENO, buf_extend(&input, 65536), 65536);
        input.size -= 65536 - (n > 0 ? (size_t)n : 0);
    } while (n > 0 && input.size <= INPUT_LIMIT);
    json_t *value = n == 0 ? json_read(input.data, input.size) : NULL;
    buf_deinit(&input);
    return value;
}

/* The plugin's own words go to stderr. */
static FILE *keep_output(void) {
    int fd = dup(STDOUT_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    return memory_checked(fdopen(fd, "w"));
}

/* A plugin's check reads the files that its options name. Which options name files is known only
 * once the plugin is loaded, and by then the box is closed: so whatever is written as the name of a
 * file may be read. A secret is written as file:..., and stays shut. */
static void close_box(const char *file, const json_t *input) {
    json_t *read = settings_files(json_object_get(input, "settings"), json_text(input, "folder"));
    struct box box = {
        .file = file, .read = read, .memory_mib = MEMORY_MIB, .descriptors = DESCRIPTORS};
    struct rlimit cpu = {CPU_SECONDS, CPU_SECONDS};
    struct box_report report;
    alarm(PATIENCE_SECONDS);
    setrlimit(RLIMIT_CPU, &cpu);
    box_report_init(&report);
    box_close(&box, &report);
    box_report_deinit(&report);
    json_decref(read);
}

static json_t *look(const char *file, const json_t *input) {
    struct loaded loaded;
    struct buf fault = {0};
    if (load_open(file, json_text(input, "name"), &loaded, &fault)) {
        json_t *failed = json_pack("{s:s%}", "failed", fault.data, fault.size);
        buf_deinit(&fault);
        return failed ? failed : json_pack("{s:s}", "failed", "cannot be loaded");
    }
    struct settings_found found;
    settings_found_init(&found);
    settings_check(&loaded, json_object_get(input, "settings"), json_text(input, "folder"), &found);
    json_t *result =
        json_pack("{s:o, s:O, s:O, s:O, s:O, s:O, s:O}", "declaration", declaration(&loaded),
                  "settings", found.values, "read", found.read, "connect", found.connect, "listen",
                  found.listen, "secrets", found.secrets, "complaints", found.complaints.list);
    settings_found_deinit(&found);
    load_free(&loaded);
    return result;
}

int inspect(const char *file) {
    json_t *input = read_input();
    FILE *out = keep_output();
    if (!json_is_object(input)) {
        log_error("--inspect reads a JSON object: {\"name\", \"folder\", \"settings\"}");
        return 2;
    }
    close_box(file, input);
    json_t *result = look(file, input);
    int outcome = json_dumpf(result, out, JSON_COMPACT) || fputc('\n', out) == EOF || fflush(out);
    json_decref(result);
    json_decref(input);
    return outcome ? 1 : 0;
}

int manual(const char *file) {
    const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
    struct str name = str_from(base);
    struct loaded loaded;
    struct buf fault = {0}, page = {0};
    FILE *out = keep_output();
    close_box(file, NULL);
    if (name.size > 3)
        name.size -= 3; /* .so */
    buf_printf(&page, "%.*s", STR_ARG(name));
    if (load_open(file, page.data, &loaded, &fault)) {
        log_error("%s %.*s", file, STR_ARG(fault));
        return 1;
    }
    buf_reset(&page);
    manual_page(&loaded, &page);
    bool written = fwrite(page.data, 1, page.size, out) == page.size && fflush(out) == 0;
    buf_deinit(&page);
    load_free(&loaded);
    return written ? 0 : 1;
}
