#include "command.h"

#include <stdlib.h>

#include "util/calendar.h"
#include "util/error.h"
#include "value.h"

#define TERMINAL_ROWS 100
#define RUNTIME_DIR_DEFAULT "/run/volunteerd"
#define TIMEOUT_S_DEFAULT 10

const struct command_option global_options[] = {
    {"json", OPTION_FLAG, .help = N_("print the answer as JSON")},
    {"runtime", OPTION_TEXT, "DIR",
     .help = N_("the daemon's runtime_dir (else VOLUNTEERD_RUNTIME_DIR, else /run/volunteerd)")},
    {"timeout", OPTION_NUMBER, "SECONDS", .help = N_("wait this long for an answer (default 10)"),
     .least = 1, .most = 86400},
    {"help", OPTION_FLAG, .help = N_("print this help")},
    {"version", OPTION_FLAG, .help = N_("print the version")},
    {0},
};

/* ---- finding names ---- */

#define NAMES_LIMIT 64

static const char *nearest_noun(const char *typed) {
    const char *names[NAMES_LIMIT];
    size_t n = 0;
    for (size_t i = 0; i < n_commands && n < NAMES_LIMIT; i++)
        if (n == 0 || strcmp(names[n - 1], commands[i].noun) != 0)
            names[n++] = commands[i].noun;
    return str_nearest(str_from(typed), names, n);
}

static const char *nearest_verb(const char *noun, const char *typed) {
    const char *names[NAMES_LIMIT];
    size_t n = 0;
    for (size_t i = 0; i < n_commands && n < NAMES_LIMIT; i++)
        if (strcmp(commands[i].noun, noun) == 0 && commands[i].verb)
            names[n++] = commands[i].verb;
    return str_nearest(str_from(typed), names, n);
}

bool command_has_verbs(const char *noun) {
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i].noun, noun) == 0 && commands[i].verb)
            return true;
    return false;
}

/* Of a noun that has a command without a verb, too, that one stands last: a word that is no verb is
 * its first argument. */
static const struct command *command_find(const char *noun, const char *verb) {
    for (size_t i = 0; i < n_commands; i++) {
        const struct command *command = &commands[i];
        bool same_verb = !command->verb || (verb && strcmp(command->verb, verb) == 0);
        if (strcmp(command->noun, noun) == 0 && same_verb)
            return command;
    }
    return NULL;
}

static bool noun_exists(const char *noun) {
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i].noun, noun) == 0)
            return true;
    return false;
}

static int unknown_noun(const char *typed) {
    const char *near = nearest_noun(typed);
    if (near)
        return complain(USAGE, _("there is no command “%s”. Did you mean “%s”?"), typed, near);
    return complain(USAGE, _("there is no command “%s”. volunteerctl --help lists them."), typed);
}

static int unknown_verb(const char *noun, const char *typed) {
    const char *near = nearest_verb(noun, typed);
    if (near)
        return complain(USAGE, _("“%s” cannot “%s”. Did you mean “%s %s”?"), noun, typed, noun,
                        near);
    return complain(USAGE, _("“%s” cannot “%s”. volunteerctl %s --help lists what it can."), noun,
                    typed, noun);
}

static int missing_verb(const char *noun) {
    BUF_AUTO verbs = {0};
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i].noun, noun) == 0)
            buf_printf(&verbs, "%s%s", verbs.size ? ", " : "", commands[i].verb);
    return complain(USAGE, _("say what to do with “%s”: %.*s."), noun, STR_ARG(buf_str(&verbs)));
}

/* ---- options ---- */

static const struct command_option *option_in(const struct command_option *options,
                                              struct str name) {
    for (; options->name; options++)
        if (str_equal(str_from(options->name), name))
            return options;
    return NULL;
}

static const struct command_option *option_find(const struct command *command, struct str name) {
    const struct command_option *option = command ? option_in(command->options, name) : NULL;
    return option ? option : option_in(global_options, name);
}

static int unknown_option(const struct command *command, struct str typed) {
    const char *names[NAMES_LIMIT];
    size_t n = 0;
    for (const struct command_option *option = global_options; option->name; option++)
        names[n++] = option->name;
    for (size_t i = 0; command && command->options[i].name; i++)
        names[n++] = command->options[i].name;
    const char *near = str_nearest(typed, names, n);
    if (near)
        return complain(USAGE, _("there is no option --%.*s here. Did you mean --%s?"),
                        STR_ARG(typed), near);
    return complain(USAGE, _("there is no option --%.*s here; --help lists them."), STR_ARG(typed));
}

static int word_check(const char *what, const char *const *words, const char *typed) {
    BUF_AUTO list = {0};
    size_t n = 0;
    for (; words[n]; n++) {
        if (strcmp(words[n], typed) == 0)
            return DONE;
        buf_printf(&list, "%s%s", n ? ", " : "", words[n]);
    }
    const char *near = str_nearest(str_from(typed), words, n);
    if (near)
        return complain(USAGE, _("%s cannot be “%s”. Did you mean “%s”?"), what, typed, near);
    return complain(USAGE, _("%s cannot be “%s”: it is one of %.*s."), what, typed,
                    STR_ARG(buf_str(&list)));
}

static int number_parse(const struct command_option *option, const char *typed,
                        int64_t *ret_number) {
    char *end;
    errno = 0;
    long long number = strtoll(typed, &end, 10);
    if (end == typed || *end || errno || number < option->least || number > option->most)
        return complain(USAGE, _("--%s takes a whole number from %lld to %lld, not “%s”."),
                        option->name, (long long)option->least, (long long)option->most, typed);
    *ret_number = number;
    return DONE;
}

static int option_check(const struct command_option *option, const char *typed,
                        int64_t *ret_number) {
    int32_t date;
    char name[40];
    snprintf(name, sizeof name, "--%.36s", option->name);
    switch (option->kind) {
    case OPTION_NUMBER:
        return number_parse(option, typed, ret_number);
    case OPTION_WORD:
        return word_check(name, option->words, typed);
    case OPTION_DATE:
        if (date_parse(str_from(typed), &date) != 0)
            return complain(USAGE, _("--%s takes a date like 2024-03-05, not “%s”."), option->name,
                            typed);
        return DONE;
    case OPTION_TEXT:
    case OPTION_FLAG:
        return DONE;
    }
    return DONE;
}

/* `text` is the value where one was typed with the option itself; else it is the next word. */
static int option_give(struct call *call, const struct command_option *option, const char *text,
                       char **argv, int argc, int *index) {
    struct given given = {option, text, 0};
    if (option->kind == OPTION_FLAG) {
        if (given.text)
            return complain(USAGE, _("--%s takes no value."), option->name);
    } else {
        if (!given.text && *index + 1 < argc)
            given.text = argv[++*index];
        if (!given.text)
            return complain(USAGE, _("--%s needs a value: --%s %s."), option->name, option->name,
                            option->value ? option->value : "WORD");
        int code = option_check(option, given.text, &given.number);
        if (code != DONE)
            return code;
    }
    call->given[call->n_given++] = given;
    return DONE;
}

/* argv[*index] begins with "--". */
static int option_take(struct call *call, char **argv, int argc, int *index) {
    const char *typed = argv[*index] + 2;
    const char *equals = strchr(typed, '=');
    struct str name = {typed, equals ? (size_t)(equals - typed) : strlen(typed)};
    const struct command_option *option = option_find(call->command, name);
    if (!option)
        return unknown_option(call->command, name);
    return option_give(call, option, equals ? equals + 1 : NULL, argv, argc, index);
}

/* argv[*index] begins with one dash: -o FILE or -oFILE. */
static int letter_take(struct call *call, char **argv, int argc, int *index) {
    const char *typed = argv[*index] + 1;
    const struct command_option *option = call->command ? call->command->options : NULL;
    while (option && option->name && (!option->letter || option->letter != *typed))
        option++;
    if (!option || !option->name)
        return complain(USAGE, _("there is no option %s; --help lists them."), argv[*index]);
    return option_give(call, option, typed[1] ? typed + 1 : NULL, argv, argc, index);
}

/* ---- words ---- */

static bool option_takes_next(const char *typed) {
    const struct command_option *option = option_in(global_options, str_from(typed));
    return option && option->kind != OPTION_FLAG;
}

/* Places in argv, 0 where there is none. */
struct words {
    int help, noun, verb;
};

/* The first words that are no options are noun and verb, wherever global options stand. */
static struct words words_find(char **argv, int argc) {
    struct words words = {0};
    int *places[] = {&words.noun, &words.verb};
    size_t found = 0;
    for (int i = 1; i < argc && found < 2; i++) {
        if (!words.help && found == 0 && strcmp(argv[i], "help") == 0)
            words.help = i; /* "help policy check" is "policy check --help" */
        else if (argv[i][0] != '-')
            *places[found++] = i;
        else if (strncmp(argv[i], "--", 2) == 0 && option_takes_next(argv[i] + 2))
            i++;
    }
    return words;
}

static int missing_argument(const struct command *command,
                            const struct command_argument *argument) {
    BUF_AUTO words = {0};
    const char *verb = command->verb ? command->verb : "";
    const char *space = *verb ? " " : "";
    for (size_t i = 0; argument->words[i]; i++)
        buf_printf(&words, "%s%s", i ? ", " : ": ", argument->words[i]);
    return complain(USAGE, _("%s%s%s needs %s: %s%s. See volunteerctl %s%s%s --help."),
                    command->noun, space, verb, argument->name, _(argument->help), buf_text(&words),
                    command->noun, space, verb);
}

static int arguments_check(const struct call *call) {
    const struct command_argument *arguments = call->command->arguments;
    const char *noun = call->command->noun;
    const char *verb = call->command->verb ? call->command->verb : "";
    const char *space = *verb ? " " : "";
    size_t n = 0;
    bool many = false;
    for (; n < COMMAND_ARGUMENTS && arguments[n].name; n++) {
        many = arguments[n].many;
        if (n >= call->n_arguments)
            return arguments[n].optional ? DONE : missing_argument(call->command, &arguments[n]);
        if (arguments[n].words[0] &&
            word_check(arguments[n].name, arguments[n].words, call->arguments[n]) != DONE)
            return USAGE;
    }
    if (call->n_arguments > n && !many)
        return complain(USAGE, _("“%s” is too much: see volunteerctl %s%s%s --help."),
                        call->arguments[n], noun, space, verb);
    return DONE;
}

static void help_give(struct call *call) {
    call->given[call->n_given++] = (struct given){option_in(global_options, STR("help")), NULL, 0};
}

static int call_take(struct call *call, int argc, char **argv, struct words words) {
    bool verb_is_argument = call->command && !call->command->verb;
    bool options_ended = false;
    for (int i = 1; i < argc; i++) {
        if (i == words.help || i == words.noun || (i == words.verb && !verb_is_argument))
            continue;
        bool number = argv[i][0] == '-' && argv[i][1] >= '0' && argv[i][1] <= '9';
        if (options_ended || argv[i][0] != '-' || number || strcmp(argv[i], "-") == 0) {
            call->arguments[call->n_arguments++] = argv[i];
        } else if (strcmp(argv[i], "-h") == 0) {
            help_give(call);
        } else if (strcmp(argv[i], "--") == 0) {
            options_ended = true;
        } else if (strncmp(argv[i], "--", 2) != 0) {
            int code = letter_take(call, argv, argc, &i);
            if (code != DONE)
                return code;
        } else {
            int code = option_take(call, argv, argc, &i);
            if (code != DONE)
                return code;
        }
    }
    return DONE;
}

/* -1: no help was asked for. */
static int help_asked(const struct call *call, const char *noun) {
    if (call_flag(call, "version")) {
        puts("volunteerctl " VOLUNTEERD_VERSION);
        return DONE;
    }
    if (!call_flag(call, "help"))
        return -1;
    if (call->command)
        help_command(call->command);
    else if (noun)
        help_noun(noun);
    else
        help_program();
    return DONE;
}

static int command_choose(struct call *call, const char *noun, const char *verb) {
    if (!noun)
        return -1;
    if (!noun_exists(noun))
        return unknown_noun(noun);
    call->command = command_find(noun, verb);
    return call->command || !verb ? -1 : unknown_verb(noun, verb);
}

/* Everything typed may end up in JSON. */
static int bytes_check(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        for (struct str rest = str_from(argv[i]); rest.size;) {
            size_t size = str_utf8_size(rest);
            if (size == 0)
                return complain(USAGE, _("argument %d is not UTF-8 text."), i);
            rest = (struct str){rest.data + size, rest.size - size};
        }
    return -1;
}

static void client_prepare(struct call *call) {
    const char *directory = call_text(call, "runtime");
    if (!directory || !*directory)
        directory = getenv("VOLUNTEERD_RUNTIME_DIR");
    if (!directory || !*directory)
        directory = RUNTIME_DIR_DEFAULT;
    call->json = call_flag(call, "json");
    client_init(&call->client, directory, call_number(call, "timeout", TIMEOUT_S_DEFAULT) * 1000,
                call->json);
    lexicon_init(&call->lexicon, &call->client);
}

int call_parse(int argc, char **argv, struct call *ret_call) {
    struct call *call = ret_call;
    *call = (struct call){0};
    terminal_detect(&call->terminal);
    call->arguments = calloc((size_t)argc + 1, sizeof *call->arguments);
    call->given = calloc((size_t)argc + 2, sizeof *call->given);
    if (!call->arguments || !call->given)
        abort();
    struct words words = words_find(argv, argc);
    const char *noun = words.noun ? argv[words.noun] : NULL;
    const char *verb = words.verb ? argv[words.verb] : NULL;
    if (words.help)
        help_give(call);
    int code = bytes_check(argc, argv);
    if (code < 0)
        code = command_choose(call, noun, verb);
    if (code < 0)
        code = call_take(call, argc, argv, words) == DONE ? -1 : USAGE;
    if (code < 0)
        code = help_asked(call, noun);
    if (code < 0 && !call->command)
        code = noun ? missing_verb(noun)
                    : complain(USAGE, _("say what to do; volunteerctl --help lists the commands."));
    if (code < 0)
        code = arguments_check(call) == DONE ? -1 : USAGE;
    if (code < 0)
        client_prepare(call);
    return code;
}

void call_deinit(struct call *call) {
    lexicon_deinit(&call->lexicon);
    client_deinit(&call->client);
    free(call->arguments);
    free(call->given);
}

/* ---- what commands ask ---- */

const char *call_argument(const struct call *call, size_t index) {
    return index < call->n_arguments ? call->arguments[index] : NULL;
}

static const struct given *given_find(const struct call *call, const char *option) {
    for (size_t i = call->n_given; i-- > 0;) /* the last one counts */
        if (strcmp(call->given[i].option->name, option) == 0)
            return &call->given[i];
    return NULL;
}

const char *call_text(const struct call *call, const char *option) {
    const struct given *given = given_find(call, option);
    return given ? given->text : NULL;
}

int64_t call_number(const struct call *call, const char *option, int64_t fallback) {
    const struct given *given = given_find(call, option);
    return given ? given->number : fallback;
}

bool call_flag(const struct call *call, const char *option) {
    return given_find(call, option) != NULL;
}

void call_pass(const struct call *call, const char *option, json_t *params, const char *parameter) {
    const struct given *given = given_find(call, option);
    if (!given)
        return;
    bool number = given->option->kind == OPTION_NUMBER;
    json_object_set_new(params, parameter,
                        number ? json_integer(given->number) : json_string(given->text));
}

int64_t call_limit(const struct call *call) {
    bool person = call->terminal.out && !call_flag(call, "output");
    int64_t limit = call_number(call, "limit", person ? TERMINAL_ROWS : 0);
    return limit > 0 ? limit : INT64_MAX;
}
