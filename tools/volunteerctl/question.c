#include "question.h"

#include <stdlib.h>

#include "field_text.h"
#include "noun.h"
#include "table.h"
#include "value.h"

#define CHOICES_LISTED 30

/* ---- places ---- */

json_t *slot_value(const json_t *data, const char *path) {
    const json_t *object = data;
    while (true) {
        size_t size = strcspn(path, ".");
        json_t *value = json_object_getn(object, path, size);
        if (!path[size] || !value)
            return value;
        object = value;
        path += size + 1;
    }
}

static void member_set(json_t *object, const char *name, json_t *value) {
    if (value)
        json_object_set_new(object, name, value);
    else
        json_object_del(object, name);
}

void slot_set(json_t *data, const char *path, json_t *value) {
    json_t *objects[8] = {data};
    const char *names[8] = {path};
    char text[128];
    size_t n = 0;
    snprintf(text, sizeof text, "%s", path);
    names[0] = text;
    for (char *dot = strchr(text, '.'); dot && n + 1 < 8; dot = strchr(dot + 1, '.')) {
        *dot = '\0';
        json_t *inner = json_object_get(objects[n], names[n]);
        if (!json_is_object(inner)) {
            inner = json_object();
            json_object_set_new(objects[n], names[n], inner);
        }
        objects[++n] = inner;
        names[n] = dot + 1;
    }
    member_set(objects[n], names[n], value);
    for (; n > 0 && json_object_size(objects[n]) == 0; n--) /* no empty part stays behind */
        json_object_del(objects[n - 1], names[n - 1]);
}

/* ---- what is printed ---- */

static void choices_print(struct asking *asking, const struct field *field) {
    const struct terminal *terminal = &asking->composer->call->terminal;
    struct lexicon *lexicon = &asking->composer->call->lexicon;
    size_t n = lexicon_words(lexicon, field);
    struct table *table = table_new(terminal);
    table_column(table, NULL, COLUMN_NUMBER);
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_WRAP);
    table_without_headings(table);
    for (size_t i = 0; i < n && i < CHOICES_LISTED; i++) {
        struct lexicon_word word = lexicon_word(lexicon, field, i);
        if (word.retired)
            continue;
        table_row(table, NULL);
        table_printf(table, 0, "%3zu", i + 1);
        table_text(table, 1, word.word);
        table_text(table, 2, strcmp(word.word, word.label) ? word.label : "");
    }
    table_print(table);
    if (n > CHOICES_LISTED)
        print(_("  … and %zu more: Tab completes.\n"), n - CHOICES_LISTED);
}

static const char *hint(const struct slot *slot, bool has_value) {
    if (has_value)
        return slot->needed && !slot->within ? _("Enter keeps it")
                                             : _("Enter keeps it, - takes it away");
    return slot->needed ? "" : _("Enter leaves it out");
}

static void question_print(struct asking *asking, const struct slot *slot) {
    struct call *call = asking->composer->call;
    const struct field *field = slot->field;
    const json_t *value = slot_value(asking->composer->data, slot->path);
    BUF_AUTO line = {0};
    bool choices = lexicon_words(&call->lexicon, field) > 0;
    buf_printf(&line, "%s%s%s%s%s", colour_code(&call->terminal, COLOUR_STRONG),
               language_is_chinese() ? field->label : slot->path,
               colour_code(&call->terminal, COLOUR_PLAIN), language_is_chinese() ? "  " : "",
               language_is_chinese() ? slot->path : "");
    if (!choices) {
        buf_put_str(&line, STR(": "));
        field_text_form(&call->lexicon, field, &line);
    }
    const char *more = hint(slot, value != NULL);
    if (*more)
        buf_printf(&line, "  (%s)", more);
    printf("%s\n", buf_text(&line));
    if (choices)
        choices_print(asking, field);
    if (value) {
        BUF_AUTO text = {0};
        value_line(value, &text);
        print(_("  now: %s\n"), buf_text(&text));
    }
}

static void complaint_print(struct asking *asking, const char *text) {
    const struct terminal *terminal = &asking->composer->call->terminal;
    printf("%s", colour_code(terminal, COLOUR_WARN));
    print("  %s", text);
    printf("%s\n", colour_code(terminal, COLOUR_PLAIN));
}

/* ---- Tab ---- */

struct offering {
    struct asking *asking;
    const struct slot *slot;
};

/* The kind of thing that an identifier names: of a subject's it stands beside it. */
static const char *noun_of(struct asking *asking, const struct slot *slot) {
    if (slot->field->noun != NOUN_SUBJECT)
        return noun_info((enum noun)slot->field->noun)->name;
    char path[128];
    snprintf(path, sizeof path, "%s", slot->path);
    char *last = strrchr(path, '.');
    if (!last)
        return "subject";
    snprintf(last, sizeof path - (size_t)(last - path), ".kind");
    const char *kind = json_string_value(slot_value(asking->composer->data, path));
    return kind ? kind : "subject";
}

static void offer(void *self, const char *typed, struct candidates *candidates) {
    struct offering *offering = self;
    struct lexicon *lexicon = &offering->asking->composer->call->lexicon;
    const struct field *field = offering->slot->field;
    if (field->kind == FIELD_ID) {
        if (!offering->slot->own)
            things_offer(&offering->asking->things, noun_of(offering->asking, offering->slot),
                         typed, candidates);
        return;
    }
    for (size_t i = 0; i < lexicon_words(lexicon, field); i++) {
        struct lexicon_word word = lexicon_word(lexicon, field, i);
        if (!word.retired)
            candidates_offer(candidates, typed, word.word, word.label);
    }
}

static char *line_read(struct asking *asking, const struct slot *slot) {
    struct offering offering = {asking, slot};
    struct completer completer = {&offering, offer};
    return prompt_read(asking->prompt, &completer);
}

/* ---- one value ---- */

/* A choice may be answered by its number. */
static void choice_read(struct lexicon *lexicon, const struct field *field, char **typed) {
    char *end;
    unsigned long number = strtoul(*typed, &end, 10);
    if (number == 0 || *end || number > lexicon_words(lexicon, field))
        return;
    char *word = strdup(lexicon_word(lexicon, field, number - 1).word);
    if (!word)
        abort();
    free(*typed);
    *typed = word;
}

/* There must be such a thing, or the daemon would refuse the event in the end. */
static int id_read(struct asking *asking, const struct slot *slot, const char *typed,
                   json_t **ret_value) {
    char *id = NULL;
    BUF_AUTO name = {0};
    int code = things_find(&asking->things, noun_of(asking, slot), typed, &id, &name);
    if (code != DONE)
        return code == UNREACHABLE ? -1 : 1;
    if (name.size > 0)
        print("  %s  %s\n", id, buf_text(&name));
    *ret_value = json_string(id);
    free(id);
    return 0;
}

/* 0 with the value; > 0: said why not; < 0: the daemon is lost. */
static int value_read(struct asking *asking, const struct slot *slot, char **typed,
                      json_t **ret_value) {
    char message[FIELD_MESSAGE_SIZE];
    if (slot->field->kind == FIELD_ID && !slot->own)
        return id_read(asking, slot, *typed, ret_value);
    choice_read(&asking->composer->call->lexicon, slot->field, typed);
    int result = composer_read(asking->composer, slot->field, *typed, ret_value, message);
    if (result > 0)
        complaint_print(asking, message);
    return result;
}

enum line_kind { LINE_VALUE, LINE_EMPTY, LINE_BACK, LINE_AWAY, LINE_ENDED };

static enum line_kind line_kind(const char *typed) {
    return !typed                    ? LINE_ENDED
           : !*typed                 ? LINE_EMPTY
           : strcmp(typed, "<") == 0 ? LINE_BACK
           : strcmp(typed, "-") == 0 ? LINE_AWAY
                                     : LINE_VALUE;
}

static enum answer one_ask(struct asking *asking, const struct slot *slot) {
    json_t *data = asking->composer->data;
    while (true) {
        char *typed = line_read(asking, slot);
        enum line_kind kind = line_kind(typed);
        json_t *value = NULL;
        bool has = slot_value(data, slot->path) != NULL;
        int result = kind == LINE_VALUE ? value_read(asking, slot, &typed, &value) : 1;
        free(typed);
        if (kind == LINE_ENDED)
            return ANSWER_GONE;
        if (kind == LINE_BACK)
            return ANSWER_BACK;
        if (kind == LINE_AWAY && (!slot->needed || slot->within)) {
            slot_set(data, slot->needed ? slot->within : slot->path, NULL);
            return ANSWER_GIVEN;
        }
        if (kind == LINE_EMPTY && (has || !slot->needed))
            return ANSWER_SKIPPED;
        if (result < 0)
            return ANSWER_LOST;
        if (result == 0) {
            slot_set(data, slot->path, value);
            return ANSWER_GIVEN;
        }
        if (kind != LINE_VALUE)
            complaint_print(asking, _("it is required; < goes back, Ctrl-D gives up."));
    }
}

/* ---- several values ---- */

/* NAME=VALUE and texts of a list, a line each, until an empty one. */
static enum answer lines_ask(struct asking *asking, const struct slot *slot) {
    json_t *data = asking->composer->data;
    json_t *list = NULL;
    print(_("  one a line; an empty line ends.\n"));
    while (true) {
        char *typed = line_read(asking, slot);
        enum line_kind kind = line_kind(typed);
        json_t *value = NULL;
        int result = kind == LINE_VALUE ? value_read(asking, slot, &typed, &value) : 1;
        free(typed);
        if (result == 0) {
            list = list ? list : json_array();
            json_array_append_new(list, value);
            continue;
        }
        if (kind == LINE_VALUE && result > 0)
            continue;
        if (list && kind != LINE_ENDED && result >= 0)
            slot_set(data, slot->path, list);
        else
            json_decref(list);
        if (kind == LINE_AWAY && !slot->needed)
            slot_set(data, slot->path, NULL);
        return result < 0           ? ANSWER_LOST
               : kind == LINE_ENDED ? ANSWER_GONE
               : kind == LINE_BACK  ? ANSWER_BACK
               : list               ? ANSWER_GIVEN
                                    : ANSWER_SKIPPED;
    }
}

/* Parts that have names of their own, as `send` takes them: NAME=VALUE. */
static enum answer members_ask(struct asking *asking, const struct slot *slot) {
    const struct field *field = slot->field;
    if (field->kind == FIELD_CHANGES) {
        print(_("  NAME=VALUE each line, NAME= removes, an empty line ends:\n"));
        for (size_t i = 0; i < field->fields->n; i++)
            if (!(field->fields->list[i].flags & FIXED))
                print("    %-20s %s\n", field->fields->list[i].name, field->fields->list[i].label);
    } else {
        print(_("  NAME=VALUE each line, an empty line ends.\n"));
    }
    bool any = false;
    while (true) {
        char *typed = prompt_read(asking->prompt, NULL);
        enum line_kind kind = line_kind(typed);
        BUF_AUTO path = {0};
        buf_printf(&path, "%s.%s", slot->path, typed ? typed : "");
        free(typed);
        bool has = slot_value(asking->composer->data, slot->path) != NULL;
        if (kind == LINE_ENDED || kind == LINE_BACK)
            return kind == LINE_BACK ? ANSWER_BACK : ANSWER_GONE;
        if (kind == LINE_EMPTY && (has || !slot->needed))
            return any ? ANSWER_GIVEN : ANSWER_SKIPPED;
        if (kind == LINE_EMPTY)
            continue;
        int code = composer_take(asking->composer, buf_text(&path));
        if (code == UNREACHABLE)
            return ANSWER_LOST;
        any = any || code == DONE;
    }
}

enum answer question_ask(struct asking *asking, const struct slot *slot) {
    question_print(asking, slot);
    switch (slot->field->kind) {
    case FIELD_LIST:
        return lines_ask(asking, slot);
    case FIELD_CHANGES:
    case FIELD_QUANTITIES:
    case FIELD_JSON:
        return members_ask(asking, slot);
    default:
        return one_ask(asking, slot);
    }
}
