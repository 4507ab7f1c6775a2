/* man PAGE: for the build, which turns what it prints into manual pages with scdoc. */
#include "man.h"

#include "commands.h"
#include "event/catalogue.h"
#include "noun.h"
#include "value.h"

void man_text(const char *text, struct buf *out) {
    for (; *text; text++) {
        if (strchr("\\_*`<>[]#|~", *text))
            buf_put_byte(out, '\\');
        buf_put(out, text, 1);
    }
}

void man_heading(const char *heading, struct buf *out) {
    buf_printf(out, "\n# %s\n\n", heading);
}

void man_term(const char *term, const char *argument, const char *meaning, struct buf *out) {
    buf_put_byte(out, '*');
    man_text(term, out);
    buf_put_byte(out, '*');
    if (argument && *argument) {
        buf_put_str(out, STR(" _"));
        man_text(argument, out);
        buf_put_byte(out, '_');
    }
    buf_put_str(out, STR("\n\t"));
    man_text(meaning, out);
    buf_put_str(out, STR("\n\n"));
}

static void title_put(const char *page, int section, const char *about, struct buf *out) {
    buf_printf(out, "%s(%d) \"volunteerd " VOLUNTEERD_VERSION "\"\n", page, section);
    man_heading(_("NAME"), out);
    buf_printf(out, "%s - ", page);
    man_text(about, out);
    buf_put_byte(out, '\n');
}

static void paragraph(const char *text, struct buf *out) {
    man_text(text, out);
    buf_put_str(out, STR("\n\n"));
}

/* ---- commands ---- */

static void synopsis_put(const struct command *command, struct buf *out) {
    buf_printf(out, "*volunteerctl %s%s%s*", command->noun, command->verb ? " " : "",
               command->verb ? command->verb : "");
    for (size_t i = 0; i < COMMAND_ARGUMENTS && command->arguments[i].name; i++) {
        const struct command_argument *argument = &command->arguments[i];
        buf_put_str(out, argument->optional ? STR(" \\[_") : STR(" _"));
        man_text(argument->name, out);
        buf_printf(out, "_%s%s", argument->many ? "..." : "", argument->optional ? "\\]" : "");
    }
    buf_put_str(out, STR(" \\[_"));
    man_text(_("OPTION"), out);
    buf_put_str(out, STR("_...\\]\n\n"));
}

static void words_put(const char *const *words, struct buf *out) {
    for (size_t i = 0; i < COMMAND_WORDS && words[i]; i++)
        buf_printf(out, "%s%s", i ? ", " : ": ", words[i]);
}

static void options_put(const struct command_option *options, struct buf *out) {
    for (const struct command_option *option = options; option->name; option++) {
        BUF_AUTO name = {0};
        BUF_AUTO help = {0};
        if (option->letter)
            buf_printf(&name, "-%c, ", option->letter);
        buf_printf(&name, "--%s", option->name);
        buf_put_str(&help, str_from(_(option->help)));
        words_put(option->words, &help);
        man_term(buf_text(&name), option->words[0] ? _("WORD") : option->value, buf_text(&help),
                 out);
    }
}

static void command_put(const struct command *command, struct buf *out) {
    if (command->verb)
        buf_printf(out, "\n## %s %s\n\n", command->noun, command->verb);
    synopsis_put(command, out);
    paragraph(_(command->help), out);
    for (size_t i = 0; i < COMMAND_ARGUMENTS && command->arguments[i].name; i++) {
        BUF_AUTO help = {0};
        buf_put_str(&help, str_from(_(command->arguments[i].help)));
        words_put(command->arguments[i].words, &help);
        man_term(command->arguments[i].name, NULL, buf_text(&help), out);
    }
    options_put(command->options, out);
    if (command->example)
        buf_printf(out, "%s\n\n```\nvolunteerctl %s\n```\n\n", _("Example:"), command->example);
}

static void filters_put(struct buf *out) {
    man_heading(_("FILTERS"), out);
    for (size_t i = 0; i < n_noun_views; i++) {
        const char *filters[NOUN_FILTERS];
        const struct noun_view *view = noun_view_at(i);
        size_t n = noun_filters(view, filters);
        BUF_AUTO list = {0};
        for (size_t k = 0; k < n; k++)
            buf_printf(&list, "%s%s", k ? ", " : "", filters[k]);
        man_term(view->noun, NULL, n ? buf_text(&list) : _("none"), out);
    }
}

static void identifiers_put(struct buf *out) {
    man_heading(_("IDENTIFIERS"), out);
    paragraph(_("Most things have one identifier. Those that are about something else are named by "
                "several words with slashes between them:"),
              out);
    man_term("figure", NULL, "staff/organisation/ID", out);
    man_term("civilised_title", NULL, "unit/organisation/ID", out);
    man_term("dictionary", NULL, "category/elderly", out);
    man_term("calendar", NULL, "2018-10-01", out);
    man_term("points", NULL, _("the volunteer's identifier"), out);
    man_term("assessment", NULL, _("organisation/ID, or a region's code"), out);
}

static void send_put(struct buf *out) {
    man_heading(_("ON A TERMINAL"), out);
    paragraph(_("What is missing is asked field by field. Choices are answered by number, word or "
                "label; a region by its code or its name. Tab completes, < goes back, an empty "
                "answer leaves out what is optional, Ctrl-D or Ctrl-C leaves without sending. In "
                "the end the whole event is shown, and sent when you say so."),
              out);
    man_heading(_("TYPES"), out);
    for (size_t i = 0; i < catalogue_count(); i++) {
        const struct event_type *type = catalogue_at(i);
        if (type->writer == WRITER_PUBLISHER || type->writer == WRITER_COMMAND)
            man_term(type->name, NULL, type->label, out);
    }
}

static void see_also(struct buf *out) {
    man_heading(_("SEE ALSO"), out);
    buf_put_str(out, STR("*volunteerctl*(1), *volunteerd*(8), *volunteerd.conf*(5)\n"));
}

static void noun_page(const char *page, const char *noun, struct buf *out) {
    const struct command *first = NULL;
    size_t n = 0;
    BUF_AUTO about = {0};
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i].noun, noun) == 0) {
            first = first ? first : &commands[i];
            buf_printf(&about, "%s%s", n++ ? "; " : "", _(commands[i].help));
        }
    title_put(page, 1, buf_text(&about), out);
    man_heading(first->verb ? _("COMMANDS") : _("SYNOPSIS"), out);
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i].noun, noun) == 0)
            command_put(&commands[i], out);
    if (strcmp(noun, "list") == 0)
        filters_put(out);
    if (strcmp(noun, "show") == 0)
        identifiers_put(out);
    if (strcmp(noun, "send") == 0)
        send_put(out);
    man_heading(_("OPTIONS OF EVERY COMMAND"), out);
    options_put(global_options, out);
    see_also(out);
}

/* ---- the program ---- */

static const char *const statuses[][2] = {
    {"0", N_("done")},
    {"1", N_("refused; standard error says why")},
    {"2", N_("wrong usage")},
    {"3", N_("the daemon is not reachable")},
};

static const char *const variables[][2] = {
    {"VOLUNTEERD_RUNTIME_DIR", N_("the daemon's runtime_dir, where --runtime is not given")},
    {"LC_ALL, LC_MESSAGES, LANG, LANGUAGE",
     N_("where they begin with zh, people read Chinese, whether that locale is installed or not")},
    {"NO_COLOR", N_("no colours on a terminal")},
};

static void pairs_put(const char *const (*pairs)[2], size_t n, struct buf *out) {
    for (size_t i = 0; i < n; i++)
        man_term(pairs[i][0], NULL, _(pairs[i][1]), out);
}

static void program_page(struct buf *out) {
    title_put("volunteerctl", 1, _("asks and steers a volunteerd"), out);
    man_heading(_("SYNOPSIS"), out);
    buf_printf(out, "*volunteerctl* _%s_ \\[_%s_...\\] \\[_%s_...\\]\n", _("COMMAND"),
               _("ARGUMENT"), _("OPTION"));
    man_heading(_("DESCRIPTION"), out);
    paragraph(
        _("Everything an administrator or operator does with a running volunteerd, over its "
          "sockets. A person's terminal gets tables, colours and questions; a pipe gets plain "
          "columns, and --json an object."),
        out);
    man_heading(_("COMMANDS"), out);
    for (size_t i = 0; i < n_commands; i++) {
        BUF_AUTO name = {0};
        BUF_AUTO help = {0};
        const struct command *command = &commands[i];
        if (command->hidden)
            continue;
        buf_printf(&name, "%s%s%s", command->noun, command->verb ? " " : "",
                   command->verb ? command->verb : "");
        buf_printf(&help, "%s; volunteerctl-%s(1)", _(command->help), command->noun);
        man_term(buf_text(&name), NULL, buf_text(&help), out);
    }
    man_heading(_("OPTIONS OF EVERY COMMAND"), out);
    options_put(global_options, out);
    man_heading(_("EXIT STATUS"), out);
    pairs_put(statuses, sizeof statuses / sizeof *statuses, out);
    man_heading(_("ENVIRONMENT"), out);
    pairs_put(variables, sizeof variables / sizeof *variables, out);
    man_heading(_("SEE ALSO"), out);
    buf_put_str(out, STR("*volunteerd*(8), *volunteerd.conf*(5)\n"));
}

static bool is_first_of_noun(size_t index) {
    for (size_t i = 0; i < index; i++)
        if (strcmp(commands[i].noun, commands[index].noun) == 0)
            return false;
    return !commands[index].hidden;
}

/* File names, section and all: the build makes one page of each. */
static void pages_put(struct buf *out) {
    buf_put_str(out, STR("volunteerctl.1\n"));
    for (size_t i = 0; i < n_commands; i++)
        if (is_first_of_noun(i))
            buf_printf(out, "volunteerctl-%s.1\n", commands[i].noun);
    buf_put_str(out, STR("volunteerd.conf.5\n"));
}

static const char *noun_of_page(const char *page) {
    static const char prefix[] = "volunteerctl-";
    if (strncmp(page, prefix, sizeof prefix - 1) != 0)
        return NULL;
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i].noun, page + sizeof prefix - 1) == 0)
            return commands[i].noun;
    return NULL;
}

int run_man(struct call *call) {
    char page[64];
    BUF_AUTO text = {0};
    snprintf(page, sizeof page, "%.60s", call_argument(call, 0));
    char *section = strrchr(page, '.');
    if (section && section[1] >= '1' && section[1] <= '9' && !section[2])
        *section = '\0';
    if (strcmp(page, "pages") == 0)
        pages_put(&text);
    else if (strcmp(page, "volunteerctl") == 0)
        program_page(&text);
    else if (strcmp(page, "volunteerd.conf") == 0)
        man_conf(&text);
    else if (noun_of_page(page))
        noun_page(page, noun_of_page(page), &text);
    else
        return complain(USAGE, _("there is no page “%s”; volunteerctl man pages lists them."),
                        page);
    fwrite(text.data, 1, text.size, stdout);
    return DONE;
}
