/* Asks a person for the required fields that are missing, with the catalogue's labels and choices;
 * a wrong answer says why and is asked for again. */
#include <stdlib.h>

#include "compose.h"
#include "field_text.h"
#include "table.h"
#include "value.h"

/* The answer without its newline; NULL where input ended. */
static char *line_read(void) {
    char *line = NULL;
    size_t size = 0;
    fflush(stdout);
    ssize_t n = getline(&line, &size, stdin);
    if (n < 0) {
        free(line);
        return NULL;
    }
    while (n > 0 && strchr("\r\n ", line[n - 1]))
        line[--n] = '\0';
    return line;
}

static void question_print(struct call *call, const struct field *field, const char *path) {
    struct lexicon *lexicon = &call->lexicon;
    size_t n_words = lexicon_words(lexicon, field);
    BUF_AUTO form = {0};
    field_text_form(lexicon, field, &form);
    printf("%s%s%s  %s%s%s%s%s\n", colour_code(&call->terminal, COLOUR_STRONG), field->label,
           colour_code(&call->terminal, COLOUR_PLAIN), colour_code(&call->terminal, COLOUR_DIM),
           path, field->name, n_words ? "" : ": ", n_words ? "" : buf_text(&form));
    for (size_t i = 0; i < n_words; i++) {
        struct lexicon_word word = lexicon_word(lexicon, field, i);
        printf("  %2zu  %-24s %s\n", i + 1, word.word, word.label);
    }
    printf("%s", colour_code(&call->terminal, COLOUR_PLAIN));
}

/* A choice may be answered by its number. */
static const char *choice_word(struct lexicon *lexicon, const struct field *field,
                               const char *typed) {
    char *end;
    unsigned long number = strtoul(typed, &end, 10);
    if (number > 0 && *end == '\0' && number <= lexicon_words(lexicon, field))
        return lexicon_word(lexicon, field, number - 1).word;
    return typed;
}

static int field_ask(struct composer *composer, const struct field *field, const char *path,
                     json_t *object) {
    char message[FIELD_MESSAGE_SIZE];
    question_print(composer->call, field, path);
    while (true) {
        printf("> ");
        char *typed = line_read();
        if (!typed) {
            printf("\n");
            return complain(REFUSED, _("given up: nothing was sent."));
        }
        json_t *value = NULL;
        int result = 1;
        snprintf(message, sizeof message, _("it is required; Ctrl-D gives up."));
        if (*typed)
            result =
                composer_read(composer, field, choice_word(&composer->call->lexicon, field, typed),
                              &value, message);
        free(typed);
        if (result < 0)
            return UNREACHABLE;
        if (result == 0) {
            json_object_set_new(object, field->name,
                                field->kind == FIELD_LIST ? json_pack("[o]", value) : value);
            return DONE;
        }
        printf("%s", colour_code(&composer->call->terminal, COLOUR_WARN));
        print("%s: %s", field->label, message);
        printf("%s\n", colour_code(&composer->call->terminal, COLOUR_PLAIN));
    }
}

/* Changes are asked as NAME=VALUE until an empty line. */
static int changes_ask(struct composer *composer, const struct field *field) {
    const struct terminal *terminal = &composer->call->terminal;
    printf("%s%s%s  %s\n", colour_code(terminal, COLOUR_STRONG), field->label,
           colour_code(terminal, COLOUR_PLAIN),
           _("NAME=VALUE each line, NAME= removes, an empty line ends:"));
    for (size_t i = 0; i < field->fields->n; i++)
        if (!(field->fields->list[i].flags & FIXED))
            printf("  %-20s %s\n", field->fields->list[i].name, field->fields->list[i].label);
    while (true) {
        printf("> ");
        char *typed = line_read();
        if (!typed)
            return complain(REFUSED, _("given up: nothing was sent."));
        bool ends = !*typed;
        BUF_AUTO path = {0};
        buf_printf(&path, "%s.%s", field->name, typed);
        free(typed);
        if (ends && json_object_get(composer->data, field->name))
            return DONE;
        if (!ends && composer_take(composer, buf_text(&path)) == UNREACHABLE)
            return UNREACHABLE;
    }
}

static int fields_ask(struct composer *composer, const struct fields *fields, const char *path,
                      json_t *object) {
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        json_t *value = json_object_get(object, field->name);
        int code = DONE;
        if (!value && !(field->flags & REQUIRED))
            continue;
        if (field->kind == FIELD_OBJECT && (!value || json_is_object(value))) {
            BUF_AUTO inner = {0};
            buf_printf(&inner, "%s%s.", path, field->name);
            if (!value)
                json_object_set_new(object, field->name, value = json_object());
            code = fields_ask(composer, field->fields, buf_text(&inner), value);
        } else if (!value && field->kind == FIELD_CHANGES) {
            code = changes_ask(composer, field);
        } else if (!value) {
            code = field_ask(composer, field, path, object);
        }
        if (code != DONE)
            return code;
    }
    return DONE;
}

int form_fill(struct composer *composer) {
    return fields_ask(composer, composer->type->fields, "", composer->data);
}
