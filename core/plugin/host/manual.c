#include "plugin/host/manual.h"

#include <ctype.h>
#include <inttypes.h>

#include "plugin/host/settings.h"

/* What scdoc would read as marks is kept as it is; a line never begins with one. */
static void put_text(struct buf *page, const char *text) {
    for (; *text; text++) {
        if (strchr("\\_*#~`<[", *text) || (*text == '+' && text[1] == '+'))
            buf_put_byte(page, '\\');
        buf_put_byte(page, (uint8_t)*text);
    }
}

static void put_bold(struct buf *page, const char *text) {
    buf_put_byte(page, '*');
    put_text(page, text);
    buf_put_byte(page, '*');
}

static void put_paragraph(struct buf *page, const char *text) {
    buf_put_byte(page, '\t');
    put_text(page, text);
    buf_put_str(page, STR("\n"));
}

static void put_types(struct buf *page, const char *title, const char *const *types) {
    if (!types || !*types)
        return;
    buf_printf(page, "# %s\n\n", title);
    for (const char *separator = ""; *types; types++, separator = ", ") {
        buf_put_str(page, str_from(separator));
        if (strcmp(*types, "*") != 0)
            put_bold(page, *types);
        else
            buf_put_str(page, STR("all event types"));
    }
    buf_put_str(page, STR("\n\n"));
}

/* ---- options ---- */

static void put_range(struct buf *page, const struct vol_option *option) {
    const char *separator = "";
    if (option->kind == VOL_OPTION_INTEGER) {
        buf_printf(page, "%" PRId64 " to %" PRId64, option->least, option->most);
        if (option->unit)
            buf_printf(page, " %s", option->unit);
    } else if (option->kind == VOL_OPTION_WORD) {
        for (const char *const *word = option->words; *word; word++, separator = ", ") {
            buf_printf(page, "%s\"", separator);
            put_text(page, *word);
            buf_put_byte(page, '"');
        }
    } else {
        static const char *const kinds[] = {
            [VOL_OPTION_TEXT] = "text",
            [VOL_OPTION_BOOLEAN] = "true or false",
            [VOL_OPTION_PATH] = "path of a file; a relative one begins at the configuration's "
                                "folder",
            [VOL_OPTION_URL] = "https:// URL (http:// on loopback)",
            [VOL_OPTION_LISTEN] = "ADDRESS:PORT",
            [VOL_OPTION_SECRET] = "\"file:/PATH\" or \"credential:NAME\"",
        };
        put_text(page, kinds[option->kind]);
    }
}

static void put_default(struct buf *page, const struct vol_option *option) {
    if (option->required)
        buf_put_str(page, STR("; required"));
    else if (option->kind == VOL_OPTION_INTEGER)
        buf_printf(page, "; default %" PRId64, option->number);
    else if (option->kind == VOL_OPTION_BOOLEAN)
        buf_printf(page, "; default %s", option->number ? "true" : "false");
    else if (option->text) {
        buf_put_str(page, STR("; default \""));
        put_text(page, option->text);
        buf_put_byte(page, '"');
    }
}

static void put_options(struct buf *page, const struct loaded *loaded) {
    if (!loaded->n_options)
        return;
    buf_put_str(page, STR("# OPTIONS\n\n"));
    for (size_t i = 0; i < loaded->n_options; i++) {
        const struct vol_option *option = &loaded->options[i];
        put_bold(page, option->name);
        buf_put_str(page, STR(" = "));
        put_range(page, option);
        put_default(page, option);
        buf_put_byte(page, '\n');
        put_paragraph(page, option->help);
        buf_put_byte(page, '\n');
    }
}

/* ---- methods and counters ---- */

static void put_methods(struct buf *page, const struct loaded *loaded) {
    if (!loaded->n_methods)
        return;
    buf_put_str(page, STR("# QUERY METHODS\n\n"));
    for (size_t i = 0; i < loaded->n_methods; i++) {
        const struct vol_method *method = &loaded->methods[i];
        buf_put_byte(page, '*');
        put_text(page, loaded->plugin.name);
        buf_put_byte(page, '.');
        put_text(page, method->name);
        buf_put_byte(page, '*');
        if (method->parameters) {
            buf_put_byte(page, ' ');
            put_text(page, method->parameters);
        }
        buf_put_byte(page, '\n');
        put_paragraph(page, method->help);
        buf_put_byte(page, '\n');
    }
}

static void put_counters(struct buf *page, const struct loaded *loaded) {
    if (!loaded->n_counters)
        return;
    buf_put_str(page, STR("# COUNTERS\n\n"));
    for (size_t i = 0; i < loaded->n_counters; i++) {
        const struct vol_counter *counter = &loaded->counters[i];
        put_bold(page, counter->name);
        buf_printf(page, "%s\n", counter->gauge ? " (goes up and down)" : "");
        put_paragraph(page, counter->help);
        buf_put_byte(page, '\n');
    }
}

void manual_page(const struct loaded *loaded, struct buf *page) {
    const struct vol_plugin *plugin = &loaded->plugin;
    buf_printf(page, "volunteerd-%s(5) \"volunteerd\"\n\n# NAME\n\nvolunteerd-%s - ", plugin->name,
               plugin->name);
    put_text(page, plugin->summary);
    buf_printf(
        page,
        "\n\n# SYNOPSIS\n\nplugins: ( { name = \"%s\"; enabled = true; ... } );\n\n"
        "# DESCRIPTION\n\nVersion %s. The group of this plugin in *volunteerd.conf*(5) takes "
        "the options below; those of every plugin (*enabled*, *limits*) stand there.\n\n",
        plugin->name, plugin->version);
    put_options(page, loaded);
    put_methods(page, loaded);
    put_counters(page, loaded);
    put_types(page, "EVENT TYPES IT WANTS", plugin->wants);
    put_types(page, "EVENT TYPES IT PUBLISHES", plugin->publishes);
    buf_put_str(page, STR("# SEE ALSO\n\n*volunteerd*(8), *volunteerd.conf*(5)\n"));
}
