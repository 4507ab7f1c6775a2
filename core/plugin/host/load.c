#include "plugin/host/load.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/memory.h"

#define NAME_LIMIT 32 /* of the plugin, an option, a counter, a method */
#define SHORT_LIMIT 64
#define SENTENCE_LIMIT 1000
/* What the first minor had: less than this was never a plugin. */
#define FIRST_PLUGIN_BYTES (offsetof(struct vol_plugin, dump) + sizeof(void *))
#define FIRST_OPTION_BYTES (offsetof(struct vol_option, help) + sizeof(char *))
#define FIRST_COUNTER_BYTES (offsetof(struct vol_counter, gauge) + sizeof(int))
#define FIRST_METHOD_BYTES (offsetof(struct vol_method, help) + sizeof(char *))

#define FAULT(...) (buf_printf(fault, __VA_ARGS__), 1)

/* ---- its words ---- */

static bool is_name(const char *name, const char *also) {
    if (!name || !islower((unsigned char)*name) || strlen(name) > NAME_LIMIT)
        return false;
    for (; *name; name++)
        if (!islower((unsigned char)*name) && !strchr(also, *name))
            return false;
    return true;
}

static bool is_text(const char *text, size_t limit) {
    if (!text || !*text || strlen(text) > limit)
        return false;
    for (struct str left = str_from(text); left.size;) {
        size_t size = str_utf8_size(left);
        if (size == 0 || (uint8_t)*left.data < ' ')
            return false;
        left = (struct str){left.data + size, left.size - size};
    }
    return true;
}

/* ---- its tables ---- */

/* A table whose rows are `size` bytes long, in rows as they are here. Its end is a row whose first
 * member, the name, is NULL. */
static int copy_table(const char *what, const void *table, size_t size, size_t least, size_t most,
                      size_t limit, void **ret_rows, size_t *ret_n, struct buf *fault) {
    if (!table)
        return 0;
    if (size < least || size > most)
        return FAULT("says that a row of its %s has %zu bytes: initialise vol_plugin with VOL_ABI",
                     what, size);
    const char *from = table;
    char *rows = memory_checked(calloc(limit + 1, most));
    size_t n = 0;
    for (; n <= limit; n++, from += size) {
        const char *name;
        memcpy(&name, from, sizeof name);
        if (!name)
            break;
        memcpy(rows + n * most, from, size);
    }
    *ret_rows = rows;
    *ret_n = n < limit ? n : limit;
    return n > limit ? FAULT("has more than %zu %s: end the table with {NULL}", limit, what) : 0;
}

static bool name_came_before(const void *rows, size_t row_size, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++) {
        const char *other;
        memcpy(&other, (const char *)rows + i * row_size, sizeof other);
        if (!strcmp(other, name))
            return true;
    }
    return false;
}

static bool is_reserved(const char *name) {
    return !strncmp(name, "limits", 6) || !strcmp(name, "name") || !strcmp(name, "enabled");
}

static int check_words(const struct vol_option *option, struct buf *fault) {
    bool has_default = false;
    if (!option->words || !*option->words)
        return FAULT("option `%s` is of kind WORD and has no words", option->name);
    for (const char *const *word = option->words; *word; word++) {
        if (!is_text(*word, SHORT_LIMIT))
            return FAULT("option `%s` has a word that is empty or no text", option->name);
        has_default = has_default || (option->text && !strcmp(option->text, *word));
    }
    return option->text && !has_default
               ? FAULT("option `%s` has a default that is none of its words", option->name)
               : 0;
}

static int check_option(const struct vol_option *option, struct buf *fault) {
    if (!is_name(option->name, "_0123456789"))
        return FAULT("has an option whose name is not of the form [a-z][a-z0-9_]*, up to 32 bytes");
    if (is_reserved(option->name))
        return FAULT("has an option `%s`: names that begin with `limits`, `name` and `enabled` are "
                     "the daemon's",
                     option->name);
    if ((unsigned)option->kind > VOL_OPTION_SECRET)
        return FAULT("option `%s` is of kind %d, which there is not", option->name,
                     (int)option->kind);
    if (!is_text(option->help, SENTENCE_LIMIT))
        return FAULT("option `%s` has no help", option->name);
    if (option->unit && !is_text(option->unit, SHORT_LIMIT))
        return FAULT("option `%s` has a unit that is no text", option->name);
    if (option->text && !is_text(option->text, SENTENCE_LIMIT) && *option->text)
        return FAULT("option `%s` has a default that is no text", option->name);
    if (option->kind == VOL_OPTION_WORD)
        return check_words(option, fault);
    if (option->kind == VOL_OPTION_BOOLEAN && option->number != 0 && option->number != 1)
        return FAULT("option `%s` is a boolean and has a default that is neither 0 nor 1",
                     option->name);
    if (option->kind == VOL_OPTION_INTEGER &&
        (option->least > option->most ||
         (!option->required && (option->number < option->least || option->number > option->most))))
        return FAULT("option `%s` has an empty range, or a default outside of it", option->name);
    return 0;
}

static int check_options(const struct loaded *loaded, struct buf *fault) {
    for (size_t i = 0; i < loaded->n_options; i++) {
        if (check_option(&loaded->options[i], fault))
            return 1;
        if (name_came_before(loaded->options, sizeof *loaded->options, i, loaded->options[i].name))
            return FAULT("has two options `%s`", loaded->options[i].name);
    }
    return 0;
}

static int check_counters(const struct loaded *loaded, struct buf *fault) {
    for (size_t i = 0; i < loaded->n_counters; i++) {
        const struct vol_counter *counter = &loaded->counters[i];
        if (!is_name(counter->name, "_"))
            return FAULT("has a counter whose name is not of the form [a-z][a-z_]*, up to 32 "
                         "bytes");
        if (!is_text(counter->help, SENTENCE_LIMIT))
            return FAULT("counter `%s` has no help", counter->name);
        if (name_came_before(loaded->counters, sizeof *counter, i, counter->name))
            return FAULT("has two counters `%s`", counter->name);
    }
    return 0;
}

static int check_methods(const struct loaded *loaded, struct buf *fault) {
    for (size_t i = 0; i < loaded->n_methods; i++) {
        const struct vol_method *method = &loaded->methods[i];
        if (!is_name(method->name, "_"))
            return FAULT("has a method whose name is not of the form [a-z][a-z_]*, up to 32 bytes");
        if (!method->run || !is_text(method->help, SENTENCE_LIMIT))
            return FAULT("method `%s` has no function or no help", method->name);
        if (method->parameters && !is_text(method->parameters, SENTENCE_LIMIT))
            return FAULT("method `%s` has parameters that are no text", method->name);
        if (name_came_before(loaded->methods, sizeof *method, i, method->name))
            return FAULT("has two methods `%s`", method->name);
    }
    return 0;
}

static int check_types(const char *what, const char *const *types, bool all, size_t *ret_n,
                       struct buf *fault) {
    size_t n = 0;
    for (; types && types[n]; n++) {
        if (n == TYPES_LIMIT)
            return FAULT("%s more than %d event types: end the list with NULL", what, TYPES_LIMIT);
        bool is_all = !strcmp(types[n], "*");
        if (is_all ? !all || n || types[1] : !is_text(types[n], SHORT_LIMIT))
            return FAULT("%s something that is no event type", what);
    }
    *ret_n = n;
    return 0;
}

/* ---- the whole ---- */

static int check_source(const struct loaded *loaded, struct buf *fault) {
    const struct vol_plugin *plugin = &loaded->plugin;
    char source[sizeof "/plugins/" + NAME_LIMIT];
    snprintf(source, sizeof source, "/plugins/%s", plugin->name);
    if (plugin->source ? strcmp(plugin->source, source) != 0 : loaded->n_publishes > 0)
        return FAULT("must publish under the source \"%s\"", source);
    return 0;
}

static int check_plugin(struct loaded *loaded, const char *name, struct buf *fault) {
    const struct vol_plugin *plugin = &loaded->plugin;
    if (!is_name(plugin->name, "_-0123456789") || strcmp(plugin->name, name) != 0)
        return FAULT("says that it is the plugin `%.*s`: its name and its file's must be the same",
                     NAME_LIMIT, plugin->name ? plugin->name : "");
    if (!is_text(plugin->version, SHORT_LIMIT) || !is_text(plugin->summary, SENTENCE_LIMIT))
        return FAULT("has no version or no summary");
    if (!plugin->start)
        return FAULT("has no start()");
    if (check_types("wants", plugin->wants, true, &loaded->n_wants, fault) ||
        check_types("publishes", plugin->publishes, false, &loaded->n_publishes, fault) ||
        check_source(loaded, fault))
        return 1;
    if (loaded->n_wants && !plugin->events)
        return FAULT("wants events and has no events()");
    return 0;
}

static int check_abi(const struct vol_plugin *raw, struct buf *fault) {
    if (raw->abi_major != VOL_ABI_MAJOR)
        return FAULT("was built for ABI %u.%u, this is %d.%d: build it against this header",
                     raw->abi_major, raw->abi_minor, VOL_ABI_MAJOR, VOL_ABI_MINOR);
    if (raw->abi_minor > VOL_ABI_MINOR)
        return FAULT("was built for ABI %u.%u, newer than this daemon's %d.%d: update volunteerd",
                     raw->abi_major, raw->abi_minor, VOL_ABI_MAJOR, VOL_ABI_MINOR);
    if (raw->size < FIRST_PLUGIN_BYTES || raw->size > sizeof *raw)
        return FAULT("says that its declaration has %u bytes: initialise vol_plugin with VOL_ABI",
                     raw->size);
    return 0;
}

static int copy_tables(struct loaded *loaded, struct buf *fault) {
    const struct vol_plugin *plugin = &loaded->plugin;
    void *options = NULL, *counters = NULL, *methods = NULL;
    int result =
        copy_table("options", plugin->options, plugin->option_size, FIRST_OPTION_BYTES,
                   sizeof *loaded->options, OPTIONS_LIMIT, &options, &loaded->n_options, fault);
    if (!result)
        result = copy_table("counters", plugin->counters, plugin->counter_size, FIRST_COUNTER_BYTES,
                            sizeof *loaded->counters, COUNTERS_LIMIT, &counters,
                            &loaded->n_counters, fault);
    if (!result)
        result =
            copy_table("methods", plugin->methods, plugin->method_size, FIRST_METHOD_BYTES,
                       sizeof *loaded->methods, METHODS_LIMIT, &methods, &loaded->n_methods, fault);
    loaded->options = options;
    loaded->counters = counters;
    loaded->methods = methods;
    return result;
}

static int take(const struct vol_plugin *raw, const char *name, struct loaded *loaded,
                struct buf *fault) {
    if (check_abi(raw, fault))
        return 1;
    memcpy(&loaded->plugin, raw, raw->size);
    return check_plugin(loaded, name, fault) || copy_tables(loaded, fault) ||
           check_options(loaded, fault) || check_counters(loaded, fault) ||
           check_methods(loaded, fault);
}

static int check_file(const char *file, const char *name, struct buf *fault) {
    const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
    size_t size = strlen(name);
    struct stat status;
    if (strncmp(base, name, size) != 0 || strcmp(base + size, ".so") != 0)
        return FAULT("is not called %s.so: a plugin's file has its name", name);
    if (stat(file, &status) == 0 && status.st_mode & S_IWOTH)
        return FAULT("may be written by everybody: `chmod o-w` it");
    return 0;
}

int load_open(const char *file, const char *name, struct loaded *ret_loaded, struct buf *fault) {
    struct loaded loaded = {0};
    if (check_file(file, name, fault))
        return 1;
    /* A name without a slash would be looked for among the libraries. */
    char *whole = realpath(file, NULL);
    void *handle = dlopen(whole ? whole : file, RTLD_NOW | RTLD_LOCAL);
    free(whole);
    if (!handle)
        return FAULT("%s", dlerror());
    const struct vol_plugin *raw = dlsym(handle, "vol_plugin");
    if (!raw)
        return FAULT("exports no `vol_plugin`: declare it with VOL_EXPORT (%s)", dlerror());
    if (take(raw, name, &loaded, fault)) {
        load_free(&loaded);
        return 1;
    }
    *ret_loaded = loaded;
    return 0;
}

void load_free(struct loaded *loaded) {
    free(loaded->options);
    free(loaded->counters);
    free(loaded->methods);
    *loaded = (struct loaded){0};
}

const struct vol_option *load_option(const struct loaded *loaded, const char *name) {
    for (size_t i = 0; i < loaded->n_options; i++)
        if (!strcmp(loaded->options[i].name, name))
            return &loaded->options[i];
    return NULL;
}

const struct vol_method *load_method(const struct loaded *loaded, const char *name) {
    for (size_t i = 0; i < loaded->n_methods; i++)
        if (!strcmp(loaded->methods[i].name, name))
            return &loaded->methods[i];
    return NULL;
}
