/* The command line: one table of commands (commands.c) from which parsing, checks and help all
 * come. Threads: one. Memory: a call borrows argv and owns the rest. */
#pragma once

#include "client.h"
#include "lexicon.h"
#include "print.h"

enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_NUMBER, /* of least to most */
    OPTION_DATE,   /* YYYY-MM-DD */
    OPTION_WORD    /* one of `words` */
};

#define COMMAND_WORDS 64

struct command_option {
    const char *name; /* without the dashes; NULL ends the list */
    enum option_kind kind;
    const char *value; /* how help calls it: "FILE" */
    const char *help;
    const char *words[COMMAND_WORDS];
    int64_t least, most;
    char letter; /* for -o; 0 where it has none */
};

enum argument_takes { TAKES_TEXT, TAKES_TYPE, TAKES_FILE }; /* what a shell completes */

struct command_argument {
    const char *name; /* NULL ends the list */
    const char *help;
    bool optional;
    bool many; /* the last one only */
    enum argument_takes takes;
    const char *words[COMMAND_WORDS];
};

struct call;
/* Returns an exit code; whatever is not DONE has been explained on stderr. */
typedef int command_run(struct call *call);

#define COMMAND_ARGUMENTS 3
#define COMMAND_OPTIONS 12

struct command {
    const char *noun;
    const char *verb; /* NULL where the noun alone is the command */
    const char *help; /* one line */
    command_run *run;
    struct command_argument arguments[COMMAND_ARGUMENTS];
    struct command_option options[COMMAND_OPTIONS];
    bool hidden;         /* from help: for the build */
    const char *example; /* without the program's name */
};

extern const struct command commands[];
extern const size_t n_commands;
/* Options that stand on every command: --json, --runtime, ... */
extern const struct command_option global_options[];

struct given {
    const struct command_option *option;
    const char *text;
    int64_t number;
};

/* One run of the program: what was typed, and where its output goes. */
struct call {
    const struct command *command;
    struct terminal terminal;
    bool json;
    size_t n_arguments;
    const char **arguments;
    size_t n_given;
    struct given *given;
    struct client client;
    struct lexicon lexicon;
};

/* -1 and *ret_call to run; else an exit code (help was printed, or a complaint). */
int call_parse(int argc, char **argv, struct call *ret_call);
void call_deinit(struct call *call);

const char *call_argument(const struct call *call, size_t index); /* NULL where not given */
const char *call_text(const struct call *call, const char *option);
int64_t call_number(const struct call *call, const char *option, int64_t fallback);
bool call_flag(const struct call *call, const char *option);
/* Asks and prints nothing; adds {"<parameter>": text} only where the option was given. */
void call_pass(const struct call *call, const char *option, json_t *params, const char *parameter);
/* How many rows to print: --limit, where 0 is all; a person gets the first 100; a pipe and
 * a file get all. */
int64_t call_limit(const struct call *call);

/* Whether other commands of the noun have a verb. */
bool command_has_verbs(const char *noun);

/* help.c: prints on stdout. */
void help_program(void);
void help_noun(const char *noun);
void help_command(const struct command *command);
