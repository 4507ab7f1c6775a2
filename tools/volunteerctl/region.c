/* region import, region tree. */
#include "commands.h"
#include "divisions.h"
#include "table.h"
#include "tally.h"
#include "value.h"

#define TREE_DEPTH_DEFAULT 2
#define TREE_NESTING_LIMIT 16
#define BATCH 500
#define IN_FLIGHT 4
#define PATIENCE_MS 60000

/* ---- import ---- */

struct importing {
    const char *file;
    struct divisions divisions;
    struct tally tally;
    struct progress progress;
};

static void import_rejected(void *self, uint64_t line, const struct rejection *rejection) {
    struct importing *importing = self;
    tally_add(&importing->tally, importing->file, line, rejection);
}

static void import_settled(void *self, const struct publish_counts *counts, const char *waiting) {
    struct importing *importing = self;
    progress_update(&importing->progress,
                    (int64_t)(counts->stored + counts->duplicate + counts->rejected),
                    (int64_t)importing->divisions.n, waiting);
}

static int import_publish(struct call *call, struct importing *importing) {
    struct publish_options options = {.batch = BATCH,
                                      .in_flight = IN_FLIGHT,
                                      .timeout_ms = call->client.timeout_ms,
                                      .patience_ms = PATIENCE_MS};
    struct event_source source = {&importing->divisions, divisions_next, -1};
    struct publish_watcher watcher = {importing, import_rejected, import_settled};
    struct publish_counts counts;
    tally_init(&importing->tally, &importing->progress);
    progress_begin(&importing->progress, &call->terminal, _("importing"));
    int code = publisher_run(&call->client, &options, &source, &watcher, &counts);
    progress_end(&importing->progress);
    if (code != UNREACHABLE || importing->divisions.next > 0)
        tally_print(&importing->tally, call, &counts);
    tally_deinit(&importing->tally);
    return code == DONE && counts.rejected > 0 ? REFUSED : code;
}

static int import_try(struct call *call, const struct importing *importing) {
    if (call->json) {
        json_auto_t *summary =
            json_pack("{s:I, s:b}", "events", (json_int_t)importing->divisions.n, "dry_run", 1);
        return print_json(&call->terminal, summary);
    }
    print(_("%zu divisions in %s are well formed; nothing was sent.\n"), importing->divisions.n,
          importing->file);
    return DONE;
}

int run_region_import(struct call *call) {
    struct importing importing = {.file = call_argument(call, 0)};
    int code = divisions_read(&importing.divisions, importing.file, call->json);
    if (code == DONE && call_flag(call, "dry-run"))
        code = import_try(call, &importing);
    else if (code == DONE)
        code = import_publish(call, &importing);
    divisions_deinit(&importing.divisions);
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
