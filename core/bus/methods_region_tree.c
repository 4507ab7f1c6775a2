/* region.tree: the regions below one, nested. */
#include "bus/methods.h"
#include "bus/methods_common.h"

/* First child and next sibling of each region: the tree in one scan. */
struct tree {
    struct query *query;
    struct arena arena; /* of one node */
    uint32_t n;
    uint32_t *child;
    uint32_t *last_child;
    uint32_t *sibling;
};

static int tree_row(void *context, struct str key, struct str row) {
    struct tree *tree = context;
    struct cursor in = cursor_from(key);
    uint32_t number = cursor_u32_sorted(&in), parent = 0;
    if (row.size == sizeof parent)
        memcpy(&parent, row.data, sizeof parent);
    if (in.failed || number > tree->n || parent == 0 || parent > tree->n)
        return 0;
    if (tree->last_child[parent])
        tree->sibling[tree->last_child[parent]] = number;
    else
        tree->child[parent] = number;
    tree->last_child[parent] = number;
    return 0;
}

static int tree_load(struct tree *tree) {
    struct query *query = tree->query;
    int r = thing_count(query->view, NOUN_REGION, &tree->n);
    if (r != 0)
        return r;
    size_t size = ((size_t)tree->n + 1) * sizeof(uint32_t);
    tree->child = arena_alloc(query->arena, size);
    tree->last_child = arena_alloc(query->arena, size);
    tree->sibling = arena_alloc(query->arena, size);
    return view_scan(query->view, TABLE_REGION, STR_NONE, tree_row, tree);
}

static int tree_node(struct tree *tree, uint32_t number, int64_t depth, json_t **ret_node) {
    struct region_defined region;
    struct counter_row counters;
    struct view *view = tree->query->view;
    arena_reset(&tree->arena);
    int r = region_attributes(view, number, &tree->arena, &region);
    if (r == 0)
        r = counter_get(view, COUNTER_NOW, NOUN_REGION, number, &counters);
    if (r != 0)
        return r;
    json_t *children = json_array();
    json_t *node =
        json_pack("{s:o, s:o, s:s, s:I, s:I, s:o}", "region", json_from_str(region.region), "name",
                  json_from_str(region.name), "level", REGION_LEVEL_choices.words[region.level],
                  "volunteers", (json_int_t)counters.volunteers, "minutes",
                  (json_int_t)counters.minutes, "children", children);
    uint32_t child = depth > 0 ? tree->child[number] : 0;
    for (; r == 0 && child; child = tree->sibling[child]) {
        json_t *below;
        r = tree_node(tree, child, depth - 1, &below);
        if (r == 0)
            json_array_append_new(children, below);
    }
    if (r == 0)
        *ret_node = node;
    else
        json_decref(node);
    return r;
}

int query_region_tree(struct query *query, json_t **ret_result) {
    struct tree tree = {.query = query};
    uint32_t top;
    int64_t depth;
    json_t *node;
    int r = query_noun(query, NOUN_REGION, "region", &top);
    if (r == 0)
        r = query_range(query, "depth", (struct range){0, REGION_DEPTH - 1}, REGION_DEPTH - 1,
                        &depth);
    if (r == 0 && !top)
        r = query_city_region(query, &top);
    if (r != 0)
        return r;
    arena_init(&tree.arena);
    r = tree_load(&tree);
    if (r == 0)
        r = query_found(tree_node(&tree, top, depth, &node));
    arena_deinit(&tree.arena);
    if (r == 0)
        *ret_result = node;
    return r;
}
