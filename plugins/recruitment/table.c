#include "table.h"

void table_put(json_t *answer, const char *title, const struct table_column *columns,
               const json_t *list) {
    json_t *heads = json_array(), *rows = json_array();
    const json_t *object;
    size_t i;
    for (const struct table_column *column = columns; column->name; column++)
        json_array_append_new(heads, json_pack("{s:s, s:s, s:s}", "name", column->name, "title",
                                               column->title, "kind", column->kind));
    json_array_foreach(list, i, object) {
        json_t *row = json_array();
        for (const struct table_column *column = columns; column->name; column++) {
            json_t *cell = json_object_get(object, column->name);
            json_array_append_new(row, cell ? json_incref(cell) : json_null());
        }
        json_array_append_new(rows, row);
    }
    json_object_set_new(answer, "title", json_string(title));
    json_object_set_new(answer, "columns", heads);
    json_object_set_new(answer, "rows", rows);
}
