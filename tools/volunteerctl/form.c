/* The conversation of `send` on a terminal: asks for what is missing, shows the whole event, and
 * sends it only when the person says so. */
#include "form.h"

#include <stdlib.h>

#include "question.h"
#include "table.h"
#include "value.h"

#define SLOTS_LIMIT 96

struct slots {
    size_t n;
    struct slot list[SLOTS_LIMIT];
};

static bool is_word(const char *typed, const char *const *words) {
    for (; *words; words++)
        if (strcmp(*words, typed) == 0)
            return true;
    return false;
}

static const char *const yes[] = {"yes", "y", "是", NULL};
static const char *const no[] = {"no", "n", "否", NULL};

/* ---- which fields ---- */

static struct slot *slot_add(struct slots *slots, const struct field *field, const char *prefix,
                             bool needed) {
    if (slots->n == SLOTS_LIMIT)
        return &slots->list[SLOTS_LIMIT - 1];
    struct slot *slot = &slots->list[slots->n++];
    *slot = (struct slot){.field = field, .needed = needed};
    snprintf(slot->path, sizeof slot->path, "%.60s%.60s", prefix, field->name);
    return slot;
}

enum which { MISSING, EVERY };

/* Parts are fields of their own; those of an optional object are asked only where it is begun, and
 * otherwise it is one field. */
static void parts_add(struct slots *slots, const struct composer *composer,
                      const struct field *object, const char *path, bool needed, enum which which) {
    for (size_t i = 0; i < object->fields->n; i++) {
        const struct field *part = &object->fields->list[i];
        char prefix[128];
        snprintf(prefix, sizeof prefix, "%.100s.", path);
        struct slot *slot = slot_add(slots, part, prefix, part->flags & REQUIRED);
        slot->within = needed ? NULL : object->name;
        if (which == MISSING && (!slot->needed || slot_value(composer->data, slot->path)))
            slots->n--;
    }
}

static void slots_add(struct slots *slots, const struct composer *composer, enum which which) {
    const struct fields *fields = composer->type->fields;
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        const json_t *value = json_object_get(composer->data, field->name);
        bool needed = (field->flags & REQUIRED) && !composer_waives(composer, field->name);
        if (composer_refuses(composer, field->name))
            continue;
        if (field->kind == FIELD_OBJECT && (needed || json_is_object(value)))
            parts_add(slots, composer, field, field->name, needed, which);
        else if (which == EVERY || (needed && !value))
            slot_add(slots, field, "", needed)->own = i == 0 && (field->flags & FIXED);
    }
}

/* ---- asking in order ---- */

static enum answer slots_ask(struct asking *asking, const struct slots *slots);

/* An object: its parts; what is optional in an optional part is left to the review. */
static enum answer parts_ask(struct asking *asking, const struct slot *slot) {
    struct slots parts = {0};
    char prefix[132];
    snprintf(prefix, sizeof prefix, "%s.", slot->path);
    for (size_t i = 0; i < slot->field->fields->n; i++) {
        const struct field *part = &slot->field->fields->list[i];
        if (part->kind != FIELD_OBJECT || (part->flags & REQUIRED))
            slot_add(&parts, part, prefix, part->flags & REQUIRED);
    }
    return slots_ask(asking, &parts);
}

static bool another(struct asking *asking) {
    print(_("  another one?  yes, or Enter ends\n"));
    char *typed = prompt_read(asking->prompt, NULL);
    bool more = typed && is_word(typed, yes);
    free(typed);
    return more;
}

/* Several objects, one after the other. */
static enum answer objects_ask(struct asking *asking, const struct slot *slot) {
    json_t *data = asking->composer->data;
    json_t *list = json_array();
    enum answer answer;
    do {
        slot_set(data, slot->path, NULL);
        answer = parts_ask(asking, slot);
        if (answer == ANSWER_GIVEN && slot_value(data, slot->path))
            json_array_append(list, slot_value(data, slot->path));
    } while (answer == ANSWER_GIVEN && another(asking));
    bool any = json_array_size(list) > 0;
    slot_set(data, slot->path, any ? json_incref(list) : NULL);
    json_decref(list);
    return answer;
}

static enum answer slot_ask(struct asking *asking, const struct slot *slot) {
    if (slot->field->kind == FIELD_OBJECT)
        return parts_ask(asking, slot);
    if (slot->field->kind == FIELD_OBJECTS)
        return objects_ask(asking, slot);
    return question_ask(asking, slot);
}

/* "<" goes one back; at the first one it leaves the rest as it is. */
static enum answer slots_ask(struct asking *asking, const struct slots *slots) {
    size_t i = 0;
    while (i < slots->n) {
        enum answer answer = slot_ask(asking, &slots->list[i]);
        if (answer == ANSWER_GONE || answer == ANSWER_LOST)
            return answer;
        if (answer == ANSWER_BACK && i == 0)
            return ANSWER_BACK;
        i = answer == ANSWER_BACK ? i - 1 : i + 1;
    }
    return ANSWER_GIVEN;
}

/* ---- the whole event ---- */

static void value_text(struct asking *asking, const struct field *field, const json_t *value,
                       struct buf *out) {
    struct lexicon *lexicon = &asking->composer->call->lexicon;
    const char *word = json_string_value(value);
    if (json_is_boolean(value))
        buf_put_str(out, str_from(json_is_true(value) ? _("yes") : _("no")));
    else
        value_line(value, out);
    for (size_t i = 0; word && i < lexicon_words(lexicon, field); i++) {
        struct lexicon_word known = lexicon_word(lexicon, field, i);
        if (strcmp(known.word, word) == 0 && strcmp(known.label, word) != 0)
            buf_printf(out, " %s", known.label);
    }
}

static void event_show(struct asking *asking, const struct slots *slots) {
    const struct terminal *terminal = &asking->composer->call->terminal;
    struct table *table = table_new(terminal);
    printf("\n%s%s%s  %s\n", colour_code(terminal, COLOUR_STRONG), asking->composer->type->name,
           colour_code(terminal, COLOUR_PLAIN), asking->composer->type->label);
    table_column(table, NULL, COLUMN_NUMBER);
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_WRAP);
    table_without_headings(table);
    for (size_t i = 0; i < slots->n; i++) {
        const struct slot *slot = &slots->list[i];
        const json_t *value = slot_value(asking->composer->data, slot->path);
        BUF_AUTO text = {0};
        if (value)
            value_text(asking, slot->field, value, &text);
        table_row(table, NULL);
        table_printf(table, 0, "%3zu", i + 1);
        table_text(table, 1, slot->field->label);
        table_text(table, 2, slot->path);
        table_text(table, 3, value ? buf_text(&text) : "—");
        if (!value)
            table_row_colour(table, COLOUR_DIM);
    }
    table_print(table);
}

static void review_offer(void *self, const char *typed, struct candidates *candidates) {
    const struct slots *slots = self;
    candidates_offer(candidates, typed, "yes", _("sends it"));
    candidates_offer(candidates, typed, "no", _("leaves without sending"));
    for (size_t i = 0; i < slots->n; i++)
        candidates_offer(candidates, typed, slots->list[i].path, slots->list[i].field->label);
}

/* By number, name or label; NULL where it is none. */
static const struct slot *slot_typed(const struct slots *slots, const char *typed) {
    char *end;
    unsigned long number = strtoul(typed, &end, 10);
    if (number > 0 && !*end && number <= slots->n)
        return &slots->list[number - 1];
    for (size_t i = 0; i < slots->n; i++)
        if (strcmp(slots->list[i].path, typed) == 0 ||
            strcmp(slots->list[i].field->label, typed) == 0)
            return &slots->list[i];
    return NULL;
}

/* Shows the event and asks what to do with it, until it is to be sent or left. */
static enum answer event_review(struct asking *asking) {
    const char *question =
        call_flag(asking->composer->call, "dry-run") ? _("Try it?") : _("Send it?");
    while (true) {
        struct slots slots = {0};
        slots_add(&slots, asking->composer, EVERY);
        event_show(asking, &slots);
        printf("%s  %s\n", question,
               _("yes, no, or the number or name of a field to fill in or change"));
        struct completer completer = {&slots, review_offer};
        char *typed = prompt_read(asking->prompt, &completer);
        const struct slot *slot = typed ? slot_typed(&slots, typed) : NULL;
        bool sends = typed && is_word(typed, yes);
        bool leaves = !typed || is_word(typed, no);
        free(typed);
        if (sends || leaves)
            return sends ? ANSWER_GIVEN : ANSWER_GONE;
        enum answer answer = slot ? slot_ask(asking, slot) : ANSWER_SKIPPED;
        if (answer == ANSWER_GONE || answer == ANSWER_LOST)
            return answer;
    }
}

/* From the first question on; back before it is the same again. */
static enum answer missing_ask(struct asking *asking) {
    while (true) {
        struct slots slots = {0};
        slots_add(&slots, asking->composer, MISSING);
        if (slots.n == 0)
            return ANSWER_GIVEN;
        enum answer answer = slots_ask(asking, &slots);
        if (answer != ANSWER_BACK && answer != ANSWER_GIVEN)
            return answer;
    }
}

static int form_run(struct composer *composer, enum answer (*run)(struct asking *asking)) {
    struct asking asking = {.composer = composer, .prompt = prompt_new(&composer->call->terminal)};
    things_init(&asking.things, composer->call);
    enum answer answer = run(&asking);
    if (answer == ANSWER_GIVEN)
        answer = event_review(&asking);
    things_deinit(&asking.things);
    prompt_free(asking.prompt);
    if (answer == ANSWER_LOST)
        return UNREACHABLE;
    return answer == ANSWER_GIVEN ? composer_check(composer)
                                  : complain(REFUSED, _("given up: nothing was sent."));
}

int form_fill(struct composer *composer, bool *ret_asked) {
    const struct terminal *terminal = &composer->call->terminal;
    struct slots missing = {0};
    slots_add(&missing, composer, MISSING);
    *ret_asked = missing.n > 0 || json_object_size(composer->data) == 0;
    if (!*ret_asked) /* whoever typed all of it has said what they want */
        return DONE;
    printf("%s%s%s  %s\n%s\n\n", colour_code(terminal, COLOUR_STRONG), composer->type->name,
           colour_code(terminal, COLOUR_PLAIN), composer->type->label,
           _("Tab completes, < goes back, Ctrl-D leaves without sending."));
    return form_run(composer, missing_ask);
}

static enum answer nothing_ask(struct asking *asking) {
    (void)asking;
    return ANSWER_GIVEN;
}

int form_mend(struct composer *composer) {
    return form_run(composer, nothing_ask);
}
