/* policy list|show|history: the city's rules. */
#include "commands.h"
#include "noun.h"
#include "run_text.h"
#include "show.h"
#include "value.h"

struct list_tree {
    struct call *call;
    struct table *table;
    const struct noun_view *view;
};

static bool lies_in(const json_t *item, const json_t *path, size_t depth) {
    const json_t *other = json_object_get(item, "path");
    for (size_t i = 0; i < depth; i++)
        if (strcmp(text_at(json_array_get(other, i), "id"), text_at(json_array_get(path, i), "id")))
            return false;
    return json_array_size(other) >= depth;
}

/* The policies of the place that `path` leads to, then the places within it, each once. */
static void place_add(struct list_tree *tree, const json_t *items, const json_t *path, size_t depth,
                      struct libscols_line *parent) {
    size_t i, k;
    json_t *item, *earlier;
    json_array_foreach(items, i, item) {
        if (json_array_size(json_object_get(item, "path")) == depth && lies_in(item, path, depth))
            noun_row_below(&tree->call->lexicon, tree->table, tree->view->columns,
                           noun_fields(tree->view), item, parent);
    }
    json_array_foreach(items, i, item) {
        const json_t *deeper = json_object_get(item, "path");
        bool known = json_array_size(deeper) <= depth || !lies_in(item, path, depth);
        json_array_foreach(items, k, earlier) {
            if (k >= i || known)
                break;
            known = lies_in(earlier, deeper, depth + 1);
        }
        if (known)
            continue;
        struct libscols_line *line = table_row(tree->table, parent);
        const json_t *place = json_array_get(deeper, depth);
        table_printf(tree->table, 0, "%s %s", text_at(place, "name"), text_at(place, "id"));
        place_add(tree, items, deeper, depth + 1, line);
    }
}

int run_policy_list(struct call *call) {
    json_auto_t *result = NULL;
    const struct noun_view *view = noun_view_find("policy");
    int code = client_ask(&call->client, "policy.list", json_object(), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    struct list_tree tree = {call, table_new(&call->terminal), view};
    size_t index;
    json_t *item, *items = json_object_get(result, "items");
    size_t n_drafts = 0;
    bool scoped = false;
    json_array_foreach(items, index, item) scoped |= has_at(item, "path");
    if (scoped)
        noun_columns_tree(tree.table, view->columns);
    else
        noun_columns_add(tree.table, view->columns);
    place_add(&tree, items, NULL, 0, NULL);
    json_array_foreach(items, index, item) n_drafts +=
        strcmp(text_at(item, "state"), "draft") == 0 || flag_at(item, "differs");
    table_print(tree.table);
    if (n_drafts && call->terminal.error)
        note(_(
            "A draft is a file that differs from what is in force: volunteerctl policy check FILE, "
            "then policy activate FILE."));
    return DONE;
}

/* ---- show ---- */

/* A name first, then a revision: policies are not called like revisions. */
static int policy_get(struct call *call, const char *name, json_t **ret_policy) {
    json_auto_t *error = NULL;
    json_auto_t *error_by_revision = NULL;
    int code = client_try(&call->client, "policy.get", json_pack("{s:s}", "policy", name),
                          ret_policy, &error);
    if (code != DONE || *ret_policy)
        return code;
    code = client_try(&call->client, "policy.get", json_pack("{s:s}", "revision", name), ret_policy,
                      &error_by_revision);
    if (code != DONE || *ret_policy)
        return code;
    return client_refused(&call->client, error);
}

int policy_show(struct call *call, const char *name, bool text_only) {
    static const char *const hidden[] = {"text", "sequence", NULL};
    json_auto_t *policy = NULL;
    int code = policy_get(call, name, &policy);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, policy);
    const char *text = text_at(policy, "text");
    if (!text_only) {
        attributes_print(call, noun_fields(noun_view_find("policy")), policy, hidden);
        printf("\n");
    }
    if (call->terminal.out)
        print_clean(stdout, text, true);
    else
        fputs(text, stdout);
    if (*text && text[strlen(text) - 1] != '\n')
        putchar('\n');
    return DONE;
}

int run_policy_show(struct call *call) {
    return policy_show(call, call_argument(call, 0), call_flag(call, "text"));
}

/* ---- history ---- */

/* How far the last run is that a revision, or its schedule, began. */
static void add_run(const struct call *call, json_t *item) {
    BUF_AUTO text = {0};
    const json_t *run = json_object_get(item, "run");
    if (!json_is_object(run))
        return;
    run_text(&call->terminal, run, &text);
    json_object_set_new(item, "rated", json_string(buf_text(&text)));
}

int run_policy_history(struct call *call) {
    static const struct noun_column columns[] = {
        {"revision", N_("revision"), VALUE_TEXT},
        {"effective", N_("effective"), VALUE_TEXT},
        {"state", N_("state"), VALUE_WORD},
        {"activated", N_("activated"), VALUE_MOMENT},
        {"by", N_("by"), VALUE_TEXT},
        {"retroactivity", N_("retroactivity"), VALUE_WORD},
        {"rated", N_("decided anew"), VALUE_TEXT},
        {"sequence", N_("sequence"), VALUE_TEXT},
        {0},
    };
    json_auto_t *result = NULL;
    int code = client_ask(&call->client, "policy.history",
                          json_pack("{s:s}", "policy", call_argument(call, 0)), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *item;
    noun_columns_add(table, columns);
    json_array_foreach(json_object_get(result, "items"), index, item) {
        add_run(call, item);
        noun_row_add(&call->lexicon, table, columns, noun_fields(noun_view_find("policy")), item);
    }
    table_print(table);
    return DONE;
}
