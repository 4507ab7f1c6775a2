#include "bus/compare.h"

#include <string.h>

#include "util/buf.h"

static const char *text_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

bool column_is_compared(const json_t *column) {
    static const char *const kinds[] = {"number", "percent", "hours", "rank", "hundredths"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], text_of(column, "kind")) == 0)
            return true;
    return false;
}

json_t *section_find(const json_t *document, const char *title) {
    const json_t *sections = json_object_get(document, "sections");
    for (size_t i = 0; i < json_array_size(sections); i++)
        if (strcmp(text_of(json_array_get(sections, i), "title"), title) == 0)
            return json_array_get(sections, i);
    return NULL;
}

size_t column_find(const json_t *column, const json_t *other) {
    const json_t *columns = json_object_get(other, "columns");
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *found = json_array_get(columns, i);
        if (strcmp(text_of(found, "name"), text_of(column, "name")) == 0 &&
            strcmp(text_of(found, "kind"), text_of(column, "kind")) == 0)
            return i;
    }
    return COMPARED_NOWHERE;
}

/* ---- rows ---- */

static const char *first_text(const json_t *section, size_t index) {
    const json_t *columns = json_object_get(section, "columns");
    const json_t *row = json_array_get(json_object_get(section, "rows"), index);
    for (size_t i = 0; i < json_array_size(columns); i++)
        if (strcmp(text_of(json_array_get(columns, i), "kind"), "text") == 0)
            return json_string_value(json_array_get(row, i));
    return NULL;
}

/* What tells a row from the others: its subject, else its first text. */
static void mark_put(const json_t *section, size_t index, bool by_subject, struct buf *out) {
    const json_t *subject = json_array_get(json_object_get(section, "subjects"), index);
    const char *text = first_text(section, index);
    if (by_subject && json_is_string(subject))
        buf_put_str(out, str_from(json_string_value(subject)));
    else if (text)
        buf_printf(out, "=%s", text);
}

/* Places by what rows are about; null where it is said of several. */
static json_t *places_of(const json_t *section, bool by_subject) {
    json_t *places = json_object();
    size_t n = json_array_size(json_object_get(section, "rows"));
    for (size_t i = 0; i < n; i++) {
        struct buf mark __attribute__((cleanup(buf_deinit))) = {0};
        mark_put(section, i, by_subject, &mark);
        bool again = json_object_getn(places, mark.data, mark.size) != NULL;
        if (mark.size)
            json_object_setn_new(places, mark.data, mark.size,
                                 again ? json_null() : json_integer((json_int_t)i));
    }
    return places;
}

static bool has_subjects(const json_t *section) {
    size_t i;
    json_t *subject;
    json_array_foreach(json_object_get(section, "subjects"), i, subject) {
        if (json_is_string(subject))
            return true;
    }
    return false;
}

void row_pairs_init(struct row_pairs *pairs, const json_t *section, const json_t *other) {
    bool by_subject = has_subjects(section) && has_subjects(other);
    *pairs = (struct row_pairs){.section = section,
                                .own = places_of(section, by_subject),
                                .other = places_of(other, by_subject),
                                .by_subject = by_subject};
}

size_t row_pairs_find(const struct row_pairs *pairs, size_t index) {
    struct buf mark __attribute__((cleanup(buf_deinit))) = {0};
    mark_put(pairs->section, index, pairs->by_subject, &mark);
    if (!mark.size || json_is_null(json_object_getn(pairs->own, mark.data, mark.size)))
        return COMPARED_NOWHERE;
    const json_t *place = json_object_getn(pairs->other, mark.data, mark.size);
    return json_is_integer(place) ? (size_t)json_integer_value(place) : COMPARED_NOWHERE;
}

void row_pairs_deinit(struct row_pairs *pairs) {
    json_decref(pairs->own);
    json_decref(pairs->other);
}

/* ---- cells ---- */

/* Of a row of the earlier section, in the order of the later one's columns. */
static json_t *cells_before(const json_t *section, const json_t *earlier, const json_t *row,
                            bool *any) {
    const json_t *columns = json_object_get(section, "columns");
    json_t *cells = json_array();
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *column = json_array_get(columns, i);
        size_t at = column_is_compared(column) ? column_find(column, earlier) : COMPARED_NOWHERE;
        json_t *cell = at == COMPARED_NOWHERE ? NULL : json_array_get(row, at);
        *any |= cell && !json_is_null(cell);
        json_array_append_new(cells, cell ? json_deep_copy(cell) : json_null());
    }
    return cells;
}

static void section_compare(json_t *section, const json_t *earlier) {
    const json_t *before = json_object_get(earlier, "rows");
    const json_t *total = json_object_get(earlier, "total");
    json_t *rows = json_array(), *previous = json_pack("{s:o}", "rows", rows);
    size_t n = json_array_size(json_object_get(section, "rows"));
    bool any = false;
    struct row_pairs pairs;
    row_pairs_init(&pairs, section, earlier);
    for (size_t i = 0; i < n; i++) {
        size_t at = row_pairs_find(&pairs, i);
        json_array_append_new(
            rows, at == COMPARED_NOWHERE
                      ? json_null()
                      : cells_before(section, earlier, json_array_get(before, at), &any));
    }
    row_pairs_deinit(&pairs);
    if (total && json_object_get(section, "total"))
        json_object_set_new(previous, "total", cells_before(section, earlier, total, &any));
    if (any)
        json_object_set(section, "previous", previous);
    json_decref(previous);
}

void document_compare(json_t *document, const json_t *earlier) {
    static const char *const said[] = {"number", "bulletin", "title", "as_of", "period"};
    const json_t *sections = json_object_get(document, "sections");
    json_t *compared = json_object();
    for (size_t i = 0; i < json_array_size(sections); i++) {
        json_t *section = json_array_get(sections, i);
        const json_t *before = section_find(earlier, text_of(section, "title"));
        json_object_del(section, "previous");
        if (before)
            section_compare(section, before);
    }
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (json_object_get(earlier, said[i]))
            json_object_set(compared, said[i], json_object_get(earlier, said[i]));
    json_object_set_new(document, "compared", compared);
}
