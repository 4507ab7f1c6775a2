/* show NOUN ID: every attribute of one thing, in the language of the reader. */
#include "show.h"
#include "commands.h"
#include "details.h"
#include "noun.h"
#include "output.h"
#include "value.h"

#define NESTING_LIMIT 4

static const struct fields *fields_within(const struct fields *fields, const char *key) {
    size_t index = fields ? fields_find(fields, str_from(key)) : NOT_FOUND_FIELD;
    return index == NOT_FOUND_FIELD ? NULL : fields->list[index].fields;
}

/* What counts nothing is no news; what everybody looks for stands there all the same. */
static bool is_silent(const char *parent, const char *key, const json_t *value) {
    static const char *const always[] = {"volunteers", "minutes", "records"};
    if (strcmp(parent, "counters") != 0 || !json_is_integer(value) || json_integer_value(value))
        return false;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (strcmp(always[i], key) == 0)
            return false;
    return true;
}

/* Reported figures stand under their words. */
static const char *member_label(const struct fields *fields, const char *parent, const char *key) {
    if (language_is_chinese() && strcmp(parent, "figures") == 0)
        for (size_t i = 0; i < FIGURE_choices.n; i++)
            if (strcmp(FIGURE_choices.words[i], key) == 0)
                return FIGURE_choices.labels[i];
    return noun_label(fields, key);
}

static void attributes_add(struct call *call, struct table *table, const struct fields *fields,
                           const char *parent, const char *prefix, const json_t *object,
                           const char *const *hidden, unsigned depth) {
    json_t *members = json_incref((json_t *)(uintptr_t)object);
    const char *key;
    json_t *member;
    const char *between = language_is_chinese() ? " / " : ".";
    json_object_foreach(members, key, member) {
        bool hide = json_is_null(member) || is_silent(parent, key, member) ||
                    (is_details(member) && strcmp(key, "findings") != 0);
        for (size_t i = 0; depth == 0 && hidden[i]; i++)
            hide = hide || strcmp(hidden[i], key) == 0;
        if (hide)
            continue;
        BUF_AUTO label = {0};
        buf_printf(&label, "%s%s%s", prefix, *prefix ? between : "",
                   member_label(fields, parent, key));
        if (json_is_object(member) && depth < NESTING_LIMIT) {
            attributes_add(call, table, fields_within(fields, key), key, buf_text(&label), member,
                           hidden, depth + 1);
            continue;
        }
        BUF_AUTO text = {0};
        value_words(call, fields, key, object, member, true, &text);
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
    attributes_add(call, table, fields, "", "", object, hidden, 0);
    table_print(table);
    details_print(call, fields, object);
}

/* "organisation/ID" or "region/CODE"; a code alone is a region's. */
static json_t *assessment_params(const char *typed) {
    const char *slash = strchr(typed, '/');
    size_t size = slash ? (size_t)(slash - typed) : 0;
    bool kind_given = (size == 6 && strncmp(typed, "region", size) == 0) ||
                      (size == 12 && strncmp(typed, "organisation", size) == 0);
    if (kind_given)
        return json_pack("{s:s%, s:s}", "subject_kind", typed, size, "subject", slash + 1);
    bool code = strlen(typed) == 12 && strspn(typed, "0123456789") == 12;
    return json_pack("{s:s, s:s}", "subject_kind", code ? "region" : "organisation", "subject",
                     typed);
}

/* What a bulletin says, below what is known of it. */
static int frozen_print(struct call *call, json_t *document) {
    struct output output = {.call = call, .format = FORMAT_TABLE, .fd = -1, .saved_fd = -1};
    print("\n");
    return output_document(&output, document, document);
}

int run_show(struct call *call) {
    return show_thing(call, call_argument(call, 0), call_argument(call, 1));
}

int show_thing(struct call *call, const char *noun, const char *id) {
    static const char *const hidden[] = {"sequence", NULL};
    const struct noun_view *view = noun_view_find(noun);
    json_auto_t *result = NULL;
    char method[64];
    if (strcmp(view->noun, "policy") == 0)
        return policy_show(call, id, false);
    snprintf(method, sizeof method, "%s.get", view->noun);
    json_t *params = strcmp(view->noun, "assessment") == 0 ? assessment_params(id)
                                                           : json_pack("{s:s}", view->noun, id);
    int code = client_ask(&call->client, method, params, &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    json_auto_t *document = json_incref(json_object_get(result, "document"));
    bool frozen = strcmp(view->noun, "bulletin") == 0 && document;
    if (frozen)
        json_object_del(result, "document");
    attributes_print(call, noun_fields(view), result, hidden);
    if (frozen)
        return frozen_print(call, document);
    return DONE;
}
