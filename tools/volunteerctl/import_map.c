#include "import_map.h"

#include <stdlib.h>

#include "util/memory.h"
#include "value.h"

void import_map_deinit(struct import_map *map) {
    for (size_t i = 0; i < map->n; i++) {
        free(map->list[i].heading);
        free(map->list[i].field);
        free(map->list[i].value);
    }
    free(map->list);
}

static char *str_keep_any(struct str s) { /* NULL where it is empty */
    return s.size ? str_keep(s) : NULL;
}

static void map_add(struct import_map *map, struct str heading, struct str field,
                    struct str value) {
    map->list = memory_checked(reallocarray(map->list, map->n + 1, sizeof *map->list));
    map->list[map->n++] = (struct import_mapping){
        .heading = str_keep_any(heading), .field = str_keep(field), .value = str_keep_any(value)};
}

int import_map_take(struct import_map *map, const char *typed) {
    const char *equals = strchr(typed, '=');
    if (!equals || equals == typed)
        return complain(USAGE, _("a field is written NAME=VALUE, not “%s”."), typed);
    map_add(map, STR_NONE, (struct str){typed, (size_t)(equals - typed)}, str_from(equals + 1));
    return DONE;
}

int import_map_read(struct import_map *map, const char *path, bool json) {
    struct grid *grid = NULL;
    struct grid_fault fault = {0};
    const struct grid_row *row;
    int next = grid_open(&grid, path, NULL, &fault) == 0 ? 1 : -1;
    while (next == 1 && (next = grid_next(grid, &row, &fault)) == 1) {
        struct str heading = grid_cell_at(row, 0).text, field = grid_cell_at(row, 1).text;
        bool names =
            row->number == 1 && (str_equal(field, STR("field")) || str_equal(field, STR("字段")));
        if (grid_row_is_blank(row) || names)
            continue;
        if (field.size == 0)
            next = grid_fail(&fault, "missing_field", row->number,
                             _("a row of a map has a heading, a field and, where wanted, a value; "
                               "- as the field ignores the column"));
        else
            map_add(map, heading, field, grid_cell_at(row, 2).text);
    }
    grid_close(grid);
    if (next == 0)
        return DONE;
    return complain_json(json, REFUSED, fault.code, "%s:%llu: %s", path,
                         (unsigned long long)fault.row, fault.message);
}

struct import_mapping *import_map_find(struct import_map *map, struct str written) {
    struct import_heading heading = import_heading(written);
    for (size_t i = 0; i < map->n; i++) {
        struct import_mapping *mapping = &map->list[i];
        if (!mapping->heading)
            continue;
        struct import_heading other = import_heading(str_from(mapping->heading));
        if (str_equal(str_from(mapping->heading), written) || strcmp(other.text, heading.text) == 0)
            return mapping;
    }
    return NULL;
}
