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

json_t *table_page(const char *title, const struct table_column *columns, const char *name,
                   const char *number, json_t *list, int64_t limit) {
    json_t *answer = json_object();
    if (json_array_size(list) == (size_t)limit)
        json_object_set(answer, "next",
                        json_object_get(json_array_get(list, (size_t)limit - 1), number));
    table_put(answer, title, columns, list);
    json_object_set_new(answer, name, list);
    return answer;
}

static json_t *document_of(json_t *answer) {
    json_t *document = json_object_get(answer, "document");
    const char *title = json_string_value(json_object_get(answer, "title"));
    if (document)
        return document;
    document = json_pack("{s:s, s:[], s:[]}", "title", title ? title : "", "sections", "text");
    json_object_set_new(answer, "document", document);
    return document;
}

void document_put(json_t *answer, const char *title, const struct table_column *columns,
                  const json_t *list) {
    json_t *section = json_object();
    table_put(section, title, columns, list);
    json_array_append_new(json_object_get(document_of(answer), "sections"), section);
}

void document_say(json_t *answer, const char *sentence) {
    json_array_append_new(json_object_get(document_of(answer), "text"), json_string(sentence));
}
