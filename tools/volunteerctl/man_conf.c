/* volunteerd.conf(5) from the table of options that the daemon reads the file by. In English, as
 * the comments of the file itself. */
#include <stdio.h>

#include "man.h"
#include "option.h"

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
    buf_put_str(out, str_from(ending));
}
