/* list NOUN [FILTER=VALUE...] */
#include "list.h"
#include "commands.h"
#include "field_text.h"
#include "noun.h"
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

/* What stands for a filter's value in the question: a number, yes or no, or a word. */
static int filter_value(struct call *call, const struct noun_view *view, const char *filter,
                        const char *typed, json_t **ret_value) {
    const struct fields *fields = noun_fields(view);
    size_t index = fields ? fields_find(fields, str_from(filter)) : NOT_FOUND_FIELD;
    char message[FIELD_MESSAGE_SIZE];
    if (index != NOT_FOUND_FIELD && fields->list[index].kind == FIELD_BOOLEAN) {
        if (field_text_read(&call->lexicon, &fields->list[index], typed, NULL, ret_value, message))
            return complain(USAGE, "%s: %s", filter, message);
        return DONE;
    }
    const char *value = noun_word_typed(&call->lexicon, fields, filter, typed);
    bool stars = strcmp(filter, "stars") == 0;
    if (stars && (strlen(value) != 1 || *value < '0' || *value > '5'))
        return complain(USAGE, _("stars is a number from 0 to 5, not “%s”."), value);
    *ret_value = stars ? json_integer(*value - '0') : json_string(value);
    return DONE;
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

static void list_print(struct call *call, const struct noun_view *view, const json_t *result) {
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *item;
    noun_columns_add(table, view->columns);
    json_array_foreach(json_object_get(result, "items"), index, item)
        noun_row_add(&call->lexicon, table, view->columns, noun_fields(view), item);
    bool empty = table_rows(table) == 0;
    table_print(table);
    if (empty && call->terminal.error)
        note(_("There is none."));
    pages_note_rest(call, result);
}

int list_things(struct call *call, const char *noun, json_t *params) {
    const struct noun_view *view = noun_view_find(noun);
    json_auto_t *result = NULL;
    char method[64];
    int code;
    snprintf(method, sizeof method, "%s.list", noun);
    if (strcmp(noun, "policy") == 0) { /* few: this list has no pages */
        json_decref(params);
        code = client_ask(&call->client, method, json_object(), &result);
    } else {
        code = pages_read(call, method, params, call_limit(call), &result);
    }
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    list_print(call, view, result);
    return DONE;
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
