/* list NOUN [FILTER=VALUE...] */
#include "list.h"
#include "commands.h"
#include "field_text.h"
#include "noun.h"
#include "output.h"
#include "pages.h"
#include "value.h"

static int unknown_filter(const struct noun_view *view, struct str name) {
    const char *filters[NOUN_FILTERS];
    size_t n = noun_filters(view, filters);
    BUF_AUTO list = {0};
    for (size_t i = 0; i < n; i++)
        buf_printf(&list, "%s%s", i ? ", " : "", filters[i]);
    if (n == 0)
        return complain(USAGE, _("list %s takes no filters."), view->noun);
    const char *near = str_nearest(name, filters, n);
    if (near)
        return complain(USAGE, _("there is no filter “%.*s” for %s. Did you mean “%s”?"),
                        STR_ARG(name), view->noun, near);
    return complain(USAGE, _("there is no filter “%.*s” for %s: it takes %s."), STR_ARG(name),
                    view->noun, buf_text(&list));
}

/* What a filter that is no field of the type takes. */
static enum field_kind filter_kind(const struct fields *fields, const char *filter) {
    static const struct {
        const char *filter;
        enum field_kind kind;
    } kinds[] = {{"carried", FIELD_BOOLEAN}, {"overdue", FIELD_BOOLEAN},
                 {"claimed", FIELD_BOOLEAN}, {"answered_for", FIELD_BOOLEAN},
                 {"paired", FIELD_BOOLEAN},  {"reported_in", FIELD_BOOLEAN},
                 {"stars", FIELD_INTEGER},   {"open_days", FIELD_INTEGER}};
    size_t index = fields ? fields_find(fields, str_from(filter)) : NOT_FOUND_FIELD;
    for (size_t i = 0; index == NOT_FOUND_FIELD && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].filter, filter) == 0)
            return kinds[i].kind;
    return index == NOT_FOUND_FIELD ? FIELD_TEXT : fields->list[index].kind;
}

/* What stands for a filter's value in the question: a number, yes or no, or a word. */
static int filter_value(struct call *call, const struct noun_view *view, const char *filter,
                        const char *typed, json_t **ret_value) {
    const struct fields *fields = noun_fields(view);
    enum field_kind kind = filter_kind(fields, filter);
    bool stars = strcmp(filter, "stars") == 0;
    const struct field plain = {.kind = kind,
                                .range = stars ? (struct range){0, 5} : (struct range){0, 100000}};
    char message[FIELD_MESSAGE_SIZE];
    if (kind != FIELD_BOOLEAN && kind != FIELD_INTEGER) {
        *ret_value = json_string(noun_word_typed(&call->lexicon, fields, filter, typed));
        return DONE;
    }
    if (field_text_read(&call->lexicon, &plain, typed, NULL, ret_value, message) == 0)
        return DONE;
    return stars ? complain(USAGE, _("stars is a number from 0 to 5, not “%s”."), typed)
                 : complain(USAGE, "%s: %s", filter, message);
}

static int filter_add(struct call *call, const struct noun_view *view, const char *typed,
                      json_t *params) {
    const char *equals = strchr(typed, '=');
    if (!equals || equals == typed)
        return complain(USAGE, _("a filter is written NAME=VALUE, not “%s”."), typed);
    struct str name = {typed, (size_t)(equals - typed)};
    const char *filters[NOUN_FILTERS];
    size_t n = noun_filters(view, filters);
    for (size_t i = 0; i < n; i++) {
        const char *filter = filters[i];
        if (!str_equal(str_from(filter), name))
            continue;
        json_t *value = NULL;
        int code = filter_value(call, view, filter, equals + 1, &value);
        if (code == DONE)
            json_object_set_new(params, filter, value);
        return code;
    }
    return unknown_filter(view, name);
}

static json_t *list_document(struct call *call, const struct noun_view *view,
                             const json_t *result) {
    size_t index;
    json_t *item;
    json_t *document = document_blank(noun_title(view->noun));
    json_t *section = document_section_add(document, "");
    for (const struct noun_column *column = view->columns; column->key; column++)
        document_column_add(section, column->key, _(column->heading), noun_column_word(column));
    json_array_foreach(json_object_get(result, "items"), index, item) json_array_append_new(
        json_object_get(section, "rows"),
        noun_row_json(&call->lexicon, view->columns, noun_fields(view), item));
    return document;
}

static int list_table(struct call *call, struct output *output, const struct noun_view *view,
                      const json_t *result) {
    struct terminal terminal;
    int code = output_begin(output, &terminal);
    if (code != DONE)
        return code;
    struct table *table = table_new(&terminal);
    size_t index;
    json_t *item;
    noun_columns_add(table, view->columns);
    json_array_foreach(json_object_get(result, "items"), index, item)
        noun_row_add(&call->lexicon, table, view->columns, noun_fields(view), item);
    bool empty = table_rows(table) == 0;
    table_print(table);
    if (empty && call->terminal.error)
        note(_("There is none."));
    return output_end(output, DONE);
}

int list_print(struct call *call, struct output *output, const struct noun_view *view,
               const json_t *result) {
    int code;
    if (output->format == FORMAT_TABLE) {
        code = list_table(call, output, view, result);
    } else {
        json_auto_t *document =
            output->format == FORMAT_JSON ? NULL : list_document(call, view, result);
        code = output_document(output, document, result);
    }
    if (output->format != FORMAT_JSON)
        pages_note_rest(call, result);
    return code;
}

int list_things(struct call *call, const char *noun, json_t *params) {
    const struct noun_view *view = noun_view_find(noun);
    json_auto_t *asked = params;
    json_auto_t *result = NULL;
    struct output output;
    char method[64];
    int code = output_choose(call, &output);
    if (code != DONE)
        return code;
    snprintf(method, sizeof method, "%s.list", noun);
    if (strcmp(noun, "policy") == 0) /* few: this list has no pages */
        code = client_ask(&call->client, method, json_object(), &result);
    else
        code = pages_read(call, method, json_incref(asked), call_limit(call), &result);
    return code == DONE ? list_print(call, &output, view, result) : code;
}

int run_list(struct call *call) {
    const struct noun_view *view = noun_view_find(call_argument(call, 0));
    json_t *params = json_object();
    for (size_t i = 1; i < call->n_arguments; i++) {
        if (filter_add(call, view, call->arguments[i], params) != DONE) {
            json_decref(params);
            return USAGE;
        }
    }
    return list_things(call, view->noun, params);
}

bool list_items(struct call *call, const struct noun_column *columns, const json_t *result) {
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *item;
    noun_columns_add(table, columns);
    json_array_foreach(json_object_get(result, "items"), index, item)
        noun_row_add(&call->lexicon, table, columns, NULL, item);
    bool any = table_rows(table) > 0;
    table_print(table);
    return any;
}
