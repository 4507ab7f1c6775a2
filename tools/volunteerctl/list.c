/* list NOUN [FILTER=VALUE...] */
#include "commands.h"
#include "noun.h"
#include "pages.h"
#include "value.h"

static size_t filters_count(const struct noun_view *view) {
    size_t n = 0;
    while (n < NOUN_FILTERS && view->filters[n])
        n++;
    return n;
}

static int unknown_filter(const struct noun_view *view, struct str name) {
    size_t n = filters_count(view);
    BUF_AUTO list = {0};
    for (size_t i = 0; i < n; i++)
        buf_printf(&list, "%s%s", i ? ", " : "", view->filters[i]);
    if (n == 0)
        return complain(USAGE, _("list %s takes no filters."), view->noun);
    const char *near = str_nearest(name, view->filters, n);
    if (near)
        return complain(USAGE, _("there is no filter “%.*s” for %s. Did you mean “%s”?"),
                        STR_ARG(name), view->noun, near);
    return complain(USAGE, _("there is no filter “%.*s” for %s: it takes %s."), STR_ARG(name),
                    view->noun, buf_text(&list));
}

static int filter_add(const struct noun_view *view, const char *typed, json_t *params) {
    const char *equals = strchr(typed, '=');
    if (!equals || equals == typed)
        return complain(USAGE, _("a filter is written NAME=VALUE, not “%s”."), typed);
    struct str name = {typed, (size_t)(equals - typed)};
    for (size_t i = 0; i < filters_count(view); i++) {
        const char *filter = view->filters[i];
        if (!str_equal(str_from(filter), name))
            continue;
        const char *value = noun_word_typed(noun_fields(view), filter, equals + 1);
        bool stars = strcmp(filter, "stars") == 0;
        if (stars && (strlen(value) != 1 || *value < '0' || *value > '5'))
            return complain(USAGE, _("stars is a number from 0 to 5, not “%s”."), value);
        json_object_set_new(params, filter,
                            stars ? json_integer(*value - '0') : json_string(value));
        return DONE;
    }
    return unknown_filter(view, name);
}

static void list_print(const struct call *call, const struct noun_view *view,
                       const json_t *result) {
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *item;
    noun_columns_add(table, view->columns);
    json_array_foreach(json_object_get(result, "items"), index, item)
        noun_row_add(table, view->columns, noun_fields(view), item);
    bool empty = table_rows(table) == 0;
    table_print(table);
    if (empty && call->terminal.error)
        note(_("There is none."));
    pages_note_rest(call, result);
}

int run_list(struct call *call) {
    const struct noun_view *view = noun_view_find(call_argument(call, 0));
    json_t *params = json_object();
    char method[64];
    for (size_t i = 1; i < call->n_arguments; i++) {
        if (filter_add(view, call->arguments[i], params) != DONE) {
            json_decref(params);
            return USAGE;
        }
    }
    snprintf(method, sizeof method, "%s.list", view->noun);
    json_auto_t *result = NULL;
    int code;
    if (strcmp(view->noun, "policy") == 0) { /* few: this list has no pages */
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
