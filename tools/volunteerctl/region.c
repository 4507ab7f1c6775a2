/* region import, region tree. */
#include "commands.h"
#include "divisions.h"
#include "output.h"
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

static void tree_table(const struct terminal *terminal, const json_t *tree) {
    struct table *table = table_new(terminal);
    table_column(table, _("region"), COLUMN_TREE);
    table_column(table, _("code"), COLUMN_TEXT);
    table_column(table, _("volunteers"), COLUMN_NUMBER);
    table_column(table, _("hours"), COLUMN_NUMBER);
    branch_add(table, tree, NULL, 0);
    table_print(table);
}

/* A row each, the deeper ones moved in where somebody looks at them. */
static void rows_add(json_t *rows, const json_t *region, const char *parent, bool indent,
                     unsigned depth) {
    BUF_AUTO name = {0};
    size_t index;
    json_t *child;
    for (unsigned i = 0; indent && i < depth; i++)
        buf_put_str(&name, STR("\u3000"));
    buf_put_str(&name, str_from(text_at(region, "name")));
    json_array_append_new(rows,
                          json_pack("[s, s, s, I, I]", text_at(region, "region"), buf_text(&name),
                                    parent, (json_int_t)integer_at(region, "volunteers"),
                                    (json_int_t)integer_at(region, "minutes")));
    if (depth < TREE_NESTING_LIMIT)
        json_array_foreach(json_object_get(region, "children"), index, child)
            rows_add(rows, child, text_at(region, "region"), indent, depth + 1);
}

static json_t *tree_document(const json_t *tree, bool indent) {
    json_t *document = document_blank(_("regions, volunteers and hours"));
    json_t *section = document_section_add(document, "");
    document_column_add(section, "region", _("code"), "text");
    document_column_add(section, "name", _("region"), "text");
    document_column_add(section, "parent", _("parent"), "text");
    document_column_add(section, "volunteers", _("volunteers"), "number");
    document_column_add(section, "hours", _("hours"), "hours");
    rows_add(json_object_get(section, "rows"), tree, "", indent, 0);
    json_object_set_new(
        document, "region",
        json_pack("{s:s, s:s}", "region", text_at(tree, "region"), "name", text_at(tree, "name")));
    return document;
}

int run_region_tree(struct call *call) {
    struct output output;
    struct terminal terminal;
    json_auto_t *tree = NULL;
    int code = output_choose(call, &output);
    if (code != DONE)
        return code;
    json_t *params =
        json_pack("{s:I}", "depth", (json_int_t)call_number(call, "depth", TREE_DEPTH_DEFAULT));
    if (call_argument(call, 0))
        json_object_set_new(params, "region", json_string(call_argument(call, 0)));
    code = client_ask(&call->client, "region.tree", params, &tree);
    if (code != DONE)
        return code;
    const json_t *inner = json_object_get(tree, "tree");
    const json_t *top = json_is_object(inner) ? inner : tree;
    if (output.format != FORMAT_TABLE) {
        json_auto_t *document = tree_document(top, output.format == FORMAT_HTML);
        return output_document(&output, document, tree);
    }
    code = output_begin(&output, &terminal);
    if (code != DONE)
        return code;
    tree_table(&terminal, top);
    return output_end(&output, DONE);
}
