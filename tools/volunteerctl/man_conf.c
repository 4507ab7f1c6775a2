/* volunteerd.conf(5) from the table of options that the daemon reads the file by. In English, as
 * the comments of the file itself. */
#include <stdio.h>

#include "man.h"
#include "option.h"
#include "plugin/plugin_config.h"

static const char preamble[] =
    "volunteerd.conf(5) \"volunteerd " VOLUNTEERD_VERSION "\"\n"
    "\n# NAME\n\nvolunteerd.conf - configuration of volunteerd\n"
    "\n# SYNOPSIS\n\n_/etc/volunteerd/volunteerd.conf_\n"
    "\n# DESCRIPTION\n\n"
    "A file in the form of libconfig: *name = value;*, groups as *bus: { ... };*, texts in double "
    "quotes, lists in round or square brackets, comments behind *#*. An unknown name, a wrong type "
    "or a value out of range is refused with file and line. *volunteerd --check* says all that is "
    "wrong; SIGHUP applies what is marked live here.\n\n"
    "*data_dir*, *runtime_dir* and *policy_dir* must be given; all others have defaults.\n"
    "\n# OPTIONS\n\n";

static const char plugins[] =
    "# PLUGINS\n\n"
    "*plugins: ( { name = \"NAME\"; ... }, ... );* is a list of groups, one for each plugin that "
    "is "
    "to run. SIGHUP starts, restarts and ends those whose groups have changed, and no others. "
    "Besides "
    "what stands here a group has the plugin's own options: volunteerd-NAME(5).\n\n"
    "*name*\n\tof its file in plugin\\_dir, without .so. It must be given.\n\n"
    "*enabled*\n\tfalse: it stays down, and keeps its place in the journal. Default true.\n\n";

static const char ending[] = "\n# FILES\n\n_/etc/volunteerd/volunteerd.conf_\n"
                             "\n# SEE ALSO\n\n*volunteerd*(8), *volunteerctl*(1)\n";

static void kind_put(const struct option *option, struct buf *out) {
    static const char *const kinds[] = {
        [OPTION_PATH] = "a path, from the file's own folder where it is relative",
        [OPTION_TEXT] = "a text",
        [OPTION_INTEGER] = "a whole number",
        [OPTION_BOOLEAN] = "true or false",
        [OPTION_WORD] = "one of",
        [OPTION_ENDPOINTS] = "one address or a list of them",
        [OPTION_SIGNERS] = "a list of \"name:KEY\", as volunteerctl key new prints it",
    };
    buf_printf(out, "It is %s", kinds[option->kind]);
    for (size_t i = 0; option->kind == OPTION_WORD && option->words[i]; i++)
        buf_printf(out, "%s %s", i ? "," : "", option->words[i]);
    if (option->kind == OPTION_INTEGER)
        buf_printf(out, " from %lld to %lld", (long long)option->least, (long long)option->most);
    if (option->unit)
        buf_printf(out, " (%s)", option->unit);
}

static void default_put(const struct option *option, struct buf *out) {
    if (option->required)
        buf_put_str(out, STR("; it must be given"));
    else if (option->kind == OPTION_INTEGER)
        buf_printf(out, "; default %lld", (long long)option->number);
    else if (option->kind == OPTION_BOOLEAN)
        buf_printf(out, "; default %s", option->number ? "true" : "false");
    else if (option->kind == OPTION_WORD)
        buf_printf(out, "; default %s", option->words[option->number]);
    else if (option->kind == OPTION_ENDPOINTS)
        buf_printf(out, "; default ipc://<runtime_dir>/%s", option->text);
    else if (option->text && *option->text)
        buf_printf(out, "; default %s", option->text);
    buf_put_str(out, option->live ? STR(". Live.") : STR(". Takes a restart."));
}

static void plugins_put(struct buf *out) {
    buf_put_str(out, str_from(plugins));
    for (size_t i = 0; i < n_plugin_limits; i++) {
        const struct plugin_limit *limit = &plugin_limit_table[i];
        char name[64], meaning[256];
        snprintf(name, sizeof name, "limits.%s", limit->name);
        snprintf(meaning, sizeof meaning,
                 "%s. It is a whole number from %lld to %lld (%s); default %lld.", limit->help,
                 (long long)limit->least, (long long)limit->most, limit->unit,
                 (long long)limit->number);
        man_term(name, NULL, meaning, out);
    }
}

void man_conf(struct buf *out) {
    buf_put_str(out, str_from(preamble));
    for (size_t i = 0; i < n_options; i++) {
        const struct option *option = &option_table[i];
        struct buf meaning = {0};
        buf_printf(&meaning, "%s. ", option->help);
        kind_put(option, &meaning);
        default_put(option, &meaning);
        buf_put_byte(&meaning, 0);
        man_term(option->name, NULL, meaning.data, out);
        buf_deinit(&meaning);
    }
    plugins_put(out);
    buf_put_str(out, str_from(ending));
}
