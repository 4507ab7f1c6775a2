/* show NOUN ID: every attribute of one thing, in the language of the reader. */
#include "show.h"
#include "commands.h"
#include "noun.h"
#include "util/calendar.h"
#include "value.h"

#define NESTING_LIMIT 4

static const struct fields *fields_within(const struct fields *fields, const char *key) {
    size_t index = fields ? fields_find(fields, str_from(key)) : NOT_FOUND_FIELD;
    return index == NOT_FOUND_FIELD ? NULL : fields->list[index].fields;
}

static void minutes_put(int64_t minutes, bool grouped, struct buf *out) {
    char number[TEXT_SIZE], hours[TEXT_SIZE];
    number_text(minutes, grouped, number);
    buf_printf(out, _("%s min"), number);
    if (minutes >= 60)
        buf_printf(out, _(" (%s h)"), hours_text(minutes, grouped, hours));
}

/* RFC 3339 with an offset. */
static bool is_moment(const json_t *value) {
    int64_t time_us;
    int16_t offset_minutes;
    const char *text = json_string_value(value);
    return text && time_parse(str_from(text), &time_us, &offset_minutes) == 0;
}

static void value_words(struct call *call, const struct fields *fields, const char *key,
                        const json_t *value, struct buf *out) {
    char text[TEXT_SIZE];
    const char *word = json_is_string(value)
                           ? noun_word(&call->lexicon, fields, key, json_string_value(value))
                           : NULL;
    bool chinese = language_is_chinese();
    bool is_minutes = strcmp(key, "minutes") == 0 || strcmp(key, "counted_minutes") == 0;
    if (word && strcmp(word, json_string_value(value)) != 0)
        buf_printf(out, "%s (%s)", word, json_string_value(value));
    else if (is_moment(value))
        buf_put_str(out, str_from(moment_text(json_string_value(value), text)));
    else if (json_is_boolean(value))
        buf_put_str(out, json_is_true(value) ? (chinese ? STR("是") : STR("yes"))
                                             : (chinese ? STR("否") : STR("no")));
    else if (strcmp(key, "findings") == 0)
        findings_text(value, out);
    else if (strcmp(key, "stars") == 0 && json_is_integer(value))
        buf_put_str(out, str_from(stars_text(json_integer_value(value), text)));
    else if (is_minutes && json_is_integer(value))
        minutes_put(json_integer_value(value), call->terminal.out, out);
    else if (strcmp(key, "path") == 0 && json_is_array(value))
        for (size_t i = 0; i < json_array_size(value); i++)
            buf_printf(out, "%s%s", i ? " › " : "", text_in(value, i));
    else
        value_line(value, out);
}

static void attributes_add(struct call *call, struct table *table, const struct fields *fields,
                           const char *prefix, const json_t *object, const char *const *hidden,
                           unsigned depth) {
    json_t *members = json_incref((json_t *)(uintptr_t)object);
    const char *key;
    json_t *member;
    const char *between = language_is_chinese() ? " / " : ".";
    json_object_foreach(members, key, member) {
        bool hide = json_is_null(member);
        for (size_t i = 0; depth == 0 && hidden[i]; i++)
            hide = hide || strcmp(hidden[i], key) == 0;
        if (hide)
            continue;
        BUF_AUTO label = {0};
        buf_printf(&label, "%s%s%s", prefix, *prefix ? between : "", noun_label(fields, key));
        if (json_is_object(member) && depth < NESTING_LIMIT) {
            attributes_add(call, table, fields_within(fields, key), buf_text(&label), member,
                           hidden, depth + 1);
            continue;
        }
        BUF_AUTO text = {0};
        value_words(call, fields, key, member, &text);
        if (text.size == 0)
            continue;
        table_row(table, NULL);
        table_text(table, 0, buf_text(&label));
        table_colour(table, 0, COLOUR_DIM);
        table_text(table, 1, buf_text(&text));
    }
    json_decref(members);
}

void attributes_print(struct call *call, const struct fields *fields, const json_t *object,
                      const char *const *hidden) {
    struct table *table = table_new(&call->terminal);
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_WRAP);
    table_without_headings(table);
    attributes_add(call, table, fields, "", object, hidden, 0);
    table_print(table);
}

int run_show(struct call *call) {
    static const char *const hidden[] = {"sequence", NULL};
    const struct noun_view *view = noun_view_find(call_argument(call, 0));
    json_auto_t *result = NULL;
    char method[64];
    if (strcmp(view->noun, "policy") == 0)
        return policy_show(call, call_argument(call, 1), false);
    snprintf(method, sizeof method, "%s.get", view->noun);
    int code = client_ask(&call->client, method,
                          json_pack("{s:s}", view->noun, call_argument(call, 1)), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    attributes_print(call, noun_fields(view), result, hidden);
    return DONE;
}
