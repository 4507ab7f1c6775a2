/* completion bash|zsh: a script for the shell, made from the table of commands. What stands in it
 * is words alone: completing never asks a daemon. */
#include "commands.h"
#include "event/catalogue.h"
#include "noun.h"
#include "value.h"

/* ---- what may stand where ---- */

/* Words of an argument: those it lists, types of events, or nothing. */
static void argument_words(const struct command_argument *argument, struct buf *out) {
    for (size_t i = 0; i < COMMAND_WORDS && argument->words[i]; i++)
        buf_printf(out, "%s%s", out->size ? " " : "", argument->words[i]);
    if (argument->takes != TAKES_TYPE)
        return;
    for (size_t i = 0; i < catalogue_count(); i++)
        buf_printf(out, "%s%s", out->size ? " " : "", catalogue_at(i)->name);
}

static void option_words(const struct command *command, struct buf *out) {
    const struct command_option *lists[] = {command->options, global_options};
    for (size_t list = 0; list < 2; list++)
        for (const struct command_option *option = lists[list]; option->name; option++)
            buf_printf(out, "%s--%s", out->size ? " " : "", option->name);
}

static bool is_first_of_noun(size_t index) {
    for (size_t i = 0; i < index; i++)
        if (strcmp(commands[i].noun, commands[index].noun) == 0)
            return false;
    return !commands[index].hidden;
}

static void verbs_put(const char *noun, struct buf *out) {
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i].noun, noun) == 0 && commands[i].verb)
            buf_printf(out, "%s%s", out->size ? " " : "", commands[i].verb);
}

/* What may stand in a verb's place: the first argument of the noun's command without one. */
static void others_put(const char *noun, struct buf *out) {
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i].noun, noun) == 0 && !commands[i].verb)
            argument_words(&commands[i].arguments[0], out);
}

static void key_put(const struct command *command, struct buf *out) {
    buf_printf(out, "%s%s%s", command->noun, command->verb ? " " : "",
               command->verb ? command->verb : "");
}

/* "--by" of "record review": its words; nothing where it takes a text, and FILE where it takes the
 * name of a file. */
static void option_case(const struct command_option *option, struct buf *out) {
    if (option->kind == OPTION_WORD) {
        buf_printf(out, "        --%s) words='", option->name);
        for (size_t i = 0; option->words[i]; i++)
            buf_printf(out, "%s%s", i ? " " : "", option->words[i]);
        buf_put_str(out, STR("' ;;\n"));
    } else if (option->kind != OPTION_FLAG) {
        bool file = option->value && strcmp(option->value, "FILE") == 0;
        bool folder = option->value && strcmp(option->value, "DIR") == 0;
        char letter[8] = "";
        if (option->letter)
            snprintf(letter, sizeof letter, "|-%c", option->letter);
        buf_printf(out, "        --%s%s) %s ;;\n", option->name, letter,
                   file     ? "files=file"
                   : folder ? "files=directory"
                            : "files=none");
    }
}

static void filters_case(struct buf *out) {
    for (size_t i = 0; i < n_noun_views; i++) {
        const char *filters[NOUN_FILTERS];
        const struct noun_view *view = noun_view_at(i);
        size_t n = noun_filters(view, filters);
        buf_printf(out, "        %s) words='", view->noun);
        for (size_t k = 0; k < n; k++)
            buf_printf(out, "%s%s=", k ? " " : "", filters[k]);
        buf_put_str(out, STR("' ;;\n"));
    }
}

static void fields_case(struct buf *out) {
    for (size_t i = 0; i < catalogue_count(); i++) {
        const struct event_type *type = catalogue_at(i);
        if (type->writer != WRITER_PUBLISHER && type->writer != WRITER_COMMAND)
            continue;
        buf_printf(out, "        %s) words='", type->name);
        for (size_t k = 0; k < type->fields->n; k++)
            buf_printf(out, "%s%s=", k ? " " : "", type->fields->list[k].name);
        buf_put_str(out, STR("' ;;\n"));
    }
}

static void options_case(struct buf *out) {
    for (size_t i = 0; i < n_commands; i++) {
        bool any = false;
        BUF_AUTO cases = {0};
        for (const struct command_option *option = commands[i].options; option->name; option++)
            option_case(option, &cases);
        any = cases.size > 0;
        if (!any || commands[i].hidden)
            continue;
        buf_put_str(out, STR("    '"));
        key_put(&commands[i], out);
        buf_printf(out, "') case $before in\n%s        esac ;;\n", buf_text(&cases));
    }
}

static void arguments_case(struct buf *out) {
    for (size_t i = 0; i < n_commands; i++) {
        const struct command_argument *arguments = commands[i].arguments;
        if (!arguments[0].name || commands[i].hidden)
            continue;
        buf_put_str(out, STR("    '"));
        key_put(&commands[i], out);
        buf_put_str(out, STR("') case $place in\n"));
        for (size_t k = 0; k < COMMAND_ARGUMENTS && arguments[k].name; k++) {
            BUF_AUTO words = {0};
            argument_words(&arguments[k], &words);
            if (arguments[k].takes == TAKES_FILE)
                buf_printf(out, "        %zu) files=file ;;\n", k);
            else if (words.size)
                buf_printf(out, "        %zu%s) words='%s' ;;\n", k, arguments[k].many ? "|*" : "",
                           buf_text(&words));
        }
        buf_put_str(out, STR("        esac ;;\n"));
    }
}

static void commands_case(struct buf *out) {
    for (size_t i = 0; i < n_commands; i++) {
        BUF_AUTO words = {0};
        if (commands[i].hidden)
            continue;
        option_words(&commands[i], &words);
        buf_put_str(out, STR("    '"));
        key_put(&commands[i], out);
        buf_printf(out, "') options='%s' ;;\n", buf_text(&words));
    }
}

static void nouns_case(struct buf *out) {
    for (size_t i = 0; i < n_commands; i++) {
        BUF_AUTO verbs = {0};
        BUF_AUTO others = {0};
        verbs_put(commands[i].noun, &verbs);
        others_put(commands[i].noun, &others);
        if (is_first_of_noun(i) && verbs.size)
            buf_printf(out, "    %s) verbs='%s' others='%s' ;;\n", commands[i].noun,
                       buf_text(&verbs), buf_text(&others));
    }
}

static void nouns_put(struct buf *out) {
    for (size_t i = 0; i < n_commands; i++)
        if (is_first_of_noun(i))
            buf_printf(out, "%s ", commands[i].noun);
    buf_put_str(out, STR("help"));
}

/* ---- the scripts ---- */

/* The same for both shells, in what they have in common: finds noun and verb in `typed`, and leaves
 * `words` or `files` for the word after them. */
static void body_put(struct buf *out) {
    buf_put_str(out,
                STR("# volunteerctl completion: made from its table of commands.\n"
                    "_volunteerctl_words() {\n"
                    "  local noun='' verb='' verbs='' others='' key='' word='' skip='' first=''\n"
                    "  local place=0\n"
                    "  words='' files='' options='--json --runtime --timeout --help --version'\n"
                    "  for word in \"$@\"; do\n"
                    "    if [ -n \"$skip\" ]; then skip=''; continue; fi\n"
                    "    case $word in\n"
                    "    --*=*) continue ;;\n"
                    "    --*|-?) _volunteerctl_takes_value \"$word\" && skip=1; continue ;;\n"
                    "    help) [ -z \"$noun\" ] && continue ;;\n"
                    "    esac\n"
                    "    if [ -z \"$noun\" ]; then\n"
                    "      noun=$word key=$word\n"
                    "      case $noun in\n"));
    nouns_case(out);
    buf_put_str(
        out, STR("      esac\n"
                 "    elif [ -n \"$verbs\" ] && [ -z \"$verb\" ]; then\n"
                 "      case \" $verbs \" in\n"
                 "      *\" $word \"*) verb=$word key=\"$noun $word\" ;;\n"
                 "      *) verb=$word first=$word\n"
                 "         if [ -n \"$others\" ]; then place=1; else key=\"$noun $word\"; fi ;;\n"
                 "      esac\n"
                 "    else\n"
                 "      [ \"$place\" = 0 ] && first=$word\n"
                 "      place=$((place + 1))\n"
                 "    fi\n"
                 "  done\n"
                 "  case $before in\n"
                 "    --runtime) files=directory; return ;;\n"
                 "    --timeout) files=none; return ;;\n"
                 "  esac\n"
                 "  if [ -z \"$noun\" ]; then words='"));
    nouns_put(out);
    buf_put_str(out, STR("'; return; fi\n"
                         "  if [ -n \"$verbs\" ] && [ -z \"$verb\" ]; then words=\"$verbs "
                         "$others\"; return; fi\n"
                         "  case $key in\n"));
    commands_case(out);
    buf_put_str(out, STR("  esac\n  case $key in\n"));
    options_case(out);
    buf_put_str(out, STR("  esac\n"
                         "  [ -n \"$words$files\" ] && return\n"
                         "  case $key in\n"
                         "    list) [ \"$place\" -gt 0 ] && case $first in\n"));
    filters_case(out);
    buf_put_str(out, STR("        esac ;;\n"
                         "    send) [ \"$place\" -gt 0 ] && case $first in\n"));
    fields_case(out);
    buf_put_str(out, STR("        esac ;;\n"
                         "  esac\n"
                         "  [ -n \"$words\" ] && return\n"
                         "  case $key in\n"));
    arguments_case(out);
    buf_put_str(out, STR("  esac\n}\n"));
}

static void value_options_put(struct buf *out) {
    buf_put_str(out, STR("_volunteerctl_takes_value() {\n  case $1 in\n  "));
    bool first = true;
    for (size_t i = 0; i <= n_commands; i++) {
        const struct command_option *option = i < n_commands ? commands[i].options : global_options;
        for (; option->name; option++)
            if (option->kind != OPTION_FLAG) {
                buf_printf(out, "%s--%s", first ? "" : "|", option->name);
                if (option->letter)
                    buf_printf(out, "|-%c", option->letter);
                first = false;
            }
    }
    buf_put_str(out, STR(") return 0 ;;\n  esac\n  return 1\n}\n"));
}

static const char bash_tail[] =
    "_volunteerctl() {\n"
    "  local words files options\n"
    "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
    "  _volunteerctl_words \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"\n"
    "  COMPREPLY=()\n"
    "  case $files in\n"
    "  file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return "
    ";;\n"
    "  directory) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$current\"); "
    "return ;;\n"
    "  none) return ;;\n"
    "  esac\n"
    "  case $current in -*) words=$options ;; esac\n"
    "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
    "  case ${COMPREPLY[0]} in *=) compopt -o nospace ;; esac\n"
    "}\n"
    "complete -F _volunteerctl volunteerctl\n";

static const char zsh_tail[] =
    "_volunteerctl() {\n"
    "  local words_typed=(\"${(@)words[2,CURRENT-1]}\") before=${words[CURRENT-1]}\n"
    "  local current=${words[CURRENT]}\n"
    "  () {\n"
    "    local words files options\n"
    "    setopt local_options sh_word_split\n"
    "    _volunteerctl_words \"${(@)words_typed}\"\n"
    "    [[ $current == -* ]] && words=$options\n"
    "    case $files in\n"
    "    file) _files ;;\n"
    "    directory) _files -/ ;;\n"
    "    none) _message value ;;\n"
    "    *) local -a offered=(${=words}); local -a named=(${(M)offered:#*=})\n"
    "       (( $#named )) && compadd -S '' -- $named\n"
    "       offered=(${offered:#*=})\n"
    "       (( $#offered )) && compadd -- $offered\n"
    "       return 0 ;;\n"
    "    esac\n"
    "  }\n"
    "}\n"
    "if [[ $zsh_eval_context == *func ]]; then _volunteerctl \"$@\"; else compdef _volunteerctl "
    "volunteerctl; fi\n";

int run_completion(struct call *call) {
    BUF_AUTO script = {0};
    bool zsh = strcmp(call_argument(call, 0), "zsh") == 0;
    if (zsh)
        buf_put_str(&script, STR("#compdef volunteerctl\n"));
    value_options_put(&script);
    body_put(&script);
    buf_put_str(&script, str_from(zsh ? zsh_tail : bash_tail));
    fwrite(script.data, 1, script.size, stdout);
    return DONE;
}
