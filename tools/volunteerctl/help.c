/* Help at every level, from the command table. */
#include "command.h"

#include <unistd.h>

#include "value.h"
#include "wrap.h"

#define NAME_COLUMN 30

/* A name that is too long for its column has the line to itself; a terminal gets the help wrapped
 * below its beginning. */
static void row_print(const char *name, const char *help) {
    BUF_AUTO lines = {0};
    size_t width = terminal_width(STDOUT_FILENO);
    int space = NAME_COLUMN - (int)text_width(name);
    if (isatty(STDOUT_FILENO) == 1 && width >= 2 * NAME_COLUMN)
        wrap_text(help, width - NAME_COLUMN - 2, &lines);
    else
        buf_put_str(&lines, str_from(help));
    if (space > 0)
        printf("  %s%*s", name, space, "");
    else
        printf("  %s\n  %*s", name, NAME_COLUMN, "");
    for (const char *line = buf_text(&lines); line; line = strchr(line, '\n')) {
        line += *line == '\n';
        bool first = line == lines.data;
        printf("%*s%.*s\n", first ? 0 : NAME_COLUMN + 2, "", (int)strcspn(line, "\n"), line);
    }
}

static void words_put(const char *const *words, const char *between, struct buf *out) {
    for (size_t i = 0; words[i]; i++)
        buf_printf(out, "%s%s", i ? between : "", words[i]);
}

static void argument_put(const struct command_argument *argument, struct buf *out) {
    buf_printf(out, argument->optional ? " [%s%s]" : " %s%s", argument->name,
               argument->many ? "..." : "");
}

static void argument_row(const struct command_argument *argument) {
    struct buf help = {0};
    buf_printf(&help, "%s%s", _(argument->help), argument->words[0] ? ": " : "");
    words_put(argument->words, ", ", &help);
    buf_put_byte(&help, 0);
    row_print(argument->name, help.data);
    buf_deinit(&help);
}

static void command_put(const struct command *command, struct buf *out) {
    buf_printf(out, "%s%s%s", command->noun, command->verb ? " " : "",
               command->verb ? command->verb : "");
    for (size_t i = 0; i < COMMAND_ARGUMENTS && command->arguments[i].name; i++)
        argument_put(&command->arguments[i], out);
}

static void command_row(const struct command *command) {
    struct buf text = {0};
    command_put(command, &text);
    buf_put_byte(&text, 0);
    row_print(text.data, _(command->help));
    buf_deinit(&text);
}

static void options_print(const struct command_option *options) {
    for (const struct command_option *option = options; option->name; option++) {
        struct buf text = {0};
        if (option->letter)
            buf_printf(&text, "-%c, ", option->letter);
        buf_printf(&text, "--%s", option->name);
        if (option->words[0]) {
            buf_put_byte(&text, ' ');
            words_put(option->words, "|", &text);
        } else if (option->value) {
            buf_printf(&text, " %s", option->value);
        }
        buf_put_byte(&text, 0);
        row_print(text.data, _(option->help));
        buf_deinit(&text);
    }
}

void help_program(void) {
    printf(_("Usage: volunteerctl COMMAND [ARGUMENT...] [OPTION...]\n"
             "Asks and steers a volunteerd.\n\nCommands:\n"));
    for (size_t i = 0; i < n_commands; i++)
        if (!commands[i].hidden)
            command_row(&commands[i]);
    printf(_("\nOptions of every command:\n"));
    options_print(global_options);
    printf(_("\nExit status: 0 done, 1 refused, 2 wrong usage, 3 daemon not reachable.\n"
             "More on a command: volunteerctl COMMAND --help\n"));
}

static void commands_of(const char *noun) {
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i].noun, noun) == 0)
            command_row(&commands[i]);
}

void help_noun(const char *noun) {
    printf(_("Usage: volunteerctl %s VERB [ARGUMENT...] [OPTION...]\n\nCommands:\n"), noun);
    commands_of(noun);
    printf(_("\nMore on a command: volunteerctl %s VERB --help\n"), noun);
}

void help_command(const struct command *command) {
    struct buf text = {0};
    command_put(command, &text);
    buf_put_byte(&text, 0);
    printf(_("Usage: volunteerctl %s [OPTION...]\n%s\n"), text.data, _(command->help));
    buf_deinit(&text);
    if (command->arguments[0].name)
        printf(_("\nArguments:\n"));
    for (size_t i = 0; i < COMMAND_ARGUMENTS && command->arguments[i].name; i++)
        argument_row(&command->arguments[i]);
    if (command->options[0].name)
        printf(_("\nOptions:\n"));
    options_print(command->options);
    printf(_("\nOptions of every command:\n"));
    options_print(global_options);
    if (!command->verb && command_has_verbs(command->noun)) {
        printf(_("\nMore on this:\n"));
        commands_of(command->noun);
    }
    if (command->example)
        printf(_("\nExample:\n  volunteerctl %s\n"), command->example);
}
