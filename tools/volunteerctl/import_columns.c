#include "import_columns.h"

#include <stdlib.h>

#include "util/memory.h"
#include "value.h"

#define ROWS_LOOKED_AT 20

/* ---- the rows at the top ---- */

struct top_row {
    uint64_t number;
    size_t n;
    char **cells;
};

struct top {
    struct import_leaves *leaves;
    struct import_map *map;
    size_t n;
    struct top_row rows[ROWS_LOOKED_AT];
};

static void top_take(struct top *top, const struct grid_row *row) {
    struct top_row *kept = &top->rows[top->n++];
    *kept =
        (struct top_row){row->number, row->n, memory_checked(calloc(row->n + 1, sizeof(char *)))};
    for (size_t i = 0; i < row->n; i++)
        kept->cells[i] = str_keep(row->cells[i].text);
}

static void top_deinit(struct top *top) {
    for (size_t i = 0; i < top->n; i++) {
        for (size_t k = 0; k < top->rows[i].n; k++)
            free(top->rows[i].cells[k]);
        free(top->rows[i].cells);
    }
    free(top->leaves);
}

static const char *top_cell(const struct top_row *row, size_t column) {
    return column < row->n ? row->cells[column] : "";
}

/* The heading of a column over one or two rows: a group's name stands in its first column alone. */
struct over {
    const char *group, *own;
    struct str written; /* in `joined` */
    char joined[400];
};

static void over_find(const struct top *top, size_t first, bool two, size_t column,
                      struct over *ret) {
    const struct top_row *upper = &top->rows[first], *lower = two ? upper + 1 : upper;
    ret->own = top_cell(lower, column);
    ret->group = "";
    for (size_t i = column + 1; two && i-- > 0 && !*ret->group;)
        ret->group = top_cell(upper, i);
    if (two && !*ret->own) { /* one cell over both rows */
        ret->own = top_cell(upper, column);
        ret->group = "";
    }
    snprintf(ret->joined, sizeof ret->joined, "%s%s", ret->group, ret->own);
    ret->written = str_from(*ret->group ? ret->joined : ret->own);
}

static struct import_meaning over_meaning(const struct top *top, const struct over *over) {
    struct import_meaning meaning = {.known = false};
    if (*over->group && *over->own)
        meaning = import_meaning(top->leaves, import_heading(over->written));
    return meaning.known ? meaning
                         : import_meaning(top->leaves, import_heading(str_from(over->own)));
}

static size_t top_width(const struct top *top, size_t first, bool two) {
    size_t n = top->rows[first].n;
    return two && top->rows[first + 1].n > n ? top->rows[first + 1].n : n;
}

/* How many columns are understood. Cells of data are no headings, whatever they say. */
static size_t top_score(const struct top *top, size_t first, bool two) {
    size_t score = 0;
    for (size_t i = 0; i < top_width(top, first, two); i++) {
        struct over over;
        over_find(top, first, two, i, &over);
        score += *over.own &&
                 (import_map_find(top->map, str_from(over.own)) || over_meaning(top, &over).known);
    }
    return score;
}

/* ---- targets ---- */

static struct target *target_part(struct target *target, const struct field *field) {
    for (size_t i = 0; i < target->n_parts; i++)
        if (target->parts[i]->field == field)
            return target->parts[i];
    struct target *part = memory_checked(calloc(1, sizeof *part));
    part->field = field;
    part->is_change = target->is_change || (target->field && target->field->kind == FIELD_CHANGES);
    snprintf(part->path, sizeof part->path, "%.60s%s%.34s", target->path, *target->path ? "." : "",
             field->name);
    target->parts =
        memory_checked(reallocarray(target->parts, target->n_parts + 1, sizeof *target->parts));
    /* In the catalogue's order, so that `starts` comes before `ends`. */
    size_t at = target->n_parts++;
    for (; at > 0 && target->parts[at - 1]->field > field; at--)
        target->parts[at] = target->parts[at - 1];
    target->parts[at] = part;
    return part;
}

static struct target *target_of(struct target *data, const struct import_leaf *leaf) {
    struct target *target = data;
    for (size_t i = 0; i < leaf->depth; i++)
        target = target_part(target, leaf->chain[i]);
    return target;
}

static void target_deinit(struct target *target) {
    for (size_t i = 0; i < target->n_parts; i++) {
        target_deinit(target->parts[i]);
        free(target->parts[i]);
    }
    free(target->parts);
    free(target->quantity);
    free(target->constant);
}

/* quantities.trees */
static struct target *quantity_target(struct target *data, const struct import_leaves *leaves,
                                      const char *path) {
    const char *dot = strchr(path, '.');
    char name[64];
    if (!dot || (size_t)(dot - path) >= sizeof name || !dot[1])
        return NULL;
    snprintf(name, sizeof name, "%.*s", (int)(dot - path), path);
    const struct import_leaf *leaf = import_leaf_by_path(leaves, name);
    if (!leaf || leaf->chain[0]->kind != FIELD_QUANTITIES)
        return NULL;
    struct target *all = target_of(data, leaf), *part = memory_checked(calloc(1, sizeof *part));
    part->field = leaf->chain[0];
    part->quantity = memory_checked(strdup(dot + 1));
    snprintf(part->path, sizeof part->path, "%.94s", path);
    all->parts = memory_checked(reallocarray(all->parts, all->n_parts + 1, sizeof *all->parts));
    return all->parts[all->n_parts++] = part;
}

static int field_unknown(const struct import_leaves *leaves, const char *typed,
                         const struct event_type *type, struct grid_fault *fault) {
    const char *names[IMPORT_LEAVES_LIMIT];
    for (size_t i = 0; i < leaves->n; i++)
        names[i] = leaves->list[i].path;
    const char *near = str_nearest(str_from(typed), names, leaves->n);
    if (near)
        return grid_fail(fault, "unknown_field", 0, _("%s has no field “%s”. Did you mean “%s”?"),
                         type->name, typed, near);
    return grid_fail(fault, "unknown_field", 0,
                     _("%s has no field “%s”; volunteerctl schema %s lists them."), type->name,
                     typed, type->name);
}

static struct target *target_by_path(struct import_columns *columns,
                                     const struct import_leaves *leaves, const char *path,
                                     struct grid_fault *fault) {
    const struct import_leaf *leaf = import_leaf_by_path(leaves, path);
    leaf = leaf ? leaf : import_leaf_by_name(leaves, path);
    struct target *target =
        leaf ? target_of(&columns->data, leaf) : quantity_target(&columns->data, leaves, path);
    if (!target)
        field_unknown(leaves, path, columns->type, fault);
    return target;
}

static int constants_take(struct import_columns *columns, const struct import_leaves *leaves,
                          struct import_map *map, struct grid_fault *fault) {
    for (size_t i = 0; i < map->n; i++) {
        struct import_mapping *mapping = &map->list[i];
        if (mapping->heading)
            continue;
        struct target *target = target_by_path(columns, leaves, mapping->field, fault);
        if (!target)
            return -1;
        free(target->constant);
        target->constant = memory_checked(strdup(mapping->value ? mapping->value : ""));
        target->is_constant_said = true;
    }
    return 0;
}

/* What goes without saying: a number of which no kind is said is that of the resident's card, and
 * records that come with a file were imported. */
static void unsaid_take(struct import_columns *columns, const struct import_leaves *leaves) {
    static const struct {
        const char *path, *beside, *word;
    } unsaid[] = {{"identity.document_kind", "identity.number", "resident_id"},
                  {"method", "recorder", "import"}};
    for (size_t i = 0; i < sizeof unsaid / sizeof *unsaid; i++) {
        const struct import_leaf *leaf = import_leaf_by_path(leaves, unsaid[i].path);
        if (!leaf || !import_leaf_by_path(leaves, unsaid[i].beside))
            continue;
        struct target *target = target_of(&columns->data, leaf);
        if (!target->constant)
            target->constant = memory_checked(strdup(unsaid[i].word));
    }
}

/* ---- columns ---- */

static int heading_unknown(const struct import_leaves *leaves, const struct over *over,
                           uint64_t row, struct grid_fault *fault) {
    const char *names[2 * IMPORT_LEAVES_LIMIT];
    size_t n = 0;
    for (size_t i = 0; i < leaves->n; i++) {
        const struct import_leaf *leaf = &leaves->list[i];
        names[n++] = leaf->chain[leaf->depth - 1]->label;
        names[n++] = leaf->path;
    }
    struct import_heading heading = import_heading(str_from(over->own));
    const char *near = str_nearest(str_from(heading.text), names, n);
    if (import_heading_is_duration(&heading))
        return grid_fail(fault, "unknown_field", row,
                         _("column “%.60s” does not say its unit: call it 服务时长（小时） or "
                           "服务分钟"),
                         over->own);
    if (near)
        return grid_fail(fault, "unknown_field", row,
                         _("no field is called “%.60s”. Did you mean “%s”? A file given with --map "
                           "says what a heading means, or that it is to be ignored (-)"),
                         over->own, near);
    return grid_fail(fault, "unknown_field", row,
                     _("no field is called “%.60s”; a file given with --map says what a heading "
                       "means, or that it is to be ignored (-)"),
                     over->own);
}

static int column_bind(struct import_columns *columns, size_t index, struct target *target,
                       uint64_t row, struct grid_fault *fault) {
    struct import_column *column = &columns->list[index];
    bool is_list = target->field->kind == FIELD_LIST;
    if (target->n_sources > 0 && (!is_list || target->n_sources == IMPORT_SOURCES))
        return grid_fail(fault, "duplicate_field", row,
                         _("columns “%.60s” and “%.60s” are both %s (%s); keep one of them"),
                         columns->list[target->sources[0]].heading, column->heading,
                         target->field->label, target->path);
    target->sources[target->n_sources++] = index;
    column->role = COLUMN_FIELD;
    column->target = target;
    return 0;
}

static int role_take(size_t *place, size_t index, struct import_columns *columns, uint64_t row,
                     struct grid_fault *fault) {
    if (*place != SIZE_MAX)
        return grid_fail(fault, "duplicate_field", row,
                         _("columns “%.60s” and “%.60s” say the same; keep one of them"),
                         columns->list[*place].heading, columns->list[index].heading);
    *place = index;
    return 0;
}

static int mapped_take(struct import_columns *columns, const struct import_leaves *leaves,
                       size_t index, struct import_mapping *mapping, uint64_t row,
                       struct grid_fault *fault) {
    struct import_column *column = &columns->list[index];
    mapping->used = true;
    if (mapping->value)
        column->fallback = memory_checked(strdup(mapping->value));
    if (strcmp(mapping->field, "-") == 0)
        return 0;
    if (strcmp(mapping->field, "time") == 0 && !import_leaf_by_path(leaves, "time")) {
        column->role = COLUMN_HAPPENED;
        return role_take(&columns->happened, index, columns, row, fault);
    }
    struct target *target = target_by_path(columns, leaves, mapping->field, fault);
    if (!target)
        return -1;
    struct import_leaf leaf = {.depth = 1, .chain = {target->field}};
    column->unit = import_unit(&leaf, import_heading(str_from(column->heading)).unit);
    return column_bind(columns, index, target, row, fault);
}

static int column_take(struct import_columns *columns, const struct top *top, size_t index,
                       const struct over *over, uint64_t row, struct grid_fault *fault) {
    struct import_column *column = &columns->list[index];
    struct import_mapping *mapping = import_map_find(top->map, str_from(over->own));
    if (!mapping)
        mapping = import_map_find(top->map, over->written);
    column->heading = str_keep(over->written);
    column->two_rows = *over->group != 0;
    if (mapping)
        return mapped_take(columns, top->leaves, index, mapping, row, fault);
    if (!*over->own)
        return 0;
    struct import_meaning meaning = over_meaning(top, over);
    if (!meaning.known)
        return heading_unknown(top->leaves, over, row, fault);
    column->role = meaning.role;
    column->unit = meaning.unit;
    switch (meaning.role) {
    case COLUMN_FIELD:
        return column_bind(columns, index, target_of(&columns->data, meaning.leaf), row, fault);
    case COLUMN_DAY:
        return role_take(&columns->day, index, columns, row, fault);
    case COLUMN_DOCUMENT:
        return role_take(&columns->document, index, columns, row, fault);
    case COLUMN_HAPPENED:
        return role_take(&columns->happened, index, columns, row, fault);
    case COLUMN_IGNORED:
        break;
    }
    return 0;
}

/* ---- what is missing ---- */

static void missing_put(const struct fields *fields, const struct target *target,
                        const char *prefix, struct buf *out) {
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        const struct target *part = NULL;
        char path[96];
        for (size_t k = 0; target && k < target->n_parts; k++)
            if (target->parts[k]->field == field)
                part = target->parts[k];
        bool filled = part && (part->n_sources > 0 || part->constant || part->n_parts > 0);
        snprintf(path, sizeof path, "%.40s%.50s", prefix, field->name);
        if (import_has_parts(field) && (filled || (field->flags & REQUIRED))) {
            /* An object of which only what goes without saying stands there is not there. */
            bool begun = (field->flags & REQUIRED) != 0;
            for (size_t k = 0; part && k < part->n_parts; k++)
                begun = begun || part->parts[k]->n_sources > 0 || part->parts[k]->n_parts > 0 ||
                        part->parts[k]->is_constant_said;
            strncat(path, ".", sizeof path - strlen(path) - 1);
            if (begun && field->kind != FIELD_CHANGES)
                missing_put(field->fields, part, path, out);
        } else if (!filled && (field->flags & REQUIRED)) {
            buf_printf(out, "%s%s (%s)", out->size ? ", " : "", field->label, path);
        }
    }
}

static int required_check(struct import_columns *columns, struct grid_fault *fault) {
    BUF_AUTO missing = {0};
    const struct field *own = import_own_id(columns->type);
    struct target *id = own ? target_part(&columns->data, own) : NULL;
    columns->names_itself = id && id->n_sources == 0 && !id->constant;
    if (columns->names_itself)
        id->constant = memory_checked(strdup("")); /* the import writes it */
    struct target *volunteer = NULL;
    for (size_t i = 0; i < columns->data.n_parts; i++)
        if (strcmp(columns->data.parts[i]->path, "volunteer") == 0)
            volunteer = columns->data.parts[i];
    if (columns->document != SIZE_MAX && !volunteer) {
        const struct fields *fields = columns->type->fields;
        volunteer =
            target_part(&columns->data, &fields->list[fields_find(fields, STR("volunteer"))]);
    }
    if (columns->document != SIZE_MAX && volunteer->n_sources == 0 && !volunteer->constant)
        volunteer->constant = memory_checked(strdup(""));
    missing_put(columns->type->fields, &columns->data, "", &missing);
    if (missing.size == 0)
        return 0;
    return grid_fail(fault, "missing_field", columns->heading_row,
                     _("no column is %s; add it, or say for all rows FIELD=VALUE behind the file. "
                       "volunteerctl import template %s writes a file that has them all"),
                     buf_text(&missing), columns->type->name);
}

/* ---- all of it ---- */

static int heading_missing(const struct top *top, const struct event_type *type,
                           struct grid_fault *fault) {
    BUF_AUTO labels = {0};
    for (size_t i = 0; i < top->leaves->n; i++)
        if (top->leaves->list[i].required)
            buf_printf(&labels, "%s%s", labels.size ? ", " : "",
                       top->leaves->list[i].chain[top->leaves->list[i].depth - 1]->label);
    if (top->n == 0)
        return grid_fail(fault, "empty_file", 0, _("there is nothing in it but blank rows"));
    return grid_fail(
        fault, "unknown_field", 0,
        _("none of the first %zu rows names the columns. %s needs: %.160s. A separator "
          "other than comma, semicolon or tab is not understood"),
        top->n, type->name, buf_text(&labels));
}

static int top_read(struct top *top, struct grid *grid, struct grid_fault *fault) {
    const struct grid_row *row;
    int next = 1;
    while (top->n < ROWS_LOOKED_AT && (next = grid_next(grid, &row, fault)) == 1)
        if (!grid_row_is_blank(row))
            top_take(top, row);
    return next < 0 ? -1 : 0;
}

static int columns_take(struct import_columns *columns, struct top *top, size_t first, bool two,
                        struct grid_fault *fault) {
    uint64_t row = top->rows[first + two].number;
    columns->heading_row = row;
    columns->n = top_width(top, first, two);
    columns->list = memory_checked(calloc(columns->n + 1, sizeof *columns->list));
    int result = constants_take(columns, top->leaves, top->map, fault);
    for (size_t i = 0; result == 0 && i < columns->n; i++) {
        struct over over;
        over_find(top, first, two, i, &over);
        result = column_take(columns, top, i, &over, row, fault);
    }
    if (result == 0)
        unsaid_take(columns, top->leaves);
    return result == 0 ? required_check(columns, fault) : result;
}

int import_columns_find(struct import_columns *columns, const struct event_type *type,
                        struct import_map *map, struct grid *grid, struct grid_fault *fault) {
    struct top top = {.leaves = import_leaves_new(type), .map = map};
    *columns = (struct import_columns){
        .type = type, .day = SIZE_MAX, .document = SIZE_MAX, .happened = SIZE_MAX};
    int result = top_read(&top, grid, fault);
    size_t best = 0, best_score = 0;
    bool two = false;
    for (size_t i = 0; result == 0 && i < top.n; i++) {
        size_t one_row = top_score(&top, i, false);
        size_t both = i + 1 < top.n ? top_score(&top, i, true) : 0;
        if (one_row > best_score) {
            best = i, best_score = one_row, two = false;
        }
        if (both > best_score && both > top_score(&top, i + 1, false)) {
            best = i, best_score = both, two = true;
        }
    }
    if (result == 0)
        result = best_score == 0 ? heading_missing(&top, type, fault)
                                 : columns_take(columns, &top, best, two, fault);
    top_deinit(&top);
    return result;
}

void import_columns_deinit(struct import_columns *columns) {
    for (size_t i = 0; i < columns->n && columns->list; i++) {
        free(columns->list[i].heading);
        free(columns->list[i].fallback);
    }
    free(columns->list);
    target_deinit(&columns->data);
}

size_t import_columns_of(const struct import_columns *columns, struct str field) {
    static const struct str data = {"data.", 5};
    if (str_starts_with(field, data))
        field = (struct str){field.data + data.size, field.size - data.size};
    if (str_equal(field, STR("time")) && columns->happened != SIZE_MAX)
        return columns->happened;
    for (size_t i = 0; i < columns->n; i++) {
        const struct target *target = columns->list[i].target;
        size_t size = target ? strlen(target->path) : 0;
        if (size && field.size >= size && memcmp(target->path, field.data, size) == 0 &&
            (field.size == size || field.data[size] == '.' || field.data[size] == '['))
            return i;
    }
    if (str_equal(field, STR("volunteer")) && columns->document != SIZE_MAX)
        return columns->document;
    return SIZE_MAX;
}
