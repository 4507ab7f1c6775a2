/* Answers that are tables, as reports have them: columns {name, title, kind} and rows of cells, for
 * whoever prints them; beside them the same as a list of objects, for programs. An answer of
 * several tables has them as the sections of a `document`, with sentences below.
 * Threads: values. Memory: the caller's. */
#pragma once

#include <jansson.h>
#include <stdint.h>

struct table_column {
    const char *name; /* member of the objects; NULL ends the list */
    const char *title;
    const char *kind; /* text, integer */
};

/* Puts `title`, `columns` and `rows` of the objects in `list` into `answer`. */
void table_put(json_t *answer, const char *title, const struct table_column *columns,
               const json_t *list);
/* A page of a list, whose objects are numbered by `number`: the list under `name`, as a table, and
 * where it is full `next`. Takes the list. */
json_t *table_page(const char *title, const struct table_column *columns, const char *name,
                   const char *number, json_t *list, int64_t limit);
/* A section more; the first one makes the document, with the answer's own title. */
void document_put(json_t *answer, const char *title, const struct table_column *columns,
                  const json_t *list);
void document_say(json_t *answer, const char *sentence);
