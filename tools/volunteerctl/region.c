/* region import, region tree. */
#include "commands.h"
#include "divisions.h"
#include "table.h"
#include "value.h"

#define TREE_DEPTH_DEFAULT 2
#define TREE_NESTING_LIMIT 16

/* ---- import ---- */

static int import_try(struct call *call, const struct bundle *bundle) {
    if (call->json) {
        json_auto_t *summary =
            json_pack("{s:I, s:b}", "events", (json_int_t)bundle->n, "dry_run", 1);
        return print_json(&call->terminal, summary);
    }
    print(_("%zu divisions in %s are well formed; nothing was sent.\n"), bundle->n, bundle->file);
    return DONE;
}

int run_region_import(struct call *call) {
    struct bundle bundle;
    int code = divisions_read(&bundle, call_argument(call, 0), call->json);
    if (code == DONE && call_flag(call, "dry-run"))
        code = import_try(call, &bundle);
    else if (code == DONE)
        code = bundle_publish(call, &bundle, _("importing"));
    bundle_deinit(&bundle);
    return code;
}

/* ---- tree ---- */

static void branch_add(struct table *table, const json_t *region, struct libscols_line *parent,
                       unsigned depth) {
    const json_t *children = json_object_get(region, "children");
    size_t index;
    json_t *child;
    struct libscols_line *line = table_row(table, parent);
    table_text(table, 0, text_at(region, "name"));
    table_text(table, 1, text_at(region, "region"));
    table_colour(table, 1, COLOUR_DIM);
    table_number(table, 2, integer_at(region, "volunteers"));
    table_hours(table, 3, integer_at(region, "minutes"));
    if (depth < TREE_NESTING_LIMIT)
        json_array_foreach(children, index, child) branch_add(table, child, line, depth + 1);
}

int run_region_tree(struct call *call) {
    json_auto_t *tree = NULL;
    json_t *params =
        json_pack("{s:I}", "depth", (json_int_t)call_number(call, "depth", TREE_DEPTH_DEFAULT));
    if (call_argument(call, 0))
        json_object_set_new(params, "region", json_string(call_argument(call, 0)));
    int code = client_ask(&call->client, "region.tree", params, &tree);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, tree);
    struct table *table = table_new(&call->terminal);
    table_column(table, _("region"), COLUMN_TREE);
    table_column(table, _("code"), COLUMN_TEXT);
    table_column(table, _("volunteers"), COLUMN_NUMBER);
    table_column(table, _("hours"), COLUMN_NUMBER);
    const json_t *inner = json_object_get(tree, "tree");
    branch_add(table, json_is_object(inner) ? inner : tree, NULL, 0);
    table_print(table);
    return DONE;
}
