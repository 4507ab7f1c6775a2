/* Commands whose parameters are the fields of the event that they write: dictionary.set,
 * calendar.set, batch.undo, points.adjust. */
#include <stdio.h>

#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/parameters.h"

#define ENTRIES_LIMIT 10000

static const struct event_type *type_of(const struct query *query) {
    return catalogue_by_number(query->method->event);
}

static bool is_field(const struct event_type *type, const char *name) {
    return fields_find(type->fields, str_from(name)) != NOT_FOUND_FIELD;
}

/* The fields among the parameters; `by` is who asks. */
static json_t *data_of(const struct query *query, json_t *given) {
    const struct event_type *type = type_of(query);
    json_t *data = json_object(), *value;
    const char *name;
    json_object_foreach(given, name, value) {
        if (given != query->params || is_field(type, name))
            json_object_set(data, name, value);
    }
    if (is_field(type, "by") && !json_object_get(data, "by"))
        json_object_set_new(data, "by", json_from_str(query->actor));
    return data;
}

static int command_one(struct query *query, json_t *data, json_t **ret_stored) {
    int r = query_command(query, type_of(query)->name, data, ret_stored);
    if (r > 0)
        problem_as_parameter(query->problem);
    json_decref(data);
    return r;
}

/* ---- one, or a list ---- */

static int check_list(struct query *query, const char *name, json_t *list) {
    const struct event_type *type = type_of(query);
    const char *other;
    json_t *value;
    char field[48];
    size_t i;
    json_object_foreach(query->params, other, value) {
        if (is_field(type, other) && strcmp(other, "by") != 0)
            return problem_set(query->problem, PROBLEM_UNKNOWN_FIELD, other,
                               "say either one entry or the list %s", name);
    }
    if (json_array_size(list) == 0 || json_array_size(list) > ENTRIES_LIMIT)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, name, "a list of 1 to %d entries",
                           ENTRIES_LIMIT);
    json_array_foreach(list, i, value) {
        snprintf(field, sizeof field, "%s[%zu]", name, i);
        if (!json_is_object(value))
            return problem_set(query->problem, PROBLEM_WRONG_TYPE, field,
                               "an entry is an object of the fields of %s", type->name);
    }
    return 0;
}

static size_t count_stored(const json_t *results) {
    size_t n = 0, i;
    json_t *item;
    json_array_foreach(results, i, item) n +=
        strcmp(json_string_value(json_object_get(item, "status")), "rejected") != 0;
    return n;
}

static json_int_t last_sequence(const json_t *results) {
    json_int_t last = 0;
    size_t i;
    json_t *item;
    json_array_foreach(results, i,
                       item) if (json_integer_value(json_object_get(item, "sequence")) > last)
        last = json_integer_value(json_object_get(item, "sequence"));
    return last;
}

/* Ids are the daemon's own and say nothing to who asked. */
static void tidy(json_t *results) {
    size_t i;
    json_t *item;
    json_array_foreach(results, i, item) json_object_del(item, "id");
}

static int command_list(struct query *query, const char *name, json_t *list, json_t **ret_result) {
    json_t *entries = json_array(), *results = NULL, *item;
    size_t i;
    int r = check_list(query, name, list);
    json_array_foreach(list, i, item) json_array_append_new(entries, data_of(query, item));
    if (r == 0)
        r = query_commands(query, type_of(query)->name, entries, &results);
    json_decref(entries);
    if (r != 0)
        return r;
    tidy(results);
    size_t n = count_stored(results);
    *ret_result = json_pack("{s:I, s:I, s:o}", "stored", (json_int_t)n, "rejected",
                            (json_int_t)(json_array_size(results) - n), "results", results);
    if (n > 0)
        json_object_set_new(*ret_result, "sequence", json_integer(last_sequence(results)));
    return 0;
}

static int command_one_or_list(struct query *query, const char *name, json_t **ret_result) {
    json_t *list = json_object_get(query->params, name), *stored;
    if (list)
        return command_list(query, name, list, ret_result);
    int r = command_one(query, data_of(query, query->params), &stored);
    if (r != 0)
        return r;
    *ret_result = json_pack("{s:O}", "sequence", json_object_get(stored, "sequence"));
    json_decref(stored);
    return 0;
}

int query_dictionary_set(struct query *query, json_t **ret_result) {
    return command_one_or_list(query, "entries", ret_result);
}

int query_calendar_set(struct query *query, json_t **ret_result) {
    return command_one_or_list(query, "days", ret_result);
}

/* ---- one event, as its fields are given ---- */

int query_command_one(struct query *query, json_t **ret_result) {
    json_t *stored;
    int r = command_one(query, data_of(query, query->params), &stored);
    if (r != 0)
        return r;
    *ret_result = json_pack("{s:O}", "sequence", json_object_get(stored, "sequence"));
    json_decref(stored);
    return 0;
}

/* ---- points.adjust ---- */

static json_t *new_id(const struct query *query, const char *word) {
    const struct io *io = query->services->io;
    uint8_t bytes[8];
    char id[64];
    int size = snprintf(id, sizeof id, "%s-", word);
    io->random(io->self, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        size += snprintf(id + size, sizeof id - (size_t)size, "%02x", bytes[i]);
    return json_string(id);
}

int query_points_adjust(struct query *query, json_t **ret_result) {
    json_t *data = data_of(query, query->params), *stored;
    if (!json_object_get(data, "adjustment"))
        json_object_set_new(data, "adjustment", new_id(query, "adjustment"));
    json_t *id = json_incref(json_object_get(data, "adjustment"));
    int r = command_one(query, data, &stored);
    if (r == 0) {
        *ret_result = json_pack("{s:O, s:O}", "adjustment", id, "sequence",
                                json_object_get(stored, "sequence"));
        json_t *decisions = json_object_get(stored, "decisions");
        if (decisions)
            json_object_set(*ret_result, "decisions", decisions);
        json_decref(stored);
    }
    json_decref(id);
    return r;
}
