#include "policy/scan_keys.h"

#include <stdio.h>
#include <stdlib.h>

#include "util/calendar.h"
#include "util/memory.h"

void keys_add(struct keys *keys, size_t table, const struct token *token) {
    struct str name = token->text;
    if (token->kind == TOKEN_LITERAL && name.size >= 2)
        name = (struct str){name.data + 1, name.size - 2};
    if (keys->n == keys->capacity) {
        keys->capacity = keys->capacity ? 2 * keys->capacity : 64;
        keys->list = realloc(keys->list, keys->capacity * sizeof *keys->list);
        if (!keys->list)
            memory_out();
    }
    keys->list[keys->n++] = (struct key_place){table, name, token->line};
}

/* By table; within one as they stand. */
static int by_place(const void *left, const void *right) {
    const struct key_place *a = left, *b = right;
    if (a->table != b->table)
        return (a->table > b->table) - (a->table < b->table);
    return (a->name.data > b->name.data) - (a->name.data < b->name.data);
}

static int by_name(const void *left, const void *right) {
    const struct key_place *a = left, *b = right;
    if (a->table != b->table)
        return (a->table > b->table) - (a->table < b->table);
    int order = str_compare(a->name, b->name);
    return order ? order : by_place(left, right);
}

static bool is_day(const struct key_place *key) {
    int32_t date;
    return date_parse(key->name, &date) == 0;
}

static void complain(const struct scan *scan, enum severity severity, const struct key_place *key,
                     const struct key_place *before, const char *code, const char *what) {
    char message[256];
    struct str name = key->name;
    snprintf(message, sizeof message, "'%.*s' %s line %u", (int)(name.size < 64 ? name.size : 64),
             name.data, what, before->line);
    scan->complain(scan->context, severity, key->line, code, message);
}

void keys_judge(struct keys *keys, const struct scan *scan) {
    if (keys->n < 2)
        return;
    qsort(keys->list, keys->n, sizeof *keys->list, by_place);
    for (size_t i = 1; i < keys->n; i++) {
        const struct key_place *key = &keys->list[i], *before = key - 1;
        if (key->table == before->table && is_day(key) && is_day(before) &&
            str_compare(key->name, before->name) < 0)
            complain(scan, SEVERITY_WARNING, key, before, "out_of_order",
                     "comes before the day in front of it (the order does not matter, but is read "
                     "more easily): see");
    }
    qsort(keys->list, keys->n, sizeof *keys->list, by_name);
    for (size_t i = 1; i < keys->n; i++) {
        const struct key_place *key = &keys->list[i], *before = key - 1;
        if (key->table == before->table && str_equal(key->name, before->name))
            complain(scan, SEVERITY_ERROR, key, before, "duplicate_key",
                     "stands in this table already, and only the last one would count: see");
    }
}

void keys_deinit(struct keys *keys) {
    free(keys->list);
    *keys = (struct keys){0};
}
